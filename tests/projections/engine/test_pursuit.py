"""Does each event still count exactly once when one batch is folded while the one before is saved?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from projections.engine import Store
from projections.engine.connection import Connection, connect
from projections.engine.rebuild import rebuild
from service.domain.division import Defined, DivisionKind, Renamed
from service.domain.identifiers import name_id
from service.domain.record import Recorded
from service.ledger.log import EventLog
from tests.projections.engine.test_store import assert_whole, tracked
from tests.projections.engine.town import ALL, NAMES, POISON, SMALL, Town

TOWNSHIP, HERE = DivisionKind.TOWNSHIP, name_id("here")
HANG_UP = """
CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.position > 90 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL;
END $$"""


@pytest.fixture
def reader(uri: str) -> Iterator[Connection]:
    """A second connection."""
    with connect(uri) as reader:
        yield reader


def test_batches_are_taken_in_one_after_the_other(uri: str, town: Town, store: Store, reader: Connection) -> None:
    town.live(600)
    heads = list(store.follow(town.connection, reader))
    assert heads == [*range(16, 600, 16), 600]
    assert_whole(uri, store, town)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("records", "rows"), [(2, 10_000), (10_000, 0), (10_000, 3), (3, 3)])
def test_what_is_not_yet_committed_is_known(uri: str, town: Town, reader: Connection, records: int, rows: int) -> None:
    forgetful = Store(EventLog(), ALL, SMALL, kept_records=records, kept_rows=rows)
    for _ in range(4):
        town.live(300, gaps=True)
        for _ in forgetful.follow(town.connection, reader):
            pass
    assert_whole(uri, forgetful, town)


@pytest.mark.parametrize("batches", [1, 2, 3, 7])
def test_whoever_stops_goes_on_where_it_stands(
    uri: str, town: Town, store: Store, reader: Connection, batches: int
) -> None:
    town.live(400)
    for _ in range(4):
        with closing(store.follow(town.connection, reader)) as heads:
            for _ in zip(range(batches), heads, strict=False):
                pass
        store.look(town.connection)
    store.catch_up(town.connection)
    assert_whole(uri, store, town)


def test_a_poisoned_projection_is_parked_in_mid_pursuit(
    town: Town, store: Store, reader: Connection, logs: list[Any]
) -> None:
    town.live(130)
    (poison,) = town.record((HERE, Renamed(POISON, TOWNSHIP)))
    town.live(130)
    for _ in store.follow(town.connection, reader):
        pass
    found = tracked(store, town)
    assert found["town"].position == poison.position - 1
    assert f"division.renamed at {poison.position}: RuntimeError" in (found["town"].error or "")
    assert found["names"].position == found["diary"].position == town.position
    assert "views.pursuit_ended" in {each["event"] for each in logs}


def test_what_postgresql_refuses_in_mid_pursuit_is_parked_too(town: Town, store: Store, reader: Connection) -> None:
    town.live(130)
    town.connection.execute("ALTER TABLE views.name ADD CHECK (name <> '禁')")
    town.record((HERE, Defined("1", "禁", TOWNSHIP)))
    town.live(130)
    for _ in store.follow(town.connection, reader):
        pass
    found = tracked(store, town)
    assert (found["names"].position, found["town"].position) == (130, 261)
    assert "CheckViolation" in (found["names"].error or "")


def test_nothing_is_left_to_pursue_once_all_are_parked(uri: str, town: Town, reader: Connection) -> None:
    alone = Store(EventLog(), [NAMES], SMALL)
    rebuild(uri, alone)
    town.connection.execute("ALTER TABLE views.name ADD CHECK (name <> '禁')")
    town.record((HERE, Defined("1", "禁", TOWNSHIP)))
    town.live(100)
    assert len(list(alone.follow(town.connection, reader))) > 0
    assert tracked(alone, town)["names"].position == 0


def test_a_parked_projection_that_is_resumed_catches_up(uri: str, town: Town, store: Store, reader: Connection) -> None:
    town.live(20)
    town.connection.execute("ALTER TABLE views.name ADD CONSTRAINT strict CHECK (name <> '禁')")
    town.record((HERE, Defined("1", "禁", TOWNSHIP)))
    town.live(200)
    for _ in store.follow(town.connection, reader):
        pass
    town.connection.execute("ALTER TABLE views.name DROP CONSTRAINT strict")
    store.tracking.resume(town.connection, "names")
    store.look(town.connection)
    for _ in store.follow(town.connection, reader):
        pass
    assert_whole(uri, store, town)


def test_a_connection_lost_in_mid_pursuit_leaves_nothing_half_done(
    uri: str, town: Town, store: Store, reader: Connection
) -> None:
    town.live(300)
    town.connection.execute(HANG_UP)
    town.connection.execute(
        "CREATE TRIGGER hang_up AFTER INSERT ON views.diary FOR EACH ROW EXECUTE FUNCTION hang_up()"
    )
    with psycopg.connect(uri, autocommit=True) as doomed, pytest.raises(psycopg.OperationalError):
        for _ in store.follow(doomed, reader):
            pass
    town.connection.execute("DROP FUNCTION hang_up CASCADE")
    assert {each.position for each in tracked(store, town).values()} == {80}
    store.catch_up(town.connection)
    assert_whole(uri, store, town)


def test_a_reader_that_is_lost_ends_it_as_well(uri: str, town: Town) -> None:
    class Losing(EventLog):
        """A log whose reader is hung up on after a while."""

        def read(self, connection: Any, after: int, limit: int, upto: int | None = None) -> list[Recorded]:
            if after > 90 and connection is lost:
                town.connection.execute("SELECT pg_terminate_backend(%s)", [lost.info.backend_pid])
            return super().read(connection, after, limit, upto)

    store = Store(Losing(), ALL, SMALL)
    rebuild(uri, store)
    town.live(300)
    with connect(uri) as lost, pytest.raises(psycopg.OperationalError):
        for _ in store.follow(town.connection, lost):
            pass
    store.catch_up(town.connection)
    assert_whole(uri, store, town)


def test_whoever_is_overtaken_goes_on_from_there(uri: str, town: Town, store: Store, reader: Connection) -> None:
    town.live(600)
    rival = Store(EventLog(), ALL, SMALL)
    for n, _ in enumerate(store.follow(town.connection, reader)):
        if n in (3, 9):
            with connect(uri) as other:
                rival.look(other)
                rival.turn(other)
                rival.turn(other)
    assert_whole(uri, store, town)


def test_views_that_are_rebuilt_in_mid_pursuit_are_left_alone(uri: str, town: Town, store: Store) -> None:
    town.live(400)
    with connect(uri) as worker, connect(uri) as reader:
        batches = store.follow(worker, reader)
        next(batches)
        next(batches)
        rebuild(uri, Store(EventLog(), ALL, SMALL))
        for _ in batches:
            pass
    assert_whole(uri, store, town)
