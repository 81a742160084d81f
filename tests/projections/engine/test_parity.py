"""Are the live tables, the rebuilt ones, the past and a plain fold of the events one and the same?"""

from random import Random

import pytest
from psycopg import RawCursor

from projections.engine import Layout, Store, refold
from projections.engine.compare import Difference, fingerprint, first_difference
from projections.engine.connection import Connection
from projections.engine.rebuild import build, ensure
from service.ledger.log import EventLog
from tests.projections.engine.town import ALL, SMALL, TABLES, KindRow, Town, TownRow, as_of, everything, towns

BESIDE = SMALL.beside("check")


def follow(store: Store, connection: Connection, limit: int) -> None:
    while store.turn(connection, limit):
        pass


@pytest.mark.parametrize("limit", [1, 3, 50, 2000])
@pytest.mark.parametrize("bits", [1, 4, 12])
def test_live_and_rebuilt_tables_are_equal(uri: str, town: Town, limit: int, bits: int) -> None:
    layout = Layout(segment_bits=bits)
    store = Store(EventLog(), ALL, layout)
    ensure(uri, store)
    for size in (1, 2, 40, 5, 1, 90, 30):
        town.live(size, gaps=True)
        follow(store, town.connection, limit)
    rebuilt = build(uri, store, layout.beside("check"), town.position)
    assert everything(town.connection, layout) == everything(town.connection, rebuilt.layout)
    live, anew = (each.tracking.read(town.connection) for each in (store, rebuilt))
    assert [(t.name, t.position, t.declared) for t in live] == [(t.name, t.position, t.declared) for t in anew]


@pytest.mark.parametrize("seed", range(6))
def test_the_batches_leave_no_trace(uri: str, seed: int) -> None:
    random, town = Random(seed), Town(uri, seed)
    store = Store(EventLog(), ALL, SMALL)
    ensure(uri, store)
    with town.connection as connection:
        for _ in range(25):
            town.live(random.randint(1, 12), gaps=True)
            for _ in range(random.randint(0, 3)):
                store.turn(connection, random.randint(1, 30))
        store.catch_up(connection)
        build(uri, store, BESIDE, town.position)
        assert everything(connection, SMALL) == everything(connection, BESIDE)


def test_the_past_reads_as_it_was(town: Town, store: Store) -> None:
    seen = {}
    for _ in range(120):
        town.live(1, gaps=True)
        store.catch_up(town.connection)
        seen[town.position] = as_of(town.connection, SMALL)
    assert all(as_of(town.connection, SMALL, position) == rows for position, rows in seen.items())


def test_a_position_that_was_never_used_reads_as_the_one_before(town: Town, store: Store) -> None:
    town.live(20)
    store.catch_up(town.connection)
    before = as_of(town.connection, SMALL)
    town.record(*[town.any_fact()], gap=100)
    store.catch_up(town.connection)
    assert all(as_of(town.connection, SMALL, 20 + skipped) == before for skipped in range(101))


def test_a_build_that_stops_in_the_past_equals_the_past(uri: str, town: Town, store: Store) -> None:
    town.live(200)
    store.catch_up(town.connection)
    build(uri, store, BESIDE, 133)
    for table in TABLES:
        now, then = fingerprint(town.connection, table, BESIDE), fingerprint(town.connection, table, SMALL, 133)
        assert now == then != fingerprint(town.connection, table, SMALL)
        assert first_difference(town.connection, table, BESIDE, SMALL, 133) is None


def test_the_first_row_that_differs_is_named(uri: str, town: Town, store: Store) -> None:
    town.live(60)
    store.catch_up(town.connection)
    build(uri, store, BESIDE, 60)
    town.connection.execute(
        "UPDATE views_check.town SET code = 'X' WHERE id = (SELECT max(id::text)::uuid FROM views.town)"
    )
    found = first_difference(town.connection, TownRow.table, BESIDE, SMALL)
    assert isinstance(found, Difference)
    assert (found.one or {})["code"] != (found.other or {})["code"] == "X"


def test_a_row_that_is_missing_is_a_difference(uri: str, town: Town, store: Store) -> None:
    town.live(60)
    store.catch_up(town.connection)
    build(uri, store, BESIDE, 60)
    town.connection.execute("DELETE FROM views.kind_count")
    found = first_difference(town.connection, KindRow.table, BESIDE, SMALL)
    assert found is not None
    assert (found.one, found.other is None) == (None, False)


def test_folding_a_records_events_again_gives_its_row(town: Town, store: Store) -> None:
    events = town.live(150)
    store.catch_up(town.connection)
    with RawCursor(town.connection) as cursor:
        keys = {(event.originator_id,) for event in events}
        stored = store.storages[TownRow.table].fetch(cursor, keys)
    assert stored
    for (id,) in keys:
        assert refold(towns, [event for event in events if event.originator_id == id]) == stored.at((id,)).row
