"""Whose turn is it on a record?

Commands on one record follow each other within a process: the second would only be decided on grounds that the first
is about to change. Those of other processes are told apart by version.
"""

from __future__ import annotations

import asyncio
from collections import deque
from uuid import UUID

from service.domain.refusal import Busy

OVERDUE = "记录正由他人办理，请稍后再试 | Others are at work on this record; try again in a moment"


class Turns:
    """One at a time on each record, in order of arrival. `patience` is how many seconds a command waits for it."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._queues: dict[UUID, deque[asyncio.Future[None]]] = {}

    async def take(self, record: UUID) -> None:
        """Wait for the turn; who has it must give it back. Raises Busy when it does not come in time."""
        queue = self._queues.get(record)
        if queue is None:
            self._queues[record] = deque()
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except (TimeoutError, asyncio.CancelledError) as gone:
            if not turn.cancelled():  # it came at the very moment its taker went away
                self.give(record)
            if isinstance(gone, TimeoutError):
                raise Busy(OVERDUE) from None
            raise

    def give(self, record: UUID) -> None:
        """Let the next one have its turn."""
        queue = self._queues[record]
        while queue:
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._queues[record]
