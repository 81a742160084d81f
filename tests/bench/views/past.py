"""What does the past cost? The same question as of random positions and now, through GraphQL, side by side."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Any

from psycopg_pool import AsyncConnectionPool
from strawberry import Schema

from projections.engine.connection import connect
from projections.engine.runner import Runner
from schema.context import Context, Reader
from schema.scalars import encode_id
from schema.schema import build
from service.domain.roles import Actor, Grant, Role
from service.ledger.ledger import Ledger
from service.ledger.store import LedgerStore
from service.resources import READ_ONLY, acting, views
from tests.bench.measured import Benchmark, Measured, Note, summary
from tests.bench.reads.city import CITY
from tests.bench.reads.database import city_server
from tests.bench.views.following import CACHE, size

AUDITOR = Actor("bench", (Grant(Role.AUDITOR),))
TIMES = 60
"""How often each of the two is asked in a round."""
FIELDS = "name state since funds version recordedAt effectiveOn unitMembers domicile"
QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "as_of.record": f"node(id: $id) {{ id ... on Chamber {{ {FIELDS} }} }}",
        "as_of.list": f'chambers(first: 50, where: {{within: "{CITY}01"}}) {{ nodes {{ {FIELDS} }} }}',
        "as_of.statistics": "coverage { townships registered inProgress none units { registered } }",
        "as_of.sort": "chambers(first: 50, orderBy: {field: SINCE, direction: DESC}) { nodes { " + FIELDS + " } }",
    }
)


def benchmark(name: str) -> Benchmark:
    """What measures one of these: the time in the past divided by the time now."""

    def measure(rounds: int, note: Note) -> Measured:
        CACHE.mkdir(parents=True, exist_ok=True)
        with city_server(CACHE, size()) as server:
            found = asyncio.run(_measured(acting(server.uri), name, rounds, note))
        return summary(name, found)

    return measure


async def _measured(uri: str, name: str, rounds: int, note: Note) -> list[float]:
    with connect(uri) as connection:
        (row,) = connection.execute("SELECT id FROM views.chamber ORDER BY id LIMIT 1").fetchall()
    ledger, runner = Ledger(await asyncio.to_thread(LedgerStore, uri)), Runner(uri, views())
    runner.start()
    try:
        async with AsyncConnectionPool(acting(uri, READ_ONLY), min_size=1, max_size=2) as pool:
            await runner.reached(size().events, 60)
            asker = Asker(build(), Context(AUDITOR, ledger, runner, Reader(pool, runner), b"bench"), str(row[0]))
            return [await asker.round(name, n, note) for n in range(rounds)]
    finally:
        await asyncio.to_thread(runner.stop)
        await ledger.close()


class Asker:
    """Asks a question now and then."""

    def __init__(self, schema: Schema, context: Context, chamber: str) -> None:
        self._schema, self._context, self._chamber = schema, context, chamber

    async def round(self, name: str, number: int, note: Note) -> float:
        """The median time of the past divided by that of the present, asked in turns."""
        random, now, past = Random(number), list[float](), list[float]()
        for _ in range(TIMES):
            position = random.randint(size().events // 2, size().events)
            now.append(await self._ask(QUESTIONS[name], None))
            past.append(await self._ask(QUESTIONS[name], position))
        a, b = statistics.median(past), statistics.median(now)
        note(f"{name}: {1_000 * a:.2f} ms / {1_000 * b:.2f} ms = {a / b:.3f}")
        return a / b

    async def _ask(self, question: str, position: int | None) -> float:
        self._context.loaders.clear()
        given = "$id: ID!" if "$id" in question else ""
        moment = "" if position is None else "$at: Position!"
        named = ", ".join(each for each in (given, moment) if each)
        inner = question if position is None else f"asOf(at: {{position: $at}}) {{ {question} }}"
        text = f"query({named}) {{ {inner} }}" if named else f"{{ {inner} }}"
        variables: dict[str, Any] = {"id": encode_id("Chamber", self._chamber)} if given else {}
        variables |= {} if position is None else {"at": str(position)}
        began = time.perf_counter()
        result = await self._schema.execute(text, variable_values=variables, context_value=self._context)
        seconds = time.perf_counter() - began
        assert result.errors is None, result.errors
        return seconds
