"""How do commands that wait together share one commit?

Whatever was submitted while the last transaction ran goes into the next one, on one writer thread. No command shares a
batch with one that writes what it looked at. A batch with a poisoned command is halved until the poison is alone; a
commit whose reply was lost is looked up by its keys before anything is tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from eventsourcing.persistence import InterfaceError, OperationalError, PersistenceError, StoredEvent

from service.domain.refusal import Busy
from service.ledger.loader import unavailable
from service.ledger.recorder import Append, CommandRecorder

MAX_WAITING = 2_000
MAX_BATCH = 500
READ_ONLY = "25006"
LOST = (InterfaceError, OperationalError)
log = structlog.get_logger()


class Submission(NamedTuple):
    """A decided command. Its events are made at the moment of the commit, whose time they carry."""

    events: Callable[[datetime], list[StoredEvent]]
    reads: dict[UUID, int]
    writes: frozenset[UUID]
    key: UUID
    digest: bytes
    record: UUID
    first: int
    last: int

    def append(self, now: datetime) -> Append:
        """The rows of this command, recorded at this moment."""
        reads = list(self.reads.items())
        return Append(self.events(now), reads, self.key, self.digest, self.record, self.first, self.last)


Result = list[int] | Exception | None
Waiting = tuple[Submission, "asyncio.Future[list[int] | None]"]


class Committer:
    """The one way into the log of this process."""

    def __init__(self, recorder: CommandRecorder, clock: Callable[[], datetime]) -> None:
        self._recorder, self._clock = recorder, clock
        self._waiting: list[Waiting] = []
        self._drain: asyncio.Task[None] | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="ledger-writer")
        self._last = datetime.min.replace(tzinfo=UTC)

    async def submit(self, submission: Submission) -> list[int] | None:
        """Commit a command; its positions, or None when it no longer holds or its key was used before.

        Raises Busy when too many wait, LedgerUnavailable when the database cannot be written.
        """
        if len(self._waiting) >= MAX_WAITING:
            raise Busy("等待处理的命令过多，请稍后再试 | Too many commands are waiting; try again in a moment")
        future: asyncio.Future[list[int] | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((submission, future))
        if self._drain is None or self._drain.done():
            self._drain = asyncio.create_task(self._work())
        return await asyncio.shield(future)

    async def close(self) -> None:
        """Commit what waits, then stop."""
        if self._drain is not None:
            await self._drain
        self._writer.shutdown()

    async def _work(self) -> None:
        await asyncio.sleep(0)  # let everything that is ready now be in the first batch
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = _apart(self._waiting)
            try:
                results = await loop.run_in_executor(self._writer, self._commit, [s for s, _ in batch])
            except Exception as error:  # the writer thread must not die with commands waiting on it
                log.exception("commit failed")
                results = [error] * len(batch)
            _resolve(batch, results)

    def _commit(self, batch: Sequence[Submission]) -> list[Result]:
        try:
            return list(self._recorder.append([each.append(self._now()) for each in batch]))
        except LOST as error:
            return self._look_up(batch, error)
        except PersistenceError as error:
            read_only = getattr(error.__cause__, "sqlstate", None) == READ_ONLY
            return [unavailable(error)] * len(batch) if read_only else self._halve(batch, error)

    def _now(self) -> datetime:
        """The clock, never standing still or going back: recorded times follow positions."""
        self._last = max(self._clock(), self._last + timedelta(microseconds=1))
        return self._last

    def _halve(self, batch: Sequence[Submission], error: Exception) -> list[Result]:
        if len(batch) == 1:
            log.error("command could not be stored", record=str(batch[0].record), error=repr(error))
            return [error]
        middle = len(batch) // 2
        return self._commit(batch[:middle]) + self._commit(batch[middle:])

    def _look_up(self, batch: Sequence[Submission], error: Exception) -> list[Result]:
        """The connection went: what the keys tell is what happened. What is not there is tried once more."""
        log.warning("connection lost in commit", error=repr(error))
        try:
            found = self._recorder.earlier([each.key for each in batch])
            missing = [each for each in batch if each.key not in found]
            again = iter(self._recorder.append([each.append(self._now()) for each in missing]) if missing else [])
        except PersistenceError as second:
            return [unavailable(second)] * len(batch)
        return [None if each.key in found else next(again) for each in batch]


def _apart(waiting: list[Waiting]) -> tuple[list[Waiting], list[Waiting]]:
    """A batch in which no command looks at what another one writes, and the rest."""
    written: set[UUID] = set()
    keys: set[UUID] = set()
    batch: list[Waiting] = []
    rest: list[Waiting] = []
    for each in waiting:
        submission = each[0]
        if len(batch) == MAX_BATCH or submission.key in keys or not written.isdisjoint(submission.reads):
            rest.append(each)
        else:
            batch.append(each)
        written |= submission.writes
        keys.add(submission.key)
    return batch, rest


def _resolve(batch: Sequence[Waiting], results: Sequence[Result]) -> None:
    for (_, future), result in zip(batch, results, strict=True):
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
