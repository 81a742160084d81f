"""What does a mutation over GraphQL cost in CPU, compared with the same command called directly?"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import uvloop

from projections.engine.rebuild import ensure
from schema.context import Context, Reader
from schema.scalars import encode_id
from schema.schema import build
from service.config import load
from service.main import Parts
from service.resources import acting, views
from tests.bench.measured import Benchmark, Measured, Note, ratio
from tests.bench.writes.append import CITY_FIC, Opened, rename
from tests.bench.writes.server import durable, settle

COMMANDS, CLIENTS = 2_000, 16
RENAME = """mutation($input: DivisionRenameInput!) { divisionRename(input: $input) {
    position errors { code message messageEn path } } }"""
names = itertools.count(1)
Give = Callable[[UUID], Awaitable[None]]


def benchmark(name: str) -> Benchmark:
    """What measures `mutation.cpu`: CPU of the whole process, the projector's thread included, both ways."""

    def measure(rounds: int, note: Note) -> Measured:
        with durable() as uri, asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
            ensure(acting(uri), views())
            process = loop.run(open_process(uri))
            try:
                return ratio(
                    name,
                    lambda: loop.run(_cpu(uri, process, process.mutate)),
                    lambda: loop.run(_cpu(uri, process, process.call)),
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

    async def call(self, id: UUID) -> None:
        """The same command, given to the ledger."""
        await self.parts.ledger.execute(rename(id))

    async def mutate(self, id: UUID) -> None:
        """One mutation, answered when its outcome can be read."""
        given: dict[str, Any] = {
            "id": encode_id("Division", id), "idempotencyKey": str(uuid4()), "name": f"新{next(names)}",
        }  # fmt: skip
        context = Context(
            CITY_FIC, self.parts.ledger, self.parts.runner, Reader(self.parts.pool, self.parts.runner), b"cursors"
        )
        result = await self.schema.execute(RENAME, variable_values={"input": given}, context_value=context)
        assert result.errors is None
        assert result.data is not None
        assert not result.data["divisionRename"]["errors"]


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
    return (time.process_time() - began) / COMMANDS * 1e6


async def _each(divisions: list[UUID], give: Give) -> None:
    for id in divisions:
        await give(id)
