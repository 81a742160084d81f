"""May a candidate go on like this: nomination, evaluation, inspection, talk, public notice, approval?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from service.domain.appointment import Appointment
from service.domain.appointment_candidacy import (
    CandidateApproved,
    InspectionRecorded,
    Nominated,
    PublicNoticeOpened,
    UnitedFrontConsented,
)
from service.domain.appointment_record import CandidateInspection, appointment_id
from service.domain.appointment_terms import AppointmentState
from service.domain.chamber_registration import PreparationAbandoned
from service.domain.chamber_terms import OfficerPost
from service.domain.roles import Actor, Grant, Role
from tests.domain.appointment_life import ID, INPUTS, LIFE
from tests.domain.candidates import INSPECTORS, NOTICED_ON, ready, talked
from tests.domain.chamber_life import COMPLETE, OTHER_CHAMBER, PRESIDENT
from tests.domain.harness import CHAMBER, COUNTY, TOWNSHIP_ID, Facts, Given, Then

RULES = "商会班子任前程序"
TOMORROW = date(2026, 7, 1)
INSPECTION: dict[str, Any] = dict(INPUTS["record_inspection"])
NOTICE_OVER = date(2025, 1, 20)
"""Five working days after Monday, 13 January 2025."""


def candidate(state: AppointmentState) -> Given:
    return LIFE.given(state)


def nominate(world: Given, **other: Any) -> Then:
    return world.when("appointment.nominate", **{**INPUTS["nominate"], **other})


def served(term: int) -> UUID:
    return appointment_id(CHAMBER, OfficerPost.PRESIDENT, PRESIDENT, term)


def test_an_appointment_belongs_to_the_chambers_township() -> None:
    begun = nominate(LIFE.given(None))
    begun.then(Nominated(CHAMBER, TOWNSHIP_ID, OfficerPost.PRESIDENT, PRESIDENT, "会长", 1, "筹备组"))
    assert (begun.decided.record, begun.decided.place) == (ID, TOWNSHIP_ID)


def test_another_chambers_secretariat_has_no_say() -> None:
    elsewhere = Actor("another", (Grant(Role.CHAMBER_SECRETARIAT, COUNTY, chamber=OTHER_CHAMBER),))
    asked = LIFE.given(None).ask(Appointment.commands["nominate"], elsewhere, INPUTS["nominate"])
    asked.then_refused("OUT_OF_SCOPE")


def test_nobody_is_nominated_twice_for_the_same_term() -> None:
    nominate(LIFE.given(AppointmentState.WITHDRAWN)).then_refused("DUPLICATE")


def test_a_nomination_needs_a_chamber() -> None:
    nominate(Given(ID)).then_refused("NOT_FOUND", path=("chamber",))


def test_a_chamber_that_has_ended_nominates_nobody() -> None:
    ended = Given(ID).also(*COMPLETE, PreparationAbandoned(), of=CHAMBER)
    nominate(ended).then_refused("GUARD_FAILED", RULES, ("chamber",))


def test_a_chamber_in_preparation_nominates_for_its_first_term_only() -> None:
    preparing = Given(ID).also(*COMPLETE, of=CHAMBER)
    nominate(preparing, term=2).then_refused("GUARD_FAILED", RULES, ("term",))
    nominate(preparing).then_accepted()


def test_nobody_holds_a_post_for_three_terms_in_a_row() -> None:
    once = LIFE.given(None).also(*LIFE.lives[AppointmentState.ENDED], of=served(1))
    nominate(once, term=3).then_accepted()
    twice = LIFE.given(None).also(*LIFE.lives[AppointmentState.ENDED], of=served(1))
    twice.also(*LIFE.lives[AppointmentState.IN_OFFICE], of=served(2))
    nominate(twice, term=3).then_refused("GUARD_FAILED", "社会团体章程示范文本", ("term",))


@pytest.mark.parametrize("inspectors", [INSPECTORS[:1], INSPECTORS[:1] * 2], ids=["one", "one twice"])
def test_an_inspection_takes_two_people(inspectors: tuple[UUID, ...]) -> None:
    inspected = candidate(AppointmentState.EVALUATED).when(
        "appointment.record_inspection", **{**INSPECTION, "inspectors": list(inspectors)}
    )
    inspected.then_refused("GUARD_FAILED", RULES, ("inspectors",))


def test_the_candidate_is_no_inspector() -> None:
    inspectors = [*INSPECTORS, PRESIDENT]
    inspected = candidate(AppointmentState.EVALUATED).when(
        "appointment.record_inspection", **{**INSPECTION, "inspectors": inspectors}
    )
    inspected.then_refused("GUARD_FAILED", path=("inspectors",))


def test_inspectors_are_named_once() -> None:
    inspectors = [*INSPECTORS, *INSPECTORS]
    inspected = candidate(AppointmentState.EVALUATED).when(
        "appointment.record_inspection", **{**INSPECTION, "inspectors": inspectors}
    )
    told = CandidateInspection(INSPECTORS, INSPECTION["inspected_on"], INSPECTION["findings"])
    inspected.then(InspectionRecorded(told))


def test_the_candidate_does_not_hold_the_talk() -> None:
    talk = {**INPUTS["record_pre_appointment_talk"], "talker": PRESIDENT}
    held = candidate(AppointmentState.INSPECTED).when("appointment.record_pre_appointment_talk", **talk)
    held.then_refused("GUARD_FAILED", path=("talker",))


@pytest.mark.parametrize(
    ("state", "command", "day"),
    [
        (AppointmentState.EVALUATED, "record_inspection", "inspected_on"),
        (AppointmentState.INSPECTED, "record_pre_appointment_talk", "held_on"),
        (AppointmentState.TALKED, "open_public_notice", "noticed_on"),
    ],
)
def test_nothing_is_recorded_before_it_happens(state: AppointmentState, command: str, day: str) -> None:
    early = candidate(state).when(f"appointment.{command}", **{**INPUTS[command], day: TOMORROW})
    early.then_refused("GUARD_FAILED")


def test_the_notice_comes_after_the_talk_and_once() -> None:
    open_notice, given = "appointment.open_public_notice", dict(INPUTS["open_public_notice"])
    early = candidate(AppointmentState.TALKED).when(open_notice, **{**given, "noticed_on": date(2025, 1, 9)})
    early.then_refused("GUARD_FAILED", path=("noticedOn",))
    noticed = candidate(AppointmentState.TALKED).when(open_notice, **given)
    noticed.then(PublicNoticeOpened(NOTICED_ON, "公示栏")).when(open_notice, **given).then_refused("GUARD_FAILED")


def test_the_department_consents_once() -> None:
    agreed = candidate(AppointmentState.TALKED).when("appointment.consent_to_candidate").then(UnitedFrontConsented())
    agreed.when("appointment.consent_to_candidate").then_refused("GUARD_FAILED")


@pytest.mark.parametrize("left_out", [PublicNoticeOpened, UnitedFrontConsented])
def test_an_approval_needs_notice_and_consent(left_out: type) -> None:
    before: Facts = talked(PRESIDENT)
    rest = [each for each in ready(PRESIDENT)[-2:] if not isinstance(getattr(each, "fact", each), left_out)]
    LIFE.around(Given(ID, *before, *rest)).when("appointment.approve_candidate").then_refused("GUARD_FAILED", RULES)


def test_an_approval_waits_for_the_last_day_of_the_notice() -> None:
    world = LIFE.around(Given(ID, *ready(PRESIDENT)))
    world.when("appointment.approve_candidate", on=NOTICE_OVER).then_refused("GUARD_FAILED", RULES)
    world.when("appointment.approve_candidate", on=date(2025, 1, 21)).then(CandidateApproved())
