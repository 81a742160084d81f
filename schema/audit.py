"""What does every record tell of itself: its version, its history, what may be done with it, what differed when?"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from msgspec.structs import replace
from psycopg.sql import SQL
from strawberry.types import Info

from projections.change_history import ChangeRow, FieldChange
from schema import kinds
from schema.available import Command, available
from schema.connections import Connection, PageArguments
from schema.context import Context, context_of
from schema.errors import BadInput, StaleRead
from schema.moment import NOW, AsOfInput, Moment
from schema.relations import Computed, Many, One, declared
from schema.scalars import encode_id
from schema.scope import readable
from schema.statement import Order, Select, Statement, Values, compares, equals
from schema.views import VIEWS, View, fetch_one, one, page, view
from service.domain.record import RECORDS, snake

PATIENCE = 5.0
"""Seconds to wait for the views to reach a position that a caller names."""
BY_POSITION = (Order("position"), Order("ordinal"))
AT_TIME = SQL(
    "SELECT coalesce((SELECT t.position FROM {changes} AS t WHERE t.recorded_at <= {time}"
    " ORDER BY t.recorded_at DESC, t.position DESC LIMIT 1), 0),"
    " (SELECT coalesce(max(t.position), 0) FROM {changes} AS t),"
    " (SELECT coalesce(max(notification_id), 0) FROM ledger.shanghui_events)"
)


PASCAL = "replace(initcap(replace({t}.record_type, '_', ' ')), ' ', '')"
"""The name of a record's type, from its code."""


def encoded_id(kind: str, id: str) -> str:
    """SQL for what `encode_id` makes of a type's name and an id.

    The text is of letters, digits and `:-@`, whose base64 has neither + nor /: only padding and line ends must go.
    """
    name = kind if kind == PASCAL else f"'{kind}'"
    return f"rtrim(replace(encode(({name} || ':' || {id}::text || {{at}})::bytea, 'base64'), E'\\n', ''), '=')"


@strawberry.interface
class Node:
    """可按标识读取的对象 | Anything that can be read again by its id."""

    @declared(Computed(encoded_id("{type}", "{t}.id")))
    @strawberry.field
    def id(self) -> strawberry.ID:
        """The opaque id; in the past it carries the position."""
        assert isinstance(self, View)
        return strawberry.ID(encode_id(type(self).__name__, self.row.id, self.moment.position))


@view(ChangeRow, place="division_id", hide=("ordinal", "record_id", "client", "key"))
class Change(View):
    """变更 | One event: what changed, when, by whom, in which role, on which basis and why."""

    division = one("schema.divisions.Division", by="division_id", required=False)

    @declared(Computed(encoded_id(PASCAL, "{t}.record_id")))
    @strawberry.field
    def record_id(self) -> strawberry.ID:
        """The id of the record it concerns."""
        kind = "".join(part.title() for part in self.row.record_type.split("_"))
        return strawberry.ID(encode_id(kind, self.row.record_id, self.moment.position))


if TYPE_CHECKING:
    Difference = FieldChange
else:
    Difference = kinds.output(FieldChange)


@strawberry.interface
class Audited(Node):
    """可审计记录 | Every record: as it stands at a moment, with its whole history."""

    version: int
    effective_on: date
    recorded_at: datetime

    @declared(One(lambda: Change, "position", "position", required=False, present=True))
    @strawberry.field
    async def last_change(self, info: Info[Any, Any]) -> Change | None:
        """The event that last touched the record; null for the public, which reads no changes."""
        assert isinstance(self, View)
        found: Change | None = await fetch_one(context_of(info), Change, "position", self.row.position, NOW)
        return found

    @strawberry.field
    async def available_commands(self, info: Info[Any, Any]) -> list[Command]:
        """What the viewer may do with the record now; nothing in the past."""
        assert isinstance(self, View)
        if self.moment != NOW:
            return []
        record = RECORDS[snake(type(self).__name__)]
        chamber = getattr(self.row, "chamber_id", self.row.id)
        return await available(context_of(info), record, chamber, getattr(self.row, self.place or "id"), self.row)

    @declared(Many(lambda: Change, "id", "record_id", BY_POSITION))
    @strawberry.field
    async def history(
        self,
        info: Info[Any, Any],
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Change]:
        """Every event of the record, the first one first."""
        assert isinstance(self, View)
        mine = (equals("record_id", self.row.id),)
        select = Select(Change.table, self.moment.position, mine, on=self.moment.effective_on)
        arguments = PageArguments(first, after, last, before)
        found: Connection[Change] = await page(context_of(info), Change, select, BY_POSITION, arguments, self.moment)
        return found

    @strawberry.field
    async def diff(
        self,
        info: Info[Any, Any],
        from_: Annotated[AsOfInput, strawberry.argument(name="from")],
        to: AsOfInput | None = None,
    ) -> list[Difference]:
        """Field by field, how the record differs between two moments; without the second, from then to now."""
        assert isinstance(self, View)
        context = context_of(info)
        start = await resolve(context, from_)
        end = self.moment.position if to is None else (await resolve(context, to))
        return await differences(context, self.row.id, start, end)

    @strawberry.field
    async def current(self, info: Info[Any, Any]) -> Audited | None:
        """The record as it stands now."""
        assert isinstance(self, View)
        found: Audited | None = await fetch_one(context_of(info), type(self), "id", self.row.id, NOW)
        return found


async def differences(context: Context, id: Any, start: int, end: int | None) -> list[FieldChange]:
    """The sum of a record's changes after one position and up to another; what changed back is no difference."""
    conditions = (equals("record_id", id), compares("{} > {}", "position", start), *readable(Change, context))
    rows = await context.reader.rows(Select(ChangeRow.table, end, conditions, BY_POSITION))
    found: dict[str, FieldChange] = {}
    for change in (each for row in rows for each in row.fields):
        first = found.get(change.path, change)
        found[change.path] = replace(change, before=first.before)
    return [each for each in found.values() if each.before != each.after]


async def resolve(context: Context, moment: AsOfInput) -> int:
    """The position that a moment means.

    Raises BadInput for a time to come, StaleRead when the views do not reach the position in time.
    """
    if moment.position is not None and moment.position is not strawberry.UNSET:
        await reach(context, moment.position)
        return moment.position
    assert isinstance(moment.time, datetime), "one of the two is given"
    if moment.time > context.now():
        raise BadInput("该时间尚未到来 | That time is still to come")
    return await _position_at(context, moment.time)


async def _position_at(context: Context, time: datetime) -> int:
    """The last position recorded by a time, which stays the same for ever: what is not yet seen is waited for."""
    values = Values()
    changes = values.source(ChangeRow.table)
    statement = Statement(AT_TIME.format(changes=changes, time=values.bind(time)), values)
    position, seen, head = (await context.reader.fetch(statement))[0]
    if position == seen < head:
        await reach(context, head)
        context.reader.require(ChangeRow.table.name, head)
        position, *_ = (await context.reader.fetch(statement))[0]
    return int(position)


async def reach(context: Context, position: int) -> None:
    """Wait until the views show a position.

    Raises StaleRead when they do not in time, as when there is no such position yet.
    """
    if not await context.views.reached(position, PATIENCE):
        raise StaleRead(position)


__all__ = ["VIEWS", "Audited", "Change", "Moment", "Node"]
