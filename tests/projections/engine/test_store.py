"""Does each event count exactly once, whatever breaks, and whoever else is at work?"""

from threading import Thread

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections.engine import Store
from projections.engine.rebuild import build, rebuild
from projections.engine.store import Outdated
from projections.engine.tracking import Overtaken, Tracked, groups
from service.domain.division import Defined, DivisionKind, Renamed
from service.domain.identifiers import name_id
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


def test_a_batch_keeps_within_one_segment(town: Town, store: Store) -> None:
    town.live(40)
    assert [store.turn(town.connection) for _ in range(4)] == [15, 16, 9, 0]


def test_every_segment_between_two_events_opens_with_a_keyframe(town: Town, store: Store) -> None:
    town.record((HERE, Defined("1", "乡", TOWNSHIP)))
    town.record((HERE, Renamed("镇", TOWNSHIP)), gap=50)
    store.catch_up(town.connection)
    rows = town.connection.execute("SELECT segment, from_position FROM views.town_history ORDER BY 1, 2").fetchall()
    assert rows == [(0, 1), (1, 16), (2, 32), (3, 48), (3, 52)]


def test_what_a_segments_first_event_replaces_is_not_in_it(town: Town, store: Store) -> None:
    town.record((HERE, Defined("1", "乡", TOWNSHIP)))
    town.record((HERE, Renamed("镇", TOWNSHIP)), gap=14)
    store.catch_up(town.connection)
    rows = town.connection.execute("SELECT segment, names FROM views.town_history ORDER BY 1, from_position").fetchall()
    assert rows == [(0, ["乡"]), (1, ["乡", "镇"])]


def test_a_step_is_taken_once(town: Town, store: Store) -> None:
    (group,) = groups(store.tracking.read(town.connection))
    store.tracking.move(town.connection, group, 5, store.fingerprints)
    with pytest.raises(Overtaken):
        store.tracking.move(town.connection, group, 5, store.fingerprints)


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


def test_a_store_that_was_overtaken_goes_on_from_there(uri: str, town: Town, store: Store) -> None:
    town.live(5)
    store.catch_up(town.connection)
    town.live(5)
    Store(EventLog(), ALL, SMALL).catch_up(town.connection)
    town.live(5)
    store.turn(town.connection, 5)
    store.turn(town.connection)
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
