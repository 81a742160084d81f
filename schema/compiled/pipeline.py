"""How are one-value statements read fast? Over a few held lines, with any number of statements in flight on each.

One that fails aborts those behind it, which are sent again: they only read, so nothing is done twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import psycopg

from schema.compiled.reader import LINES, ReadFailed, encoded
from service.postgres.line import ABORTED, DONE, Line, Statement

MOST_WAITING = 500


class PipelinedReader:
    """Reads through a few lines, the least busy first. `fetch` is all there is to it."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._lines: list[Line] = []

    async def open(self) -> None:
        """Connect all lines; one that cannot connect now does so later."""
        self._lines = [Line(self._uri) for _ in range(LINES)]
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
            return await self._fetch(statement)
        except psycopg.OperationalError as lost:
            raise ReadFailed(str(lost)) from lost

    async def _fetch(self, statement: Statement) -> bytes:
        while True:  # each round settles at least the first failing statement of a batch, so this ends
            ready = [line for line in self._lines if line.connected]
            line = min(ready, key=Line.load, default=None)
            if line is None or line.load() >= MOST_WAITING:
                raise ReadFailed("no line is free")
            result = await line.send(statement)
            if result.status == DONE and result.ntuples:
                return result.get_value(0, 0) or b"null"
            if result.status != ABORTED:
                raise ReadFailed(result.error_message.decode())
