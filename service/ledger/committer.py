"""How do commands that wait together share one commit?

Whatever was submitted while the last transaction ran goes into the next one. A batch does not wait for everybody: half
of those who are at work are enough, so that PostgreSQL is busy while the others are decided. No command shares a batch
with one that writes what it looked at. Whoever waits too long is told so, and nothing of his is written; whoever is on
the way into the log is told how it ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import structlog

from service.domain.refusal import Busy
from service.ledger.writer import Result, Submission, Writer

MOST_WAITING = 2_000
MOST_AT_ONCE = 500
PATIENCE = 10.0
"""Seconds that a command may wait for its turn."""
LOOK = 0.25
"""Seconds between two looks at whose time is up."""
FULL = "等待处理的命令过多，请稍后再试 | Too many commands are waiting; try again in a moment"
OVERDUE = "等待过久，未予执行，请稍后再试 | It waited too long and was not carried out; try again in a moment"
log = structlog.get_logger()


class Waiting(NamedTuple):
    """A submission, who waits for it, and until when by the event loop's clock."""

    submission: Submission
    future: asyncio.Future[list[int] | None]
    deadline: float


class Committer:
    """The one way into the log of this process. `patience` is how many seconds a command waits for its turn."""

    def __init__(self, writer: Writer, patience: float = PATIENCE) -> None:
        self._writer, self._patience = writer, patience
        self._waiting: list[Waiting] = []
        self._enough = 1
        self._under_way: asyncio.Task[None] | None = None

    async def submit(self, submission: Submission) -> list[int] | None:
        """Commit a command; its positions, or None when it no longer holds or its key was used before.

        Raises Busy when too many wait or its turn does not come, LedgerUnavailable when the database does not answer.
        """
        return await self._queue([submission])[0]

    async def submit_together(self, submissions: Sequence[Submission]) -> list[list[int] | None]:
        """Commit commands none of which looks at what another one writes, up to MOST_AT_ONCE of them all or none.

        Raises what `submit` raises, the first one's if there are several.
        """
        return await asyncio.gather(*self._queue(submissions))

    def _queue(self, submissions: Sequence[Submission]) -> list[asyncio.Future[list[int] | None]]:
        """Let them wait, and send what waits if that is enough. Those who come together go together."""
        if len(self._waiting) >= MOST_WAITING:
            raise Busy(FULL)
        loop, before = asyncio.get_running_loop(), len(self._waiting)
        until = loop.time() + self._patience
        queued = [Waiting(each, loop.create_future(), until) for each in submissions]
        self._waiting += queued
        if self._under_way is None:
            if len(self._waiting) >= self._enough:
                self._begin()
            elif not before:
                loop.call_soon(self._begin)  # when everybody who is ready now has come
        return [each.future for each in queued]

    async def close(self) -> None:
        """Commit what waits, then stop."""
        while self._waiting or self._under_way is not None:
            self._begin()
            if self._under_way is not None:
                await self._under_way

    def _begin(self) -> None:
        """Send what waits, unless a batch is on its way."""
        if self._under_way is None and self._waiting:
            batch, self._waiting = _apart(self._waiting)
            if batch:
                self._under_way = asyncio.create_task(self._end(batch, self._send(batch)))

    def _send(self, batch: Sequence[Waiting]) -> asyncio.Future[Sequence[Result]]:
        try:
            return asyncio.ensure_future(self._writer.commit([each.submission for each in batch]))
        except Exception as error:  # noqa: BLE001  # unforeseen: whoever waits must learn of it
            failed: asyncio.Future[Sequence[Result]] = asyncio.get_running_loop().create_future()
            failed.set_exception(error)
            return failed

    async def _end(self, batch: Sequence[Waiting], commit: asyncio.Future[Sequence[Result]]) -> None:
        """Tell everybody what became of a batch, and let the next one begin."""
        results = await self._results(len(batch), commit)
        self._under_way = None
        self._enough = (len(batch) + len(self._waiting)) // 2
        if len(self._waiting) >= self._enough:
            self._begin()
        _resolve(batch, results)
        asyncio.get_running_loop().call_soon(self._begin)

    async def _results(self, many: int, commit: asyncio.Future[Sequence[Result]]) -> Sequence[Result]:
        """What became of a batch. As long as it takes, those who wait behind it are told when their time is up."""
        loop = asyncio.get_running_loop()
        while not commit.done():
            await asyncio.wait((commit,), timeout=LOOK)
            self._withdraw(loop.time())
        error = commit.exception()
        if error is not None:  # unforeseen: the queue must go on
            log.error("commit failed", exc_info=error)
        return [error] * many if isinstance(error, Exception) else commit.result()

    def _withdraw(self, now: float) -> None:
        """Refuse those whose time is up. All wait equally long, so they stand in front."""
        if self._waiting and self._waiting[0].deadline <= now:
            overdue = [each for each in self._waiting if each.deadline <= now]
            self._waiting = [each for each in self._waiting if each.deadline > now]
            _resolve(overdue, [Busy(OVERDUE) for _ in overdue])


def _apart(waiting: Sequence[Waiting]) -> tuple[list[Waiting], list[Waiting]]:
    """A batch in which no command looks at what another one writes, and the rest, without those who went away."""
    written: set[UUID] = set()
    keys: set[UUID] = set()
    batch: list[Waiting] = []
    rest: list[Waiting] = []
    for each in waiting:
        submission = each.submission
        if each.future.done():
            continue
        if len(batch) == MOST_AT_ONCE or submission.key in keys or not written.isdisjoint(submission.reads):
            rest.append(each)
        else:
            batch.append(each)
        written |= submission.writes
        keys.add(submission.key)
    return batch, rest


def _resolve(batch: Sequence[Waiting], results: Sequence[Result]) -> None:
    for each, result in zip(batch, results, strict=True):
        if each.future.done():
            continue
        if isinstance(result, Exception):
            each.future.set_exception(result)
        else:
            each.future.set_result(result)
