"""How are one-value statements read fast? Over a few held lines, each given a share of what waits whenever it is free.

So under load many statements travel in one piece, and none waits behind one that was sent before it was asked. One
that fails aborts those behind it, which are sent again: they only read, so nothing is done twice.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from schema.compiled.reader import LINES, ReadFailed, encoded
from service.postgres.line import ABORTED, DONE, SILENCE, Asked, Line, Result, Statement, Unconnected

MOST_WAITING = 1_000


class PipelinedReader:
    """Reads through a few lines. `fetch` is all there is to it."""

    def __init__(self, uri: str, silence: float = SILENCE) -> None:
        self._lines = [Line(uri, silence=silence) for _ in range(LINES)]
        self._waiting: deque[Asked] = deque()

    async def open(self) -> None:
        """Connect all lines; one that cannot connect now does so later."""
        self._loop = asyncio.get_running_loop()
        await asyncio.gather(*(line.connect() for line in self._lines))

    async def close(self) -> None:
        """Let go of the connections."""
        for line in self._lines:
            await line.close()

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        """The one value of a statement.

        Raises ReadFailed when PostgreSQL refuses it, does not answer, or too many are waiting.
        """
        statement = Statement(sql, [encoded(value) for value in values])
        try:
            while (result := await self._ask(statement)).status == ABORTED:
                pass  # each round settles at least the first failing statement of those sent together, so this ends
        except psycopg.OperationalError as lost:
            raise ReadFailed(str(lost)) from lost
        if result.status != DONE or not result.ntuples:
            raise ReadFailed(result.error_message.decode())
        return result.get_value(0, 0) or b"null"

    def _ask(self, statement: Statement) -> asyncio.Future[Result]:
        """What comes of a statement that is sent with the others of this turn of the event loop, or later."""
        if len(self._waiting) >= MOST_WAITING:
            raise ReadFailed("too many wait")
        done: asyncio.Future[Result] = self._loop.create_future()
        if not self._waiting:
            self._loop.call_soon(self._deal)
        self._waiting.append((statement, done))
        return done

    def _deal(self, _: object = None) -> None:
        """Give each free line its share; without any connection, nobody waits in vain."""
        free = [line for line in self._lines if line.idle]
        for share in range(len(free), 0, -1):
            self._give(free[share - 1], -(-len(self._waiting) // share))
        if not any(line.connected for line in self._lines):
            self._refuse(self._waiting)
            self._waiting.clear()

    def _give(self, line: Line, share: int) -> None:
        asked = [self._waiting.popleft() for _ in range(share)]
        try:
            if asked:
                line.send_together(asked).add_done_callback(self._deal)
        except Unconnected:
            self._refuse(asked)

    def _refuse(self, asked: Iterable[Asked]) -> None:
        for _, done in asked:
            if not done.done():
                done.set_exception(Unconnected("no line is connected"))
