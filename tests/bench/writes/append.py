"""How fast are commands carried out and recorded, against single rows of pgbench and the library's own save()?"""

from __future__ import annotations

import asyncio
import gc
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import uvloop
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from service.domain.decision import Request
from service.domain.record import RECORDS, Source
from service.domain.refusal import VersionConflict
from service.domain.roles import Actor, Grant, Role
from service.ledger.ledger import Ledger
from service.resources import ledger
from tests.bench.measured import Benchmark, Measured, Note, ratio
from tests.bench.writes.server import durable, pgbench, settle

SECONDS = 4.0
STORED = 100_000
RECORDS_AT_HAND = 1_024
MOST = 128_000
"""Requests that are made before the time begins to run."""
STALE = 10
"""Every tenth command."""
CITY_FIC = Actor("city-fic", (Grant(Role.CITY_FIC),))
DEFINE, RENAME = (RECORDS["division"].commands[name] for name in ("define", "rename"))
names = itertools.count(1)


def benchmark(name: str) -> Benchmark:
    """What measures `append.64`, `append.16`, the same as `append.tenfold.*`, `append.library` or `append.stale`."""
    if name == "append.library":
        return _against_library
    if name == "append.stale":
        return _against_itself
    clients, stored = int(name.rpartition(".")[2]), STORED * (10 if "tenfold" in name else 1)

    def against_pgbench(rounds: int, note: Note) -> Measured:
        with durable(stored) as uri, ours(uri) as (opened, loop):
            return ratio(
                name,
                lambda: _rate(uri, loop, opened, clients),
                lambda: pgbench(uri, clients, SECONDS),
                rounds,
                note,
            )

    return against_pgbench


def _against_library(rounds: int, note: Note) -> Measured:
    with durable(STORED) as uri, ours(uri) as (opened, loop):
        return ratio("append.library", lambda: _rate(uri, loop, opened, 16), lambda: _library(uri, 16), rounds, note)


def _against_itself(rounds: int, note: Note) -> Measured:
    with durable(STORED) as uri, ours(uri) as (opened, loop):
        return ratio(
            "append.stale",
            lambda: _rate(uri, loop, opened, 16, stale=True),
            lambda: _rate(uri, loop, opened, 16),
            rounds,
            note,
        )


class Opened:
    """A ledger with divisions that can be renamed."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.divisions: list[UUID] = []

    async def define(self, code: str, **above: str) -> None:
        """A new division."""
        values = {"code": code, "name": "某乡", "kind": "TOWNSHIP", **above}
        outcome = await self.ledger.execute(
            Request(command=DEFINE, actor=CITY_FIC, key=uuid4(), source=Source.API, input=values)
        )
        self.divisions.append(outcome.record)

    async def give(self, request: Request) -> None:
        """Have a command carried out, or refused if it is a stale one."""
        try:
            await self.ledger.execute(request)
        except VersionConflict:
            assert request.expected_version == 0


@contextmanager
def ours(uri: str) -> Iterator[tuple[Opened, asyncio.Runner]]:
    """A ledger on an event loop as the server has it, with divisions below a city."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        context = ledger(uri)
        opened = Opened(loop.run(context.__aenter__()))
        loop.run(_divisions(opened))
        try:
            yield opened, loop
        finally:
            loop.run(context.__aexit__(None, None, None))


async def _divisions(opened: Opened) -> None:
    await opened.define("410200", kind="PREFECTURE")
    for n in range(0, RECORDS_AT_HAND, 64):
        await asyncio.gather(*(opened.define(f"4102{i:05}", parent="410200") for i in range(n, n + 64)))


def _rate(uri: str, loop: asyncio.Runner, opened: Opened, clients: int, *, stale: bool = False) -> float:
    """Commands carried out a second."""
    settle(uri)
    return loop.run(_rename(opened, clients, SECONDS, stale=stale))


async def _rename(opened: Opened, clients: int, seconds: float, *, stale: bool) -> float:
    shares = [_requests(opened.divisions[1 + n :: clients], MOST // clients, stale) for n in range(clients)]
    gc.freeze()  # what was made beforehand is not to be looked through again and again
    began = time.perf_counter()
    done = await asyncio.gather(*(_client(opened, share, began + seconds) for share in shares))
    rate = sum(done) / (time.perf_counter() - began)
    gc.unfreeze()
    return rate


def _requests(divisions: Sequence[UUID], many: int, stale: bool) -> list[Request]:
    """What a client will ask, one after the other; every tenth one rests on a version that is not the last."""
    return [
        rename(id, expected_version=0 if stale and n % STALE == 0 else None)
        for n, id in zip(range(many), itertools.cycle(divisions), strict=False)
    ]


def rename(id: UUID, **more: Any) -> Request:
    """A request to rename a division."""
    name = {"name": f"新名{next(names)}"}
    return Request(command=RENAME, actor=CITY_FIC, key=uuid4(), source=Source.API, record=id, input=name, **more)


async def _client(opened: Opened, requests: Sequence[Request], until: float) -> int:
    """One command after the other until the time is up; how many were carried out."""
    done = 0
    for request in requests:
        if time.perf_counter() >= until:
            return done
        await opened.give(request)
        done += request.expected_version is None
    raise AssertionError("there were not enough requests for the time")


class Place(Aggregate):
    """The library's own way to keep a division."""

    def __init__(self, name: str) -> None:
        self.name = name

    @event("Renamed")
    def rename(self, name: str, note: str) -> None:
        """As large an event as ours."""
        self.name = name


def _library(uri: str, threads: int) -> float:
    """The library's save() a second, one event each, with its default settings but for the connections."""
    settle(uri)
    app = _application(uri, threads)
    places = [Place("某乡") for _ in range(threads)]
    app.save(*places)
    done = [0] * threads
    began = time.perf_counter()

    def work(n: int) -> None:
        while time.perf_counter() < began + SECONDS:
            places[n].rename(f"新名{done[n]}", "x" * 280)
            app.save(places[n])
            done[n] += 1

    workers = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    app.close()
    return sum(done) / (time.perf_counter() - began)


def _application(uri: str, threads: int) -> Application[Any]:
    login = {name: str(value) for name, value in conninfo_to_dict(uri).items()}
    return Application({
        "PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_DBNAME": login["dbname"],
        "POSTGRES_HOST": login["host"], "POSTGRES_PORT": login["port"], "POSTGRES_USER": login["user"],
        "POSTGRES_PASSWORD": "", "POSTGRES_POOL_SIZE": str(threads),
    })  # fmt: skip
