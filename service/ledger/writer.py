"""What becomes of a batch of commands on its way into the log, also when something goes wrong?

A batch that PostgreSQL refuses is halved until the poisoned command is alone; the others go in. A lost reply tells
nothing: the commands' keys are looked up, and what is not in the log is appended again, which its key makes safe. When
the server stays away for too long, the caller is told that nobody knows yet, and that the same key may come again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import psycopg
import structlog

from service.domain.refusal import LedgerUnavailable
from service.ledger.appender import Append, Appender, Row
from service.ledger.loader import unavailable
from service.postgres.line import Unconnected

LOST = (psycopg.InterfaceError, psycopg.OperationalError)
READ_ONLY, OUT_OF_RESOURCES = "25006", "53"
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
PATIENCE = 8.0
"""Seconds for which the commands of a lost connection are looked for."""
MICROSECOND = timedelta(microseconds=1)
log = structlog.get_logger()


class Submission(NamedTuple):
    """A decided command. Its events are made at the moment of the commit, whose time they carry."""

    events: Callable[[datetime], Sequence[Row]]
    reads: Mapping[UUID, int]
    writes: AbstractSet[UUID]
    key: UUID
    digest: bytes
    record: UUID
    first: int
    last: int

    def append(self, now: datetime) -> Append:
        """The rows of this command, recorded at this moment."""
        return Append(self.events(now), self.reads, self.key, self.digest, self.record, self.first, self.last)


Result = list[int] | Exception | None
"""A command's positions; why it could not be stored; or None when it no longer holds or its key was used before."""
Sent = Awaitable[list[list[int] | None]]


class Writer:
    """Appends batches, one after the other."""

    def __init__(self, appender: Appender, clock: Callable[[], datetime]) -> None:
        self._appender, self._clock = appender, clock
        self._last = datetime.min.replace(tzinfo=UTC)

    def commit(self, batch: Sequence[Submission]) -> Awaitable[list[Result]]:
        """Send a batch to PostgreSQL at once; awaited, what became of each command."""
        try:
            return self._outcome(batch, self._send(batch))
        except Unconnected:
            return self._outcome(batch)

    def _send(self, batch: Sequence[Submission]) -> Sent:
        return self._appender.append([each.append(self._now()) for each in batch])

    async def _outcome(self, batch: Sequence[Submission], sent: Sent | None = None) -> list[Result]:
        try:
            return await self._store(batch, sent)
        except LOST as error:
            return [unavailable(error)] * len(batch) if _refused(error) else await self._look_up(batch, error)

    async def _store(self, batch: Sequence[Submission], sent: Sent | None = None) -> list[Result]:
        """What became of a batch that was sent, or is sent now.

        Raises one of LOST when the connection went, or there is none.
        """
        try:
            if sent is None:
                await self._appender.ready()
                sent = self._send(batch)
            return list(await sent)
        except LOST:
            raise
        except psycopg.Error as error:
            return [unavailable(error)] * len(batch) if _refused(error) else await self._halve(batch, error)

    def _now(self) -> datetime:
        """The clock, never standing still or going back: recorded times follow positions."""
        self._last = max(self._clock(), self._last + MICROSECOND)
        return self._last

    async def _halve(self, batch: Sequence[Submission], error: Exception) -> list[Result]:
        if len(batch) == 1:
            log.error("command could not be stored", record=str(batch[0].record), error=repr(error))
            return [error]
        middle = len(batch) // 2
        return [*await self._outcome(batch[:middle]), *await self._outcome(batch[middle:])]

    async def _look_up(self, batch: Sequence[Submission], error: Exception) -> list[Result]:
        log.warning("connection lost in commit", commands=len(batch), error=repr(error))
        until, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
        while time.monotonic() < until:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                return await self._store_missing(batch)
            except LOST as again:
                error = again
        return [in_doubt(error)] * len(batch)

    async def _store_missing(self, batch: Sequence[Submission]) -> list[Result]:
        """What the keys tell is what happened; what they do not know is appended again."""
        found = await self._appender.earlier([each.key for each in batch])
        missing = [each for each in batch if each.key not in found]
        again = iter(await self._store(missing) if missing else ())
        return [None if each.key in found else next(again) for each in batch]


def _refused(error: psycopg.Error) -> bool:
    """Whether it is certain that nothing was written: the server said so, or was never reached."""
    state = str(error.sqlstate)
    return isinstance(error, Unconnected) or state == READ_ONLY or state.startswith(OUT_OF_RESOURCES)


def in_doubt(error: Exception) -> LedgerUnavailable:
    """What a caller is told when the server went away in the middle of a commit and did not come back in time."""
    told = LedgerUnavailable(
        "数据库连接中断，尚不能确定是否已记录；请用同一幂等键重试，绝不会重复记录"
        " | The database went away during the commit, so it is not known whether this is recorded;"
        " retry with the same idempotency key: it is never recorded twice"
    )
    told.__cause__ = error
    return told
