"""Are all townships supervised, is everything found there put right, and are the slow talked to?"""

from collections import Counter

from projections.engine.connection import Connection
from service.demo.supervising import VISITED_AGAIN, special
from service.domain.record import Recorded
from service.domain.talk import NoImprovementRecorded

LAST_DAY = "2026-09-30"


def rows(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query.encode()).fetchall()


def test_116_of_116_townships_in_10_of_10_units_are_supervised(connection: Connection) -> None:
    units = rows(connection, "SELECT townships, visited FROM views.unit_supervision")
    assert len(units) == 10
    assert [sum(map(int, map(str, column))) for column in zip(*units, strict=True)] == [116, 116]


def test_the_special_supervision_is_closed_with_everything_put_right(connection: Connection) -> None:
    found = rows(
        connection, f"SELECT state, coverage, findings_open FROM views.supervision WHERE id = '{special()[0].id}'"
    )
    assert [(state, str(coverage), left) for state, coverage, left in found] == [("CLOSED", "1.0000", 0)]


def test_the_second_look_goes_on_with_findings_in_every_state(connection: Connection) -> None:
    columns = "state, units_visited, findings_raised"
    found = rows(connection, f"SELECT {columns} FROM views.supervision WHERE id <> '{special()[0].id}'")
    assert found == [("IN_PROGRESS", VISITED_AGAIN, 6)]
    states = {state for (state,) in rows(connection, "SELECT state FROM views.finding")}
    assert states == {"OPEN", "RECTIFYING", "SUBMITTED", "VERIFIED", "WITHDRAWN"}


def test_some_findings_were_not_put_right_at_the_first_attempt(connection: Connection) -> None:
    (count,) = rows(connection, "SELECT count(*) FROM views.finding WHERE rejections = 1 AND NOT open")[0]
    assert int(str(count)) >= 5


def test_talks_are_held_at_both_levels_and_end_in_every_way(connection: Connection) -> None:
    talks = Counter(rows(connection, "SELECT level, state FROM views.talk"))
    assert {state for level, state in talks if level == "COUNTY"} == {"IMPROVED", "NOT_IMPROVED", "CANCELLED"}
    assert {state for level, state in talks if level == "TOWNSHIP"} == {"IMPROVED", "NOT_IMPROVED", "HELD", "ORDERED"}
    assert talks["COUNTY", "IMPROVED"] == 4


def test_a_talk_that_did_not_help_was_followed_by_one_that_did(connection: Connection, events: list[Recorded]) -> None:
    following = [e.fact.next_talk for e in events if isinstance(e.fact, NoImprovementRecorded)]
    states = connection.execute("SELECT state FROM views.talk WHERE id = ANY(%s)", [following]).fetchall()
    assert states == [("IMPROVED",)] * len(following) != []


def test_nothing_happens_after_the_last_day(connection: Connection) -> None:
    query = "SELECT max(recorded_at)::date <= %s::date FROM views.change WHERE record_type IN ('SUPERVISION', 'TALK')"
    assert connection.execute(query, [LAST_DAY]).fetchone() == (True,)
