"""What does the past cost? The same question as of random positions and now, asked in turns.

What counts is what a caller sees: the served product is asked over one connection, without its answer cache, and each
answer is timed to its last byte. The notes also tell what the statement behind it costs by itself. Of all sorts that
are offered, the one with the highest ratio counts. A connection that is new to PostgreSQL has none of its memory mapped
yet, and takes microseconds for each page of it: so the past is first gone through once, untimed.
"""

from __future__ import annotations

import re
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson
import psycopg
from graphql import GraphQLEnumType, parse

from projections.engine.table import VIEWS
from schema.compiled.bindings import Request
from schema.compiled.operations import Query, operation_of
from schema.compiled.planner import Plan
from schema.compiled.reader import encoded
from schema.context import Reading
from schema.scalars import encode_id
from schema.schema import build
from service.domain.roles import Actor, Grant, Role
from service.resources import READ_ONLY, acting
from tests.bench.measured import Benchmark, Measured, Note, summary
from tests.bench.reads.city import CITY
from tests.bench.reads.database import Server, city_server
from tests.bench.reads.measure import on_other_core
from tests.bench.reads.questions import ONE
from tests.bench.reads.servers import UNCACHED, Running, free_port, product, running
from tests.bench.views.following import CACHE, size

SCHEMA = build()._schema
READING = Reading.of(Actor("bench", (Grant(Role.AUDITOR),)))
GENERIC = f"{READ_ONLY} -c plan_cache_mode=force_generic_plan"
TIMES, UNTIMED = 40, 3
"""How often each of the two is asked in a round, and how often before anything is timed."""
FIELDS = "name state since funds version recordedAt effectiveOn unitMembers domicile"
SORTS = SCHEMA.type_map["ChamberOrderField"]
assert isinstance(SORTS, GraphQLEnumType)
QUESTIONS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "as_of.record": [f"node(id: $id) {{ id ... on Chamber {{ {FIELDS} }} }}"],
        "as_of.list": [f'chambers(first: 50, where: {{within: "{CITY}01"}}) {{ nodes {{ {FIELDS} }} }}'],
        "as_of.statistics": ["dashboard { nodes { division { name } townships registered inProgress issuesSolved } }"],
        "as_of.sort": [
            f"chambers(first: 50, orderBy: {{field: {field}, direction: DESC}}) {{ nodes {{ {FIELDS} }} }}"
            for field in SORTS.values
        ],
    }
)
Ask = Callable[[str, Mapping[str, Any]], float]
"""Asks a question with its variables, and says how many seconds it takes until the answer is there."""


class Times(NamedTuple):
    """The median seconds of a question about the past, and of the same one about the present."""

    past: float
    now: float

    @property
    def ratio(self) -> float:
        """How many times as long the past takes."""
        return self.past / self.now

    def __str__(self) -> str:
        return f"{1_000 * self.past:.2f} ms / {1_000 * self.now:.2f} ms = {self.ratio:.3f}"


def benchmark(name: str) -> Benchmark:
    """What measures one of these: the time in the past divided by the time now."""

    def measure(rounds: int, note: Note) -> Measured:
        CACHE.mkdir(parents=True, exist_ok=True)
        with on_other_core(), city_server(CACHE, size()) as database, _askers(database) as (caller, statement):
            for question in QUESTIONS[name]:
                go_through(caller, question)
                go_through(statement, question)

            def once(number: int, question: str) -> float:
                seen, alone = (times(ask, question, Random(number)) for ask in (caller, statement))
                note(f"{name}: {seen}; the statement {alone}; {question[:60]}")
                return seen.ratio

            return summary(name, [max(once(n, each) for each in QUESTIONS[name]) for n in range(rounds)])

    return measure


def times(ask: Ask, question: str, random: Random) -> Times:
    """How long a question takes as of positions in the later half of the log, and now."""
    past, now = list[float](), list[float]()
    for _ in range(UNTIMED + TIMES):
        now.append(ask(*put(question, None)))
        past.append(ask(*put(question, random.randint(size().events // 2, size().events))))
    return Times(statistics.median(past[UNTIMED:]), statistics.median(now[UNTIMED:]))


def go_through(ask: Ask, question: str) -> None:
    """Ask a question once of each segment that it will be asked of."""
    for position in range(size().events // 2, size().events, 1 << VIEWS.segment_bits):
        ask(*put(question, position))


def put(question: str, position: int | None) -> tuple[str, dict[str, str]]:
    """A question as a document, now or as of a position, and its variables."""
    given = {"$id: ID!": encode_id("Chamber", ONE)} if "$id" in question else {}
    moment = {} if position is None else {"$at: Position!": str(position)}
    inner = f"asOf(at: {{position: $at}}) {{ {question} }}" if moment else question
    declared = ", ".join(given | moment)
    text = f"query({declared}) {{ {inner} }}" if declared else f"{{ {inner} }}"
    return text, {name[1:].partition(":")[0]: value for name, value in (given | moment).items()}


@contextmanager
def _askers(database: Server) -> Iterator[tuple[Ask, Ask]]:
    """The served product, and the database that it asks."""
    port = free_port()
    with (
        running(product(database, port, UNCACHED), port, CACHE / "ours.log") as server,
        socket.create_connection(("127.0.0.1", port)) as line,
        psycopg.connect(acting(database.uri, GENERIC), autocommit=True) as connection,
    ):
        yield Caller(server, line), Statements(connection)


class Caller:
    """Asks the product over one connection."""

    def __init__(self, server: Running, line: socket.socket) -> None:
        self._line, token = line, server.contender.token
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            f"POST {server.contender.path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n"
            "content-type: application/json\r\ncontent-length: "
        )

    def __call__(self, text: str, variables: Mapping[str, Any]) -> float:
        """Ask, and wait for the whole answer."""
        body = orjson.dumps({"query": text, "variables": variables})
        request = f"{self._head}{len(body)}\r\n\r\n".encode() + body
        began = time.perf_counter()
        self._line.sendall(request)
        answer = self._answer()
        seconds = time.perf_counter() - began
        assert answer.startswith(b'{"data":{'), answer
        return seconds

    def _answer(self) -> bytes:
        head, _, body = self._line.recv(65_536).partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert length, head
        while len(body) < int(length[1]):
            body += self._line.recv(65_536)
        return body


class Statements:
    """Asks PostgreSQL by the statements that the product answers with once it knows a question."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._line = connection.pgconn
        self._prepared: dict[str, tuple[bytes, Query, Plan]] = {}

    def __call__(self, text: str, variables: Mapping[str, Any]) -> float:
        """Execute the prepared statement of a question."""
        if text not in self._prepared:
            self._prepare(text, variables)
        name, query, plan = self._prepared[text]
        request = Request(query.variables(variables), READING, b"bench")
        values: Sequence[Any] = [encoded(getter(request)) for getter in plan.getters]
        began = time.perf_counter()
        result = self._line.exec_prepared(name, values)
        seconds = time.perf_counter() - began
        assert result.status == psycopg.pq.ExecStatus.TUPLES_OK, result.error_message
        return seconds

    def _prepare(self, text: str, variables: Mapping[str, Any]) -> None:
        query = operation_of(SCHEMA, parse(text), None)
        assert isinstance(query, Query), text
        plan = query.learn(variables, READING)
        assert plan is not None, text
        name = str(len(self._prepared)).encode()
        self._line.prepare(name, plan.sql.encode())
        self._prepared[text] = name, query, plan
