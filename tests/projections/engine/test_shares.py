"""Do two processes that build a share each make the same views as one, whatever befalls either?"""

import os
import signal
from multiprocessing import active_children, parent_process

import pytest

from projections.engine import Store
from projections.engine.build import Build
from projections.engine.elsewhere import ShareFailed
from projections.engine.progress import Progress, together
from projections.engine.rebuild import build, rebuild
from projections.engine.share import Share
from service.domain.division import DivisionKind, Renamed
from service.domain.identifiers import name_id
from service.ledger.log import EventLog
from tests.projections.engine.town import ALL, POISON, SMALL, TABLES, Town, everything

REFUSED = "乡\0"
"""PostgreSQL has no text with this character."""


def views() -> Store:
    return Store(EventLog(), ALL, SMALL, made_by=views)


def views_of_the_parent() -> Store:
    if parent_process():
        raise ValueError("there are none here")
    return Store(EventLog(), ALL, SMALL, made_by=views_of_the_parent)


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little is enough for a process of its own."""
    monkeypatch.setattr(Build, "APART_FROM", 1)


@pytest.fixture
def followed(town: Town, store: Store) -> Town:
    """A town whose views followed it."""
    town.live(120, gaps=True)
    store.catch_up(town.connection)
    return town


def test_views_of_two_processes_are_those_that_followed(uri: str, followed: Town) -> None:
    told: list[Progress] = []
    live = everything(followed.connection, SMALL)
    assert rebuild(uri, views(), told.append).difference is None
    assert everything(followed.connection, SMALL) == live
    assert (told[-1].finished, told[-1].tables) == (len(TABLES), len(TABLES))


def test_the_projection_that_folds_the_most_facts_is_a_share_of_its_own(
    uri: str, followed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: list[list[str]] = []

    def note(_: Build, found: list[list[str]], __: int) -> None:
        shares.extend(found)

    monkeypatch.setattr(Build, "_build", note)
    build(uri, views(), SMALL.beside("check"), followed.position)
    assert shares == [["town", "diary"], ["names"]]


def test_all_projections_are_tracked_where_the_build_ended(uri: str, followed: Town) -> None:
    built = build(uri, views(), SMALL.beside("check"), followed.position)
    tracked = built.tracking.read(followed.connection)
    assert {(each.name, each.position, each.declared) for each in tracked} == {
        (name, followed.position, fingerprint) for name, fingerprint in built.fingerprints.items()
    }


def test_why_the_other_process_failed_is_said_and_the_next_build_goes_on(uri: str, followed: Town) -> None:
    live = everything(followed.connection, SMALL)
    with pytest.raises(ShareFailed, match="there are none here"):
        rebuild(uri, views_of_the_parent())
    assert everything(followed.connection, SMALL) == live
    assert rebuild(uri, views()).difference is None
    assert everything(followed.connection, SMALL) == live


def test_a_killed_process_is_noticed_and_the_next_build_goes_on(uri: str, followed: Town) -> None:
    def kill(_: Progress) -> None:
        for child in active_children():
            os.kill(child.pid or 0, signal.SIGKILL)

    live = everything(followed.connection, SMALL)
    with pytest.raises(ShareFailed, match="-9"):
        rebuild(uri, views(), kill)
    assert everything(followed.connection, SMALL) == live
    assert rebuild(uri, views()).difference is None
    assert everything(followed.connection, SMALL) == live


@pytest.mark.usefixtures("followed")
def test_nobody_is_left_when_a_build_is_cut_off(uri: str) -> None:
    def cut(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(uri, views(), cut)
    assert active_children() == []
    assert rebuild(uri, views()).difference is None


@pytest.mark.parametrize("name", [POISON, REFUSED], ids=["fold", "PostgreSQL"])
@pytest.mark.parametrize("few", [1, 1_000], ids=["two", "one"])
def test_what_cannot_be_taken_in_stops_a_projection_where_it_stopped_the_live_path(
    uri: str, town: Town, store: Store, name: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Build, "APART_FROM", few)
    town.live(40)
    town.record((name_id("here"), Renamed("镇", DivisionKind.TOWN)))
    town.record((name_id("here"), Renamed(name, DivisionKind.TOWN)))
    town.live(40)
    store.catch_up(town.connection)
    live, found = everything(town.connection, SMALL), store.tracking.read(town.connection)
    assert any(each.error for each in found)
    rebuild(uri, views())
    assert everything(town.connection, SMALL) == live
    again = store.tracking.read(town.connection)
    assert [(each.name, each.position) for each in again] == [(each.name, each.position) for each in found]


def test_versions_need_not_wait_for_the_end_of_their_segment(
    uri: str, followed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Build, "APART_FROM", 1_000)
    monkeypatch.setattr("projections.engine.staging.MOST_HELD", 1)
    live = everything(followed.connection, SMALL)
    rebuild(uri, views())
    assert everything(followed.connection, SMALL) == live


def test_a_build_is_as_far_as_its_last_share() -> None:
    folding, ahead = Progress(10, 100, 5.0, 18.0), Progress(30, 100, 9.0, 8.0)
    finishing = Progress(100, 100, 9.0, None, finished=2, tables=5)
    assert together([ahead, folding]) == folding
    assert together([finishing, folding]) == folding
    assert together([finishing, finishing]) == finishing._replace(finished=4, tables=10)


def test_rows_that_stand_are_written_out_no_oftener_than_events_come(
    uri: str, followed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Share, "STRETCH", 0)
    live = everything(followed.connection, SMALL)
    rebuild(uri, Store(EventLog(), ALL, SMALL))
    assert everything(followed.connection, SMALL) == live
