"""How are one-value statements read fast? Over held connections in libpq's pipeline mode.

Any number of statements is in flight on each line. Those sent in one turn of the event loop share a Sync; one that
fails aborts those behind it, which are sent again: they only read, so nothing is done twice. The low-level interface
of psycopg (`pq`) is kept to this module.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from psycopg import OperationalError, pq

from schema.compiled.reader import LINES, ReadFailed, encoded

MOST_PREPARED = 200
MOST_WAITING = 500
RECONNECT_SECONDS = 1.0
DONE, ABORTED, SYNCED = pq.ExecStatus.TUPLES_OK, pq.ExecStatus.PIPELINE_ABORTED, pq.ExecStatus.PIPELINE_SYNC
log = structlog.get_logger()


class PipelinedReader:
    """Reads through a few lines, the least busy first. `fetch` is all there is to it."""

    def __init__(self, uri: str) -> None:
        self._uri = uri.encode()
        self._lines: list[Line] = []

    async def open(self) -> None:
        """Connect all lines; one that cannot connect now does so later."""
        self._lines = [Line(self._uri) for _ in range(LINES)]
        await asyncio.gather(*(line.connect() for line in self._lines))

    async def close(self) -> None:
        """Let go of the connections."""
        for line in self._lines:
            line.close()

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        """The one value of a statement.

        Raises ReadFailed when PostgreSQL refuses it, does not answer, or too many are waiting.
        """
        parameters = [encoded(value) for value in values]
        while True:  # each round settles at least the first failing statement of a batch, so this ends
            ready = [line for line in self._lines if line.connected]
            line = min(ready, key=Line.load, default=None)
            if line is None or line.load() >= MOST_WAITING:
                raise ReadFailed("no line is free")
            result = await line.send(sql, parameters)
            if result.status == DONE and result.ntuples:
                return result.get_value(0, 0) or b"null"
            if result.status != ABORTED:
                raise ReadFailed(result.error_message.decode())


class Line:
    """One connection, reconnected when it is lost."""

    def __init__(self, uri: bytes) -> None:
        self._uri = uri
        self._closed = False
        self._pg: pq.abc.PGconn | None = None
        self._names: OrderedDict[str, bytes] = OrderedDict()
        self._waiting: deque[asyncio.Future[pq.abc.PGresult] | str | None] = deque()
        self._failed: pq.abc.PGresult | None = None
        self._unsynced, self._count = False, 0

    @property
    def connected(self) -> bool:
        """Whether statements can be sent."""
        return self._pg is not None

    def load(self) -> int:
        """How many answers are awaited."""
        return len(self._waiting)

    async def connect(self) -> None:
        """Connect, or try again in a moment."""
        loop = asyncio.get_running_loop()
        pg = await asyncio.to_thread(pq.PGconn.connect, self._uri)
        if pg.status != pq.ConnStatus.OK:
            log.warning("reader.connect", error=pg.error_message.decode().strip())
            loop.call_later(RECONNECT_SECONDS, self._again)
        elif self._closed:
            pg.finish()
        else:
            pg.nonblocking = 1
            pg.enter_pipeline_mode()
            self._pg, self._loop, self._socket = pg, loop, pg.socket
            loop.add_reader(self._socket, self._try, self._take)

    def close(self) -> None:
        """End the connection; whoever waits is told."""
        self._closed = True
        self._lose("closed")

    def send(self, sql: str, parameters: Sequence[bytes | None]) -> asyncio.Future[pq.abc.PGresult]:
        """Send a statement, prepared at its first use; the future is of its result.

        Raises ReadFailed when the connection turns out to be lost.
        """
        assert self._pg is not None
        try:
            self._pg.send_query_prepared(self._prepared(sql), parameters)
        except OperationalError as error:
            self._lose(str(error))
            raise ReadFailed(str(error)) from error
        done: asyncio.Future[pq.abc.PGresult] = self._loop.create_future()
        self._waiting.append(done)
        if not self._unsynced:
            self._unsynced = True
            self._loop.call_soon(self._try, self._sync)
        return done

    def _prepared(self, sql: str) -> bytes:
        """The name of a prepared statement; the one unused for longest makes room."""
        assert self._pg is not None
        if sql in self._names:
            self._names.move_to_end(sql)
            return self._names[sql]
        if len(self._names) >= MOST_PREPARED:
            _, oldest = self._names.popitem(last=False)
            self._pg.send_query_params(b"DEALLOCATE " + oldest, [])
            self._waiting.append(None)
        self._count += 1
        name = self._names[sql] = b"s%d" % self._count
        self._pg.send_prepare(name, sql.encode())
        self._waiting.append(sql)
        return name

    def _sync(self) -> None:
        self._unsynced = False
        if self._pg is not None:
            self._pg.pipeline_sync()
            self._flush()

    def _flush(self) -> None:
        assert self._pg is not None
        if self._pg.flush():
            self._loop.add_writer(self._socket, self._try, self._flush)
        else:
            self._loop.remove_writer(self._socket)

    def _try(self, step: Callable[[], None]) -> None:
        """Take a step; whatever libpq raises says that the connection is lost."""
        try:
            step()
        except OperationalError as error:
            self._lose(str(error))

    def _take(self) -> None:
        assert self._pg is not None
        self._pg.consume_input()
        while self._waiting and not self._pg.is_busy():
            result = self._pg.get_result()
            if result is not None and result.status != SYNCED:
                self._settle(result)

    def _settle(self, result: pq.abc.PGresult) -> None:
        head = self._waiting.popleft()
        if isinstance(head, str):
            if result.status != pq.ExecStatus.COMMAND_OK:  # its error is its statement's, and its name is free again
                self._names.pop(head, None)
                self._failed = result
        elif head is not None:
            mine = self._failed if self._failed is not None and result.status == ABORTED else result
            self._failed = None
            if not head.done():
                head.set_result(mine)

    def _lose(self, reason: str) -> None:
        if self._pg is not None:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._pg.finish()
        for head in self._waiting:
            if isinstance(head, asyncio.Future) and not head.done():
                head.set_exception(ReadFailed(reason))
        self._reset()
        if not self._closed:
            log.warning("reader.lost", reason=reason)
            self._again()

    def _again(self) -> None:
        if not self._closed:
            self._connecting = asyncio.create_task(self.connect())

    def _reset(self) -> None:
        self._pg = self._failed = None
        self._names.clear()
        self._waiting.clear()
        self._unsynced = False
