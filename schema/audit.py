"""What does every record tell of itself: its version, its history, what may be done with it, what differed when?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from schema.available import Command, available
from schema.changes import BY_POSITION, Change
from schema.connections import Connection, PageArguments
from schema.context import context_of
from schema.differences import FieldDifference, differences, ends
from schema.moment import NOW, AsOfInput
from schema.relations import Identity, Many, One, declared
from schema.scalars import encode_id
from schema.statement import Select, equals
from schema.views import View, fetch_one, many, page
from service.domain.record import RECORDS, snake


@strawberry.interface
class Node:
    """可按标识读取的对象 | Anything that can be read again by its id."""

    @declared(Identity())
    @strawberry.field
    def id(self) -> strawberry.ID:
        """The opaque id; in the past it carries the position."""
        assert isinstance(self, View)
        return strawberry.ID(encode_id(type(self).__name__, self.row.id, self.moment.position))


@strawberry.interface
class Audited(Node):
    """可审计记录 | Every record: as it stands at a moment, with its whole history."""

    version: int
    effective_on: date
    recorded_at: datetime
    deadlines = many("schema.deadlines.Deadline", of="record_id", order=("due_on", "kind", "part"))

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
        select = Select(Change.table, self.moment.position, mine, BY_POSITION, on=self.moment.effective_on)
        arguments = PageArguments(first, after, last, before)
        found: Connection[Change] = await page(context_of(info), Change, select, arguments, self.moment)
        return found

    @strawberry.field
    async def diff(
        self,
        info: Info[Any, Any],
        from_: Annotated[AsOfInput, strawberry.argument(name="from")],
        to: AsOfInput | None = None,
    ) -> list[FieldDifference]:
        """Field by field, how the record differs between two moments; without the second, from then to now."""
        assert isinstance(self, View)
        context = context_of(info)
        start, end = await ends(context, from_, to, self.moment)
        return await differences(context, self.row.id, start, self.moment._replace(position=end))

    @strawberry.field
    async def current(self, info: Info[Any, Any]) -> Audited | None:
        """The record as it stands now."""
        assert isinstance(self, View)
        found: Audited | None = await fetch_one(context_of(info), type(self), "id", self.row.id, NOW)
        return found
