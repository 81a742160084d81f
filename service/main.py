"""How are the parts joined into a running service? Here, and nowhere else."""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from eventsourcing.persistence import PersistenceError
from psycopg import capabilities
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.types import ASGIApp
from strawberry import Schema

from projections import ALL
from projections.engine import Runner, Store
from projections.engine.runs import Runs
from schema.compiled.fragments import Subplans
from schema.compiled.pipeline import PipelinedReader
from schema.compiled.plans import Plans
from schema.compiled.reader import PlainReader
from schema.context import Context, Reader
from service.access.tokens import DevelopmentTokens
from service.config import Settings, SettingsError
from service.domain.roles import Actor
from service.ledger.ledger import Clock, Ledger
from service.ledger.log import EventLog
from service.ledger.migrate import MigrationError, migrate, pending
from service.ledger.store import ROLE, LedgerStore
from service.postgres import Embedded, EmbeddedError
from service.postgres.account import Account
from service.timer import Timer
from service.web.app import app
from service.web.endpoint import Endpoint
from service.web.gate import Gate
from service.web.health import Check, examine
from service.web.version import version

WATCH_SECONDS = 1.0
KNOWN_SECONDS = 1.0
READ_ONLY = (
    "-c timezone=UTC -c jit=off -c default_transaction_read_only=on -c search_path=views -c statement_timeout=5000"
)
REAL_TIME: Clock = partial(datetime.now, UTC)
log = structlog.get_logger()


class Database:
    """The PostgreSQL of this process: the one that DATABASE_URL names, else an embedded one in the data folder."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.database_url and settings.database_url.get_secret_value()
        self._embedded = None if self._url else Embedded(settings.data)

    def start(self) -> str:
        """The URI of a running server; starts one if need be, also when an earlier one has gone.

        Raises EmbeddedError when none can run.
        """
        return self._embedded.start() if self._embedded else str(self._url)

    def prepare(self) -> str:
        """The URI of a running server with a database of this release.

        Raises MigrationError when somebody else's database needs migrations: its owner decides when.
        """
        uri = self.start()
        todo = pending(uri)
        if todo and self._embedded is None:
            raise MigrationError(
                f"数据库有 {len(todo)} 个待执行的迁移，请先运行 shanghui migrate | "
                f"The database lacks {len(todo)} migrations: run shanghui migrate first"
            )
        if todo:
            migrate(uri)
        return uri

    def stop(self) -> None:
        """Stop the embedded server if this process owns it."""
        if self._embedded:
            self._embedded.stop()


@contextmanager
def prepared(settings: Settings) -> Iterator[str]:
    """The URI of this process's database, migrated, until the block ends."""
    database = Database(settings)
    try:
        yield database.prepare()
    finally:
        database.stop()


def acting(uri: str, more: str = "") -> str:
    """The same URI, its connections acting as the role that owns the views and may only append to the log."""
    given = conninfo_to_dict(uri).get("options") or ""
    return make_conninfo(uri, options=f"{given} -c role={ROLE} {more}".strip())


@asynccontextmanager
async def ledger(uri: str, clock: Clock = REAL_TIME) -> AsyncIterator[Ledger]:
    """A ledger on a migrated database until the block ends. Only the demonstration brings a clock of its own."""
    opened = Ledger(await asyncio.to_thread(LedgerStore, uri), clock)
    try:
        yield opened
    finally:
        await opened.close()


def reading(uri: str, most: int) -> AsyncConnectionPool[Any]:
    """Read-only connections to the views, not yet opened."""
    return AsyncConnectionPool(
        acting(uri, READ_ONLY),
        min_size=1,
        max_size=most,
        timeout=5,
        kwargs={"autocommit": True, "connect_timeout": 3},
        check=AsyncConnectionPool.check_connection,
        open=False,
    )


def reader_of(settings: Settings) -> type[PipelinedReader | PlainReader]:
    """What compiled statements are read with: lines in pipeline mode, where libpq has it and unless told otherwise."""
    return PipelinedReader if settings.reader == "pipeline" and capabilities.has_pipeline() else PlainReader


def views() -> Store:
    """The views that this program declares, where readers expect them."""
    return Store(EventLog(), ALL)


def secret_of(settings: Settings) -> bytes:
    """The key that signs tokens and cursors: as set, else one generated once beside the embedded database.

    Raises SettingsError when there is neither.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    if settings.database_url is not None:
        raise SettingsError("使用外部数据库时须设置 SHANGHUI_SECRET | With DATABASE_URL, SHANGHUI_SECRET must be set")
    return _generated(settings.data)


def _generated(folder: Path) -> bytes:
    path = folder / "secret"
    if not path.exists():
        Account.for_server().open_way(folder)
        draft = folder / f"secret.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was first: its secret counts
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_bytes()


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


class Service:
    """A serving process. Its database must have been prepared."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._secret = secret_of(settings)
        self._cursor_key = hmac.digest(self._secret, b"cursors", "sha256")
        self._stopping, self._timer = asyncio.Event(), Timer()
        self._examining, self._known_until = asyncio.Lock(), 0.0
        self._checks: list[Check] = []
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

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        """The one value of a read-only statement. Raises ReadFailed."""
        return await self._parts.lines.fetch(sql, values)

    async def reached(self, position: int, seconds: float) -> bool:
        """Whether all views show a position, now or in so many seconds; not while one of them is parked before it."""
        runner = self._parts.runner
        parked = (each.position for each in runner.status().values() if each.parked_at)
        return await runner.reached(position, seconds) and all(stopped >= position for stopped in parked)

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Stand while requests are served. Whoever serves ends with a signal, so all is put away in here."""
        try:
            uri = await asyncio.to_thread(self._database.start)
            self._parts = await Parts.opened(uri, self._settings)
            work = (self._watch(), self._timer.keep(self._leads, self._stopping))
            tasks = [asyncio.create_task(each) for each in work]
            try:
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
