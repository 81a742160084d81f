"""视图维护 | How are the views, and what may those who look after them do about it?"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from projections import ALL
from projections.engine.runner import Status
from schema.context import Context, context_of
from schema.errors import BadInput, Forbidden
from schema.scalars import Position
from service.domain.roles import Role

KEEPERS = frozenset({Role.AUDITOR, Role.SYSTEM_ADMIN})
"""Who sees how the views are and sets them to work again. It shows no business data."""


@strawberry.type
class Projection:
    """视图 | The tables of one module: how far they follow the log, and at which event they stopped, if at any."""

    name: str
    position: Position
    lag: int
    parked_at: datetime | None
    error: str | None
    tables: list[str]


@strawberry.type
class Upkeep:
    """What may be asked at the root of the present about the views themselves."""

    @strawberry.field
    async def projections(self, info: Info[Any, Any]) -> list[Projection]:
        """Every projection, as this process saw it a second ago at most; for auditors and system administrators."""
        context = keeper(context_of(info))
        status = context.views.status()
        return [projection(name, status[name], context) for name in sorted(status)]


@strawberry.mutation
async def projection_resume(info: Info[Any, Any], name: str) -> Projection:
    """恢复停住的视图 | Let a parked projection try again."""
    context = keeper(context_of(info))
    try:
        await asyncio.to_thread(context.views.resume, name)
    except LookupError:
        raise BadInput(f"没有视图 {name} | There is no projection {name}") from None
    return projection(name, context.views.status()[name], context)


def keeper(context: Context) -> Context:
    """The context of somebody who looks after the views.

    Raises Unauthorized or Forbidden when he does not.
    """
    if not any(grant.role in KEEPERS for grant in context.actor().grants):
        raise Forbidden
    return context


def projection(name: str, status: Status, context: Context) -> Projection:
    """A projection as GraphQL shows it; the error may quote a row, which only auditors read."""
    reads = any(grant.role is Role.AUDITOR for grant in context.actor().grants)
    error = status.error if reads or status.error is None else status.error.partition(": ")[0]
    return Projection(
        name=name,
        position=Position(status.position),
        lag=status.lag,
        parked_at=status.parked_at,
        error=error,
        tables=TABLES.get(name, []),
    )


TABLES = {each.name: [table.name for table in each.tables] for each in ALL}
