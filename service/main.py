"""How are the parts joined into a serving process? Here, and nowhere else."""

from __future__ import annotations

import asyncio
import gc
import hmac
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from eventsourcing.persistence import PersistenceError
from psycopg import capabilities
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.types import ASGIApp
from strawberry import Schema

from projections.engine import Runner
from projections.engine.runs import Runs
from schema.compiled.fragments import Subplans
from schema.compiled.pipeline import PipelinedReader
from schema.compiled.plans import Plans
from schema.compiled.reader import PlainReader
from schema.context import Context, Reader
from schema.segments import Segments
from service.access.tokens import DevelopmentTokens
from service.config import Settings
from service.domain.decision import Request
from service.domain.roles import Actor
from service.ledger.ledger import Ledger, Outcome
from service.ledger.store import LedgerStore
from service.postgres import EmbeddedError
from service.resources import READ_ONLY, REAL_TIME, Database, acting, reading, secret_of, views
from service.timer import Timer
from service.web.app import app
from service.web.endpoint import Endpoint
from service.web.gate import Gate
from service.web.health import Check, examine
from service.web.version import version

WATCH_SECONDS = 1.0
KNOWN_SECONDS = 1.0
log = structlog.get_logger()


def reader_of(settings: Settings) -> type[PipelinedReader | PlainReader]:
    """What compiled statements are read with: lines in pipeline mode, where libpq has it and unless told otherwise."""
    return PipelinedReader if settings.reader == "pipeline" and capabilities.has_pipeline() else PlainReader


class Parts(NamedTuple):
    """What requests stand on, over one server."""

    uri: str
    ledger: Ledger
    runner: Runner
    pool: AsyncConnectionPool[Any]
    lines: PipelinedReader | PlainReader
    runs: Runs

    @classmethod
    async def opened(cls, uri: str, settings: Settings) -> Parts:
        """Connect to a server and begin to follow its log."""
        ledger = Ledger(await asyncio.to_thread(LedgerStore, uri), REAL_TIME)
        runner = Runner(acting(uri), views())
        pool = reading(uri, settings.read_connections)
        runner.start()
        await pool.open()
        generic = acting(uri, f"{READ_ONLY} -c plan_cache_mode=force_generic_plan")
        lines = reader_of(settings)(make_conninfo(generic, connect_timeout=3))
        await lines.open()
        return cls(uri, ledger, runner, pool, lines, Runs(acting(uri), views))

    async def close(self) -> None:
        """Commit what waits, then let go of the server."""
        await self.ledger.close()
        await asyncio.to_thread(self.runs.stop)
        await asyncio.to_thread(self.runner.stop)
        await self.pool.close()
        await self.lines.close()


@contextmanager
def settled() -> Iterator[None]:
    """Keep the collector from looking through all that stands by now: for a tenth of a second nobody is answered."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class Service:
    """A serving process. Its database must have been prepared."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._secret = secret_of(settings)
        self._cursor_key = hmac.digest(self._secret, b"cursors", "sha256")
        self._stopping, self._timer = asyncio.Event(), Timer()
        self._examining, self._known_until = asyncio.Lock(), 0.0
        self._checks: list[Check] = []
        self.segments = Segments(self.fetch)
        self._subplans: Subplans
        self._parts: Parts

    def application(self, schema: Schema) -> ASGIApp:
        """The ASGI application, which starts and stops the service with its lifespan."""
        tokens, plans, limit = DevelopmentTokens(self._secret), Plans(schema._schema), self._settings.body_limit
        self._subplans = Subplans(schema._schema, self)
        graphql = Endpoint(schema, self.context, tokens, limit, plans)
        served = app(graphql, self.examine, version(), self.lifespan)
        kept = self._settings.answer_cache_bytes
        return Gate(served, plans, self, self._cursor_key, tokens, limit, kept)

    def fetch(self, sql: str, values: Sequence[Any]) -> Coroutine[Any, Any, bytes]:
        """The one value of a read-only statement. Raises ReadFailed."""
        return self._parts.lines.fetch(sql, values)

    async def reached(self, position: int, seconds: float) -> bool:
        """Whether all views show a position, now or in so many seconds; not while one of them is parked before it."""
        runner = self._parts.runner
        if position <= runner.shown:
            return True
        parked = (each.position for each in runner.status().values() if each.parked_at)
        return await runner.reached(position, seconds) and all(stopped >= position for stopped in parked)

    async def execute(self, request: Request, *, dry_run: bool = False) -> Outcome:
        """Carry out a request. Raises a Refused."""
        return await self._parts.ledger.execute(request, dry_run=dry_run)

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Stand while requests are served. Whoever serves ends with a signal, so all is put away in here."""
        try:
            uri = await asyncio.to_thread(self._database.start)
            self._parts = await Parts.opened(uri, self._settings)
            work = (self._watch(), self._timer.keep(self._leads, self._stopping))
            tasks = [asyncio.create_task(each) for each in work]
            try:
                with settled():
                    yield
            finally:
                self._stopping.set()
                await asyncio.gather(*tasks)
                await self._parts.close()
        finally:
            await asyncio.to_thread(self._database.stop)

    def context(self, viewer: Actor, request_id: UUID, client: str | None) -> Context:
        """What one request has at hand."""
        parts = self._parts
        reader = Reader(parts.pool, parts.runner)
        return Context(
            viewer,
            parts.ledger,
            parts.runner,
            reader,
            self._cursor_key,
            client,
            request_id,
            runs=parts.runs,
            subplans=self._subplans,
        )

    async def examine(self) -> list[Check]:
        """How ready the service is; looked into once a second, however often strangers ask."""
        async with self._examining:
            if time.monotonic() >= self._known_until:
                self._checks, self._known_until = await self._examined(), time.monotonic() + KNOWN_SECONDS
            return self._checks

    async def _examined(self) -> list[Check]:
        checks = await asyncio.to_thread(examine, self._parts.uri)
        trouble = self._parts.runner.trouble
        text = "视图推进中断 | The projector is interrupted" if trouble else "视图推进正常 | The projector is at work"
        return [*checks, Check("projector", trouble is None, text, trouble or ""), self._timed()]

    def _timed(self) -> Check:
        """What the timer was refused is for people to look at: the service itself is fit."""
        refused = self._timer.refusals.values()
        text = (
            f"{len(refused)} 项被拒 | Refused {len(refused)} times" if refused else "无被拒事项 | Nothing was refused"
        )
        return Check("timer", True, text, "; ".join(f"{each.deadline.record_id}: {each.error}" for each in refused))

    def _leads(self) -> tuple[Ledger, AsyncConnectionPool[Any]] | None:
        """What the timer works with in the process that leads the projections, which an advisory lock makes one."""
        return (self._parts.ledger, self._parts.pool) if self._parts.runner.leads else None

    async def _watch(self) -> None:
        """Find the server again when it has gone: an attached process outlives the owner, and may be the next one."""
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), WATCH_SECONDS)
                return
            if self._parts.runner.trouble:
                await self._recover()

    async def _recover(self) -> None:
        try:
            uri = await asyncio.to_thread(self._database.start)
            if uri != self._parts.uri:  # a server whose folder has a long path listens in a new place each time
                former, self._parts = self._parts, await Parts.opened(uri, self._settings)
                await former.close()
        except (EmbeddedError, PersistenceError) as error:
            log.warning("database.gone", error=str(error))
