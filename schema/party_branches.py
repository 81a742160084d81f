"""商会党组织 | Which chambers have a Party branch, which have none, and how far is the pilot?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, LiteralString

import strawberry
from psycopg.sql import SQL, Composable
from strawberry.types import Info

from projections.chamber_rows import ChamberRow
from projections.party_branches import BranchRow
from schema.audit import Audited
from schema.connections import Connection, PageArguments
from schema.context import context_of
from schema.moment import Moment, moment_of
from schema.nodes import single
from schema.scalars import DivisionCode
from schema.scope import within as lies_within
from schema.statement import Order, Predicate, Select, Values, among
from schema.sums import UNIT, OfUnit, grouped
from schema.views import VIEWS, View, every, one, page, view
from service.domain.chamber_record import STANDING
from service.domain.party_branch import BranchState

if TYPE_CHECKING:
    from schema.chambers import Chamber

WITHOUT = SQL("NOT EXISTS (SELECT FROM {branches} AS b WHERE b.chamber_id = t.id AND b.state = 'ACTIVE')")
SUMS: tuple[LiteralString, ...] = (
    "count(*)::int",
    "count(*) FILTER (WHERE t.branch_form = 'SINGLE')::int",
    "count(*) FILTER (WHERE t.branch_form = 'JOINT')::int",
    "count(*) FILTER (WHERE t.branch_form = 'LIAISON')::int",
    "count(*) FILTER (WHERE t.concurrent_commissioner)::int",
)


@view(BranchRow, place="division_id")
class PartyBranch(View, Audited):
    """商会党组织 | The Party branch of a chamber of commerce."""

    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)
    division = one("schema.divisions.Division", by="division_id")


@strawberry.type
class PartyBuilding(OfUnit):
    """党组织覆盖 | How many Party branches are at work in the chambers of a unit, in which form, and in the pilot."""

    branches: int
    single: int
    joint: int
    liaison: int
    pilot: int


@strawberry.type
class Questions:
    """What may be asked at the root."""

    party_branches = every(PartyBranch, order=("-since", "id"))
    party_branch = single(PartyBranch)

    @strawberry.field
    async def chambers_without_branch(
        self,
        info: Info[Any, Any],
        within: DivisionCode | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Annotated[Chamber, strawberry.lazy("schema.chambers")]]:
        """The registered chambers in which no Party branch is at work."""
        moment, kind = moment_of(self), VIEWS["Chamber"]
        places = () if within is None else (lies_within("division_id", [within], moment.position),)
        conditions = (among("state", STANDING), _without_branch(moment), *places)
        order = (Order("name"), Order("id"))
        select = Select(ChamberRow.table, moment.position, conditions, order, on=moment.effective_on)
        arguments = PageArguments(first, after, last, before)
        found: Connection[Chamber] = await page(context_of(info), kind, select, arguments, moment)
        return found

    @strawberry.field
    async def party_building(self, info: Info[Any, Any]) -> list[PartyBuilding]:
        """The Party branches at work, by unit and form, and how many of them are in the pilot."""
        context, moment = context_of(info), moment_of(self)
        context.reading()
        active = [among("state", [BranchState.ACTIVE])]
        found = await grouped(context, BranchRow.table, moment, {"UNIT": UNIT}, SUMS, active)
        names = ("branches", "single", "joint", "liaison", "pilot")
        return [
            PartyBuilding(**dict(zip(names, sums, strict=True)), unit_id=group["UNIT"], moment=moment)
            for group, sums in found
        ]


def _without_branch(moment: Moment) -> Predicate:
    def condition(values: Values) -> Composable:
        return WITHOUT.format(branches=values.source(BranchRow.table, moment.position, moment.effective_on))

    return condition
