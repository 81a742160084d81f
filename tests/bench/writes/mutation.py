"""What does a mutation over GraphQL cost in CPU, compared with the same command called directly?"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, cast
from uuid import UUID, uuid4

import orjson
import uvloop
from pydantic import SecretStr

from projections.engine.rebuild import ensure
from schema.scalars import encode_id
from schema.schema import build
from service.access.tokens import DevelopmentTokens
from service.config import load
from service.ledger.ledger import Outcome
from service.main import Parts, Service
from service.resources import Database, acting, views
from tests.bench.measured import Benchmark, Measured, Note, ratio
from tests.bench.writes.append import CITY_FIC, Opened, rename
from tests.bench.writes.server import durable, settle

SECRET = "a secret of thirty-two bytes at least"
COMMANDS, CLIENTS = 2_000, 16
PATIENCE = 30.0
RENAME = """mutation($input: DivisionRenameInput!) { divisionRename(input: $input) {
    position errors { code message messageEn path } } }"""
RENAME_AND_READ = """mutation($input: DivisionRenameInput!) { divisionRename(input: $input) {
    position errors { code message messageEn path } division { id code name version } } }"""
ROW = "SELECT id, code, name, version FROM views.division WHERE id = %s"
HEAD = "SELECT max(notification_id) FROM ledger.shanghui_events"
names = itertools.count(1)
Give = Callable[[UUID], Coroutine[Any, Any, object]]


def benchmark(name: str) -> Benchmark:
    """What measures `mutation.cpu`, or `mutation.view` for one whose record is read back.

    It is CPU of the whole process, both ways: until the projector's thread has taken in what was written.
    """

    def measure(rounds: int, note: Note) -> Measured:
        with durable() as uri, asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
            ensure(acting(uri), views())
            stack = AsyncExitStack()
            process = loop.run(stack.enter_async_context(opened(uri)))
            mutate, call = process.ways(name)
            loop.run(mutate(process.opened.divisions[0]))  # whereby its document becomes known
            try:
                return ratio(
                    name,
                    lambda: loop.run(_cpu(uri, process, mutate)),
                    lambda: loop.run(_cpu(uri, process, call)),
                    rounds,
                    note,
                )
            finally:
                loop.run(stack.aclose())

    return measure


class Process:
    """What a serving process has, from the application that takes requests to the ledger and the projector."""

    def __init__(self, application: Any, parts: Parts) -> None:
        self._application, self.parts, self.opened = application, parts, Opened(parts.ledger)
        token = DevelopmentTokens(SECRET.encode()).issue(CITY_FIC.account, CITY_FIC.grants)
        self._headers = [(b"authorization", b"Bearer " + token.encode()), (b"content-type", b"application/json")]

    def ways(self, name: str) -> tuple[Give, Give]:
        """How the benchmark of this name gives a command: over GraphQL, and directly."""
        if name == "mutation.view":
            return partial(self.mutate, RENAME_AND_READ), self.call_and_read
        return partial(self.mutate, RENAME), self.call

    async def call(self, id: UUID) -> Outcome:
        """The command, given to the ledger."""
        return await self.parts.ledger.execute(rename(id))

    async def call_and_read(self, id: UUID) -> None:
        """The same, and its record's row as soon as the views show the write."""
        outcome = await self.call(id)
        assert await self.parts.runner.reached(outcome.position or 0, PATIENCE)
        async with self.parts.pool.connection() as connection:
            cursor = await connection.execute(ROW, [id])
            assert await cursor.fetchone() is not None

    async def mutate(self, text: str, id: UUID) -> None:
        """One mutation."""
        given = {"id": encode_id("Division", id), "idempotencyKey": str(uuid4()), "name": f"新{next(names)}"}
        answer = orjson.loads(await self._post(orjson.dumps({"query": text, "variables": {"input": given}})))
        assert not answer["data"]["divisionRename"]["errors"], answer

    async def _post(self, body: bytes) -> bytes:
        """The application's answer to one request, which its server has read."""
        headers = [*self._headers, (b"content-length", str(len(body)).encode())]
        address = {"type": "http", "http_version": "1.1", "scheme": "http", "method": "POST", "path": "/graphql"}
        scope = {**address, "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1)}
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))

        await self._application(scope, receive, send)
        return b"".join(sent)

    async def followed(self) -> None:
        """Wait until the views show all that was written."""
        async with self.parts.pool.connection() as connection:
            row = await (await connection.execute(HEAD)).fetchone()
        assert row is not None
        assert await self.parts.runner.reached(row[0], PATIENCE)


@asynccontextmanager
async def opened(uri: str) -> AsyncIterator[Process]:
    """A serving process without its socket, with divisions to rename."""
    settings = load(read_connections=3, database_url=SecretStr(uri), secret=SecretStr(SECRET))
    service = Service(settings, Database(settings))
    application = service.application(build())
    async with service.lifespan(cast(Any, None)):
        process = Process(application, service._parts)
        for n in range(64):
            await process.opened.define(f"4102{n:02}")
        yield process


async def _cpu(uri: str, process: Process, give: Give) -> float:
    """Microseconds of CPU a command."""
    await asyncio.to_thread(settle, uri)
    head = process.opened.divisions
    shares = [list(itertools.islice(itertools.cycle(head[n::CLIENTS]), COMMANDS // CLIENTS)) for n in range(CLIENTS)]
    began = time.process_time()
    await asyncio.gather(*(_each(share, give) for share in shares))
    await process.followed()
    return (time.process_time() - began) / COMMANDS * 1e6


async def _each(divisions: list[UUID], give: Give) -> None:
    for id in divisions:
        await give(id)
