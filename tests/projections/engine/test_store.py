"""Does each event count exactly once, whatever breaks, and whoever else is at work?"""

from collections.abc import Collection
from threading import Thread
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections.engine import Store
from projections.engine.connection import Teller
from projections.engine.rebuild import build, rebuild
from projections.engine.row import Key
from projections.engine.sheet import Sheet
from projections.engine.storage import Storage
from projections.engine.store import Outdated
from projections.engine.tracking import Overtaken, Tracked, groups
from service.domain.division import Defined, DivisionKind, Renamed
from service.domain.identifiers import name_id
from service.domain.record import Recorded
from service.ledger.log import EventLog
from tests.projections.engine.town import ALL, NAMES, POISON, SMALL, Town, everything

TOWNSHIP = DivisionKind.TOWNSHIP
BESIDE = SMALL.beside("check")
HERE = name_id("here")


def tracked(store: Store, town: Town) -> dict[str, Tracked]:
    return {each.name: each for each in store.tracking.read(town.connection)}


def assert_whole(uri: str, store: Store, town: Town) -> None:
    """The stored views are what the log makes from nothing."""
    build(uri, store, BESIDE, town.position)
    assert everything(town.connection, SMALL) == everything(town.connection, BESIDE)


def versions(town: Town) -> list[tuple[int, int, str]]:
    """Of each version: its segment, where it began, its last name."""
    found = "SELECT segment, from_position, names[cardinality(names)] FROM views.town_history ORDER BY 1, 2"
    return town.connection.execute(found).fetchall()


def test_a_batch_does_not_reach_beyond_where_a_segment_may_begin(town: Town, store: Store) -> None:
    town.live(40)
    assert [store.turn(town.connection) for _ in range(4)] == [16, 16, 8, 0]


def test_a_segment_opens_with_a_keyframe(town: Town, store: Store) -> None:
    town.record((HERE, Defined("1", "乡", TOWNSHIP)))
    town.record((HERE, Renamed("镇", TOWNSHIP)), gap=15)
    store.catch_up(town.connection)
    assert versions(town) == [(0, 1, "乡"), (1, 16, "乡"), (1, 17, "镇")]


def test_a_table_that_did_not_change_begins_no_segment(town: Town, store: Store) -> None:
    town.record((HERE, Defined("1", "乡", TOWNSHIP)))
    town.record((HERE, Renamed("镇", TOWNSHIP)), gap=70)
    store.catch_up(town.connection)
    assert versions(town) == [(0, 1, "乡"), (1, 16, "乡"), (1, 72, "镇")]


def test_a_table_begins_a_segment_once_half_of_its_rows_changed(town: Town, store: Store) -> None:
    town.record(*((name_id(name), Defined(name, name, TOWNSHIP)) for name in "甲乙丙丁"))
    for name in "甲乙丙":
        town.record((name_id(name), Renamed("镇", TOWNSHIP)), gap=15)
    store.catch_up(town.connection)
    assert [segment for segment, position, _ in versions(town) if position == SMALL.start(segment)] == [1] * 4 + [3] * 4


def test_a_step_is_taken_once(town: Town, store: Store) -> None:
    (group,) = groups(store.tracking.read(town.connection))
    store.tracking.move(town.connection, group, 5)
    with pytest.raises(Overtaken):
        store.tracking.move(town.connection, group, 5)


def test_two_stores_that_overlap_count_every_event_once(uri: str, town: Town, store: Store) -> None:
    town.live(600)

    def work() -> None:
        own = Store(EventLog(), ALL, SMALL)
        with psycopg.connect(uri, autocommit=True) as connection:
            own.catch_up(connection)

    rivals = [Thread(target=work) for _ in range(3)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    assert_whole(uri, store, town)


def test_a_connection_lost_in_mid_batch_leaves_nothing_half_done(uri: str, town: Town, store: Store) -> None:
    town.live(100)
    with psycopg.connect(uri, autocommit=True) as doomed:
        town.connection.execute(
            "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
        town.connection.execute("CREATE TRIGGER hang_up AFTER INSERT ON views.diary EXECUTE FUNCTION hang_up()")
        with pytest.raises(psycopg.OperationalError):
            store.turn(doomed)
    town.connection.execute("DROP FUNCTION hang_up CASCADE")
    assert {each.position for each in tracked(store, town).values()} == {0}
    store.catch_up(town.connection)
    assert_whole(uri, store, town)


def test_a_poisoned_projection_is_parked_and_the_others_go_on(town: Town, store: Store) -> None:
    town.live(30)
    (poison,) = town.record((HERE, Renamed(POISON, TOWNSHIP)))
    town.live(30)
    store.catch_up(town.connection)
    found = tracked(store, town)
    assert found["town"].position == poison.position - 1
    assert f"division.renamed at {poison.position}: RuntimeError" in (found["town"].error or "")
    assert found["names"].position == found["diary"].position == town.position


def test_what_postgresql_refuses_is_poison_too(town: Town, store: Store) -> None:
    town.live(20)
    town.connection.execute("ALTER TABLE views.name ADD CHECK (name <> '禁')")
    town.record((HERE, Defined("1", "禁", TOWNSHIP)))
    town.live(5)
    store.catch_up(town.connection)
    found = tracked(store, town)
    assert (found["names"].position, found["town"].position) == (20, 26)
    assert "CheckViolation" in (found["names"].error or "")


def test_a_parked_projection_catches_up_once_it_is_resumed(uri: str, town: Town, store: Store) -> None:
    town.live(20)
    town.connection.execute("ALTER TABLE views.name ADD CONSTRAINT strict CHECK (name <> '禁')")
    town.record((HERE, Defined("1", "禁", TOWNSHIP)))
    store.catch_up(town.connection)
    town.connection.execute("ALTER TABLE views.name DROP CONSTRAINT strict")
    town.live(50)
    store.tracking.resume(town.connection, "names")
    store.catch_up(town.connection)
    assert {(each.position, each.error) for each in tracked(store, town).values()} == {(town.position, None)}
    assert_whole(uri, store, town)


def test_a_batch_that_is_rolled_back_from_outside_is_taken_in_again(uri: str, town: Town, store: Store) -> None:
    town.live(20)
    with town.connection.transaction(force_rollback=True):
        store.catch_up(town.connection)
    store.catch_up(town.connection)
    assert {each.position for each in tracked(store, town).values()} == {20}
    assert_whole(uri, store, town)


def test_what_is_written_when_the_log_seemed_at_its_end_is_not_passed_over(uri: str, town: Town, store: Store) -> None:
    class Busy(EventLog):
        """A log to which others write whenever it was found to have nothing more."""

        def read(self, connection: Any, after: int, limit: int, upto: int | None = None) -> list[Recorded]:
            found = super().read(connection, after, limit, upto)
            if not found and town.position < 100:
                town.live(1)
                town.record((HERE, Renamed("镇", TOWNSHIP)), gap=40)
            return found

    town.live(10)
    busy = Store(Busy(), ALL, store.layout)
    while town.position < 100:
        busy.catch_up(town.connection)
    busy.catch_up(town.connection)
    assert_whole(uri, busy, town)


def test_a_store_that_was_overtaken_goes_on_from_there(uri: str, town: Town, store: Store) -> None:
    town.live(5)
    store.catch_up(town.connection)
    town.live(5)
    Store(EventLog(), ALL, SMALL).catch_up(town.connection)
    town.live(5)
    store.turn(town.connection, 5)
    store.turn(town.connection)
    assert_whole(uri, store, town)


@pytest.mark.parametrize("name", [None, "town"])
def test_what_a_rebuild_has_mended_is_not_undone(uri: str, town: Town, store: Store, name: str | None) -> None:
    town.record((HERE, Defined("1", "乡", TOWNSHIP)))
    store.catch_up(town.connection)
    town.connection.execute("UPDATE views.town SET code = 'X'")
    fresh = Store(EventLog(), ALL, SMALL)
    town.record((HERE, Renamed("镇", TOWNSHIP)))
    fresh.catch_up(town.connection)
    rebuild(uri, Store(EventLog(), ALL, SMALL), name=name)
    town.record((HERE, Renamed("街", TOWNSHIP)))
    fresh.turn(town.connection)
    fresh.turn(town.connection)
    assert_whole(uri, store, town)


def test_rows_that_were_pushed_out_of_memory_are_fetched_again(uri: str, town: Town, store: Store) -> None:
    forgetful = Store(EventLog(), ALL, SMALL, kept_rows=3)
    for _ in range(20):
        town.live(8)
        forgetful.catch_up(town.connection)
    assert_whole(uri, store, town)


def test_rows_that_are_not_there_are_looked_for_once(
    uri: str, town: Town, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought, fetch = list[Key](), Storage.fetch

    def spy(storage: Storage[Any], cursor: Teller, keys: Collection[Key]) -> Sheet[Any]:
        sought.extend(keys)
        return fetch(storage, cursor, keys)

    monkeypatch.setattr(Storage, "fetch", spy)
    for name in ("镇", "镇", "镇"):
        town.record((HERE, Renamed(name, TOWNSHIP)))
        store.catch_up(town.connection)
    assert sorted(sought) == [(HERE,), (HERE, "镇")]
    town.record((HERE, Defined("1", "镇", TOWNSHIP)))
    store.catch_up(town.connection)
    assert_whole(uri, store, town)


def test_nobody_resumes_a_projection_that_is_not_there(town: Town, store: Store) -> None:
    with pytest.raises(LookupError):
        store.tracking.resume(town.connection, "unknown")


def test_code_that_declares_other_views_leaves_these_alone(uri: str, town: Town, store: Store) -> None:
    other = Store(EventLog(), [NAMES], SMALL)
    rebuild(uri, other)
    town.live(1)
    with pytest.raises(Outdated):
        store.turn(town.connection)


def test_records_are_told_from_their_events_whatever_is_kept(uri: str, town: Town, store: Store) -> None:
    forgetful = Store(EventLog(), ALL, SMALL, kept_records=2)
    for _ in range(20):
        town.live(8)
        forgetful.catch_up(town.connection)
    assert_whole(uri, store, town)


def test_positions_are_announced(uri: str, town: Town, store: Store) -> None:
    with psycopg.connect(uri, autocommit=True) as listener:
        listener.execute(SQL("LISTEN {}").format(Identifier(store.channel)))
        town.live(3)
        store.catch_up(town.connection)
        assert [notice.payload for notice in listener.notifies(timeout=5, stop_after=1)] == ["3"]
