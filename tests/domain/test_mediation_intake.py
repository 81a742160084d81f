"""How does a dispute come in, and who may bring or refuse it?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from service.domain.mediation_body import BodySuspended, CaseFiled
from service.domain.mediation_intake import CaseAccepted, CaseApplied
from service.domain.mediation_terms import (
    DisputeKind,
    MediationOpening,
    Participation,
)
from tests.domain.disputes import LAW, REFUSED, ask, case
from tests.domain.harness import CHAMBER, At, Given
from tests.domain.mediation_body_life import BODY, THIRD
from tests.domain.mediation_case_life import (
    ACCEPTED_ON,
    APPLICANT,
    APPLIED,
    APPLIED_ON,
    CASE,
    CONCLUDE_BY,
    KIND,
    LIFE,
    OTHER,
    applied,
)

BOTH = [APPLICANT, OTHER]
APPLICATION: dict[str, Any] = dict(LIFE.inputs["apply_for_mediation"])


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
