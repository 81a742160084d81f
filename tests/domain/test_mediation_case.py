"""How does a dispute come in, who may mediate it, what settles it, and what ends it?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from service.domain.deadline import DeadlineKind
from service.domain.mediation_body import BodySuspended, CaseFiled, CaseLeft, CaseReceived, MediationBody
from service.domain.mediation_case import CaseHandedOver, MediationCase
from service.domain.mediation_intake import CaseAccepted, CaseApplied, PartyRefused
from service.domain.mediation_outcome import (
    AgreementHeldInvalid,
    AgreementReached,
    CaseReopened,
    ConfirmationApplied,
    FollowUpRecorded,
    MediationTerminated,
)
from service.domain.mediation_talks import MediatorReplaced, MediatorsAssigned
from service.domain.mediation_terms import (
    AgreementForm,
    DisputeKind,
    MediationCaseState,
    MediationOpening,
    Participation,
    Performance,
)
from tests.domain.harness import CHAMBER, TODAY, TOWNSHIP_ID, At, Facts, Given, Then
from tests.domain.mediation_body_life import BODY, DIRECTOR, ENGAGED, THIRD, WOMAN
from tests.domain.mediation_case_life import (
    ACCEPTED,
    ACCEPTED_ON,
    AGREED,
    AGREED_ON,
    AGREEMENT,
    APPLICANT,
    APPLIED,
    APPLIED_ON,
    CASE,
    CONCLUDE_BY,
    COURT,
    IN_MEDIATION,
    KIND,
    LIFE,
    LIVES,
    NEXT_BODY,
    NEXT_CHAMBER,
    OTHER,
    PENDING,
    PERFORMANCE_DUE,
    RIGHTS,
    TOLD,
    VISIT,
    applied,
)

LAW, RULES = "人民调解法第{}条", "人民调解工作若干规定第{}条"
BOTH = [APPLICANT, OTHER]
REFUSED = PartyRefused(OTHER)
APPLICATION: dict[str, Any] = dict(LIFE.inputs["apply_for_mediation"])
WRITTEN: dict[str, Any] = dict(LIFE.inputs["record_agreement"])
ORAL: dict[str, Any] = {"agreement_form": "ORAL", "content": "当场付清", "performance_due": TODAY}


def case(*facts: Any) -> Given:
    """A case before an active body."""
    return LIFE.around(Given(CASE, *facts))


def ask(world: Given, name: str, **input: Any) -> Then:
    """Let the right role give one of the case's commands, with the input that it accepts unless said otherwise."""
    return world.when(f"mediation_case.{name}", **{**LIFE.inputs.get(name, {}), **input})


def test_an_application_gets_the_years_next_number_of_its_body() -> None:
    world = LIFE.around(Given(CASE)).also(CaseFiled(THIRD, 2026), of=BODY)
    done = ask(world, "apply_for_mediation", amount="86000")
    [fact] = done.decided.facts[done.decided.record]
    assert isinstance(fact, CaseApplied)
    assert (fact.case_no, fact.chamber, fact.amount) == ("调〔2026〕3", CHAMBER, Decimal("86000.00"))
    assert done.decided.facts[BODY] == [CaseFiled(done.decided.record, 2026)]


def test_a_body_that_is_suspended_is_applied_to_but_accepts_nothing() -> None:
    ask(LIFE.around(Given(CASE)).also(BodySuspended(), of=BODY), "apply_for_mediation").then_accepted()
    ask(case(*APPLIED).also(BodySuspended(), of=BODY), "accept").then_refused("GUARD_FAILED")


def test_a_body_that_does_not_exist_takes_no_application() -> None:
    ask(Given(CASE), "apply_for_mediation").then_refused("NOT_FOUND", path=("body",))


def test_a_dispute_has_two_different_parties() -> None:
    one = APPLICATION["parties"][:1]
    for parties in (one, one * 2):
        ask(case(), "apply_for_mediation", parties=parties).then_refused("GUARD_FAILED", path=("parties",))


@pytest.mark.parametrize(("opening", "applicant"), [("APPLICATION", False), ("OWN_INITIATIVE", True)])
def test_a_party_applies_or_the_body_begins(opening: str, applicant: bool) -> None:
    first, second = APPLICATION["parties"]
    parties = [first | {"applicant": applicant}, second]
    ask(case(), "apply_for_mediation", opening=opening, parties=parties).then_refused("GUARD_FAILED")


def test_an_accepted_case_is_concluded_within_a_month() -> None:
    done = case(*APPLIED).when("mediation_case.accept", on=ACCEPTED_ON)
    done.then(CaseAccepted(Participation.LED, CONCLUDE_BY))


@pytest.mark.parametrize("kind", [k for k in DisputeKind if k not in (KIND, DisputeKind.OTHER_CIVIL)])
def test_parties_that_do_not_fit_the_kind_are_out_of_scope(kind: DisputeKind) -> None:
    ask(case(At(applied(kind), APPLIED_ON)), "accept").then_refused("GUARD_FAILED")


def test_another_suitable_civil_dispute_may_be_between_anybody() -> None:
    ask(case(At(applied(DisputeKind.OTHER_CIVIL), APPLIED_ON)), "accept").then_accepted()


def test_on_its_own_initiative_a_body_needs_everyones_consent() -> None:
    world = case(At(applied(opening=MediationOpening.OWN_INITIATIVE), APPLIED_ON))
    ask(world, "accept", consented=[APPLICANT]).then_refused("GUARD_FAILED", LAW.format("十七"), ("consented",))
    ask(world, "accept", consented=BOTH).then_accepted()


def test_who_assists_says_who_led() -> None:
    ask(case(*APPLIED), "accept", participation="ASSISTED").then_refused("GUARD_FAILED", path=("ledBy",))
    ask(case(*APPLIED), "accept", led_by="镇调委会").then_refused("GUARD_FAILED", path=("ledBy",))
    ask(case(*APPLIED), "accept", participation="ASSISTED", led_by="镇调委会").then_accepted()


def test_a_refused_case_is_not_accepted() -> None:
    ask(case(*APPLIED, REFUSED), "accept").then_refused("GUARD_FAILED", LAW.format("十七"))


def test_only_a_party_refuses_and_once() -> None:
    ask(case(*APPLIED), "record_refusal", party=THIRD).then_refused("GUARD_FAILED", path=("party",))
    ask(case(*APPLIED), "record_refusal").then(REFUSED).when("mediation_case.record_refusal", party=OTHER).then_refused(
        "GUARD_FAILED"
    )


MOVING = (
    (ACCEPTED, ("explain_rights", "assign_mediators", "withdraw")),
    (IN_MEDIATION, ("hold_session", "extend", "record_agreement", "replace_mediator", "withdraw")),
)


@pytest.mark.parametrize(("facts", "name"), [(facts, name) for facts, names in MOVING for name in names])
def test_after_a_refusal_a_case_can_only_be_terminated(facts: Facts, name: str) -> None:
    ask(case(*facts, RIGHTS, REFUSED), name).then_refused("GUARD_FAILED", LAW.format("十七"))
    ask(case(*facts, RIGHTS, REFUSED), "terminate").then(MediationTerminated(TOLD))


def test_before_it_begins_mediation_is_terminated_only_upon_a_refusal() -> None:
    ask(case(*ACCEPTED), "terminate").then_refused("GUARD_FAILED", LAW.format("十七"))


@pytest.mark.parametrize(("facts", "name"), [(APPLIED, "decline"), (IN_MEDIATION, "terminate")])
def test_who_is_sent_away_is_told_the_other_remedies(facts: Facts, name: str) -> None:
    ask(case(*facts), name, remedies=[]).then_refused("GUARD_FAILED", LAW.format("二十六"), ("remedies",))


def test_rights_are_explained_before_mediators_are_assigned() -> None:
    ask(case(*ACCEPTED), "assign_mediators").then_refused("GUARD_FAILED", RULES.format("三十"))
    ask(case(*ACCEPTED, RIGHTS), "assign_mediators").then(MediatorsAssigned((DIRECTOR,), False))


def test_a_mediator_is_on_the_roster() -> None:
    outsider = ask(case(*ACCEPTED, RIGHTS), "assign_mediators", mediators=[DIRECTOR, ENGAGED])
    outsider.then_refused("GUARD_FAILED", LAW.format("十九"), ("mediators",))


def test_a_mediator_is_no_party() -> None:
    parties = [
        {"person": WOMAN, "person_name": "女委员", "kind": "MEMBER", "applicant": True},
        APPLICATION["parties"][1],
    ]
    world = case()
    applied_for = ask(world, "apply_for_mediation", parties=parties).decided.record
    world.id = applied_for
    ask(world, "accept").when("mediation_case.explain_rights", openness="OPEN").then_accepted()
    ask(world, "assign_mediators", mediators=[WOMAN]).then_refused("GUARD_FAILED", LAW.format("十九"))


def test_a_mediator_is_replaced_by_another_of_the_roster() -> None:
    ask(case(*IN_MEDIATION), "replace_mediator").then(MediatorReplaced(DIRECTOR, WOMAN))
    for wrong in ({"left": THIRD}, {"joined": DIRECTOR}):
        ask(case(*IN_MEDIATION), "replace_mediator", **wrong).then_refused("GUARD_FAILED", path=("left",))
    ask(case(*IN_MEDIATION), "replace_mediator", joined=ENGAGED).then_refused("GUARD_FAILED", path=("joined",))


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"held_on": TODAY, "on": AGREED_ON}, "heldOn"),
        ({"held_on": APPLIED_ON - timedelta(1)}, "heldOn"),
        ({"attendees": [THIRD]}, "attendees"),
    ],
)
def test_a_session_is_held_in_its_time_with_the_parties(wrong: dict[str, Any], path: str) -> None:
    ask(case(*IN_MEDIATION), "hold_session", **wrong).then_refused("GUARD_FAILED", path=(path,))


def test_sessions_are_numbered() -> None:
    done = ask(case(*IN_MEDIATION), "hold_session").decided
    assert getattr(done.facts[CASE][0], "session", None) == 3


def test_an_extension_takes_everyones_consent_and_more_time() -> None:
    ask(case(*IN_MEDIATION), "extend", consented=[OTHER]).then_refused("GUARD_FAILED", RULES.format("三十三"))
    ask(case(*IN_MEDIATION), "extend", until=CONCLUDE_BY).then_refused("GUARD_FAILED", path=("until",))


def test_evidence_is_a_partys_or_nobodys() -> None:
    ask(case(*APPLIED), "attach_evidence", party=None).then_accepted()
    ask(case(*APPLIED), "attach_evidence", party=THIRD).then_refused("GUARD_FAILED", path=("party",))


@pytest.mark.parametrize(
    ("missing", "path"),
    [
        ({"agreement": None}, "agreement"),
        ({"signatures": [APPLICANT]}, "signatures"),
        ({"signed_by": WOMAN}, "signedBy"),
        ({"sealed_on": None}, "sealedOn"),
        ({"sealed_on": TODAY, "on": AGREED_ON}, "sealedOn"),
    ],
)
def test_a_written_agreement_needs_all_signatures_and_the_seal(missing: dict[str, Any], path: str) -> None:
    ask(case(*IN_MEDIATION), "record_agreement", **missing).then_refused("GUARD_FAILED", LAW.format("二十九"), (path,))


def test_a_written_agreement_takes_effect_when_it_is_sealed() -> None:
    done = ask(case(*IN_MEDIATION), "record_agreement", agreed_amount="80000")
    done.then(AGREEMENT)


def test_an_oral_agreement_takes_effect_at_once_and_says_what_it_is() -> None:
    done = case(*IN_MEDIATION).when("mediation_case.record_agreement", **ORAL)
    done.then(AgreementReached(AgreementForm.ORAL, TODAY, TODAY, "当场付清"))
    silent = case(*IN_MEDIATION).when("mediation_case.record_agreement", **{**ORAL, "content": None})
    silent.then_refused("GUARD_FAILED", LAW.format("二十八"), ("content",))


def test_performance_is_not_due_before_the_agreement_takes_effect() -> None:
    early = ask(case(*IN_MEDIATION), "record_agreement", performance_due=AGREED_ON - timedelta(1))
    early.then_refused("GUARD_FAILED", path=("performanceDue",))


def test_a_case_settles_only_once() -> None:
    ask(case(*AGREED), "record_agreement").then_refused("NOT_ALLOWED_IN_STATE")


def test_a_follow_up_lies_between_the_effect_and_its_record() -> None:
    for visited_on in (AGREED_ON - timedelta(1), TODAY + timedelta(1)):
        ask(case(*AGREED), "follow_up", visited_on=visited_on).then_refused("GUARD_FAILED", path=("visitedOn",))
    ask(case(*AGREED), "follow_up").then(VISIT)


@pytest.mark.parametrize(("days", "accepted"), [(30, True), (31, False)])
def test_a_court_is_asked_within_thirty_days_of_the_effect(days: int, accepted: bool) -> None:
    world = case(*AGREED)
    world.world.today = AGREED_ON + timedelta(31)
    asked = ask(world, "apply_for_confirmation", on=AGREED_ON + timedelta(days))
    if accepted:
        asked.then(ConfirmationApplied(COURT))
    else:
        asked.then_refused("GUARD_FAILED", LAW.format("三十三"))


def test_a_court_is_asked_by_all_parties_together() -> None:
    alone = ask(case(*AGREED), "apply_for_confirmation", applicants=[APPLICANT])
    alone.then_refused("GUARD_FAILED", LAW.format("三十三"), ("applicants",))


def test_an_oral_agreement_is_not_confirmed() -> None:
    oral = AgreementReached(AgreementForm.ORAL, AGREED_ON, PERFORMANCE_DUE, "付清")
    ask(case(*IN_MEDIATION, oral), "apply_for_confirmation").then_refused("GUARD_FAILED", LAW.format("三十三"))


@pytest.mark.parametrize(
    ("facts", "name", "fact"),
    [
        (PENDING, "record_invalid", AgreementHeldInvalid(date(2026, 7, 30), COURT, "（2026）豫0225民特1号")),
        (AGREED, "reopen", CaseReopened(date(2026, 7, 30))),
    ],
)
def test_mediating_anew_forgets_the_agreement_and_begins_another_month(facts: Facts, name: str, fact: Any) -> None:
    world = case(*facts)
    ask(world, name).then(fact)
    found = world.world.find(MediationCase, CASE)
    assert (found.state, found.agreement_form, found.effect_on) == (MediationCaseState.IN_MEDIATION, None, None)


def test_a_case_is_reopened_only_if_everyone_wants_it() -> None:
    ask(case(*AGREED), "reopen", consented=[OTHER]).then_refused("GUARD_FAILED", path=("consented",))


def test_an_agreement_is_archived_with_a_session_and_a_follow_up_on_record() -> None:
    ask(case(*AGREED), "archive").then_refused("GUARD_FAILED", LAW.format("二十七"))
    assert ask(case(*AGREED, VISIT), "archive").decided.facts[BODY] == [CaseLeft(CASE)]


@pytest.mark.parametrize("state", [MediationCaseState.DECLINED, MediationCaseState.WITHDRAWN])
def test_what_was_never_mediated_is_archived_as_it_is(state: MediationCaseState) -> None:
    ask(case(*LIVES[state]), "archive").then_accepted()


def test_a_case_changes_hands_with_all_there_is_of_it() -> None:
    done = ask(case(*AGREED), "hand_over").then(CaseHandedOver(NEXT_BODY, NEXT_CHAMBER, TOWNSHIP_ID, 2, 0))
    assert done.decided.facts[BODY] == [CaseLeft(CASE)]
    assert done.decided.facts[NEXT_BODY] == [CaseReceived(CASE)]


def test_a_case_goes_to_another_body_that_is_active_and_of_the_same_county() -> None:
    ask(case(*AGREED), "hand_over", body=BODY).then_refused("GUARD_FAILED", path=("body",))
    ask(case(*AGREED).also(BodySuspended(), of=NEXT_BODY), "hand_over").then_refused("GUARD_FAILED", path=("body",))
    elsewhere = case(*AGREED)
    elsewhere.world.find(MediationBody, NEXT_BODY).division = UUID(int=77)
    ask(elsewhere, "hand_over").then_refused("GUARD_FAILED", path=("body",))


def test_each_state_has_its_deadlines() -> None:
    oral = AgreementReached(AgreementForm.ORAL, AGREED_ON, PERFORMANCE_DUE, "付清")
    partial = FollowUpRecorded(1, date(2026, 6, 25), Performance.PARTIAL, "先付一半", CHAMBER)
    kinds = DeadlineKind
    expected: list[tuple[Facts, dict[DeadlineKind, date]]] = [
        (APPLIED, {kinds.MEDIATION_ACCEPTANCE: date(2026, 6, 8)}),
        (ACCEPTED, {kinds.MEDIATION_CONCLUSION: CONCLUDE_BY}),
        (IN_MEDIATION, {kinds.MEDIATION_CONCLUSION: CONCLUDE_BY}),
        (AGREED, {kinds.JUDICIAL_CONFIRMATION: date(2026, 7, 15), kinds.MEDIATION_FOLLOW_UP: date(2026, 8, 14)}),
        ((*IN_MEDIATION, oral, partial), {kinds.MEDIATION_FOLLOW_UP: date(2026, 7, 25)}),
        ((*AGREED, VISIT), {kinds.JUDICIAL_CONFIRMATION: date(2026, 7, 15)}),
        (LIVES[MediationCaseState.ARCHIVED], {}),
    ]
    for facts, due in expected:
        found = case(*facts).world.find(MediationCase, CASE).deadlines()
        assert {each.rule.kind: each.by for each in found} == due


def test_no_case_and_no_body_knows_of_a_fee() -> None:
    names = {*MediationCase.fields, *MediationBody.fields}
    names |= {p.name for kind in (MediationCase, MediationBody) for c in kind.commands.values() for p in c.parameters}
    assert not [name for name in names if "fee" in name or "charge" in name]
