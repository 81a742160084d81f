"""Which position does a moment mean, and do the views show it?"""

from __future__ import annotations

from datetime import datetime

import strawberry
from psycopg.sql import SQL

from projections.change_history import ChangeRow
from schema.context import Context
from schema.errors import BadInput, StaleRead
from schema.moment import AsOfInput, Moment
from schema.statement import Statement, Values

PATIENCE = 5.0
"""Seconds to wait for the views to reach a position that a caller names."""
LATEST = SQL("SELECT coalesce(max(t.position), 0) FROM {changes} AS t")
AT_TIME = SQL(
    "SELECT coalesce((SELECT t.position FROM {changes} AS t WHERE t.recorded_at <= {time}"
    " ORDER BY t.recorded_at DESC, t.position DESC LIMIT 1), 0),"
    " (SELECT coalesce(max(t.position), 0) FROM {changes} AS t),"
    " (SELECT coalesce(max(notification_id), 0) FROM ledger.shanghui_events)"
)


async def position_of(context: Context, moment: Moment) -> int:
    """The position of a moment: for the present, how far the views have come."""
    if moment.position is not None:
        return moment.position
    values = Values()
    sql = LATEST.format(changes=values.source(ChangeRow.table))
    return int((await context.reader.fetch(Statement(sql, values)))[0][0])


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
