"""统计 | How much was done in each of the six movements, and which part of the posts do members of chambers hold?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import strawberry
from psycopg.sql import SQL
from strawberry.types import Info

from projections.chamber_rows import MemberRow
from projections.change_history import ChangeRow
from projections.enterprises import ArrangementRow
from schema import kinds, scope
from schema.context import context_of
from schema.moment import Moment, moment_of
from schema.scalars import DivisionCode
from schema.statement import Select, Statement, Values
from service.domain.enterprise_terms import ArrangementKind
from service.domain.record import Movement

HELD = SQL(
    "SELECT t.kind, count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM {members} AS m WHERE m.id = t.enterprise_id))"
    " FROM {arrangements} AS t WHERE {conditions} GROUP BY t.kind ORDER BY t.kind"
)
SHARE = Decimal("0.0001")
kinds.enum(Movement), kinds.enum(ArrangementKind)


@strawberry.type
class MovementCount:
    """六动统计 | How many events belong to a movement."""

    movement: Movement
    count: int


@strawberry.type
class ArrangementShare:
    """安排占比 | How many posts of a kind enterprises hold, and which part of them members of chambers."""

    kind: ArrangementKind
    held: int
    held_by_members: int

    @strawberry.field
    def share(self) -> Decimal:
        """The members' part of all, from 0 to 1."""
        return (Decimal(self.held_by_members) / self.held).quantize(SHARE)


@strawberry.type
class Statistics:
    """统计 | Counts over all that is recorded, in all or within a division."""

    moment: strawberry.Private[Moment]
    within: strawberry.Private[DivisionCode | None]

    @strawberry.field
    async def by_movement(self, info: Info[Any, Any]) -> list[MovementCount]:
        """How many events belong to each of the six movements."""
        where = [scope.within("division_id", [self.within], self.moment.position)] if self.within else []
        select = Select(ChangeRow.table, self.moment.position, tuple(where), on=self.moment.effective_on)
        rows = await context_of(info).reader.fetch(select.sums((), by=("movement",)))
        counts = dict(rows)
        return [MovementCount(movement=each, count=counts.get(each, 0)) for each in Movement]

    @strawberry.field
    async def arrangement_shares(self, info: Info[Any, Any]) -> list[ArrangementShare]:
        """How many political and social posts enterprises hold, and which part of them members of chambers."""
        values, moment = Values(), self.moment
        places = [scope.within("division_id", [self.within], moment.position)(values)] if self.within else []
        sql = HELD.format(
            members=values.source(MemberRow.table, moment.position, moment.effective_on),
            arrangements=values.source(ArrangementRow.table, moment.position, moment.effective_on),
            conditions=SQL(" AND ").join([SQL("t.state = 'CONFIRMED'"), *places]),
        )
        rows = await context_of(info).reader.fetch(Statement(sql, values))
        return [
            ArrangementShare(kind=ArrangementKind(kind), held=held, held_by_members=of_members)
            for kind, held, of_members in rows
        ]


@strawberry.type
class Questions:
    """What may be asked at the root."""

    @strawberry.field
    def statistics(self, info: Info[Any, Any], within: DivisionCode | None = None) -> Statistics:
        """Counts over all that is recorded, in all or within a division."""
        context_of(info).reading()
        return Statistics(moment=moment_of(self), within=within)
