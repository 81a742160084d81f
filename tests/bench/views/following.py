"""How fast do the views follow the log and come to be anew, beside the library; how soon is a write to be seen?"""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from uuid import uuid4

from projections.engine.connection import connect
from projections.engine.rebuild import build
from projections.engine.runner import Runner
from projections.engine.store import Store
from projections.engine.table import VIEWS
from service.domain.decision import Request
from service.domain.identifiers import name_id
from service.domain.record import Source
from service.ledger.ledger import Ledger
from service.ledger.store import LedgerStore
from service.resources import acting, views
from tests.bench.measured import Benchmark, Measured, Note, ratio, summary
from tests.bench.reads.city import CITY, Size
from tests.bench.reads.database import city_server
from tests.bench.views.library import Follower, followed, following, rate
from tests.bench.writes.append import CITY_FIC, RENAME

CACHE = Path(tempfile.gettempdir(), "shanghui-bench")
UNIT = name_id(f"division/{CITY}01")
STRETCH, SECONDS, WRITES = 8_192, 4.0, 40
UNTIMED = 15.0
LEAST = 100
"""How many events a township of the city needs at least."""


def size() -> Size:
    """The city that is measured: a million events, unless SHANGHUI_BENCH_EVENTS says otherwise."""
    events = int(os.environ.get("SHANGHUI_BENCH_EVENTS", "1000000"))
    return Size(events=events, townships=min(Size().townships, events // LEAST))


def benchmark(name: str) -> Benchmark:
    """What measures one of these."""
    measures: dict[str, Callable[[str, int, Note], Measured]] = {
        "project.library": _project,
        "rebuild.library": _rebuild,
        "lag.p50_ms": _lag,
        "read_your_writes.library": _read_your_writes,
    }

    def measure(rounds: int, note: Note) -> Measured:
        CACHE.mkdir(parents=True, exist_ok=True)
        with city_server(CACHE, size()) as server:
            return measures[name](acting(server.uri), rounds, note)

    return measure


def _project(uri: str, rounds: int, note: Note) -> Measured:
    start = size().events - (rounds + 1) * STRETCH
    with _batches(uri, start) as ours, followed(uri, start) as library:
        _warm(uri, library, note)
        note(f"ours, untimed: {ours():,.1f}")
        return ratio("project.library", ours, lambda: rate(uri, library, SECONDS), rounds, note)


def _rebuild(uri: str, rounds: int, note: Note) -> Measured:
    with followed(uri, size().events - rounds * STRETCH) as library:
        _warm(uri, library, note)
        return ratio("rebuild.library", lambda: _anew(uri), lambda: rate(uri, library, SECONDS), rounds, note)


def _warm(uri: str, library: Follower, note: Note) -> None:
    """Let the library have at hand what it needs before it is timed: at first it reads each record from the log."""
    note(f"the library, untimed: {rate(uri, library, UNTIMED):,.1f}")


@contextmanager
def _batches(uri: str, start: int) -> Iterator[Callable[[], float]]:
    """A way to go on from a position in batches, as a runner does, which answers with its events a second."""
    with connect(uri) as connection, connect(uri) as reader:
        store = build(uri, views(), VIEWS.beside("bench"), start)
        connection.execute("SET synchronous_commit = off")

        def stretch() -> float:
            store.look(connection)
            start, began = _position(store), time.monotonic()
            with closing(store.follow(connection, reader)) as batches:
                for position in batches:
                    if position - start >= STRETCH:
                        break
            seconds = time.monotonic() - began
            store.look(connection)
            return (_position(store) - start) / seconds

        try:
            yield stretch
        finally:
            connection.execute("DROP SCHEMA views_bench CASCADE")


def _position(store: Store) -> int:
    return min(each.position for each in store.tracked)


def _anew(uri: str) -> float:
    """Events a second, from nothing."""
    began = time.monotonic()
    build(uri, views(), VIEWS.beside("bench"), size().events)
    seconds = time.monotonic() - began
    with connect(uri) as connection:
        connection.execute("DROP SCHEMA views_bench CASCADE")
    return size().events / seconds


def _lag(uri: str, rounds: int, note: Note) -> Measured:
    found = [asyncio.run(_waits(uri)) for _ in range(rounds)]
    for each in found:
        note(f"lag.p50_ms: {each:.2f} ms")
    return summary("lag.p50_ms", found)


def _read_your_writes(uri: str, rounds: int, note: Note) -> Measured:
    return ratio(
        "read_your_writes.library", lambda: asyncio.run(_waits(uri)), lambda: asyncio.run(_library(uri)), rounds, note
    )


async def _waits(uri: str) -> float:
    """The median milliseconds between the end of a command and the moment at which the views show it."""
    runner = Runner(uri, views())
    runner.start()
    try:
        async with _writing(uri) as write:
            found = []
            for _ in range(WRITES):
                position = await write()
                began = time.monotonic()
                assert await runner.reached(position, 30)
                found.append(1_000 * (time.monotonic() - began))
            return statistics.median(found)
    finally:
        await asyncio.to_thread(runner.stop)


async def _library(uri: str) -> float:
    """The same, as the library waits."""
    with connect(uri) as connection:
        start = views().events.head(connection)
    with _follower(uri, start) as wait:
        async with _writing(uri) as write:
            found = []
            for _ in range(WRITES // 4):
                position = await write()
                began = time.monotonic()
                await asyncio.to_thread(wait, position)
                found.append(1_000 * (time.monotonic() - began))
            return statistics.median(found)


@contextmanager
def _follower(uri: str, start: int) -> Iterator[Callable[[int], None]]:
    with followed(uri, start) as follower, following(uri, follower):
        yield lambda position: follower.wait("shanghui", position, timeout=30.0)


@asynccontextmanager
async def _writing(uri: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """A way to have one more event in the log, which answers with its position."""
    ledger = Ledger(await asyncio.to_thread(LedgerStore, uri))
    named = itertools.count(time.time_ns())

    async def write() -> int:
        given = {"name": f"测试{next(named)}区", "kind": "DISTRICT"}
        request = Request(command=RENAME, actor=CITY_FIC, key=uuid4(), source=Source.API, record=UNIT, input=given)
        position = (await ledger.execute(request)).position
        assert position is not None
        return position

    try:
        yield write
    finally:
        await ledger.close()
