"""Which words do documents use: of which level and kind they are, and how they stand?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import auto
from typing import Annotated

from msgspec import Meta

from service.domain.identifiers import Line, Paragraph
from service.domain.organ_kind import Level, OrganKind
from service.domain.value import Value
from service.domain.vocabulary import Term


class DocumentState(Term):
    """文件状态 | Whether a document is in force."""

    ISSUED = auto()
    AMENDED = auto()
    REPEALED = auto()


IN_FORCE = (DocumentState.ISSUED, DocumentState.AMENDED)


class DocumentLevel(Term):
    """文件层级 | At which level a document was issued."""

    NATIONAL = auto()
    PROVINCIAL = auto()
    CITY = auto()
    COUNTY = auto()


class DocumentKind(Term):
    """文件种类 | What kind of document it is."""

    DECISION = auto()
    OPINION = auto()
    PLAN = auto()
    NOTICE = auto()
    GUIDE = auto()
    WORK_SCHEME = auto()
    MEASURES = auto()
    POLICY_MEASURE = auto()


class Responsibility(Value, frozen=True):
    """职责分工 | What a document makes an organ of a level answer for."""

    level: Level
    organ: OrganKind
    duty: str


class Target(Value, frozen=True):
    """目标任务 | What a document wants to be reached, and by when if it says so."""

    goal: str
    due: date | None = None


class ResponsibilityInput(Value, frozen=True):
    """职责分工 | What a document makes an organ of a level answer for."""

    level: Level
    organ: OrganKind
    duty: Paragraph


class TargetInput(Value, frozen=True):
    """目标任务 | What a document wants to be reached, and by when if it says so."""

    goal: Line
    due: date | None = None


Organs = Annotated[list[OrganKind], Meta(min_length=1, max_length=20)]
Responsibilities = Annotated[list[ResponsibilityInput], Meta(max_length=200)]
Targets = Annotated[list[TargetInput], Meta(max_length=50)]


def divided(given: Sequence[ResponsibilityInput]) -> tuple[Responsibility, ...]:
    """The division of labour as a fact keeps it."""
    return tuple(Responsibility(each.level, each.organ, each.duty) for each in given)


def aimed(given: Sequence[TargetInput]) -> tuple[Target, ...]:
    """The targets as a fact keeps them."""
    return tuple(Target(each.goal, each.due) for each in given)
