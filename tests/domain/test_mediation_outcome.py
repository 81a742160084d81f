"""What settles a dispute, and what comes after?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from service.domain.mediation_body import CaseLeft
from service.domain.mediation_case import MediationCase
from service.domain.mediation_outcome import (
    AgreementHeldInvalid,
    AgreementReached,
    CaseReopened,
    ConfirmationApplied,
)
from service.domain.mediation_terms import (
    AgreementForm,
    MediationCaseState,
)
from tests.domain.disputes import LAW, ask, case
from tests.domain.harness import TODAY, Facts
from tests.domain.mediation_body_life import BODY, WOMAN
from tests.domain.mediation_case_life import (
    AGREED,
    AGREED_ON,
    AGREEMENT,
    APPLICANT,
    CASE,
    COURT,
    IN_MEDIATION,
    LIVES,
    OTHER,
    PENDING,
    PERFORMANCE_DUE,
    VISIT,
)

ORAL: dict[str, Any] = {"agreement_form": "ORAL", "content": "当场付清", "performance_due": TODAY}


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
