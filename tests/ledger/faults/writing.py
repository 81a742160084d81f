"""What does a writing process do? It gives commands as a client would, and notes each one that was acknowledged."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path
from uuid import UUID, uuid4

import structlog
from eventsourcing.persistence import PersistenceError

from service.domain.decision import Request
from service.domain.refusal import TryLater, VersionConflict
from service.ledger.ledger import Ledger, Outcome, key_of
from tests.ledger.conftest import ask, define, opened

KEY_BYTES = 16


def write(uri: str, notes: Path, writers: int, stale: float = 0) -> None:
    """Write until killed. Every acknowledged key goes into the file before the next command is given.

    `stale` is the share of commands that rest on a version that is not the last.
    """
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=Path(os.devnull).open("w")))  # noqa: SIM115  # for life
    asyncio.run(_write(uri, notes, writers, stale))


def acknowledged(notes: Path) -> list[UUID]:
    """The keys in a file of notes, as the log knows them. A process that was killed may have begun another."""
    noted = notes.read_bytes()
    return [UUID(bytes=noted[n : n + KEY_BYTES]) for n in range(0, len(noted) - KEY_BYTES + 1, KEY_BYTES)]


async def _write(uri: str, notes: Path, writers: int, stale: float) -> None:
    while True:
        try:
            async with opened(uri) as ledger:
                with notes.open("ab", buffering=0) as file:
                    await asyncio.gather(*(_commands(ledger, file.fileno(), stale) for _ in range(writers)))
        except PersistenceError:
            await asyncio.sleep(0.05)  # there is no server yet to open a ledger on


async def _commands(ledger: Ledger, notes: int, stale: float) -> None:
    while True:
        request = define(f"{random.randrange(10**11, 10**12)}")
        outcome = await _give(ledger, request, notes)
        if random.random() < stale:
            await _refused(ledger, ask("division.rename", outcome.record, name="旧", expected_version=0))
        await _give(ledger, ask("division.rename", outcome.record, name=f"新{uuid4()}", expected_version=1), notes)


async def _give(ledger: Ledger, request: Request, notes: int) -> Outcome:
    """Give a command, again with the same key as long as one is told to come later."""
    while True:
        try:
            outcome = await ledger.execute(request)
        except TryLater:
            await asyncio.sleep(0.02)
        else:
            os.write(notes, key_of(request).bytes)
            return outcome


async def _refused(ledger: Ledger, request: Request) -> None:
    while True:
        try:
            await ledger.execute(request)
        except VersionConflict:
            return
        except TryLater:
            await asyncio.sleep(0.02)
        raise AssertionError("a stale command was carried out")
