"""The whole schema over a real database: requests go the way a front end's do, but for HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLError
from psycopg_pool import AsyncConnectionPool

from projections import ALL
from projections.engine import Runner, Store
from projections.engine.runs import Runs
from schema.compiled.fragments import Subplans
from schema.context import Context, Reader
from schema.schema import build
from service.domain.roles import Actor, Grant, Role
from service.ledger.ledger import CHINA, Clock, Ledger
from service.ledger.log import EventLog
from service.ledger.store import LedgerStore
from service.resources import READ_ONLY, REAL_TIME, acting, views

CITY = Actor("city-fic", (Grant(Role.CITY_FIC),))
AUDITOR = Actor("auditor", (Grant(Role.AUDITOR),))
KEY = b"a key for the cursors of the tests"


@dataclass
class Api:
    """What a front end has: queries and mutations under some account."""

    ledger: Ledger
    runner: Runner
    pool: AsyncConnectionPool[Any]
    runs: Runs
    trace: list[str] = field(default_factory=list)
    subplans: Subplans | None = None

    def context(self, viewer: Actor | None) -> Context:
        reader = Reader(self.pool, self.runner)
        return Context(viewer, self.ledger, self.runner, reader, KEY, runs=self.runs, subplans=self.subplans)

    async def run(self, text: str, viewer: Actor | None = AUDITOR, **variables: Any) -> Any:
        """The whole result."""
        return await build().execute(text, variable_values=variables, context_value=self.context(viewer))

    async def ask(self, text: str, viewer: Actor | None = AUDITOR, **variables: Any) -> Any:
        """The data of a query that must succeed."""
        result = await self.run(text, viewer, **variables)
        assert result.errors is None, result.errors
        return result.data

    async def fails(self, text: str, viewer: Actor | None = AUDITOR, **variables: Any) -> str:
        """The code of a query that must fail."""
        result = await self.run(text, viewer, **variables)
        assert result.errors, result.data
        cause = result.errors[0].original_error
        error = cause if isinstance(cause, GraphQLError) else result.errors[0]
        return str((error.extensions or {}).get("code", "BAD_USER_INPUT"))

    async def give(self, mutation: str, viewer: Actor, select: str = "", **given: Any) -> Any:
        """The payload of a mutation: errors, and what is selected. The views show the write by then."""
        given.setdefault("idempotencyKey", str(uuid4()))
        name = mutation[0].upper() + mutation[1:]
        text = f"""mutation($input: {name}Input!) {{ {mutation}(input: $input) {{
            errors {{ __typename code message messageEn path basis
                ... on VersionConflictError {{ actualVersion }}
                ... on NotAllowedInStateError {{ allowedCommands }} }}
            position {select} }} }}"""
        payload = (await self.ask(text, viewer, input=given))[mutation]
        assert await self.runner.reached(int(payload["position"] or 0), 10)
        return payload

    async def done(self, mutation: str, viewer: Actor, select: str = "", **given: Any) -> Any:
        """The payload of a mutation that must be carried out."""
        payload = await self.give(mutation, viewer, select, **given)
        assert payload["errors"] == [], payload["errors"]
        return payload

    async def refused(self, mutation: str, viewer: Actor, **given: Any) -> dict[str, Any]:
        """The one error of a mutation that must be refused, and leaves the log as it was."""
        before = await self.head()
        payload = await self.give(mutation, viewer, **given)
        assert len(payload["errors"]) == 1, payload
        assert payload["position"] is None
        assert await self.head() == before
        error: dict[str, Any] = payload["errors"][0]
        return error

    async def head(self) -> int:
        """How many events there are."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute("SELECT count(*) FROM ledger.shanghui_events")).fetchone()
            return int(row[0]) if row else 0


class Calendar:
    """A time that stands still until a test moves it: always noon in China."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> datetime:
        """The moment, in UTC."""
        return datetime.combine(self.day, time(12), CHINA).astimezone(UTC)


@asynccontextmanager
async def opened(uri: str, clock: Clock = REAL_TIME) -> AsyncIterator[Api]:
    """The API over a migrated database, by the real time unless a test has a clock of its own."""
    ledger = Ledger(LedgerStore(uri), clock)
    runner = Runner(acting(uri), Store(EventLog(), ALL))
    runs = Runs(acting(uri), views)
    runner.start()
    try:
        async with AsyncConnectionPool(acting(uri, READ_ONLY), min_size=1, max_size=3) as pool:
            await runner.reached(0, 10)
            yield Api(ledger, runner, pool, runs)
    finally:
        runs.stop()
        runner.stop()
        await ledger.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def database(ready_database: str) -> str:
    """A database that the API can begin to work on at once."""
    return ready_database


@pytest.fixture
async def api(database: str) -> AsyncIterator[Api]:
    async with opened(database) as api:
        yield api
