"""两个时刻之间的差异 | What differs between two moments, field by field and figure by figure, and who changed it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import strawberry
from psycopg.sql import SQL, Composable
from strawberry.types import Info

from projections.change_history import ChangeRow, RecordType
from projections.engine.row import Position as At
from projections.engine.row import Row
from projections.engine.table import table
from projections.field_labels import labels
from schema.changes import ID_OF_RECORD, Change, id_of_record
from schema.connections import Connection, PageArguments
from schema.context import Context, context_of
from schema.errors import BadInput
from schema.figures import FigureDifference, figures_between
from schema.moment import AsOfInput, Moment, moment_of
from schema.positions import position_of, resolve
from schema.relations import declared
from schema.scalars import DivisionCode, Position
from schema.scope import readable, within
from schema.statement import Order, Predicate, Select, Values, compares, equals
from schema.views import View, one, page, view

LAST_TOUCHED = (Order("position"), Order("path"))
BETWEEN = SQL(
    "(SELECT c.record_id, min(c.record_type) AS record_type, max(c.position) AS position, f.field->>'path' AS path,"
    " (array_agg(f.field->'before' ORDER BY c.position))[1] AS before,"
    " (array_agg(f.field->'after' ORDER BY c.position DESC))[1] AS after"
    " FROM ({changes}) AS c CROSS JOIN LATERAL jsonb_array_elements(c.fields::jsonb) AS f(field)"
    " GROUP BY c.record_id, f.field->>'path'"
    " HAVING (array_agg(f.field->'before' ORDER BY c.position))[1]"
    " IS DISTINCT FROM (array_agg(f.field->'after' ORDER BY c.position DESC))[1])"
)
"""The sum of the changes of each field; what was changed back is no difference."""


@table("difference", key=("position", "path"))
class DifferenceRow(Row, kw_only=True):
    """A field of a record that differs; `position` is that of the event that touched it last."""

    record_id: UUID
    record_type: RecordType
    position: At
    path: str
    before: Any
    after: Any


@view(DifferenceRow, hide=("record_id",))
class FieldDifference(View):
    """字段差异 | A field that differs between two moments: of which record, from what to what, and its last change."""

    change = one("schema.changes.Change", by="position", to="position")

    @declared(ID_OF_RECORD)
    @strawberry.field
    def record_id(self) -> strawberry.ID:
        """The id of the record."""
        return id_of_record(self.row, self.moment)

    @strawberry.field
    def label(self) -> str:
        """What the field is called in Chinese."""
        return labels(self.row.path)[0]

    @strawberry.field
    def label_en(self) -> str:
        """What the field is called in English."""
        return labels(self.row.path)[1]


@dataclass(frozen=True)
class Differing(Select):
    """The fields that some changes, taken together, changed."""

    changes: Select = field(kw_only=True)

    def source(self, values: Values) -> Composable:
        """Where the rows are."""
        return BETWEEN.format(changes=self.changes.all(SQL("t.*"), values))


@strawberry.type
class Differences:
    """两个时刻之间的差异 | What differs between two positions of the log, within a division or in the whole city."""

    from_position: Position
    to_position: Position
    figures: list[FigureDifference]
    changed: strawberry.Private[Differing]

    @strawberry.field
    async def fields(
        self,
        info: Info[Any, Any],
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[FieldDifference]:
        """Field by field, those that were touched first coming first."""
        arguments, moment = PageArguments(first, after, last, before), Moment(self.to_position)
        found: Connection[FieldDifference] = await page(
            context_of(info), FieldDifference, self.changed, arguments, moment
        )
        return found


@strawberry.type
class Questions:
    """What may be asked at the root."""

    @strawberry.field
    async def city_diff(
        self,
        info: Info[Any, Any],
        from_: Annotated[AsOfInput, strawberry.argument(name="from")],
        to: AsOfInput | None = None,
        within: DivisionCode | None = None,
    ) -> Differences:
        """What differs between two moments in the city or within a division; without the second, from then to now."""
        context, moment = context_of(info), moment_of(self)
        start, end = await ends(context, from_, to, moment)
        return Differences(
            from_position=Position(start),
            to_position=Position(end),
            figures=await figures_between(context, start, Moment(end, moment.effective_on), within),
            changed=_changed(context, start, Moment(end, moment.effective_on), *_among(within, end)),
        )


async def ends(context: Context, first: AsOfInput, last: AsOfInput | None, moment: Moment) -> tuple[int, int]:
    """The positions of two moments, the second no later than the one of the question.

    Raises BadInput when they are the wrong way round.
    """
    start = await resolve(context, first)
    end = await position_of(context, moment) if last is None else await resolve(context, last)
    if start > end or end > await position_of(context, moment):
        raise BadInput("起始时刻须不晚于结束时刻 | The first moment must not come after the second")
    return start, end


async def differences(context: Context, record: UUID, start: int, moment: Moment) -> list[Any]:
    """The fields of one record that differ between a position and a moment."""
    rows = await context.reader.rows(_changed(context, start, moment, equals("record_id", record)))
    return [FieldDifference.of(row, moment) for row in rows]


def _changed(context: Context, start: int, moment: Moment, *conditions: Predicate) -> Differing:
    """What the changes after a position and up to a moment changed, as far as the viewer may read them."""
    after = (compares("{} > {}", "position", start), *readable(Change, context.reading()), *conditions)
    changes = Select(ChangeRow.table, moment.position, after, on=moment.effective_on)
    return Differing(DifferenceRow.table, moment.position, order=LAST_TOUCHED, changes=changes)


def _among(code: DivisionCode | None, position: int) -> Iterator[Predicate]:
    if code is not None:
        yield within(str(Change.place), [code], position)
