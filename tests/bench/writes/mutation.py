"""What does a mutation over GraphQL cost in CPU, compared with the same command called directly?"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import uvloop

from projections.engine.rebuild import ensure
from schema.context import Context, Reader
from schema.scalars import encode_id
from schema.schema import build
from service.config import load
from service.ledger.ledger import Outcome
from service.main import Parts
from service.resources import acting, views
from tests.bench.measured import Benchmark, Measured, Note, ratio
from tests.bench.writes.append import CITY_FIC, Opened, rename
from tests.bench.writes.server import durable, settle

COMMANDS, CLIENTS = 2_000, 16
PATIENCE = 30.0
RENAME = """mutation($input: DivisionRenameInput!) { divisionRename(input: $input) {
    position errors { code message messageEn path } } }"""
RENAME_AND_READ = """mutation($input: DivisionRenameInput!) { divisionRename(input: $input) {
    position errors { code message messageEn path } division { id code name version } } }"""
ROW = "SELECT id, code, name, version FROM views.division WHERE id = %s"
HEAD = "SELECT max(notification_id) FROM ledger.shanghui_events"
names = itertools.count(1)
Give = Callable[[UUID], Awaitable[object]]


def benchmark(name: str) -> Benchmark:
    """What measures `mutation.cpu`, or `mutation.view` for one whose record is read back.

    It is CPU of the whole process, both ways: until the projector's thread has taken in what was written.
    """

    def measure(rounds: int, note: Note) -> Measured:
        with durable() as uri, asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
            ensure(acting(uri), views())
            process = loop.run(open_process(uri))
            mutate, call = process.ways(name)
            try:
                return ratio(
                    name,
                    lambda: loop.run(_cpu(uri, process, mutate)),
                    lambda: loop.run(_cpu(uri, process, call)),
                    rounds,
                    note,
                )
            finally:
                loop.run(process.parts.close())

    return measure


class Process:
    """What a serving process has: a ledger, a projector, a pool for reading and the schema."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.opened, self.schema = parts, Opened(parts.ledger), build()

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
        given: dict[str, Any] = {
            "id": encode_id("Division", id), "idempotencyKey": str(uuid4()), "name": f"新{next(names)}",
        }  # fmt: skip
        context = Context(
            CITY_FIC, self.parts.ledger, self.parts.runner, Reader(self.parts.pool, self.parts.runner), b"cursors"
        )
        result = await self.schema.execute(text, variable_values={"input": given}, context_value=context)
        assert result.errors is None
        assert result.data is not None
        assert not result.data["divisionRename"]["errors"]

    async def followed(self) -> None:
        """Wait until the views show all that was written."""
        async with self.parts.pool.connection() as connection:
            row = await (await connection.execute(HEAD)).fetchone()
        assert row is not None
        assert await self.parts.runner.reached(row[0], PATIENCE)


async def open_process(uri: str) -> Process:
    process = Process(await Parts.opened(uri, load(read_connections=3)))
    for n in range(64):
        await process.opened.define(f"4102{n:02}")
    return process


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
