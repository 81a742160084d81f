"""By which schemes are presidents, places, chambers and branches judged: which aspects, weights, grades, since when?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from projections.engine.projection import Projection
from projections.engine.row import RecordRow
from projections.engine.table import table
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from service.domain.record import Fact
from service.domain.scheme import Scheme
from service.domain.scheme_record import (
    AspectAdded,
    AssessmentBegun,
    AssessmentEnded,
    Drafted,
    GradeSet,
    IndicatorAdded,
    SchemePublished,
    VetoSet,
)
from service.domain.scheme_terms import Aspect, Grade, Indicator, SchemeKind, SchemeState, SubjectKind, VetoItem


@table("scheme", key=("id",), indexes=(("kind", "edition", "id"), ("state", "kind", "edition")))
class SchemeRow(RecordRow, kw_only=True):
    """An edition of a scheme. Weights are in percent, cycle and validity in years."""

    kind: SchemeKind
    edition: int
    issuer_id: UUID
    subject_kind: SubjectKind
    title: str
    from_year: int
    cycle_years: int
    validity_years: int
    default_of_ours: bool
    state: SchemeState
    since: date
    aspects: tuple[Aspect, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    grades: tuple[Grade, ...] = ()
    vetoes: tuple[VetoItem, ...] = ()
    basis_document: str | None = None
    published_on: date | None = None
    open_assessments: int = 0


rows = View(SchemeRow)


@rows.on(Drafted)
def drafted(_: SchemeRow | None, e: Event[Drafted]) -> SchemeRow:
    fact = e.fact
    return SchemeRow(
        kind=fact.kind,
        edition=fact.edition,
        issuer_id=fact.issuer,
        subject_kind=fact.subject_kind,
        title=fact.title,
        from_year=fact.from_year,
        cycle_years=fact.cycle_years,
        validity_years=fact.validity_years,
        default_of_ours=fact.default_of_ours,
        state=SchemeState.DRAFT,
        since=e.envelope.effective_on,
    )


@rows.on(AspectAdded)
def aspect_added(row: SchemeRow, e: Event[AspectAdded]) -> SchemeRow:
    return remembered(row, e, aspects=(*row.aspects, e.fact.aspect))


@rows.on(IndicatorAdded)
def indicator_added(row: SchemeRow, e: Event[IndicatorAdded]) -> SchemeRow:
    return remembered(row, e, indicators=(*row.indicators, e.fact.indicator))


@rows.on(GradeSet)
def grade_set(row: SchemeRow, e: Event[GradeSet]) -> SchemeRow:
    others = (each for each in row.grades if each.name != e.fact.grade.name)
    return remembered(row, e, grades=tuple(sorted((*others, e.fact.grade), key=lambda each: -each.least)))


@rows.on(VetoSet)
def veto_set(row: SchemeRow, e: Event[VetoSet]) -> SchemeRow:
    others = (each for each in row.vetoes if each.code != e.fact.veto.code)
    return remembered(row, e, vetoes=(*others, e.fact.veto))


@rows.on(SchemePublished)
def published(row: SchemeRow, e: Event[SchemePublished]) -> SchemeRow:
    return remembered(row, e, published_on=e.envelope.effective_on)


@rows.on(AssessmentBegun)
def begun(row: SchemeRow, e: Event[AssessmentBegun]) -> SchemeRow:
    return remembered(row, e, open_assessments=row.open_assessments + 1)


@rows.on(AssessmentEnded)
def ended(row: SchemeRow, e: Event[AssessmentEnded]) -> SchemeRow:
    return remembered(row, e, open_assessments=row.open_assessments - 1)


OWN = (
    Drafted, AspectAdded, IndicatorAdded, GradeSet, VetoSet, SchemePublished, AssessmentBegun, AssessmentEnded,
)  # fmt: skip
"""The facts that say more than their fields."""


@rows.on(*facts_of(Scheme, *OWN))
def settled(row: SchemeRow, e: Event[Fact]) -> SchemeRow:
    return remembered(row, e)


schemes = Projection("schemes", rows)
