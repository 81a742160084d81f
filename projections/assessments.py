"""How was each president, county and township assessed, year by year, and how far is each assessment?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from projections.engine.projection import Projection
from projections.engine.row import RecordRow
from projections.engine.table import table
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from service.domain.assessment import Assessment
from service.domain.assessment_record import (
    AppealUpheld,
    AppealWaived,
    AspectEvidence,
    AspectScore,
    AssessmentOpened,
    EvidenceAttached,
    Rescored,
    ResultPublished,
    Scored,
)
from service.domain.assessment_terms import AssessmentState
from service.domain.deadline import APPEAL
from service.domain.record import Fact
from service.domain.scheme_terms import SchemeKind

STANDING = (AssessmentState.PUBLISHED, AssessmentState.APPEALED, AssessmentState.CONFIRMED)
"""The states in which there is a result that counts, final or not."""


@table(
    "assessment",
    key=("id",),
    indexes=(
        ("kind", "year", "id"),
        ("assessed_id", "year", "id"),
        ("division_id", "year", "id"),
        ("chamber_id", "year", "id"),
        ("scheme_id", "year", "id"),
        ("state", "since", "id"),
        ("year", "id"),
    ),
)
class AssessmentRow(RecordRow, kw_only=True):
    """The assessment of a year: of an appointment (then with its chamber) or of a division itself.

    `appeal_until` is the last day to appeal; total and grade follow from the scheme, whose points they are in.
    """

    kind: SchemeKind
    year: int
    scheme_id: UUID
    assessed_id: UUID
    division_id: UUID
    chamber_id: UUID | None
    state: AssessmentState
    since: date
    self_report: str | None = None
    evidence: tuple[AspectEvidence, ...] = ()
    scores: tuple[AspectScore, ...] = ()
    vetoed_by: tuple[str, ...] = ()
    vetoed: bool = False
    total: Decimal | None = None
    grade: str | None = None
    published_on: date | None = None
    appeal_until: date | None = None
    grounds: str | None = None
    appeal_waived: bool = False
    to_be_rescored: bool = False


rows = View(AssessmentRow)


@rows.on(AssessmentOpened)
def opened(_: AssessmentRow | None, e: Event[AssessmentOpened]) -> AssessmentRow:
    fact = e.fact
    return AssessmentRow(
        kind=fact.kind,
        year=fact.year,
        scheme_id=fact.scheme,
        assessed_id=fact.assessed,
        division_id=fact.division,
        chamber_id=fact.chamber,
        state=AssessmentState.OPEN,
        since=e.envelope.effective_on,
    )


@rows.on(EvidenceAttached)
def attached(row: AssessmentRow, e: Event[EvidenceAttached]) -> AssessmentRow:
    return remembered(row, e, evidence=(*row.evidence, e.fact.attached))


@rows.on(Scored, Rescored)
def scored(row: AssessmentRow, e: Event[Scored] | Event[Rescored]) -> AssessmentRow:
    return remembered(row, e, scores=e.fact.marks, vetoed=bool(e.fact.vetoed_by), to_be_rescored=False)


@rows.on(ResultPublished)
def published(row: AssessmentRow, e: Event[ResultPublished]) -> AssessmentRow:
    on = e.envelope.effective_on
    return remembered(row, e, published_on=on, appeal_until=APPEAL.due(on), appeal_waived=False)


@rows.on(AppealWaived)
def waived(row: AssessmentRow, e: Event[AppealWaived]) -> AssessmentRow:
    return remembered(row, e, appeal_waived=True)


@rows.on(AppealUpheld)
def upheld(row: AssessmentRow, e: Event[AppealUpheld]) -> AssessmentRow:
    return remembered(row, e, grade=None, published_on=None, appeal_until=None, to_be_rescored=True)


OWN = (AssessmentOpened, EvidenceAttached, Scored, Rescored, ResultPublished, AppealWaived, AppealUpheld)
"""The facts that say more than their fields."""


@rows.on(*facts_of(Assessment, *OWN))
def moved(row: AssessmentRow, e: Event[Fact]) -> AssessmentRow:
    return remembered(row, e)


assessments = Projection("assessments", rows)
