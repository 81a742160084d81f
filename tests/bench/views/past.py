"""What does the past cost? The same question as of random positions and now, through GraphQL, side by side."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Any

from projections.engine.connection import connect
from projections.engine.runner import Runner
from schema.compiled.bindings import Request
from schema.compiled.pipeline import PipelinedReader
from schema.compiled.plans import Query
from schema.context import Reading
from schema.scalars import encode_id
from schema.schema import build
from service.domain.roles import Actor, Grant, Role
from service.resources import READ_ONLY, acting, views
from tests.bench.measured import Benchmark, Measured, Note, summary
from tests.bench.reads.city import CITY
from tests.bench.reads.database import city_server
from tests.bench.views.following import CACHE, size
from tests.schema.paths import query

READING = Reading.of(Actor("bench", (Grant(Role.AUDITOR),)))
GENERIC = f"{READ_ONLY} -c plan_cache_mode=force_generic_plan"
TIMES = 60
"""How often each of the two is asked in a round."""
FIELDS = "name state since funds version recordedAt effectiveOn unitMembers domicile"
QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "as_of.record": f"node(id: $id) {{ id ... on Chamber {{ {FIELDS} }} }}",
        "as_of.list": f'chambers(first: 50, where: {{within: "{CITY}01"}}) {{ nodes {{ {FIELDS} }} }}',
        "as_of.statistics": "dashboard { nodes { division { name } townships registered inProgress issuesSolved } }",
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
    runner, lines = Runner(uri, views()), PipelinedReader(acting(uri, GENERIC))
    runner.start()
    await lines.open()
    try:
        assert await runner.reached(size().events, 60)
        asker = Asker(runner, lines, str(row[0]))
        return [await asker.round(name, n, note) for n in range(rounds)]
    finally:
        await lines.close()
        await asyncio.to_thread(runner.stop)


class Asker:
    """Asks a question now and then, by the statements that the service answers with once it knows a question."""

    def __init__(self, runner: Runner, lines: PipelinedReader, chamber: str) -> None:
        self.fetch, self.reached = lines.fetch, runner.reached
        self._schema, self._chamber = build()._schema, chamber
        self._operations: dict[str, Query] = {}

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
        """How many seconds it takes until the bytes of the answer are there."""
        text, variables = self._put(question, position)
        operation = self._operations.setdefault(text, query(text))
        plan = operation.plan(variables, READING, make=True)
        assert plan is not None, text
        began = time.perf_counter()
        data = await plan.read(Request(operation.variables(variables), READING, b"bench"), self)
        seconds = time.perf_counter() - began
        assert data is not None, text
        return seconds

    def _put(self, question: str, position: int | None) -> tuple[str, dict[str, Any]]:
        given = {"$id: ID!": encode_id("Chamber", self._chamber)} if "$id" in question else {}
        moment = {} if position is None else {"$at: Position!": str(position)}
        inner = f"asOf(at: {{position: $at}}) {{ {question} }}" if moment else question
        declared = ", ".join(given | moment)
        text = f"query({declared}) {{ {inner} }}" if declared else f"{{ {inner} }}"
        return text, {name[1:].partition(":")[0]: value for name, value in (given | moment).items()}
