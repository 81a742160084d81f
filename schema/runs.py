"""重放与重建 | Which replays and rebuilds were started, how far are they, and what did they find?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any, TypeVar

import strawberry
from strawberry.types import Info

from projections.engine.runs import Run as Row
from projections.engine.runs import RunKind, Runs, RunVerdict
from schema import kinds
from schema.connections import LARGEST_SIZE
from schema.context import Context, context_of
from schema.errors import BadInput, Forbidden
from schema.moment import AsOfInput
from schema.positions import resolve
from schema.scalars import Json, Position, decode_id, encode_id
from service.domain.roles import Role

T = TypeVar("T")
LOOK_SECONDS = 0.25
"""How often a subscription looks how far a run is: as often as the run says so."""
kinds.enum(RunKind)
kinds.enum(RunVerdict)


@strawberry.type
class TableDigest:
    """表摘要 | The SHA-256 over the rows of a table, in the order of their keys, in hexadecimal."""

    table: str
    sha256: str


@strawberry.type
class Run:
    """重放或重建 | The log folded anew: into tables of their own that are compared, or into the views that are read.

    Once all events are in, the tables are finished: indexed, and their history cut. Before that it tells of none.
    """

    id: strawberry.ID
    kind: RunKind
    projection: str | None
    account: str
    started_at: datetime
    ended_at: datetime | None
    position: Position
    upto: Position
    rate: int
    seconds_left: int | None
    tables_finished: int
    tables_to_finish: int
    verdict: RunVerdict | None
    tables: list[TableDigest]
    differs_in: str | None
    found: Json | None
    folded: Json | None
    error: str | None


@strawberry.type
class Questions:
    """What an auditor may ask at the root of the present."""

    @strawberry.field
    async def runs(self, info: Info[Any, Any], first: int = 20) -> list[Run]:
        """The replays and rebuilds that began last, with their verdicts."""
        if not 0 <= first <= LARGEST_SIZE:
            raise BadInput(f"最多 {LARGEST_SIZE} 项 | At most {LARGEST_SIZE} can be listed")
        return [shown(each) for each in await _of(context_of(info), lambda runs: runs.latest(first))]


@strawberry.mutation
async def views_replay(info: Info[Any, Any], to: AsOfInput | None = None) -> Run:
    """重放核对 | Fold the log again up to a moment, beside the live views, and compare every row."""
    context = context_of(info)
    auditor(context)
    upto = None if to is None else await resolve(context, to)
    account = context.actor().account
    return shown(await _of(context, lambda runs: runs.start(RunKind.REPLAY, account, upto)))


@strawberry.mutation
async def views_rebuild(info: Info[Any, Any], projection: str | None = None) -> Run:
    """重建视图 | Build the views anew beside the old ones, or those of one projection, and put them in their place."""
    context = context_of(info)
    account = context.actor().account
    try:
        started = await _of(context, lambda runs: runs.start(RunKind.REBUILD, account, projection=projection))
    except LookupError:
        raise BadInput(f"没有视图 {projection} | There is no projection {projection}") from None
    return shown(started)


@strawberry.type
class Subscription:
    """订阅 | What is told as it happens."""

    @strawberry.subscription
    async def run_progress(self, info: Info[Any, Any], id: strawberry.ID) -> AsyncIterator[Run]:
        """How far a replay or a rebuild is, each time it says so, and last of all its verdict."""
        context, decoded, last = context_of(info), decode_id(str(id)), None
        while True:
            found = await _of(context, lambda runs: runs.find(decoded[1]) if decoded else None)
            if found is None:
                raise BadInput("没有此次运行 | There is no such run")
            if found != last:
                last = found
                yield shown(found)
            if found.verdict is not None:
                return
            await asyncio.sleep(LOOK_SECONDS)


async def _of(context: Context, ask: Callable[[Runs], T]) -> T:
    """Ask for runs, off the event loop.

    Raises Unauthorized or Forbidden when the viewer is no auditor: what differs shows rows of all the business.
    """
    auditor(context)
    assert context.runs is not None, "a service that is asked for runs has them"
    return await asyncio.to_thread(ask, context.runs)


def auditor(context: Context) -> None:
    """Raise Unauthorized or Forbidden unless an auditor asks."""
    if not any(grant.role is Role.AUDITOR for grant in context.actor().grants):
        raise Forbidden


def shown(run: Row) -> Run:
    """A run as GraphQL shows it."""
    return Run(
        id=strawberry.ID(encode_id("Run", run.id)),
        kind=run.kind,
        projection=run.projection,
        account=run.account,
        started_at=run.started_at,
        ended_at=run.ended_at,
        position=Position(run.position),
        upto=Position(run.upto),
        rate=run.rate,
        seconds_left=run.seconds_left,
        tables_finished=run.finished,
        tables_to_finish=run.tables,
        verdict=run.verdict,
        tables=[TableDigest(table=table, sha256=digest) for table, digest in sorted(run.digests.items())],
        differs_in=run.differs_in,
        found=None if run.found is None else Json(run.found),
        folded=None if run.folded is None else Json(run.folded),
        error=run.error,
    )
