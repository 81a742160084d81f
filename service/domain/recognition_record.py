"""What is known of a recognition at any moment, and what happened to it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from service.domain.claim import Records
from service.domain.deadline import Due
from service.domain.demo_quota import free_place
from service.domain.identifiers import Line
from service.domain.recognition_terms import (
    RULES,
    STATED_VALIDITY,
    CommendationLevel,
    DemonstrationModel,
    KindRule,
    RecognitionKind,
    RecognitionState,
)
from service.domain.record import Fact, Occasion, Record, leads_to
from service.domain.value import Value


class Objection(Value, frozen=True):
    """公示异议 | What somebody objected during the notice; `dismissed` once it was found to be without ground."""

    number: int
    content: str
    raised_on: date
    dismissed: bool = False


class Award(Value, frozen=True):
    """表彰内容 | Of a commendation: its level, what it is called, who awards it."""

    level: CommendationLevel
    title: Line
    awarding_body: Line


@leads_to(RecognitionState.APPLIED)
class Applied(Fact):
    """申报 | A recognition was applied for; the subject is a chamber, its Party branch, or a place."""

    kind: RecognitionKind
    cycle: int
    division: UUID
    chamber: UUID | None = None
    branch: UUID | None = None
    level: CommendationLevel | None = None
    title: str | None = None
    awarding_body: str | None = None
    model: DemonstrationModel | None = None


@leads_to(RecognitionState.REVIEWED)
class Reviewed(Fact):
    """评审 | The application was reviewed and scored, from 0 to 100."""

    score: Decimal


@leads_to(RecognitionState.NOTICED)
class PublicNoticeGiven(Fact):
    """公示 | The public was told, and can object until the end of a day."""

    notice_until: date


class ObjectionRaised(Fact):
    """提出异议 | Somebody objected during the notice."""

    number: int
    content: str

    def apply(self, record: RecognitionRecord, occasion: Occasion, /) -> None:
        """Put it last."""
        record.objections = (*record.objections, Objection(self.number, self.content, occasion.effective_on))


class ObjectionDismissed(Fact):
    """异议不成立 | An objection was found to be without ground."""

    number: int

    def apply(self, record: RecognitionRecord, _: Occasion, /) -> None:
        """It no longer stands in the way."""
        record.objections = tuple(
            msgspec.structs.replace(each, dismissed=True) if each.number == self.number else each
            for each in record.objections
        )


@leads_to(RecognitionState.CONFERRED)
class Conferred(Fact):
    """授予 | The honour was conferred: a branch's stars, a rating's number of A's; for good unless a day is given."""

    stars: int | None = None
    rating: int | None = None
    valid_until: date | None = None
    county: UUID | None = None

    def apply(self, record: RecognitionRecord, occasion: Occasion, /) -> None:
        """Remember the day."""
        record.conferred_on = occasion.effective_on


@leads_to(RecognitionState.DECLINED)
class Declined(Fact):
    """不予认定 | The recognition was declined, on review or because an objection was upheld."""


@leads_to(RecognitionState.EXPIRED)
class Expired(Fact):
    """到期 | Its validity is over."""


@leads_to(RecognitionState.REVOKED)
class RecognitionRevoked(Fact):
    """撤销认定 | The awarding body took the honour back."""


class RecognitionRecord(Record):
    """All fields of a recognition; `county` is the unit in whose quota a demonstration chamber has its place."""

    state: RecognitionState | None = None
    kind: RecognitionKind | None = None
    cycle: int = 0
    division: UUID | None = None
    chamber: UUID | None = None
    branch: UUID | None = None
    level: CommendationLevel | None = None
    title: str | None = None
    awarding_body: str | None = None
    model: DemonstrationModel | None = None
    score: Decimal | None = None
    notice_until: date | None = None
    objections: tuple[Objection, ...] = ()
    stars: int | None = None
    rating: int | None = None
    conferred_on: date | None = None
    valid_until: date | None = None
    county: UUID | None = None

    @property
    def rule(self) -> KindRule:
        """The rule for honours of this kind."""
        assert self.kind is not None, "a recognition begins with its kind"
        return RULES[self.kind]

    @property
    def open_objections(self) -> list[Objection]:
        """Those that nobody has found to be without ground."""
        return [each for each in self.objections if not each.dismissed]

    def deadlines(self) -> Iterator[Due]:
        """The end of its validity, on which the timer lets it expire."""
        if self.state is RecognitionState.CONFERRED and self.valid_until:
            yield Due(self.rule.validity or STATED_VALIDITY, self.valid_until, command="expire")

    def give_up_place(self, records: Records) -> None:
        """Free its place among its county's demonstration chambers, if it has one."""
        if self.county is not None:
            free_place(records, self.county, self.cycle, self.id)
