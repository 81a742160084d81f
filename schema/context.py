"""What does every resolver of one request have at hand?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast
from uuid import UUID, uuid4

import msgspec
from psycopg.sql import SQL
from psycopg_pool import AsyncConnectionPool
from strawberry.dataloader import DataLoader
from strawberry.types import Info

from projections import ALL
from projections.engine.runner import Status
from projections.engine.runs import Runs
from projections.engine.table import Table
from projections.engine.view import View, refold
from schema.errors import Forbidden, StaleRead, Unauthorized
from schema.moment import Moment
from schema.scalars import is_small
from schema.statement import Select, Statement, Values
from service.domain.roles import Actor, Grant, Role
from service.ledger.ledger import Ledger
from service.ledger.log import LAST_POSITION
from service.ledger.mapper import LedgerMapper
from service.postgres.silence import hang_up_after

if TYPE_CHECKING:
    from schema.compiled.fragments import Subplans
    from schema.segments import Segments

BLIND = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
"""Roles that administer the system and read none of its business."""


SILENCE = 7.0
"""Seconds within which PostgreSQL answers a question: it ends a statement after five."""
MAPPER = LedgerMapper()
VIEW_OF = {view.table: view for projection in ALL for view in projection.views if isinstance(view, View)}
OF_RECORD = SQL(
    "SELECT originator_id, originator_version, topic, state, notification_id FROM ledger.shanghui_events"
    " WHERE originator_id = %(id)s AND notification_id <= %(position)s ORDER BY notification_id"
)


class Views(Protocol):
    """How far the views have come."""

    async def reached(self, position: int, seconds: float) -> bool:
        """Wait until all views that are at work show a position; false when the time is up."""
        ...

    def parked(self, table: str) -> int | None:
        """Where the views of a table stopped at an event that they cannot take in; None while they are at work."""
        ...

    def status(self) -> Mapping[str, Status]:
        """How each projection is."""
        ...

    def resume(self, name: str) -> None:
        """Let a parked projection try again. Raises LookupError when there is none of this name."""
        ...


class Lines(Protocol):
    """What compiled statements are run on."""

    segments: Segments
    """What is known of the segments of histories."""

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        """The one value of a statement. Raises ReadFailed."""
        ...

    async def reached(self, position: int, seconds: float) -> bool:
        """Whether a position can be seen, now or in so many seconds."""
        ...


class Reader:
    """Reads rows through a small pool of read-only connections, as far as the views know the past that is asked for."""

    def __init__(self, pool: AsyncConnectionPool[Any], views: Views) -> None:
        self._pool, self._views = pool, views

    async def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """All rows of a statement, as PostgreSQL returned them.

        Raises StaleRead when a view that it reads is parked before the position it is read at.
        """
        for table, position in statement.values.reads.items():
            self.require(table, position)
        async with self._pool.connection() as connection:
            with hang_up_after(SILENCE, connection):
                cursor = await connection.execute(statement.sql, statement.values)
            rows: list[tuple[Any, ...]] = await cursor.fetchall()
            return rows

    def require(self, table: str, position: int) -> None:
        """Raise StaleRead when the views of a table are parked before a position."""
        stopped = self._views.parked(table)
        if stopped is not None and stopped < position:
            raise StaleRead(position, stopped)

    async def effective(self, table: Table[Any], id: UUID, moment: Moment) -> Any:
        """The row of one record by the facts recorded up to the moment's position and effective by its date."""
        values = {"id": id, "position": LAST_POSITION if moment.position is None else moment.position}
        last = moment.effective_on or date.max
        stored = await self.fetch(Statement(OF_RECORD, Values(values)))
        events = [event for row in stored if (event := MAPPER.event(*row)).envelope.effective_on <= last]
        events.sort(key=lambda event: (event.envelope.effective_on, event.position))
        return refold(VIEW_OF[table], events)

    async def rows(self, select: Select) -> list[Any]:
        """The rows of one view, as its row type."""
        return [msgspec.convert(each, select.table.row) for each in await self.fetch(select.rows())]


class Reach(NamedTuple):
    """How far some of somebody's grants reach that do not everywhere: below these divisions, in these chambers."""

    codes: tuple[str, ...]
    chambers: tuple[UUID, ...]


class Reading(NamedTuple):
    """How far somebody may read: below these divisions, none meaning everywhere; and whether as the public.

    `grants` are those that let him read, by which what is not for everybody is judged; `wide` are the roles among them
    that reach everywhere.
    """

    codes: tuple[str, ...] | None
    public: bool
    grants: tuple[Grant, ...] = ()
    wide: frozenset[Role] = frozenset()

    @property
    def shape(self) -> tuple[bool, bool, bool, frozenset[Role]]:
        """What of it a compiled statement depends on; the rest is bound to it as values."""
        small = self.codes is not None and all(map(is_small, self.codes))
        return self.codes is None, small, self.public, self.wide

    def everywhere(self, roles: Collection[Role]) -> bool:
        """Whether a grant of one of these roles reaches everywhere."""
        return not self.wide.isdisjoint(roles)

    def reach(self, roles: Collection[Role]) -> Reach:
        """How far the grants of these roles reach."""
        entitled = [grant for grant in self.grants if grant.role in roles]
        chambers = tuple(grant.chamber for grant in entitled if grant.chamber is not None)
        codes = (grant.division for grant in entitled if grant.chamber is None)
        return Reach(tuple(code for code in codes if code is not None), chambers)

    @classmethod
    def of(cls, actor: Actor) -> Reading:
        """What an actor's grants let him read.

        Raises Forbidden when no grant lets him read anything.
        """
        grants = [grant for grant in actor.grants if grant.role not in BLIND]
        if not grants:
            raise Forbidden
        codes = tuple(grant.division for grant in grants if grant.division is not None)
        public = all(grant.role is Role.PUBLIC_API for grant in actor.grants)
        wide = frozenset(grant.role for grant in grants if grant.division is None and grant.chamber is None)
        return cls(codes if len(codes) == len(grants) else None, public, tuple(grants), wide)


class Caller(NamedTuple):
    """Who gives a command, how far he may read, with what his cursors are signed, and his address."""

    actor: Actor
    reading: Reading
    cursor_key: bytes
    client: str | None


@dataclass
class Context:
    """One request: who asks, and what answers."""

    viewer: Actor | None
    ledger: Ledger
    views: Views
    reader: Reader
    cursor_key: bytes
    client: str | None = None
    request_id: UUID = field(default_factory=uuid4)
    loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict)
    runs: Runs | None = None
    subplans: Subplans | None = None
    passed: int = 0
    """How many statements of compiled fields had a part in the answer, where `subplans` lets them."""

    def now(self) -> datetime:
        """The moment by the ledger's clock."""
        return self.ledger.now

    def actor(self) -> Actor:
        """Who asks.

        Raises Unauthorized when nobody said.
        """
        if self.viewer is None:
            raise Unauthorized
        return self.viewer

    @property
    def reads(self) -> bool:
        """Whether the viewer may read at all."""
        return any(grant.role not in BLIND for grant in self.actor().grants)

    def reading(self) -> Reading:
        """How far the viewer may read.

        Raises Unauthorized or Forbidden when he may not read at all.
        """
        return Reading.of(self.actor())

    def loader(self, name: Any, load: Callable[[list[Any]], Awaitable[list[Any]]]) -> DataLoader[Any, Any]:
        """The request's batch loader of this name."""
        if name not in self.loaders:
            self.loaders[name] = DataLoader(load_fn=load)
        return self.loaders[name]


def context_of(info: Info[Any, Any]) -> Context:
    """The context of a resolver."""
    return cast(Context, info.context)
