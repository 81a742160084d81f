"""招商引资与捐赠 | What came about through the chambers, and what is it in all, by unit, kind, category and year?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import auto
from typing import TYPE_CHECKING, Any, LiteralString

import strawberry
from strawberry.types import Info

from projections.contributions import ContributionCategory, ContributionDayRow, ContributionRow
from schema import kinds
from schema.audit import Audited
from schema.context import context_of
from schema.moment import Moment, moment_of
from schema.nodes import single
from schema.scalars import DivisionCode
from schema.sums import UNIT, OfUnit, grouped
from schema.views import View, every, one, view
from service.domain.contribution_terms import ContributionKind
from service.domain.identifiers import FEN
from service.domain.vocabulary import Term

if TYPE_CHECKING:
    pass


@view(ContributionRow, place="division_id")
class Contribution(View, Audited):
    """招商引资与捐赠 | An investment or a donation that came about through a chamber; only what is verified counts."""

    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)
    division = one("schema.divisions.Division", by="division_id")


@view(ContributionDayRow)
class ContributionDay(View):
    """每日贡献统计 | The verified contributions of one category in one township on one day."""

    division = one("schema.divisions.Division", by="division_id")


class ContributionGroup(Term):
    """贡献统计分组 | By what contributions are summed up."""

    UNIT = auto()
    KIND = auto()
    CATEGORY = auto()
    YEAR = auto()


GROUPS: Mapping[ContributionGroup, LiteralString] = {
    ContributionGroup.UNIT: UNIT,
    ContributionGroup.KIND: "t.kind",
    ContributionGroup.CATEGORY: "t.category",
    ContributionGroup.YEAR: "extract(year FROM t.contributed_on)::int",
}
SUMS: tuple[LiteralString, ...] = ("coalesce(sum(t.contributions), 0)::int", "coalesce(sum(t.amount), 0)")


for term in (ContributionKind, ContributionCategory, ContributionGroup):
    kinds.enum(term)


@strawberry.type
class ContributionTotal(OfUnit):
    """贡献合计 | What the verified contributions of a group come to, in yuan; what it is not grouped by is null."""

    kind: ContributionKind | None
    category: ContributionCategory | None
    year: int | None
    contributions: int
    amount: Decimal


@strawberry.type
class Questions:
    """What may be asked at the root."""

    contributions = every(Contribution, order=("-contributed_on", "id"))
    contribution = single(Contribution)
    contribution_days = every(ContributionDay, order=("contributed_on", "division_id"))

    @strawberry.field
    async def contribution_totals(
        self,
        info: Info[Any, Any],
        by: list[ContributionGroup] | None = None,
        within: DivisionCode | None = None,
    ) -> list[ContributionTotal]:
        """What the verified contributions come to, in all or by group, as of the moment asked about."""
        context, moment = context_of(info), moment_of(self)
        context.reading()
        groups = {each: GROUPS[each] for each in by or ()}
        found = await grouped(context, ContributionDayRow.table, moment, groups, SUMS, within=within)
        return [_total(group, sums, moment) for group, sums in found]


def _total(group: Mapping[Any, Any], sums: list[Any], moment: Moment) -> ContributionTotal:
    kind, category = group.get(ContributionGroup.KIND), group.get(ContributionGroup.CATEGORY)
    return ContributionTotal(
        kind=kind and ContributionKind(kind),
        category=category and ContributionCategory(category),
        year=group.get(ContributionGroup.YEAR),
        contributions=sums[0],
        amount=sums[1].quantize(FEN),
        unit_id=group.get(ContributionGroup.UNIT),
        moment=moment,
    )
