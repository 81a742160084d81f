"""Where does a dispute go, and by when must something be done about it?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from service.domain.deadline import DeadlineKind
from service.domain.mediation_body import BodySuspended, CaseLeft, CaseReceived, MediationBody
from service.domain.mediation_case import CaseHandedOver, MediationCase
from service.domain.mediation_outcome import (
    AgreementReached,
    FollowUpRecorded,
)
from service.domain.mediation_terms import (
    AgreementForm,
    MediationCaseState,
    Performance,
)
from tests.domain.disputes import ask, case
from tests.domain.harness import CHAMBER, TODAY, TOWNSHIP_ID, Facts
from tests.domain.mediation_body_life import BODY
from tests.domain.mediation_case_life import (
    ACCEPTED,
    AGREED,
    AGREED_ON,
    APPLIED,
    CASE,
    CONCLUDE_BY,
    IN_MEDIATION,
    LIVES,
    NEXT_BODY,
    NEXT_CHAMBER,
    PERFORMANCE_DUE,
    VISIT,
)

ORAL: dict[str, Any] = {"agreement_form": "ORAL", "content": "当场付清", "performance_due": TODAY}


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
