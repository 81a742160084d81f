"""How are servers measured side by side?

All of them run at once on one database. Their answers are compared before anything is timed, and rounds are
interleaved: each server in turn, again and again.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench.measured import Benchmark, Measured, Note
from tests.bench.reads.city import Size
from tests.bench.reads.comparisons import Cell, Comparison, cells, chosen, found
from tests.bench.reads.database import Server, city_server
from tests.bench.reads.install import Peers, Unavailable
from tests.bench.reads.load import Load, load
from tests.bench.reads.questions import same
from tests.bench.reads.servers import OTHER_CORE, SERVER_CORE, Running, contender, free_port, running

CACHE = Path(tempfile.gettempdir(), "shanghui-bench")
SECONDS = 3
ON_NODE = frozenset({"mercurius", "postgraphile"})
SHOWN = 600
"""Bytes of an answer that are shown when it differs."""


class Plan(NamedTuple):
    """How often each server is measured, for how many seconds each time, and who is told of the loads."""

    rounds: int
    seconds: int
    note: Note


class Different(RuntimeError):
    """Two servers answer a question differently: their speeds cannot be compared."""


def benchmark(name: str) -> Benchmark:
    """What measures one comparison by itself; several share their loads when they are given to `measured` at once."""

    def measure(rounds: int, note: Note) -> Measured:
        (only,) = measured(chosen([name]), Plan(rounds, SECONDS, note), CACHE)
        return only

    return measure


def measured(comparisons: Sequence[Comparison], plan: Plan, cache: Path) -> Iterator[Measured]:
    """Every comparison's ratio, as soon as it is known."""
    cache.mkdir(parents=True, exist_ok=True)
    with on_other_core(), city_server(cache, Size()) as database:
        for _, family in groupby(comparisons, attrgetter("family")):
            yield from _family(list(family), plan, database, cache)


@contextmanager
def on_other_core() -> Iterator[None]:
    """Leave the first core to the servers: PostgreSQL and wrk, which this process starts, inherit the second.

    Raises Unavailable when there are not two.
    """
    before = os.sched_getaffinity(0)
    if not {SERVER_CORE, OTHER_CORE} <= before:
        raise Unavailable("须有两个处理器核心 | Two processor cores are needed")
    os.sched_setaffinity(0, {OTHER_CORE})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _family(comparisons: Sequence[Comparison], plan: Plan, database: Server, cache: Path) -> Iterator[Measured]:
    with ExitStack() as stack:
        servers = _started(comparisons, database, cache, stack)
        for cell in cells(comparisons):
            needed = {name: servers[name] for each in cell.comparisons for name in (each.ours, each.peer)}
            compare(list(needed.values()), cell.question)
            timed = _rounds(needed, cell, plan, database.pid)
            _tell(plan.note, cell, timed)
            yield from (found(each, timed) for each in cell.comparisons)


def _started(
    comparisons: Sequence[Comparison], database: Server, cache: Path, stack: ExitStack
) -> Mapping[str, Running]:
    """The servers that the comparisons need; ours first, whose answers the static one gives."""
    names = list(dict.fromkeys([*(each.ours for each in comparisons), *(each.peer for each in comparisons)]))
    peers, answers = Peers(cache), cache / "answers"
    if ON_NODE.intersection(names):
        peers.install()
    servers: dict[str, Running] = {}
    for name in names:
        if name == "static":
            _keep(servers[comparisons[0].ours], comparisons, answers)
        port = free_port()
        server = contender(name, port, database, peers, answers)
        servers[name] = stack.enter_context(running(server, port, cache / f"{name}.log"))
    return servers


def _keep(server: Running, comparisons: Sequence[Comparison], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for question in {"Q1", *(each.question for each in comparisons)}:
        (folder / f"{question}.json").write_bytes(server.ask(question))


def compare(servers: Sequence[Running], question: str) -> None:
    """Raise Different unless all servers answer the same."""
    first, *others = servers
    answer = first.ask(question)
    for other in others:
        theirs = other.ask(question)
        if not same(answer, theirs):
            told = [f"{who.contender.name}: {text[:SHOWN]!r}" for who, text in ((first, answer), (other, theirs))]
            raise Different("\n".join([f"{question} is answered differently:", *told]))


def _rounds(servers: Mapping[str, Running], cell: Cell, plan: Plan, database: int) -> list[dict[str, Load]]:
    """The loads of each round; one more goes before, for compilers to compile and for pools to fill."""
    _, *rounds = [
        {name: load(each, cell.question, cell.connections, plan.seconds, database) for name, each in servers.items()}
        for _ in range(1 + plan.rounds)
    ]
    return rounds


def _tell(note: Note, cell: Cell, rounds: Sequence[Mapping[str, Load]]) -> None:
    """Show the medians that the ratios follow from."""
    for name in rounds[0]:
        at = Load(*(median(values) for values in zip(*(each[name] for each in rounds), strict=True)))
        note(
            f"{cell.question} {cell.connections:>2} {name:<12} {at.rate:>8.0f}/s  p50 {at.p50:>7.0f} µs"
            f"  p99 {at.p99:>7.0f} µs  cpu {at.cpu:>6.0f} µs  postgres {at.database:>5.0f} µs"
        )
