"""考核（认定）方案 | What is known of a scheme at any moment, and what do given points come to under it?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from uuid import UUID

from service.domain.record import Fact, Occasion, Record, leads_to
from service.domain.scheme_terms import Aspect, Grade, Indicator, SchemeKind, SchemeState, SubjectKind, VetoItem


@leads_to(SchemeState.DRAFT)
class Drafted(Fact):
    """起草方案 | A new edition of a scheme was begun; it is to be applied to years from `from_year` on."""

    kind: SchemeKind
    edition: int
    issuer: UUID
    subject_kind: SubjectKind
    title: str
    from_year: int
    cycle_years: int
    validity_years: int
    default_of_ours: bool


class AspectAdded(Fact):
    """增加考核方面 | An aspect was added."""

    aspect: Aspect

    def apply(self, record: SchemeRecord, _: Occasion, /) -> None:
        """Put it last."""
        record.aspects = (*record.aspects, self.aspect)


class IndicatorAdded(Fact):
    """增加考核指标 | An indicator was added to an aspect."""

    indicator: Indicator

    def apply(self, record: SchemeRecord, _: Occasion, /) -> None:
        """Put it last."""
        record.indicators = (*record.indicators, self.indicator)


class GradeSet(Fact):
    """设定等次 | A grade was set, or set anew."""

    grade: Grade

    def apply(self, record: SchemeRecord, _: Occasion, /) -> None:
        """Keep the grades in order, the highest first."""
        others = [each for each in record.grades if each.name != self.grade.name]
        record.grades = tuple(sorted((*others, self.grade), key=lambda each: -each.least))


class VetoSet(Fact):
    """设定一票否决事项 | A veto item was set, or set anew."""

    veto: VetoItem

    def apply(self, record: SchemeRecord, _: Occasion, /) -> None:
        """Put it last."""
        record.vetoes = (*(each for each in record.vetoes if each.code != self.veto.code), self.veto)


@leads_to(SchemeState.PUBLISHED)
class SchemePublished(Fact):
    """发布方案 | The scheme was published, on the basis of a document: from now on it is frozen."""

    basis_document: str

    def apply(self, record: SchemeRecord, occasion: Occasion, /) -> None:
        """Remember since when."""
        record.published_on = occasion.effective_on


@leads_to(SchemeState.DISCARDED)
class SchemeDiscarded(Fact):
    """放弃草案 | The draft was given up."""


@leads_to(SchemeState.RETIRED)
class SchemeRetired(Fact):
    """废止方案 | The scheme is applied no more; results made with it stay."""


class AssessmentBegun(Fact):
    """开始适用 | An assessment was opened under this scheme."""

    assessment: UUID

    def apply(self, record: SchemeRecord, _: Occasion, /) -> None:
        """Count it."""
        record.open_assessments += 1


class AssessmentEnded(Fact):
    """适用完毕 | An assessment under this scheme was confirmed or cancelled."""

    assessment: UUID

    def apply(self, record: SchemeRecord, _: Occasion, /) -> None:
        """Count it no more."""
        record.open_assessments -= 1


class SchemeRecord(Record):
    """All fields of a scheme.

    `issuer` is the division whose offices keep it; `open_assessments` counts the assessments under way by it.
    """

    state: SchemeState | None = None
    kind: SchemeKind | None = None
    edition: int = 0
    issuer: UUID | None = None
    subject_kind: SubjectKind | None = None
    title: str = ""
    from_year: int = 0
    cycle_years: int = 1
    validity_years: int = 1
    default_of_ours: bool = False
    aspects: tuple[Aspect, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    grades: tuple[Grade, ...] = ()
    vetoes: tuple[VetoItem, ...] = ()
    basis_document: str = ""
    published_on: date | None = None
    open_assessments: int = 0

    @property
    def place(self) -> UUID | None:
        """A scheme belongs to the division whose offices issue it."""
        return self.issuer

    def total(self, points: Mapping[str, Decimal]) -> Decimal:
        """The weighted total of the points given for each aspect, from 0 to 100, rounded half up to two places."""
        exact = sum((Fraction(points[each.code]) * each.weight / each.most for each in self.aspects), Fraction(0))
        return Decimal(floor(exact * 100 + Fraction(1, 2))).scaleb(-2)

    def grade(self, total: Decimal, *, vetoed: bool) -> str:
        """The name of the grade that a total earns; a veto leaves the lowest one."""
        earned = [each for each in self.grades if total >= each.least and not vetoed]
        return (earned or self.grades[-1:])[0].name
