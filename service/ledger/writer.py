"""What becomes of a batch of commands on its way into the log, also when something goes wrong?

A batch that PostgreSQL refuses is halved until the poisoned command is alone; the others go in. A lost reply tells
nothing: the commands' keys are looked up, and what is not in the log is appended again, which its key makes safe. When
the server stays away for too long, the caller is told that nobody knows yet, and that the same key may come again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from eventsourcing.persistence import InterfaceError, OperationalError, PersistenceError, StoredEvent
from psycopg_pool import PoolTimeout

from service.domain.refusal import LedgerUnavailable
from service.ledger.loader import unavailable
from service.ledger.recorder import Append, CommandRecorder

LOST = (InterfaceError, OperationalError)
READ_ONLY, OUT_OF_RESOURCES = "25006", "53"
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
PATIENCE = 8.0
"""Seconds for which the commands of a lost connection are looked for."""
MICROSECOND = timedelta(microseconds=1)
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
"""A command's positions; why it could not be stored; or None when it no longer holds or its key was used before."""


class Writer:
    """Appends batches, one after the other, from one thread."""

    def __init__(self, recorder: CommandRecorder, clock: Callable[[], datetime]) -> None:
        self._recorder, self._clock = recorder, clock
        self._last = datetime.min.replace(tzinfo=UTC)

    def commit(self, batch: Sequence[Submission]) -> list[Result]:
        """Append a batch, and say what became of each command."""
        try:
            return self._store(batch)
        except LOST as error:
            return [unavailable(error)] * len(batch) if _refused(error) else self._look_up(batch, error)

    def _store(self, batch: Sequence[Submission]) -> list[Result]:
        """The same, but raises one of LOST when the connection went, or there was none."""
        try:
            return list(self._recorder.append([each.append(self._now()) for each in batch]))
        except LOST:
            raise
        except PersistenceError as error:
            return [unavailable(error)] * len(batch) if _refused(error) else self._halve(batch, error)

    def _now(self) -> datetime:
        """The clock, never standing still or going back: recorded times follow positions."""
        self._last = max(self._clock(), self._last + MICROSECOND)
        return self._last

    def _halve(self, batch: Sequence[Submission], error: Exception) -> list[Result]:
        if len(batch) == 1:
            log.error("command could not be stored", record=str(batch[0].record), error=repr(error))
            return [error]
        middle = len(batch) // 2
        return self.commit(batch[:middle]) + self.commit(batch[middle:])

    def _look_up(self, batch: Sequence[Submission], error: Exception) -> list[Result]:
        log.warning("connection lost in commit", commands=len(batch), error=repr(error))
        until, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
        while time.monotonic() < until:
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                return self._store_missing(batch)
            except LOST as again:
                error = again
        return [in_doubt(error)] * len(batch)

    def _store_missing(self, batch: Sequence[Submission]) -> list[Result]:
        """What the keys tell is what happened; what they do not know is appended again."""
        found = self._recorder.earlier([each.key for each in batch])
        missing = [each for each in batch if each.key not in found]
        again = iter(self._store(missing) if missing else ())
        return [None if each.key in found else next(again) for each in batch]


def _refused(error: Exception) -> bool:
    """Whether it is certain that nothing was written: the server said so, or was never reached."""
    cause = error.__cause__
    state = str(getattr(cause, "sqlstate", None))
    return isinstance(cause, PoolTimeout) or state == READ_ONLY or state.startswith(OUT_OF_RESOURCES)


def in_doubt(error: Exception) -> LedgerUnavailable:
    """What a caller is told when the server went away in the middle of a commit and did not come back in time."""
    told = LedgerUnavailable(
        "数据库连接中断，尚不能确定是否已记录；请用同一幂等键重试，绝不会重复记录"
        " | The database went away during the commit, so it is not known whether this is recorded;"
        " retry with the same idempotency key: it is never recorded twice"
    )
    told.__cause__ = error
    return told
