"""Which failures of the library's own defaults does this ledger not share? Each pair of tests shows both."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import IntegrityError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.ledger.ledger import Ledger
from tests.ledger.conftest import ask, define, opened
from tests.ledger.proxy import COMMITTED, PLACED, Proxy

SLOW = 99
HELD_UP = """
CREATE FUNCTION {schema}.held_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock(99); RETURN NULL; END $$;
CREATE TRIGGER held_up AFTER INSERT ON {schema}.{table} FOR EACH ROW WHEN (NEW.topic = '{topic}')
    EXECUTE FUNCTION {schema}.held_up()"""
BLINK = 0.5


class Slow(Aggregate):
    """An aggregate whose first event is held up in the middle of its transaction."""


class Fast(Aggregate):
    """An aggregate like any other."""


def stock(uri: str, **settings: str) -> Application:  # type: ignore[type-arg]  # as the library's own examples write it
    login = conninfo_to_dict(uri)
    return Application({
        "PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_DBNAME": str(login["dbname"]),
        "POSTGRES_HOST": str(login["host"]), "POSTGRES_USER": str(login["user"]), "POSTGRES_PASSWORD": "",
        **settings,
    })  # fmt: skip


@pytest.fixture
def proxy(database: str, session_folder: Path) -> Iterator[Proxy]:
    folder = session_folder / f"door-{uuid4().hex[:8]}"
    folder.mkdir()
    with Proxy(folder, str(conninfo_to_dict(database)["host"])) as proxy:
        yield proxy


def positions(connection: psycopg.Connection, table: str) -> list[int]:
    return [p for (p,) in connection.execute(f"SELECT notification_id FROM {table} ORDER BY 1".encode())]


def in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def hold_up(uri: str, schema: str, table: str, topic: str) -> psycopg.Connection:
    """Make transactions with this topic wait until the returned connection closes."""
    holder = psycopg.connect(uri, autocommit=True)
    holder.execute(HELD_UP.format(schema=schema, table=table, topic=topic).encode())
    holder.execute("SELECT pg_advisory_lock(%s)", [SLOW])
    return holder


def test_with_the_librarys_fast_option_an_event_becomes_visible_after_a_later_one(database: str) -> None:
    app = stock(database, POSTGRES_ENABLE_DB_FUNCTIONS="y", POSTGRES_POOL_SIZE="2")
    holder = hold_up(database, "public", "application_events", f"{__name__}:Slow.Created")
    slow = in_background(lambda: app.save(Slow()))
    wait_until_held(holder)
    app.save(Fast())
    assert positions(holder, "application_events") == [2], "a reader goes on from 2 and never sees 1"
    holder.close()
    slow.join()
    app.close()


@pytest.mark.anyio
async def test_here_a_later_command_waits_and_order_is_kept(ledger: Ledger, ledger_uri: str) -> None:
    id = (await ledger.execute(define("410225"))).record
    holder = hold_up(ledger_uri, "ledger", "shanghui_events", "division.defined")
    async with opened(ledger_uri) as other:
        slow = asyncio.create_task(other.execute(define("410222")))
        await asyncio.to_thread(wait_until_held, holder)
        fast = asyncio.create_task(ledger.execute(ask("division.rename", id, name="新名")))
        await asyncio.sleep(BLINK)
        assert not fast.done()
        assert positions(holder, "ledger.shanghui_events") == [1, 2]
        holder.close()
        assert (await slow).positions < (await fast).positions


def wait_until_held(holder: psycopg.Connection) -> None:
    query = b"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 99 AND NOT granted"
    while holder.execute(query).fetchone() == (0,):
        threading.Event().wait(0.01)


def test_the_librarys_save_waits_for_an_analyze(database: str) -> None:
    app = stock(database)
    app.save(Fast())
    with psycopg.connect(database) as analyst:
        analyst.execute("ANALYZE application_events")
        saving = in_background(lambda: app.save(Fast()))
        saving.join(BLINK)
        assert saving.is_alive()
    saving.join()
    app.close()


@pytest.mark.anyio
async def test_here_a_command_does_not_wait_for_an_analyze(ledger: Ledger, ledger_uri: str) -> None:
    await ledger.execute(define("410225"))
    with psycopg.connect(ledger_uri) as analyst:
        analyst.execute("ANALYZE ledger.shanghui_events")
        assert (await asyncio.wait_for(ledger.execute(define("410222")), 10)).version == 1


def test_the_library_reports_a_conflict_when_only_the_reply_was_lost(database: str, proxy: Proxy) -> None:
    app = stock(make_conninfo(database, host=str(proxy.folder)))
    aggregate = Fast()
    proxy.lose_next(COMMITTED)
    with pytest.raises(IntegrityError):
        app.save(aggregate)
    assert proxy.lost == 1
    with psycopg.connect(database) as connection:
        assert positions(connection, "application_events") == [1], "it is recorded all the same"
    app.close()


@pytest.mark.anyio
async def test_here_a_lost_reply_is_looked_up_and_the_command_is_answered(ledger_uri: str, proxy: Proxy) -> None:
    async with opened(make_conninfo(ledger_uri, host=str(proxy.folder))) as ledger:
        id = (await ledger.execute(define("410225"))).record
        proxy.lose_next(PLACED)
        outcomes = await asyncio.gather(
            ledger.execute(ask("division.rename", id, name="新名")), ledger.execute(define("410222"))
        )
        assert [outcome.version for outcome in outcomes] == [2, 1]
    assert proxy.lost == 1
    with psycopg.connect(ledger_uri) as connection:
        assert len(positions(connection, "ledger.shanghui_events")) == 5
