"""What came about through each chamber, on which day, and which of it counts?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import auto
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from projections.engine.projection import Projection
from projections.engine.row import RecordRow, Row
from projections.engine.table import table
from projections.engine.tally import Share, Tally
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from service.domain.campaign import Campaign
from service.domain.contribution import Contribution
from service.domain.contribution_record import (
    AmountCorrected,
    Begun,
    ContributionVoided,
    CorrectionDismissed,
    DonationRecorded,
    EvidenceAttached,
    InvestmentRecorded,
)
from service.domain.contribution_terms import (
    ContributionKind,
    ContributionState,
    DonationCause,
    DonationForm,
    InvestmentBasis,
)
from service.domain.evidence import Evidence
from service.domain.record import Fact
from service.domain.vocabulary import Term

Uscc = Annotated[str, Meta(extra={"scalar": "Uscc"})]
NOTHING = Decimal("0.00")


@table(
    "contribution",
    key=("id",),
    indexes=(
        ("contributed_on", "id"),
        ("chamber_id", "contributed_on", "id"),
        ("division_id", "kind"),
        ("state", "contributed_on", "id"),
    ),
    dated="contributed_on",
)
class ContributionRow(RecordRow, kw_only=True):
    """An investment or a donation. `verified_amount` is what counts, in yuan: nothing until it is verified."""

    chamber_id: UUID
    division_id: UUID
    kind: ContributionKind
    state: ContributionState
    since: date
    contributed_on: date
    amount: Decimal
    verified_amount: Decimal = NOTHING
    proposed_amount: Decimal | None = None
    investment_basis: InvestmentBasis | None = None
    project: str | None = None
    donation_form: DonationForm | None = None
    donation_cause: DonationCause | None = None
    donor: str | None = None
    donor_uscc: Uscc | None = None
    goods: str | None = None
    campaign: Campaign | None = None
    evidence: tuple[Evidence, ...] = ()


class ContributionCategory(Term):
    """贡献统计口径 | What a contribution is counted under: an investment's basis, or a donation's cause."""

    SIGNED = auto()
    ACTUAL = auto()
    RURAL_REVITALISATION = auto()
    POVERTY_ALLEVIATION = auto()
    FLOOD_CONTROL = auto()
    EPIDEMIC_CONTROL = auto()
    OTHER = auto()


@table(
    "contribution_day",
    key=("division_id", "kind", "category", "contributed_on"),
    indexes=(("contributed_on", "division_id"),),
    dated="contributed_on",
)
class ContributionDayRow(Row, kw_only=True):
    """How many verified contributions of a category there were in a township on a day, and how much in yuan."""

    division_id: UUID
    kind: ContributionKind
    category: ContributionCategory
    contributed_on: date
    contributions: int
    amount: Decimal


rows = View(ContributionRow)
days = Tally(ContributionDayRow, of=rows)


@rows.on(InvestmentRecorded, DonationRecorded)
def begun(_: ContributionRow | None, e: Event[Begun]) -> ContributionRow:
    on = e.envelope.effective_on
    row = ContributionRow(
        chamber_id=e.fact.chamber,
        division_id=e.fact.division,
        kind=e.fact.contribution_kind,
        state=ContributionState.RECORDED,
        since=on,
        contributed_on=on,
        amount=e.fact.amount,
    )
    return remembered(row, e)


@rows.on(EvidenceAttached)
def attached(row: ContributionRow, e: Event[EvidenceAttached]) -> ContributionRow:
    return remembered(row, e, evidence=(*row.evidence, e.fact.attached))


@rows.on(AmountCorrected)
def corrected(row: ContributionRow, e: Event[AmountCorrected]) -> ContributionRow:
    return remembered(row, e, amount=e.fact.after, verified_amount=e.fact.after, proposed_amount=None)


@rows.on(CorrectionDismissed)
def dismissed(row: ContributionRow, e: Event[CorrectionDismissed]) -> ContributionRow:
    return remembered(row, e, proposed_amount=None)


@rows.on(ContributionVoided)
def voided(row: ContributionRow, e: Event[ContributionVoided]) -> ContributionRow:
    return remembered(row, e, verified_amount=NOTHING, proposed_amount=None)


OWN = (
    InvestmentRecorded, DonationRecorded, EvidenceAttached, AmountCorrected, CorrectionDismissed, ContributionVoided,
)  # fmt: skip
"""The facts that say more to the row than their fields."""


@rows.on(*facts_of(Contribution, *OWN))
def said(row: ContributionRow, e: Event[Fact]) -> ContributionRow:
    return remembered(row, e)


@days.counts
def share(row: ContributionRow) -> Share:
    if row.state is not ContributionState.VERIFIED:
        return None
    category = ContributionCategory(row.investment_basis or row.donation_cause or ContributionCategory.OTHER)
    group = (row.division_id, row.kind, category, row.contributed_on)
    return group, {"contributions": 1, "amount": row.verified_amount}


contributions = Projection("contributions", rows, days)
