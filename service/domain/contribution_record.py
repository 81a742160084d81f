"""What is known of a contribution at any moment, and what happened to it?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from service.domain.campaign import Campaign
from service.domain.contribution_terms import (
    ContributionKind,
    ContributionState,
    DonationCause,
    DonationForm,
    InvestmentBasis,
)
from service.domain.evidence import Evidence
from service.domain.record import Fact, Occasion, Record, leads_to


class Begun(Fact):
    """贡献登记 | What every record of a contribution says of itself: whose it is, where, and the amount in yuan."""

    contribution_kind: ClassVar[ContributionKind]
    chamber: UUID
    division: UUID
    amount: Decimal

    def apply(self, record: ContributionRecord, occasion: Occasion, /) -> None:
        """The day on which it took effect is the day of the contribution."""
        record.kind, record.contributed_on = self.contribution_kind, occasion.effective_on
        record.amount_version = record.version + 1


@leads_to(ContributionState.RECORDED)
class InvestmentRecorded(Begun):
    """登记招商引资 | An investment that came through a chamber was recorded; its amount is in yuan."""

    contribution_kind = ContributionKind.INVESTMENT
    investment_basis: InvestmentBasis
    project: str
    campaign: Campaign | None = None


@leads_to(ContributionState.RECORDED)
class DonationRecorded(Begun):
    """登记捐赠 | A donation by a member firm was recorded; its amount, or its goods' worth, is in yuan."""

    contribution_kind = ContributionKind.DONATION
    donation_form: DonationForm
    donation_cause: DonationCause
    donor: str
    donor_uscc: str | None = None
    goods: str | None = None
    campaign: Campaign | None = None


class EvidenceAttached(Fact):
    """附上证明材料 | Evidence of the contribution was attached."""

    attached: Evidence

    def apply(self, record: ContributionRecord, _: Occasion, /) -> None:
        """Put it last."""
        record.evidence = (*record.evidence, self.attached)


@leads_to(ContributionState.VERIFIED)
class ContributionVerified(Fact):
    """核实 | Another person than the recorder found the amount right: from now on it counts."""

    verified_amount: Decimal


class CorrectionProposed(Fact):
    """提出更正 | Somebody proposed another amount, in yuan."""

    proposed_amount: Decimal


class CorrectionDismissed(Fact):
    """不予更正 | The proposed amount was not accepted."""

    def apply(self, record: ContributionRecord, _: Occasion, /) -> None:
        """There is no proposal any more."""
        record.proposed_amount = None


@leads_to(ContributionState.VERIFIED)
class AmountCorrected(Fact):
    """更正金额 | A second person corrected the amount; the event it supersedes stays as it was recorded."""

    supersedes: UUID
    before: Decimal
    after: Decimal

    def apply(self, record: ContributionRecord, _: Occasion, /) -> None:
        """The amount is another from now on."""
        record.amount = record.verified_amount = self.after
        record.proposed_amount = None
        record.amount_version = record.version + 1


@leads_to(ContributionState.VOIDED)
class ContributionVoided(Fact):
    """作废 | The contribution does not count, and never should have."""

    def apply(self, record: ContributionRecord, _: Occasion, /) -> None:
        """Nothing of it is verified."""
        record.verified_amount = Decimal(0)
        record.proposed_amount = None


class ContributionRecord(Record):
    """All fields of a contribution; amounts are in yuan, and `amount_version` is the one that set the amount."""

    state: ContributionState | None = None
    kind: ContributionKind | None = None
    chamber: UUID | None = None
    division: UUID | None = None
    amount: Decimal = Decimal(0)
    verified_amount: Decimal = Decimal(0)
    proposed_amount: Decimal | None = None
    contributed_on: date | None = None
    investment_basis: InvestmentBasis | None = None
    project: str = ""
    donation_form: DonationForm | None = None
    donation_cause: DonationCause | None = None
    donor: str = ""
    donor_uscc: str | None = None
    goods: str | None = None
    campaign: Campaign | None = None
    evidence: tuple[Evidence, ...] = ()
    amount_version: int = 0
