"""Is there always one who keeps the views up to date, and is whoever waits told at once?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from projections.engine import Runner, Store
from projections.engine import runner as running_module
from projections.engine.connection import Connection
from projections.engine.rebuild import build, ensure, rebuild
from projections.engine.store import BATCH
from service.domain.division import DivisionKind, Renamed
from service.domain.identifiers import name_id
from service.ledger.log import EventLog
from tests.projections.engine.town import ALL, NAMES, POISON, SMALL, Town, everything

LONG = 10.0
"""Seconds after which something that should happen soon has not happened."""
HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE %s"


@contextmanager
def running(uri: str) -> Iterator[Runner]:
    runner = Runner(uri, Store(EventLog(), ALL, SMALL))
    runner.start()
    try:
        yield runner
    finally:
        runner.stop()


@pytest.fixture
def runner(uri: str) -> Iterator[Runner]:
    with running(uri) as runner:
        yield runner


def reached(runner: Runner, position: int, seconds: float = LONG) -> bool:
    return asyncio.run(runner.reached(position, seconds))


def eventually(true: Callable[[], object]) -> None:
    until = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_it_builds_what_is_not_there_and_follows(town: Town, runner: Runner) -> None:
    town.live(100)
    assert reached(runner, 100)
    town.live(1)
    assert reached(runner, 101)
    assert {(each.position, each.lag, each.error) for each in runner.status().values()} == {(101, 0, None)}


def test_waiting_for_what_does_not_come_ends_in_time(runner: Runner) -> None:
    assert not reached(runner, 1, 0.05)


def test_a_write_is_seen_long_before_the_next_safety_poll(town: Town, runner: Runner) -> None:
    town.live(1)
    assert reached(runner, 1)
    began = time.monotonic()
    for position in range(2, 22):
        town.live(1)
        assert reached(runner, position)
    assert (time.monotonic() - began) / 20 < 0.2


def test_a_ring_is_enough(town: Town, runner: Runner) -> None:
    town.live(1)
    assert reached(runner, 1)
    for _ in range(100_000):
        runner.wake()
    town.live(1)
    runner.wake()
    assert reached(runner, 2)


def test_one_leads_and_the_other_is_told(uri: str, town: Town, runner: Runner) -> None:
    eventually(lambda: runner.leads)
    with running(uri) as other:
        town.live(20)
        assert reached(other, 20)
        assert (runner.leads, other.leads) == (True, False)


def test_when_the_leader_goes_another_takes_over(uri: str, town: Town) -> None:
    with running(uri) as first:
        eventually(lambda: first.leads)
        with running(uri) as second:
            first.stop()
            town.live(20)
            assert reached(second, 20)
            assert second.leads


@pytest.mark.parametrize("victim", ["LISTEN%", "SELECT%", "%"])
def test_it_survives_the_loss_of_its_connections(town: Town, runner: Runner, victim: str) -> None:
    town.live(10)
    assert reached(runner, 10)
    for _ in range(3):
        town.connection.execute(HANG_UP, [victim])
        town.live(10)
        assert reached(runner, town.position)
    eventually(lambda: runner.trouble is None)


def test_a_parked_projection_shows_in_the_status_until_it_is_resumed(town: Town, runner: Runner) -> None:
    town.record((name_id("here"), Renamed(POISON, DivisionKind.TOWN)))
    town.live(10)
    assert reached(runner, 11)
    parked = runner.status()["town"]
    assert (parked.position, parked.lag, runner.shown) == (0, 11, 0)
    assert "RuntimeError" in (parked.error or "")
    runner.resume("town")
    eventually(lambda: runner.status()["town"].parked_at not in (None, parked.parked_at))


def test_runners_that_come_and_go_leave_exact_views(uri: str, town: Town) -> None:
    for _ in range(4):
        with running(uri), running(uri) as other:
            town.live(60, gaps=True)
            assert reached(other, town.position)
    build(uri, Store(EventLog(), ALL, SMALL), SMALL.beside("check"), town.position)
    assert everything(town.connection, SMALL) == everything(town.connection, SMALL.beside("check"))


def test_a_program_of_yesterday_stands_aside(uri: str, town: Town, runner: Runner) -> None:
    town.live(10)
    assert reached(runner, 10)
    today = Store(EventLog(), [NAMES], SMALL)
    rebuild(uri, today)
    eventually(lambda: "Outdated" in (runner.trouble or ""))
    assert not today.outdated(town.connection)
    assert not runner.leads


def test_it_rests_while_there_is_no_database() -> None:
    with running("host=/nowhere dbname=nothing") as runner:
        eventually(lambda: runner.trouble)
        assert "OperationalError" in (runner.trouble or "")


class Interrupting(Store):
    """A store while whose first look at an empty log something is committed."""

    town: Town
    looked = False

    def turn(self, connection: Connection, limit: int = BATCH) -> int:
        found = super().turn(connection, limit)
        if not self.looked:
            self.looked = True
            self.town.live(1)
        return found


def test_what_is_committed_while_it_first_looks_is_seen_at_once(
    uri: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_module, "SAFETY_POLL", 10 * LONG)
    store = Interrupting(EventLog(), ALL, SMALL)
    ensure(uri, store)
    store.town = town
    runner = Runner(uri, store)
    runner.start()
    assert reached(runner, 1)
    runner.stop()


def test_what_nobody_announced_is_found_by_the_safety_poll(
    town: Town, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.live(1)
    assert reached(runner, 1)
    monkeypatch.setattr(EventLog, "CHANNEL", "another_channel")
    town.live(1)
    assert reached(runner, 2)


def test_two_connections_are_enough_for_all_projections(town: Town, runner: Runner) -> None:
    town.live(50)
    assert reached(runner, 50)
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    eventually(lambda: town.connection.execute(count).fetchone() == (2,))


def test_it_tries_again_less_and_less_often(logs: list[Any]) -> None:
    with running("host=/nowhere dbname=nothing") as runner:
        eventually(lambda: runner.trouble)
        time.sleep(1.2)
    assert 2 <= sum(each["event"] == "projections.interrupted" for each in logs) <= 6
