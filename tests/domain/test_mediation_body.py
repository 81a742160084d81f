"""Who may mediate for a chamber, and what keeps a body from being set up, resumed or dissolved?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from service.domain.claim import Released, Taken
from service.domain.mediation_body import (
    MEDIATION_SEAT,
    BodyDissolved,
    BodyProposed,
    BodyResumed,
    CaseFiled,
    CaseLeft,
    MediationBody,
    MediatorAdded,
    MediatorRemoved,
    MembersChanged,
)
from service.domain.mediation_committee import Mediator
from service.domain.mediation_terms import Gender, MediationBodyState, MediatorPost, RemovalGround
from tests.domain.chamber_life import APPROVED, REGISTERED
from tests.domain.harness import CHAMBER, TODAY, TOWNSHIP_ID, Facts, Given, Then
from tests.domain.mediation_body_life import (
    ACTIVE,
    BODY,
    COMMITTEE,
    DIRECTOR,
    ENGAGED,
    LIFE,
    LIVES,
    PROPOSED,
    TERM_ENDS,
    THIRD,
    WOMAN,
    around,
    entries,
)

LAW = "人民调解法第八条"
CASE = UUID(int=40)


def body(*facts: Any) -> Given:
    """A body of a registered chamber."""
    return around(Given(BODY, *facts))


def establish(*women: bool, directors: int = 1) -> Then:
    """Set a body up with such a committee."""
    report: dict[str, Any] = {"reported_on": TODAY, "report_no": "一号"}
    return body(*PROPOSED).when("mediation_body.establish", committee=entries(*women, directors=directors), **report)


def test_a_registered_chamber_proposes_one_body_at_a_time() -> None:
    proposal: dict[str, Any] = {"chamber": CHAMBER, "name": "考城镇商会人民调解委员会"}
    world = LIFE.around(Given(BODY))
    world.held(MEDIATION_SEAT, CHAMBER).when("mediation_body.propose", **proposal).then_refused("DUPLICATE")


def test_a_proposal_takes_the_chambers_seat() -> None:
    world = Given(BODY).also(*REGISTERED, of=CHAMBER)
    proposed = world.when("mediation_body.propose", chamber=CHAMBER, name="考城镇商会人民调解委员会")
    proposed.then(BodyProposed(CHAMBER, TOWNSHIP_ID, "考城镇商会人民调解委员会"))
    proposed.then_claim(MEDIATION_SEAT, CHAMBER, Taken)


def test_a_chamber_that_is_not_registered_has_no_body() -> None:
    world = Given(BODY).also(*APPROVED, of=CHAMBER)
    world.when("mediation_body.propose", chamber=CHAMBER, name="调委会").then_refused("GUARD_FAILED", path=("chamber",))


def test_a_chamber_that_does_not_exist_has_no_body() -> None:
    Given(BODY).when("mediation_body.propose", chamber=CASE, name="调委会").then_refused("NOT_FOUND", path=("chamber",))


@pytest.mark.parametrize("women", [(True, False), (True,) * 10])
def test_a_committee_has_three_to_nine_members(women: tuple[bool, ...]) -> None:
    establish(*women).then_refused("GUARD_FAILED", LAW, ("committee",))


@pytest.mark.parametrize("women", [(True, False, False), (True,) * 9])
def test_three_are_enough_and_nine_not_too_many(women: tuple[bool, ...]) -> None:
    establish(*women).then_accepted()


def test_a_committee_has_a_woman() -> None:
    establish(False, False, False).then_refused("GUARD_FAILED", LAW, ("committee",))


@pytest.mark.parametrize("directors", [0, 2])
def test_a_committee_has_exactly_one_director(directors: int) -> None:
    establish(True, False, False, directors=directors).then_refused("GUARD_FAILED", LAW, ("committee",))


def test_nobody_is_on_a_committee_twice() -> None:
    committee = [*entries(True, False, False), entries(True)[0] | {"director": False}]
    report: dict[str, Any] = {"reported_on": TODAY, "report_no": "一号"}
    body(*PROPOSED).when("mediation_body.establish", committee=committee, **report).then_refused("GUARD_FAILED")


def test_a_term_lasts_three_years() -> None:
    world = body(*PROPOSED)
    report: dict[str, Any] = {"reported_on": date(2026, 1, 5), "report_no": "一号"}
    world.when("mediation_body.establish", committee=entries(True, False, False), **report).then_accepted()
    assert world.world.find(MediationBody, BODY).term_ends == date(2029, 6, 30)


def test_the_report_to_the_justice_bureau_comes_first() -> None:
    report: dict[str, Any] = {"reported_on": TODAY, "report_no": "一号", "on": date(2026, 6, 29)}
    late = body(*PROPOSED).when("mediation_body.establish", committee=entries(True, False, False), **report)
    late.then_refused("GUARD_FAILED", path=("reportedOn",))


def test_a_changed_committee_tells_who_left_and_keeps_its_term() -> None:
    new = [
        each | {"person": who}
        for each, who in zip(entries(True, False, False), (DIRECTOR, WOMAN, ENGAGED), strict=True)
    ]
    changed = body(*ACTIVE).when("mediation_body.change_members", committee=new)
    fact = changed.decided.facts[BODY][0]
    assert isinstance(fact, MembersChanged)
    assert (fact.left, fact.term_ends) == ((THIRD,), TERM_ENDS)


def test_a_new_election_begins_a_new_term() -> None:
    same = [
        {"person": m.person, "person_name": m.name, "gender": m.gender, "director": m.post is MediatorPost.DIRECTOR}
        for m in COMMITTEE
    ]
    body(*ACTIVE).when("mediation_body.change_members", committee=same).then_refused("GUARD_FAILED")
    anew = body(*ACTIVE).when("mediation_body.change_members", committee=same, elected_anew=True)
    anew.then(MembersChanged(COMMITTEE, (), date(2029, 6, 30)))


def test_a_mediator_is_engaged_once() -> None:
    engaged = Mediator(ENGAGED, "调解员", Gender.FEMALE, MediatorPost.ENGAGED)
    given: dict[str, Any] = {"person": ENGAGED, "person_name": "调解员", "gender": "FEMALE"}
    added = body(*ACTIVE).when("mediation_body.add_mediator", **given).then(MediatorAdded(engaged))
    added.when("mediation_body.add_mediator", **given).then_refused("GUARD_FAILED", path=("person",))


def test_who_joins_the_committee_is_no_longer_merely_engaged() -> None:
    engaged = Mediator(ENGAGED, "调解员", Gender.FEMALE, MediatorPost.ENGAGED)
    new = [
        each | {"person": who} for each, who in zip(entries(True, True, True), (DIRECTOR, WOMAN, ENGAGED), strict=True)
    ]
    world = body(*ACTIVE, MediatorAdded(engaged))
    world.when("mediation_body.change_members", committee=new).then_accepted()
    assert world.world.find(MediationBody, BODY).engaged == ()


def test_a_mediator_who_leaks_secrets_is_removed_and_comes_off_the_roster() -> None:
    world = body(*ACTIVE)
    removed = world.when("mediation_body.remove_mediator", person=THIRD, ground="BREACH_OF_CONFIDENTIALITY")
    removed.then(MediatorRemoved(THIRD, RemovalGround.BREACH_OF_CONFIDENTIALITY))
    assert not world.world.find(MediationBody, BODY).has_mediator(THIRD)
    removed.when("mediation_body.remove_mediator", person=THIRD, ground="RESIGNED").then_refused(
        "GUARD_FAILED", "人民调解法第十五条", ("person",)
    )


def test_a_suspended_body_resumes_with_a_whole_committee() -> None:
    suspended: Facts = LIVES[MediationBodyState.SUSPENDED]
    body(*suspended).when("mediation_body.resume_body").then(BodyResumed())
    gone = MediatorRemoved(WOMAN, RemovalGround.RESIGNED)
    body(*suspended, gone).when("mediation_body.resume_body").then_refused("GUARD_FAILED", LAW)


def test_a_body_with_open_cases_is_not_dissolved() -> None:
    world = body(*ACTIVE, CaseFiled(CASE, 2026))
    world.when("mediation_body.dissolve").then_refused("GUARD_FAILED", "人民调解法第三十四条")
    world.also(CaseLeft(CASE)).when("mediation_body.dissolve").then(BodyDissolved())


@pytest.mark.parametrize(("facts", "command"), [(PROPOSED, "drop"), (ACTIVE, "dissolve")])
def test_a_body_that_ends_gives_the_seat_up(facts: Facts, command: str) -> None:
    body(*facts).when(f"mediation_body.{command}").then_claim(MEDIATION_SEAT, CHAMBER, Released)


def test_the_end_of_a_term_is_a_deadline_while_the_body_lives() -> None:
    due = [each.by for each in body(*ACTIVE).world.find(MediationBody, BODY).deadlines()]
    assert due == [TERM_ENDS]
    assert not list(body(*PROPOSED).world.find(MediationBody, BODY).deadlines())


def test_a_year_counts_its_cases_from_one() -> None:
    found = body(*ACTIVE, CaseFiled(CASE, 2025), CaseFiled(DIRECTOR, 2026)).world.find(MediationBody, BODY)
    assert (found.next_number(2025), found.next_number(2026), found.next_number(2027)) == (2, 2, 1)
