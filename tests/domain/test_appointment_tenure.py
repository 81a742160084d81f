"""Who is elected, for how long, and when does a term end?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as supposing
from hypothesis import settings
from hypothesis import strategies as st

from service.domain.admission import allowed
from service.domain.appointment import Appointment
from service.domain.appointment_record import OFFICE_HOLDER, TERM, Election, appointment_id
from service.domain.appointment_tenure import NotElected, TermEnded, TermExtended
from service.domain.appointment_terms import AppointmentState, TermEnding
from service.domain.chamber import Chamber
from service.domain.chamber_officers import LeftOffice, TookOffice
from service.domain.chamber_record import Officer
from service.domain.chamber_registration import PreparationAbandoned
from service.domain.chamber_terms import OfficerPost
from service.domain.claim import Released, Taken
from service.domain.command import NEW, Command
from service.domain.refusal import Refused
from service.domain.roles import Actor
from tests.domain.appointment_life import AUDITED, ID, LIFE
from tests.domain.candidates import ELECTED, TERM_FROM, TERM_UNTIL, VOTES, approved, elected
from tests.domain.chamber_life import COMPLETE, NEWCOMER, PRESIDENT, READY, REGISTERED
from tests.domain.harness import CHAMBER, Facts, Given, Then
from tests.domain.life import clerk

CHARTER = "社会团体章程示范文本"
BALLOT: Mapping[str, Any] = {**VOTES, "term_from": TERM_FROM, "term_until": TERM_UNTIL}
EXTENDED_UNTIL = date(2031, 3, 1)


def vote(world: Given, **other: Any) -> Then:
    return world.when("appointment.record_election", **{**BALLOT, **other})


def standing(*facts: Any, person: UUID = PRESIDENT) -> Given:
    """Somebody approved, in a chamber to which this happened."""
    id = appointment_id(CHAMBER, OfficerPost.PRESIDENT, person)
    return Given(id, *approved(person)).also(*facts, of=CHAMBER)


def serving(*facts: Any) -> Given:
    """A president in office, who holds the seats that go with it."""
    world = Given(ID, *elected(PRESIDENT)).also(*facts, of=CHAMBER)
    return world.held(TERM, f"{CHAMBER}/PRESIDENT", ID).held(OFFICE_HOLDER, f"{CHAMBER}/{PRESIDENT}", ID)


def officers(world: Given) -> list[tuple[OfficerPost, UUID]]:
    return [(each.post, each.person) for each in world.world.find(Chamber, CHAMBER).officers]


def test_a_majority_of_those_present_elects() -> None:
    done = vote(standing(*REGISTERED)).then(ELECTED)
    done.then_claim(TERM, f"{CHAMBER}/PRESIDENT", Taken).then_claim(OFFICE_HOLDER, f"{CHAMBER}/{PRESIDENT}", Taken)
    assert done.decided.facts[CHAMBER] == [TookOffice(Officer(OfficerPost.PRESIDENT, PRESIDENT, "某人"))]


def test_half_of_those_present_do_not_elect() -> None:
    half = {"votes_for": 12, "votes_against": 12, "abstentions": 0}
    done = vote(standing(*REGISTERED), **half).then(NotElected(Election(**{**VOTES, **half})))
    assert CHAMBER not in done.decided.facts


def test_who_is_not_elected_needs_no_term() -> None:
    vote(standing(*REGISTERED), votes_for=3, votes_against=20, term_from=None, term_until=None).then_accepted()


@pytest.mark.parametrize(
    ("other", "path"),
    [
        ({"held_on": date(2026, 7, 1)}, ("heldOn",)),
        ({"held_on": date(2025, 1, 20)}, ("heldOn",)),
        ({"votes_for": 21}, ("present",)),
        ({"entitled": 23}, ("present",)),
        ({"entitled": 37}, ("present",)),
        ({"term_from": None}, ("termFrom",)),
        ({"term_from": date(2025, 2, 28)}, ("termFrom",)),
        ({"term_until": TERM_FROM}, ("termFrom",)),
        ({"term_until": date(2030, 3, 2)}, ("termUntil",)),
    ],
    ids=["later", "before the approval", "miscounted", "too few entitled", "no quorum", "no term", "begins early",
         "backwards", "too long"],
)  # fmt: skip
def test_an_election_that_cannot_count_is_refused(other: dict[str, Any], path: tuple[str, ...]) -> None:
    vote(standing(*REGISTERED), **other).then_refused("GUARD_FAILED", CHARTER, path)


def test_a_post_has_one_holder() -> None:
    held = standing(*REGISTERED).held(TERM, f"{CHAMBER}/PRESIDENT")
    vote(held).then_refused("DUPLICATE", CHARTER)


def test_a_person_holds_one_post() -> None:
    holding = standing(*REGISTERED).held(OFFICE_HOLDER, f"{CHAMBER}/{PRESIDENT}")
    vote(holding).then_refused("DUPLICATE", CHARTER)


def test_whoever_was_shown_before_appointments_were_recorded_makes_room() -> None:
    world = standing(*REGISTERED, person=NEWCOMER)
    done = vote(world)
    assert [type(each) for each in done.decided.facts[CHAMBER]] == [LeftOffice, TookOffice]
    assert [person for post, person in officers(world) if post is OfficerPost.PRESIDENT] == [NEWCOMER]


def test_the_founding_meeting_elects_whom_the_chamber_proposed() -> None:
    done = vote(standing(*READY)).then(ELECTED)
    assert CHAMBER not in done.decided.facts
    vote(standing(*READY, person=NEWCOMER)).then_refused("GUARD_FAILED", CHARTER)


@pytest.mark.parametrize("chamber", [COMPLETE, (*COMPLETE, PreparationAbandoned())], ids=["too early", "too late"])
def test_a_chamber_that_may_not_be_founded_elects_nobody(chamber: Facts) -> None:
    vote(standing(*chamber)).then_refused("GUARD_FAILED", CHARTER)


def test_an_elected_president_stays_until_the_term_ends() -> None:
    another = [{"post": "PRESIDENT", "person": NEWCOMER, "name": "新人"}]
    world = Given(CHAMBER, *READY).held(TERM, f"{CHAMBER}/PRESIDENT", ID)
    world.also(*approved(NEWCOMER), of=appointment_id(CHAMBER, OfficerPost.PRESIDENT, NEWCOMER))
    world.when("propose_officers", officers=another).then_refused("GUARD_FAILED", path=("officers",))


def test_a_term_is_extended_once_by_a_year_at_most() -> None:
    extend = "appointment.extend_term"
    serving(*REGISTERED).when(extend, term_until=TERM_UNTIL).then_refused("GUARD_FAILED", CHARTER, ("termUntil",))
    long = serving(*REGISTERED).when(extend, term_until=date(2031, 3, 2))
    long.then_refused("GUARD_FAILED", CHARTER, ("termUntil",))
    done = serving(*REGISTERED).when(extend, term_until=EXTENDED_UNTIL).then(TermExtended(EXTENDED_UNTIL))
    done.when(extend, term_until=date(2031, 6, 1)).then_refused("GUARD_FAILED", CHARTER)


def test_the_end_of_a_term_frees_the_post_and_shows_on_the_chamber() -> None:
    world = serving(*REGISTERED, AUDITED)
    done = world.when("appointment.end_term", ending="RESIGNED").then(TermEnded(TermEnding.RESIGNED))
    done.then_claim(TERM, f"{CHAMBER}/PRESIDENT", Released)
    done.then_claim(OFFICE_HOLDER, f"{CHAMBER}/{PRESIDENT}", Released)
    assert (OfficerPost.PRESIDENT, PRESIDENT) not in officers(world)


def test_a_legal_representatives_term_ends_after_an_audit_only() -> None:
    refused = serving(*REGISTERED).when("appointment.end_term", ending="RESIGNED")
    refused.then_refused("GUARD_FAILED", "社会团体登记管理条例第二十七条")


def test_a_chamber_in_preparation_needs_no_audit() -> None:
    serving(*READY).when("appointment.end_term", ending="RESIGNED").then_accepted()


def test_a_term_does_not_expire_before_its_last_day() -> None:
    refused = serving(*REGISTERED, AUDITED).when("appointment.end_term", ending="EXPIRED")
    refused.then_refused("GUARD_FAILED", CHARTER, ("ending",))


def test_the_change_of_term_is_due_ninety_days_before_the_end() -> None:
    (due,) = LIFE.given(AppointmentState.IN_OFFICE).world.find(Appointment, ID).deadlines()
    assert (due.by, due.rule.default_of_ours) == (date(2029, 12, 1), True)


@pytest.mark.parametrize("state", sorted(set(AppointmentState) - {AppointmentState.IN_OFFICE}))
def test_whoever_is_not_in_office_has_no_deadline(state: AppointmentState) -> None:
    assert list(LIFE.given(state).world.find(Appointment, ID).deadlines()) == []


STEPS = ("evaluation_recorded", "inspection_recorded", "pre_appointment_talk_held", "candidate_approved", "elected")
BACK = ("reject_candidate", "withdraw_nomination", "end_term")


def likely(record: Appointment) -> list[Command]:
    """Any command, but most often one that leads on from here."""
    onward = [each for each in LIFE.commands if allowed(each, record.state or NEW) and each.name not in BACK]
    return [*LIFE.commands, *10 * onward]


@settings(max_examples=60, deadline=None)
@supposing(data=st.data())
def test_nobody_is_in_office_without_evaluation_inspection_talk_approval_and_election(data: st.DataObject) -> None:
    world = LIFE.given(None)
    record, told = world.world.find(Appointment, ID), []
    for number in range(20):
        command = data.draw(st.sampled_from(likely(record)))
        actor = Actor(f"clerk {number}", clerk(*command.roles(None)).grants)
        result = world.ask(command, actor, LIFE.input(command)).result
        told += [] if isinstance(result, Refused) else [each.topic for each in result.facts[ID]]
        happened = iter(told)
        assert record.state is not AppointmentState.IN_OFFICE or all(f"appointment.{s}" in happened for s in STEPS)
