"""Does a contribution count only once it is verified, and is it corrected by two?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from service.domain.campaign import Campaign
from service.domain.contribution import Contribution
from service.domain.contribution_record import (
    AmountCorrected,
    ContributionVerified,
    CorrectionProposed,
    DonationRecorded,
    InvestmentRecorded,
)
from service.domain.contribution_terms import ContributionState, DonationCause, DonationForm, InvestmentBasis
from service.domain.identifiers import event_id
from tests.domain.chamber_life import COMPLETE, DIGEST, ENTERPRISE
from tests.domain.contribution_life import (
    AMOUNT,
    GIFT,
    GIVEN_ON,
    INVESTMENT,
    LIFE,
    MONEY,
    PROPOSED,
    RECORDED,
    RIGHT_AMOUNT,
    VERIFIED,
)
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, Given, Then


def recorded(**changes: Any) -> Then:
    """A donation with something else about it."""
    return LIFE.given(None).when("contribution.record_donation", **{**MONEY, **changes})


def found(then: Then) -> Contribution:
    """The contribution as it stands."""
    return then.given.world.find(Contribution, then.decided.record)


def test_an_investment_is_recorded_to_the_fen() -> None:
    done = LIFE.given(None).when("contribution.record_investment", **INVESTMENT)
    amount = Decimal("1860000000.00")
    done.then(InvestmentRecorded(CHAMBER, TOWNSHIP_ID, amount, InvestmentBasis.ACTUAL, "产业园"))


def test_a_donation_in_kind_names_its_goods_and_its_campaign() -> None:
    kind = {"donation_form": "KIND", "goods": "米面油", "campaign": "PRACTICAL_WORK_FOR_THE_PEOPLE"}
    what = (DonationForm.KIND, DonationCause.FLOOD_CONTROL, "某公司", ENTERPRISE, "米面油")
    done = recorded(**kind, donor_uscc=ENTERPRISE.lower())
    done.then(DonationRecorded(CHAMBER, TOWNSHIP_ID, AMOUNT, *what, Campaign.PRACTICAL_WORK_FOR_THE_PEOPLE))


def test_it_took_place_on_the_effective_date() -> None:
    done = LIFE.given(None).when("contribution.record_donation", on=GIVEN_ON, **MONEY)
    assert found(done).contributed_on == GIVEN_ON


@pytest.mark.parametrize("amount", ["0", "0.00", "-1", "0.001", "NaN", "1e15"])
def test_an_amount_is_more_than_nothing_and_no_finer_than_a_fen(amount: str) -> None:
    recorded(amount=amount).then_refused("BAD_USER_INPUT", path=("amount",))


@pytest.mark.parametrize(("form", "goods"), [("KIND", None), ("MONEY", "米面油")])
def test_only_a_donation_in_kind_names_goods(form: str, goods: str | None) -> None:
    recorded(donation_form=form, goods=goods).then_refused("GUARD_FAILED", path=("goods",))


def test_a_donors_credit_code_is_checked() -> None:
    recorded(donor_uscc=ENTERPRISE[:-1] + "X").then_refused("GUARD_FAILED", "GB 32100-2015", ("donorUscc",))


def test_there_is_no_contribution_without_a_chamber() -> None:
    Given(GIFT).when("contribution.record_donation", **MONEY).then_refused("NOT_FOUND", path=("chamber",))


def test_nothing_comes_through_a_chamber_that_is_not_registered() -> None:
    preparing = Given(GIFT).also(*COMPLETE, of=CHAMBER)
    preparing.when("contribution.record_donation", **MONEY).then_refused("GUARD_FAILED", path=("chamber",))


def test_the_same_evidence_is_not_attached_twice() -> None:
    attached = LIFE.given(ContributionState.RECORDED).when("contribution.attach_evidence", title="凭证", sha256=DIGEST)
    attached.then_refused("GUARD_FAILED", path=("sha256",))


def test_nothing_is_verified_without_evidence() -> None:
    LIFE.given(None, *RECORDED).when("contribution.verify_contribution").then_refused("GUARD_FAILED")


def test_only_what_is_verified_counts() -> None:
    verified = LIFE.given(ContributionState.RECORDED).when("contribution.verify_contribution")
    verified.then(ContributionVerified(AMOUNT))
    voided = verified.when("contribution.void_contribution")
    assert found(voided).verified_amount == 0


def test_a_correction_says_what_it_supersedes() -> None:
    corrected = LIFE.given(None, *VERIFIED, *PROPOSED).when("contribution.correct_amount")
    corrected.then(AmountCorrected(event_id(GIFT, 1), AMOUNT, RIGHT_AMOUNT))
    assert (found(corrected).amount, found(corrected).verified_amount) == (RIGHT_AMOUNT, RIGHT_AMOUNT)


def test_a_second_correction_supersedes_the_first() -> None:
    corrected = LIFE.given(None, *VERIFIED, *PROPOSED).when("contribution.correct_amount")
    proposed = corrected.when("contribution.propose_correction", amount="20000", by="who proposed")
    again = proposed.when("contribution.correct_amount")
    again.then(AmountCorrected(event_id(GIFT, len(VERIFIED) + 2), RIGHT_AMOUNT, Decimal("20000.00")))


def test_nothing_is_corrected_that_nobody_proposed() -> None:
    for command in ("correct_amount", "dismiss_correction"):
        LIFE.given(ContributionState.VERIFIED).when(f"contribution.{command}").then_refused("GUARD_FAILED")


def test_one_correction_is_settled_before_the_next_is_proposed() -> None:
    again = LIFE.given(None, *VERIFIED, *PROPOSED).when("contribution.propose_correction", amount="5")
    again.then_refused("GUARD_FAILED")


def test_the_same_amount_is_no_correction() -> None:
    same = LIFE.given(ContributionState.VERIFIED).when("contribution.propose_correction", amount=str(AMOUNT))
    same.then_refused("GUARD_FAILED", path=("amount",))


def test_a_dismissed_correction_leaves_the_amount_and_room_for_another() -> None:
    dismissed = LIFE.given(None, *VERIFIED, *PROPOSED).when("contribution.dismiss_correction")
    assert found(dismissed).amount == AMOUNT
    dismissed.when("contribution.propose_correction", amount="5").then(CorrectionProposed(Decimal("5.00")))
