"""Are views rebuilt when they must be, whole, and without a reader noticing?"""

from contextlib import suppress
from threading import Event as Signal
from threading import Thread
from typing import Any

import psycopg
import pytest

from projections.engine import Projection, Store
from projections.engine.connection import Cursor
from projections.engine.progress import Progress
from projections.engine.rebuild import RebuildRunning, build, ensure, rebuild
from projections.engine.share import Share
from projections.engine.staging import Staging
from service.domain.division import Defined, DivisionKind, Renamed
from service.domain.identifiers import name_id
from service.ledger.log import EventLog
from tests.projections.engine.town import ALL, DIARY, NAMES, POISON, SMALL, TABLES, Town, everything, kinds, towns


class Cut(Exception):
    """The process is gone."""


def test_views_that_are_as_declared_stay(uri: str, store: Store) -> None:
    assert not ensure(uri, store)


@pytest.mark.parametrize(
    "other",
    [
        Store(EventLog(), [*ALL[1:], Projection("town", towns, kinds, version=2)], SMALL),
        Store(EventLog(), [*ALL[1:], Projection("town", towns)], SMALL),
        Store(EventLog(), [NAMES, DIARY], SMALL),
        Store(EventLog(), ALL, SMALL._replace(segment_bits=5)),
    ],
    ids=["version", "table", "projection", "segments"],
)
def test_views_that_are_not_as_declared_are_rebuilt(uri: str, town: Town, store: Store, other: Store) -> None:
    town.live(50)
    store.catch_up(town.connection)
    assert ensure(uri, other)
    assert not ensure(uri, other)
    assert {each.position for each in other.tracking.read(town.connection)} == {50}


@pytest.mark.parametrize(
    "altered",
    [
        "ALTER TABLE {schema}.town ALTER COLUMN code DROP NOT NULL",
        "ALTER TABLE {schema}.town_history ALTER COLUMN code DROP NOT NULL",
        "ALTER TABLE {schema}.town DROP COLUMN area",
    ],
)
def test_views_that_may_hold_what_is_not_declared_are_rebuilt(uri: str, town: Town, store: Store, altered: str) -> None:
    town.connection.execute(altered.format(schema=store.layout.schema).encode())
    assert ensure(uri, store)
    assert not ensure(uri, store)


def test_a_rebuild_repairs(uri: str, town: Town, store: Store) -> None:
    town.live(100)
    store.catch_up(town.connection)
    whole = everything(town.connection, SMALL)
    town.connection.execute("DELETE FROM views.town_history")
    rebuild(uri, store)
    assert everything(town.connection, SMALL) == whole


def test_a_rebuild_names_the_first_row_that_was_not_what_the_log_makes_of_it(
    uri: str, town: Town, store: Store
) -> None:
    town.live(60)
    store.catch_up(town.connection)
    assert rebuild(uri, store).difference is None
    town.connection.execute("UPDATE views.town SET code = 'X' WHERE id = (SELECT min(id::text)::uuid FROM views.town)")
    found = rebuild(uri, store).difference
    assert found is not None
    assert (found.table, (found.found or {})["code"]) == ("town", "X")
    assert (found.folded or {})["code"] != "X"


@pytest.mark.parametrize("name", ["town", "names", "diary"])
def test_one_projection_is_rebuilt_alone(uri: str, town: Town, store: Store, name: str) -> None:
    town.live(60)
    store.catch_up(town.connection)
    whole = everything(town.connection, SMALL)
    tables = {table.name for table in store.projections[name].tables}
    for table in tables:
        town.connection.execute(f"DELETE FROM views.{table}".encode())
    town.live(30)
    found = rebuild(uri, store, name=name)
    assert set(found.tables) == tables
    store.catch_up(town.connection)
    build(uri, store, SMALL.beside("check"), town.position)
    assert everything(town.connection, SMALL) == everything(town.connection, SMALL.beside("check")) != whole


def test_events_that_come_during_a_rebuild_are_in_it(uri: str, town: Town, store: Store) -> None:
    def meanwhile(progress: Progress) -> None:
        if not progress.tables:
            town.live(20)

    town.live(50)
    rebuild(uri, store, meanwhile)
    store.catch_up(town.connection)
    build(uri, store, SMALL.beside("check"), town.position)
    assert everything(town.connection, SMALL) == everything(town.connection, SMALL.beside("check"))


def test_progress_is_told(uri: str, town: Town, store: Store) -> None:
    told: list[Progress] = []
    town.live(50)
    rebuild(uri, store, told.append)
    folding = [(each.position, each.upto) for each in told if not each.tables]
    assert folding == [(16, 50), (32, 50), (48, 50), (50, 50)]
    assert [each.seconds_left for each in told if each.position == 50 and not each.tables] == [0]
    assert sorted(each.finished for each in told if each.tables) == [*range(len(TABLES) + 1)]


def test_a_rebuild_that_was_cut_off_does_no_harm(uri: str, town: Town, store: Store) -> None:
    def cut(_: Progress) -> None:
        raise Cut

    town.live(50)
    store.catch_up(town.connection)
    before = everything(town.connection, SMALL)
    with pytest.raises(Cut):
        rebuild(uri, store, cut)
    assert everything(town.connection, SMALL) == before
    rebuild(uri, store)
    assert everything(town.connection, SMALL) == before


@pytest.mark.parametrize("batches", range(1, 13))
def test_a_rebuild_that_was_cut_off_goes_on_where_it_was(
    uri: str, town: Town, store: Store, batches: int, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr(Share, "READ", 10)
    monkeypatch.setattr(Share, "STRETCH", 20)
    told: list[int] = []

    def cut(progress: Progress) -> None:
        told.append(progress.position)
        if len(told) == batches:
            raise Cut

    town.live(100, gaps=True)
    store.catch_up(town.connection)
    before = everything(town.connection, SMALL)
    with suppress(Cut):
        rebuild(uri, store, cut)
    assert everything(town.connection, SMALL) == before
    town.live(25)
    store.catch_up(town.connection)
    rebuild(uri, store)
    resumed = [each["position"] for each in logs if each["event"] == "build.resumed"]
    assert [position > 0 for position in resumed] == [batches > 2] * len(resumed)
    build(uri, store, SMALL.beside("check"), town.position)
    assert everything(town.connection, SMALL) == everything(town.connection, SMALL.beside("check"))


@pytest.mark.parametrize("tables", range(5))
def test_a_rebuild_that_was_cut_off_at_its_end_does_no_table_twice(
    uri: str, town: Town, store: Store, tables: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, finished = Staging.finish, list[str]()

    def cut(self: Staging[Any], cursor: Cursor) -> None:
        finish(self, cursor)
        if len(finished) == tables:
            finished.append("")
            raise psycopg.OperationalError
        finished.append(self.table.name)

    monkeypatch.setattr(Staging, "finish", cut)
    town.live(60)
    store.catch_up(town.connection)
    before = everything(town.connection, SMALL)
    with suppress(psycopg.OperationalError):
        rebuild(uri, store)
    rebuild(uri, store)
    names = [name for name in finished if name]
    assert sorted(names) == sorted(set(names)) == sorted(table.name for table in TABLES)
    assert everything(town.connection, SMALL) == before


def test_what_an_earlier_release_left_half_built_is_built_anew(uri: str, town: Town, store: Store) -> None:
    town.live(50)
    store.catch_up(town.connection)
    before = everything(town.connection, SMALL)
    town.connection.execute("CREATE SCHEMA views_next")
    town.connection.execute("CREATE TABLE views_next.build AS SELECT 20 AS position, 50 AS upto, '{}'::text[] AS done")
    rebuild(uri, store)
    assert everything(town.connection, SMALL) == before


def test_two_rebuilds_exclude_each_other(uri: str, town: Town, store: Store) -> None:
    def another(_: Progress) -> None:
        with pytest.raises(RebuildRunning):
            rebuild(uri, Store(EventLog(), ALL, SMALL))

    town.live(5)
    rebuild(uri, store, another)


def test_a_poisoned_projection_is_parked_by_a_rebuild_too(uri: str, town: Town, store: Store) -> None:
    town.live(40)
    town.record((name_id("here"), Renamed(POISON, DivisionKind.TOWN)))
    town.live(40)
    store.catch_up(town.connection)
    live, found = everything(town.connection, SMALL), store.tracking.read(town.connection)
    rebuild(uri, store)
    assert everything(town.connection, SMALL) == live
    again = store.tracking.read(town.connection)
    assert [(t.name, t.position, t.error) for t in again] == [(t.name, t.position, t.error) for t in found]


def test_a_build_that_begins_anew_stores_again_what_stands_apart(
    uri: str, town: Town, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Share, "READ", 1)
    here = name_id("here")
    town.record((here, Defined("1", "乡", DivisionKind.TOWN)))
    town.record(*((here, Renamed(name, DivisionKind.TOWN)) for name in ("镇", POISON)))
    store.catch_up(town.connection)
    live = everything(town.connection, SMALL)
    assert live["town_content"]
    rebuild(uri, store)
    assert everything(town.connection, SMALL) == live


def test_readers_never_miss_the_views_nor_see_them_go_back(uri: str, town: Town, store: Store) -> None:
    done, seen = Signal(), []

    def read() -> None:
        with psycopg.connect(uri, autocommit=True) as connection:
            while not done.is_set():
                (row,) = connection.execute("SELECT max(position), count(*) FROM views.diary").fetchall()
                seen.append(row)

    town.live(200)
    store.catch_up(town.connection)
    reader = Thread(target=read)
    reader.start()
    for _ in range(3):
        town.live(10)
        rebuild(uri, store)
    done.set()
    reader.join()
    assert seen == sorted(seen)


def test_a_swap_waits_for_a_batch_in_hand_and_takes_in_what_it_added(uri: str, town: Town, store: Store) -> None:
    town.live(30)
    with psycopg.connect(uri) as busy:
        store.turn(busy)
        rebuilder = Thread(target=rebuild, args=(uri, store))
        rebuilder.start()
        while not town.connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            assert rebuilder.is_alive()
        town.live(10)
        store.catch_up(busy)
    rebuilder.join()
    assert {each.position for each in store.tracking.read(town.connection)} == {40}
