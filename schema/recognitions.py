"""认定与表彰 | Who is recognised as what, and how many are there of each kind, level and degree, by unit?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import auto
from typing import TYPE_CHECKING, Any, LiteralString

import strawberry
from strawberry.types import Info

from projections.recognitions import ObjectionRow, RecognitionRow, RecognitionStandingRow
from schema import kinds
from schema.audit import Audited
from schema.context import context_of
from schema.moment import Moment, moment_of
from schema.nodes import single
from schema.scalars import DivisionCode
from schema.statement import among, equals
from schema.sums import UNIT, OfUnit, grouped
from schema.views import View, every, many, one, view
from service.domain.recognition_terms import CommendationLevel, RecognitionKind, RecognitionState
from service.domain.vocabulary import Term

if TYPE_CHECKING:
    pass

PUBLIC = (
    "state",
    (RecognitionState.NOTICED, RecognitionState.CONFERRED, RecognitionState.EXPIRED, RecognitionState.REVOKED),
)
"""What the public was told of."""


@view(RecognitionRow, place="division_id", public=PUBLIC)
class Recognition(View, Audited):
    """认定与表彰 | An honour that a chamber, its Party branch or a place has applied for, holds or has held."""

    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)
    branch = one("schema.party_branches.PartyBranch", by="branch_id", required=False)
    division = one("schema.divisions.Division", by="division_id")
    county = one("schema.divisions.Division", by="county_id", required=False)
    objections = many("schema.recognitions.Objection", of="recognition_id", order=("number",))
    mentees = many("schema.chambers.Mentoring", by="chamber_id", of="mentor_id", order=("started_on", "mentee_id"))


@view(ObjectionRow, place="division_id")
class Objection(View):
    """公示异议 | What somebody objected while an honour was on public notice."""

    recognition = one("schema.recognitions.Recognition", by="recognition_id", required=False)


@view(RecognitionStandingRow)
class RecognitionStanding(View):
    """各地认定情况 | How many honours of a kind a place has: applied for, held, or no longer held."""

    division = one("schema.divisions.Division", by="division_id")


class RecognitionGroup(Term):
    """认定统计分组 | By what recognitions are counted."""

    UNIT = auto()
    KIND = auto()
    LEVEL = auto()
    STARS = auto()
    CYCLE = auto()


GROUPS: Mapping[RecognitionGroup, LiteralString] = {
    RecognitionGroup.UNIT: UNIT,
    RecognitionGroup.KIND: "t.kind",
    RecognitionGroup.LEVEL: "t.level",
    RecognitionGroup.STARS: "t.stars",
    RecognitionGroup.CYCLE: "t.cycle",
}
COUNTED = ["count(*)::int"]


for term in (RecognitionKind, CommendationLevel, RecognitionGroup):
    kinds.enum(term)


@strawberry.type
class RecognitionTotal(OfUnit):
    """认定合计 | How many recognitions a group has; what it is not grouped by is null."""

    kind: RecognitionKind | None
    level: CommendationLevel | None
    stars: int | None
    cycle: int | None
    count: int


@strawberry.type
class Questions:
    """What may be asked at the root."""

    recognitions = every(Recognition, order=("kind", "-since", "id"))
    recognition = single(Recognition)
    recognition_standings = every(RecognitionStanding, order=("division_id", "kind"))

    @strawberry.field
    async def recognition_totals(
        self,
        info: Info[Any, Any],
        by: list[RecognitionGroup] | None = None,
        kind: RecognitionKind | None = None,
        within: DivisionCode | None = None,
    ) -> list[RecognitionTotal]:
        """How many honours are held, in all or by group, as of the moment asked about."""
        context, moment = context_of(info), moment_of(self)
        context.reading()
        held = [among("state", [RecognitionState.CONFERRED])]
        of_kind = [] if kind is None else [equals("kind", kind)]
        groups = {each: GROUPS[each] for each in by or ()}
        found = await grouped(context, RecognitionRow.table, moment, groups, COUNTED, [*held, *of_kind], within)
        return [_total(group, count, moment) for group, (count,) in found]


def _total(group: Mapping[Any, Any], count: int, moment: Moment) -> RecognitionTotal:
    kind, level = group.get(RecognitionGroup.KIND), group.get(RecognitionGroup.LEVEL)
    return RecognitionTotal(
        kind=kind and RecognitionKind(kind),
        level=level and CommendationLevel(level),
        stars=group.get(RecognitionGroup.STARS),
        cycle=group.get(RecognitionGroup.CYCLE),
        count=count,
        unit_id=group.get(RecognitionGroup.UNIT),
        moment=moment,
    )
