"""Whose year is assessed, under which edition of the scheme, by which office?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from service.domain.appointment_record import appointment_id
from service.domain.appointment_tenure import TermEnded
from service.domain.appointment_terms import TermEnding
from service.domain.assessment_record import (
    AssessmentOpened,
    assessment_id,
)
from service.domain.assessment_terms import OFFICES, AssessmentState
from service.domain.chamber_terms import OfficerPost
from service.domain.identifiers import name_id
from service.domain.record import Fact
from service.domain.roles import Actor, Grant, Role
from service.domain.scheme import Scheme, scheme_id
from service.domain.scheme_terms import SchemeKind
from tests.domain.assessment_life import (
    APPOINTMENT,
    DIGEST,
    ID,
    INPUTS,
    KIND,
    LIFE,
    MARKS,
    SCHEME,
    SCHEME_FACTS,
    YEAR,
    around,
    editions,
)
from tests.domain.candidates import approved, elected, nominated
from tests.domain.chamber_life import COUNTY_ID, PRESIDENT
from tests.domain.harness import CHAMBER, CITY, COUNTY, TOWNSHIP, TOWNSHIP_ID, At, Given, Then, command_named
from tests.domain.scheme_life import drafted

COUNTIES, TOWNSHIPS = SchemeKind.TWO_HEALTHS_COUNTY, SchemeKind.TOWNSHIP_ANNUAL


def opened(*facts: Fact | At) -> Given:
    return LIFE.given(AssessmentState.OPEN, *facts)


def ask(world: Given, name: str, role: Role, place: str, /, **input: Any) -> Then:
    return world.ask(command_named(f"assessment.{name}"), Actor("a clerk", (Grant(role, place),)), input)


def test_a_president_is_assessed_under_the_scheme_in_force() -> None:
    done = LIFE.given(None).when("assessment.open", **INPUTS["open"])
    done.then(AssessmentOpened(KIND, SCHEME, APPOINTMENT, TOWNSHIP_ID, CHAMBER, YEAR))
    assert done.decided.record == ID
    assert done.given.world.find(Scheme, SCHEME).open_assessments == 2


def test_a_subject_is_assessed_once_a_year() -> None:
    opened().when("assessment.open", **INPUTS["open"]).then_refused("DUPLICATE")


def test_nothing_is_assessed_without_a_published_scheme() -> None:
    world = Given(ID).also(*elected(PRESIDENT), of=APPOINTMENT)
    world.when("assessment.open", **INPUTS["open"]).then_refused("GUARD_FAILED", path=("kind",))


@pytest.mark.parametrize(("year", "edition"), [(2024, 1), (2025, 2)])
def test_the_newest_edition_that_applies_to_the_year_is_taken(year: int, edition: int) -> None:
    later = (drafted(COUNTIES, 2, from_year=2025), *SCHEME_FACTS[1:])
    first = (drafted(COUNTIES), *SCHEME_FACTS[1:])
    world = editions(Given(assessment_id(COUNTIES, COUNTY_ID, year)), (COUNTIES, first), (COUNTIES, later))
    done = ask(world, "open", Role.JOINT_MEETING_OFFICE, CITY, kind=COUNTIES, year=year, division=COUNTY)
    done.then(AssessmentOpened(COUNTIES, scheme_id(COUNTIES, edition), COUNTY_ID, COUNTY_ID, None, year))


def test_a_year_to_come_is_not_assessed() -> None:
    again = {**INPUTS["open"], "year": 2027}
    around(Given(assessment_id(KIND, APPOINTMENT, 2027))).when("assessment.open", **again).then_refused("GUARD_FAILED")


def test_a_year_before_the_office_is_not_assessed() -> None:
    again = {**INPUTS["open"], "year": 2024}
    refused = around(Given(assessment_id(KIND, APPOINTMENT, 2024))).when("assessment.open", **again)
    refused.then_refused("GUARD_FAILED", path=("year",))


@pytest.mark.parametrize("facts", [approved(PRESIDENT), (*elected(PRESIDENT), TermEnded(TermEnding.RESIGNED))])
def test_only_a_president_in_office_is_assessed(facts: tuple[Fact | At, ...]) -> None:
    world = editions(Given(ID), (KIND, SCHEME_FACTS)).also(*facts, of=APPOINTMENT)
    world.when("assessment.open", **INPUTS["open"]).then_refused("GUARD_FAILED", path=("appointment",))


def test_another_officer_is_not_assessed_as_president() -> None:
    deputy = appointment_id(CHAMBER, OfficerPost.VICE_PRESIDENT, PRESIDENT)
    as_deputy = (*nominated(PRESIDENT, OfficerPost.VICE_PRESIDENT), *elected(PRESIDENT)[1:])
    world = LIFE.given(None).also(*as_deputy, of=deputy)
    refused = world.when("assessment.open", **{**INPUTS["open"], "appointment": deputy})
    refused.then_refused("GUARD_FAILED", path=("appointment",))


def test_an_unknown_appointment_is_not_found() -> None:
    refused = LIFE.given(None).when("assessment.open", **{**INPUTS["open"], "appointment": UUID(int=99)})
    refused.then_refused("NOT_FOUND", path=("appointment",))


@pytest.mark.parametrize("subject", [{}, {"appointment": APPOINTMENT, "division": TOWNSHIP}])
def test_one_subject_is_named(subject: dict[str, Any]) -> None:
    LIFE.given(None).when("assessment.open", kind=KIND, year=YEAR, **subject).then_refused("BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (KIND, {"division": TOWNSHIP}),
        (COUNTIES, {"appointment": APPOINTMENT}),
        (COUNTIES, {"division": TOWNSHIP}),
        (TOWNSHIPS, {"division": COUNTY}),
        (SchemeKind.FOUR_GOOD, {"division": TOWNSHIP}),
        (SchemeKind.FIVE_STAR_BRANCH, {"division": TOWNSHIP}),
    ],
)
def test_a_scheme_is_applied_to_its_own_subjects_only(kind: SchemeKind, subject: dict[str, Any]) -> None:
    LIFE.given(None).when("assessment.open", kind=kind, year=YEAR, **subject).then_refused("GUARD_FAILED")


PLACES = {
    SchemeKind.TWO_HEALTHS_COUNTY: (COUNTY, CITY),
    SchemeKind.UNITED_FRONT_ANNUAL: (COUNTY, CITY),
    SchemeKind.TOWNSHIP_ANNUAL: (TOWNSHIP, COUNTY),
}
"""The place assessed, and where its assessors sit."""


@pytest.mark.parametrize("kind", PLACES)
def test_each_kind_is_assessed_reported_and_published_by_its_own_offices(kind: SchemeKind) -> None:
    subject, above = PLACES[kind]
    part = OFFICES[kind]
    world = editions(Given(assessment_id(kind, name_id(f"division/{subject}"), YEAR)), (kind, scheme_of(kind)))
    ask(world, "open", part.assessor, above, kind=kind, year=YEAR, division=subject).then_accepted()
    for role in {Role.COUNTY_FIC, Role.CITY_UFWD, Role.JOINT_MEETING_OFFICE} - {part.assessor}:
        ask(world, "score", role, CITY, marks=MARKS).then_refused("OUT_OF_SCOPE")
    ask(world, "submit_self_report", part.assessed, subject, self_report=DIGEST).then_accepted()
    world.ask(
        command_named("assessment.score"), Actor("a scorer", (Grant(part.assessor, above),)), {"marks": MARKS}
    ).then_accepted()
    ask(world, "publish_result", part.leader, above).then_accepted()


def test_a_county_does_not_score_itself() -> None:
    world = editions(Given(assessment_id(COUNTIES, COUNTY_ID, YEAR)), (COUNTIES, scheme_of(COUNTIES)))
    own = {"kind": COUNTIES, "year": YEAR, "division": COUNTY}
    ask(world, "open", Role.COUNTY_FIC, COUNTY, **own).then_refused("OUT_OF_SCOPE")
    ask(world, "open", Role.JOINT_MEETING_OFFICE, CITY, **own).then_accepted()
    ask(world, "score", Role.COUNTY_FIC, COUNTY, marks=MARKS).then_refused("OUT_OF_SCOPE")


def test_a_presidents_own_secretariat_does_not_score_him() -> None:
    ask(opened(), "score", Role.CHAMBER_SECRETARIAT, TOWNSHIP, marks=MARKS).then_refused("OUT_OF_SCOPE")


def test_a_secretariat_speaks_for_its_own_chamber_only() -> None:
    for chamber, code in ((CHAMBER, None), (UUID(int=7), "OUT_OF_SCOPE")):
        secretary = Actor("a clerk", (Grant(Role.CHAMBER_SECRETARIAT, TOWNSHIP, chamber=chamber),))
        done = opened().ask(command_named("assessment.submit_self_report"), secretary, {"self_report": DIGEST})
        done.then_refused(code) if code else done.then_accepted()


def scheme_of(kind: SchemeKind) -> tuple[Fact | At, ...]:
    """A published scheme of a kind, with the five aspects."""
    return (drafted(kind), *SCHEME_FACTS[1:])
