"""How are rows counted and summed by the groups that a caller chooses, and by the unit that manages their place?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, LiteralString
from uuid import UUID

import strawberry
from psycopg.sql import SQL, Composable
from strawberry.types import Info

from projections.divisions import DivisionRow
from projections.engine.table import Table
from schema.context import Context, context_of
from schema.moment import Moment
from schema.scalars import DivisionCode
from schema.scope import within as lies_within
from schema.statement import Predicate, Statement, Values
from schema.views import VIEWS, fetch_one

if TYPE_CHECKING:
    from schema.divisions import Division

UNIT: LiteralString = "CASE WHEN d.township THEN d.managed_by ELSE d.id END"
"""The unit that a row counts for: the one that manages its township, or the place itself."""
GROUPED = SQL(
    "SELECT {columns} FROM {rows} AS t JOIN {divisions} AS d ON d.id = t.division_id"
    " WHERE {conditions} GROUP BY {groups} ORDER BY {groups}"
)
IN_ALL = SQL("SELECT {columns} FROM {rows} AS t WHERE {conditions}")


@strawberry.type
class OfUnit:
    """县区合计 | What is summed up for a unit, or for all of them together."""

    unit_id: strawberry.Private[UUID | None]
    moment: strawberry.Private[Moment]

    @strawberry.field
    async def unit(self, info: Info[Any, Any]) -> Annotated[Division, strawberry.lazy("schema.divisions")] | None:
        """The unit that it is about; null when it is about all."""
        if self.unit_id is None:
            return None
        division, at = VIEWS["Division"], self.moment.recorded
        found: Division | None = await fetch_one(context_of(info), division, "id", self.unit_id, at)
        return found


async def grouped(
    context: Context,
    table: Table[Any],
    moment: Moment,
    groups: Mapping[Any, LiteralString],
    sums: Sequence[LiteralString],
    where: Sequence[Predicate] = (),
    within: DivisionCode | None = None,
) -> list[tuple[dict[Any, Any], list[Any]]]:
    """The sums of a table's rows for each group, in the groups' order; without groups one, of all rows.

    Groups and sums are expressions over the row `t` and its division `d`.
    """
    values, place = Values(), () if within is None else (lies_within("division_id", [within], moment.position),)
    rows = values.source(table, moment.position, moment.effective_on)
    conditions = SQL(" AND ").join([SQL("true"), *(each(values) for each in (*where, *place))])
    columns = SQL(", ").join(map(SQL, (*groups.values(), *sums)))
    named: dict[str, Any] = {"columns": columns, "rows": rows, "conditions": conditions}
    if groups:
        divisions = values.source(DivisionRow.table, moment.position)
        sql: Composable = GROUPED.format(**named, divisions=divisions, groups=SQL(", ").join(map(SQL, groups.values())))
    else:
        sql = IN_ALL.format(**named)
    found = await context.reader.fetch(Statement(sql, values))
    return [(dict(zip(groups, row, strict=False)), list(row[len(groups) :])) for row in found]
