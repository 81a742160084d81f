"""Do the chambers stand where the plan wants them, with lives worth looking into?"""

from collections import Counter
from decimal import Decimal
from typing import TypeVar

import pytest
from stdnum.cn import uscc

from projections.engine.connection import Connection
from service.demo.cast import COURSES, ENDED, TURNS, UNDER_OLD_NAME, UNDER_WAY
from service.demo.diary import chamber_id
from service.demo.figures import coverage
from service.demo.papers import FIRST_CHAMBER
from service.demo.places import places, plans, units
from service.domain.chamber_filings import ChangeFiled
from service.domain.chamber_inspections import InspectionConcluded
from service.domain.chamber_membership import MemberAdmitted
from service.domain.chamber_preparation import PreparationStarted
from service.domain.chamber_terms import ChamberState, InspectionResult
from service.domain.record import Fact, Recorded

F = TypeVar("F", bound=Fact)
BY_UNIT = """
SELECT d.code, townships, registered, in_progress, none FROM views.unit_coverage u
JOIN views.division d ON d.id = u.unit_id"""
PLACES = {place.code: place for place in places()}
LAST_DAY = "2026-09-30"


def values(connection: Connection, query: str, *bound: object) -> list[object]:
    return [row[0] for row in connection.execute(query.encode(), bound)]


def facts(events: list[Recorded], kind: type[F]) -> list[F]:
    """All facts of a kind."""
    return [event.fact for event in events if isinstance(event.fact, kind)]


def topics(events: list[Recorded], code: str, number: int = 1) -> list[str]:
    """What happened to a township's chamber."""
    id = chamber_id(PLACES[code], number)
    return [event.fact.topic.removeprefix("chamber.") for event in events if event.originator_id == id]


def test_98_townships_have_a_chamber_12_are_on_the_way_and_6_have_none(connection: Connection) -> None:
    assert coverage(connection) == {"units": 10, "townships": 116, "registered": 98, "in_progress": 12, "none": 6}


def test_every_unit_has_what_is_planned(connection: Connection) -> None:
    found = {code: counts for code, *counts in connection.execute(BY_UNIT)}
    assert found["410221"] == [21, 18, 2, 1]
    assert found["4102X1"] == [7, 6, 1, 0]
    assert found == {p.unit: [p.registered + p.in_progress + p.none, *p[1:4]] for p in plans()}


def test_the_8_pseudo_units_are_not_counted(connection: Connection) -> None:
    assert len(values(connection, "SELECT code FROM views.division WHERE kind = 'SPECIAL'")) == 8
    counted = "SELECT d.kind FROM views.township_coverage c JOIN views.division d ON d.id = c.division_id"
    assert "SPECIAL" not in values(connection, counted)


def test_every_chamber_stands_where_it_should(connection: Connection) -> None:
    states = Counter(values(connection, "SELECT state FROM views.chamber"))
    ended = {"ABANDONED": 2, "REFUSED": 2, "DEREGISTERED": 1}
    assert states == {"REGISTERED": 98, **Counter(str(state) for state, _ in UNDER_WAY), **ended}
    assert len(UNDER_WAY) == 12
    assert len(ENDED) == 6


def test_every_state_before_registration_is_shown() -> None:
    assert {state for state, _ in UNDER_WAY} == {
        ChamberState.PREPARING,
        ChamberState.SUPERVISOR_REVIEW,
        ChamberState.RETURNED,
        ChamberState.APPROVED_TO_FOUND,
        ChamberState.UNDER_REGISTRATION,
        ChamberState.RETURNED_BY_REGISTRAR,
    }


def test_one_application_is_overdue_when_the_demonstration_ends(connection: Connection) -> None:
    due = values(connection, "SELECT due_on < %s::date FROM views.pipeline_entry WHERE due_on IS NOT NULL", LAST_DAY)
    assert sorted(map(str, due)) == ["False", "True"]


def test_the_first_chamber_has_no_more_than_the_law_asks_for(connection: Connection) -> None:
    query = "SELECT state, funds FROM views.chamber WHERE id = %s"
    id = chamber_id(PLACES[FIRST_CHAMBER])
    assert connection.execute(query, [id]).fetchone() == ("REGISTERED", Decimal(30_000))


def test_the_first_chamber_was_founded_by_thirty_units(events: list[Recorded]) -> None:
    happened = Counter(topics(events, FIRST_CHAMBER))
    assert happened["member_admitted"] == 30
    assert "member_left" not in happened


def test_every_credit_code_is_a_societys_its_registrars_and_valid(connection: Connection) -> None:
    codes = values(connection, "SELECT uscc FROM views.chamber WHERE uscc <> ''")
    assert len(set(codes)) == 99
    regions = {"410200" if code == "4102X1" else code for code in units()}
    assert all(uscc.is_valid(str(code)) and str(code)[:2] == "51" and str(code)[2:8] in regions for code in codes)


def test_members_codes_are_valid_and_each_is_one_firms(events: list[Recorded]) -> None:
    members = [fact.member for fact in facts(events, MemberAdmitted)]
    assert len({member.uscc for member in members}) == len(members) > 3_000
    assert all(uscc.is_valid(str(member.uscc)) for member in members[::50])


@pytest.mark.parametrize("code", [*TURNS, *(code for code, _ in COURSES)])
def test_every_chamber_with_a_story_is_registered(connection: Connection, code: str) -> None:
    query = "SELECT state FROM views.chamber WHERE id = %s"
    assert values(connection, query, chamber_id(PLACES[code])) == ["REGISTERED"]


def test_inspections_end_in_every_result(events: list[Recorded]) -> None:
    results = {fact.result for fact in facts(events, InspectionConcluded)}
    assert results == set(InspectionResult)


def test_a_chamber_that_missed_its_inspection_is_listed_until_it_has_reported(events: list[Recorded]) -> None:
    happened = topics(events, "410203001")
    missed = happened.index("inspection_missed")
    assert happened[missed : missed + 6] == [
        "inspection_missed",
        "listed_abnormal",
        "annual_report_filed",
        "annual_report_reviewed",
        "inspection_concluded",
        "delisted",
    ]


def test_two_chambers_are_still_on_the_abnormal_list(connection: Connection) -> None:
    grounds = values(
        connection,
        "SELECT abnormal_listings->0->>'ground' FROM views.chamber JOIN views.chamber_content USING (content_id)",
    )
    assert sorted(str(each) for each in grounds if each) == ["ANNUAL_REPORT_MISSING", "RECTIFICATION_UNFINISHED"]


def test_a_chamber_follows_its_townships_new_name(connection: Connection, events: list[Recorded]) -> None:
    id = chamber_id(PLACES[UNDER_OLD_NAME])
    (started,) = (e.fact for e in events if e.originator_id == id and isinstance(e.fact, PreparationStarted))
    assert "宋城" in started.name
    assert "金明池" in str(values(connection, "SELECT name FROM views.chamber WHERE id = %s", id))


@pytest.mark.parametrize(
    ("code", "story"),
    [
        ("410204001", ["activities_suspended", "activities_resumed"]),
        ("410221001", ["financial_audit_recorded", "change_requested", "change_approved", "announced"]),
        ("410223001", ["change_consented", "change_rejected", "change_approved"]),
        ("410212101", ["change_requested", "change_rejected"]),
    ],
)
def test_some_chambers_have_a_story(events: list[Recorded], code: str, story: list[str]) -> None:
    happened = iter(topics(events, code))
    assert all(topic in happened for topic in story), "the story's facts come in this order"


def test_one_change_was_filed_late(events: list[Recorded]) -> None:
    filed = [fact.late for fact in facts(events, ChangeFiled)]
    assert filed.count(True) == 1


def test_a_township_may_succeed_at_its_second_attempt(events: list[Recorded]) -> None:
    assert topics(events, "410203002")[-1] == "preparation_abandoned"
    assert "registration_granted" in topics(events, "410203002", number=2)


def test_the_first_chamber_of_each_unit_helps_two_others(events: list[Recorded]) -> None:
    mentors = Counter(event.originator_id for event in events if event.fact.topic == "chamber.mentoring_started")
    assert set(mentors.values()) == {2}
    assert len(mentors) == len(units())
