"""Does the log stay whole, in order and open to writers while the server is in trouble, or at work on itself?"""

import asyncio
import random
import time

import psycopg
import pytest

from service.domain.refusal import LedgerUnavailable
from service.ledger.recorder import WRITERS_LOCK
from tests.ledger.conftest import define, opened
from tests.ledger.faults.crowd import Crowd
from tests.ledger.faults.server import Server

DEFINED = "SELECT count(*) FROM ledger.shanghui_events WHERE topic = 'division.defined'"
MAINTENANCE = (
    "ANALYZE ledger.shanghui_events",
    "VACUUM (ANALYZE) ledger.shanghui_events, ledger.command_key",
    "CREATE INDEX CONCURRENTLY by_topic ON ledger.shanghui_events (topic)",
    "REINDEX INDEX CONCURRENTLY ledger.by_topic",
    "DROP INDEX CONCURRENTLY ledger.by_topic",
    "CHECKPOINT",
)


def test_eight_writers_in_two_processes_are_seen_in_order_and_without_a_gap(crowd: Crowd, soak: int) -> None:
    for _ in range(2):
        crowd.writer(writers=4)
    crowd.progress(3_000 * soak)
    crowd.check()


def test_stale_commands_are_refused_alone(crowd: Crowd, soak: int) -> None:
    crowd.writer(writers=8, stale=0.2)
    crowd.progress(1_000 * soak)
    crowd.check()


def test_a_restart_under_load_is_survived(crowd: Crowd, server: Server, soak: int) -> None:
    crowd.writer()
    for _ in range(5 * soak):
        crowd.progress()
        time.sleep(random.uniform(0, 0.3))
        server.restart()
    crowd.progress()
    crowd.check()


def test_terminated_backends_are_replaced(crowd: Crowd, server: Server, soak: int) -> None:
    crowd.writer()
    for _ in range(20 * soak):
        crowd.progress()
        time.sleep(random.uniform(0, 0.1))
        server.disconnect()
    crowd.progress()
    crowd.check()


def test_a_disk_that_hangs_delays_and_loses_nothing(crowd: Crowd, server: Server, soak: int) -> None:
    crowd.writer(writers=8)
    for _ in range(10 * soak):
        crowd.progress(20)
        with server.frozen():
            time.sleep(random.uniform(0.05, 0.4))
    crowd.progress()
    crowd.check()


def test_maintenance_goes_on_beside_writers(crowd: Crowd, server: Server, soak: int) -> None:
    crowd.writer()
    with psycopg.connect(server.uri, autocommit=True) as connection:
        for statement in MAINTENANCE * soak:
            crowd.progress(50)
            connection.execute(statement.encode())
    crowd.progress(50)
    crowd.check()


def test_an_open_analyze_blocks_no_writer(crowd: Crowd, server: Server) -> None:
    crowd.writer()
    crowd.progress()
    with psycopg.connect(server.uri) as connection:
        connection.execute("ANALYZE ledger.shanghui_events")  # its lock is held until the transaction ends
        crowd.progress(50)
    crowd.check()


def test_a_writer_that_is_held_up_holds_up_the_others_in_order(crowd: Crowd, server: Server) -> None:
    """Whoever has the writers' lock decides which positions come next, in whatever process he is."""
    for _ in range(2):
        crowd.writer()
    crowd.progress()
    with psycopg.connect(server.uri) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
        time.sleep(0.2)
        before = crowd.acknowledged()
        time.sleep(0.3)
        assert crowd.acknowledged() == before
    crowd.progress(50)
    crowd.check()


@pytest.mark.anyio
async def test_whoever_writes_to_a_server_that_stands_still_is_told_and_nothing_is_written_twice(
    server: Server,
) -> None:
    async with opened(server.uri) as ledger:
        await ledger.execute(define("410200", kind="COUNTY"))
        known, new = define("410201", kind="COUNTY"), define("410202", kind="COUNTY")
        at_hand = await ledger.execute(known, dry_run=True)
        with server.frozen():
            told = await asyncio.gather(ledger.execute(known), ledger.execute(new), return_exceptions=True)
        assert [type(each) for each in told] == [LedgerUnavailable] * 2
        outcomes = [await ledger.execute(each) for each in (known, known, new)]
    assert at_hand.record == outcomes[0].record
    assert outcomes[0] == outcomes[1]
    with psycopg.connect(server.uri) as connection:
        assert connection.execute(DEFINED).fetchall() == [(3,)]
