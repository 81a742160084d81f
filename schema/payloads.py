"""What does a caller get back from a command, and what of it has to wait until the views show the write?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from schema.changes import Change
from schema.context import Context, context_of
from schema.errors import StaleRead, UserError
from schema.moment import NOW
from schema.names import command_name
from schema.roots import Query
from schema.scalars import Position
from schema.views import VIEWS, View, fetch_one
from service.domain.command import Command
from service.ledger.ledger import Outcome

READ_YOUR_WRITES = 5.0
"""Seconds that what is read of a payload waits for the views to show what was written."""


async def _change(self: Payload, info: Info[Any, Any]) -> Change | None:
    context = context_of(info)
    if not await self.shown(context, Change):
        return None
    found: Change | None = await fetch_one(context, Change, "position", self.position, NOW)
    return found


async def _query(self: Payload, info: Info[Any, Any]) -> Query | None:
    await self.shown(context_of(info))
    return Query()


@strawberry.type
class Payload:
    """每个操作的结果 | What came of a command, or why it was refused. It has happened even where reading it fails."""

    errors: list[UserError]
    position: Position | None = strawberry.field(
        default=None,
        description="写入后的位置，无须等待 | The position that shows all of it; none after a refusal or a dry run",
    )
    change: Change | None = strawberry.field(
        resolver=_change,
        description="所记录的最后事件，待视图显示 | The last event that it recorded, once the views show it",
    )
    query: Query | None = strawberry.field(
        resolver=_query,
        description="继续查询，待视图显示此次写入 | All there is to ask, once the views show the write",
    )
    written: strawberry.Private[UUID | None] = None

    async def shown(self, context: Context, view: type[View] | None = None) -> bool:
        """Wait until the views, or this one if it can be read at all, show what was written; whether anything was.

        Raises StaleRead when they do not in time.
        """
        if self.position is None:
            return False
        if not await context.views.reached(self.position, READ_YOUR_WRITES):
            raise StaleRead(self.position)
        if view is not None:
            context.reader.require(view.table.name, self.position)
        return True


def told(kind: type[Payload], outcome: Outcome) -> Payload:
    """The payload of a command that was carried out, or would have been."""
    position = outcome.position
    return kind(errors=[], position=None if position is None else Position(position), written=outcome.record)


def payload(command: Command) -> type[Payload]:
    """The type of a command's payload: its record stands there under its own name."""
    record, view = command.record, VIEWS[command.record.__name__]

    async def read(self: Payload, info: Any) -> Any:
        shown = await self.shown(context_of(info), view)
        return await fetch_one(context_of(info), view, "id", self.written, NOW) if shown else None

    read.__annotations__ = {"info": Info, "return": view | None}
    zh, en = command.labels
    field = strawberry.field(
        resolver=read, description="写入后的记录，待视图显示 | The record as it stands, once the views show the write"
    )
    shape = {"__module__": __name__, record.type_name: field}
    text = f"{zh}的结果 | What came of it: {en[:1].lower()}{en[1:]}"
    return strawberry.type(type(f"{command_name(command)}Payload", (Payload,), shape), description=text)
