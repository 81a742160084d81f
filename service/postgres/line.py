"""How is one connection kept busy? In libpq's pipeline mode: statements go out one behind the other, answers come back.

What is sent in one turn of the event loop, or together, shares a Sync; a statement that fails aborts those behind it up
to there. Values and answers go as text. The low-level interface of psycopg (`pq`) is kept to this module.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import psycopg
import structlog
from psycopg import AsyncConnection, errors, pq

MOST_PREPARED = 200
RECONNECT_SECONDS = 1.0
SILENCE = 10.0
"""Seconds for which a server that was asked something may say nothing."""
DONE, FAILED = pq.ExecStatus.TUPLES_OK, pq.ExecStatus.FATAL_ERROR
ABORTED, SYNCED = pq.ExecStatus.PIPELINE_ABORTED, pq.ExecStatus.PIPELINE_SYNC
Result = pq.abc.PGresult
log = structlog.get_logger()


class Lost(errors.OperationalError):
    """The connection has gone: what was under way may or may not have been done."""


class Unconnected(errors.OperationalError):
    """There is no connection now: nothing was sent."""


class Aborted(errors.OperationalError):
    """A statement of the same turn has failed before this one, of which nothing was done."""


class Statement(NamedTuple):
    """SQL with its values as PostgreSQL reads them in text."""

    sql: str
    values: Sequence[bytes | None] = ()


Asked = tuple[Statement, asyncio.Future[Result]]
"""A statement, and what its result is told to."""


class End(NamedTuple):
    """A Sync that is awaited; `done` when what was sent before it is durable."""

    done: asyncio.Future[Result]


class Line:
    """One connection, made anew `pause` seconds after it could not be made, and at once when it is lost.

    It is given up when the server says nothing for `silence` seconds to what it was asked.
    """

    def __init__(self, uri: str, pause: float = RECONNECT_SECONDS, silence: float = SILENCE) -> None:
        self._uri, self._pause, self._silence = uri, pause, silence
        self._closed = False
        self._connection: AsyncConnection | None = None
        self._pg: pq.abc.PGconn | None = None
        self._names: OrderedDict[str, bytes] = OrderedDict()
        self._waiting: deque[asyncio.Future[Result] | End | str | None] = deque()
        self._failed: Result | None = None
        self._unsynced, self._heard, self._count = False, 0.0, 0
        self._listening: asyncio.TimerHandle | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._up = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether statements can be sent."""
        return self._pg is not None

    @property
    def idle(self) -> bool:
        """Whether statements can be sent, and none is under way."""
        return self._pg is not None and not self._waiting

    async def ready(self, seconds: float) -> None:
        """Wait for the connection, but not for ever.

        Raises Unconnected.
        """
        if self.connected:
            return
        if self._connecting is None:
            self._again()
        try:
            async with asyncio.timeout(seconds):
                await self._up.wait()
        except TimeoutError:
            raise Unconnected("the server does not answer") from None

    async def connect(self) -> None:
        """Connect, or try again in a moment."""
        loop = asyncio.get_running_loop()
        try:
            connection = await AsyncConnection.connect(self._uri, autocommit=True)
        except psycopg.Error as error:
            log.warning("line.connect", error=str(error))
            loop.call_later(self._pause, self._again)
            return
        if self._closed:
            await connection.close()
            return
        self._connection, self._loop = connection, loop
        pg = self._pg = connection.pgconn
        pg.enter_pipeline_mode()
        self._socket = pg.socket  # libpq forgets it when the connection goes
        loop.add_reader(self._socket, self._try, self._take)
        self._up.set()

    async def close(self) -> None:
        """End the connection; whoever waits is told."""
        self._closed = True
        self.lose("closed")
        if self._connecting is not None:
            await self._connecting

    def send(self, statement: Statement) -> asyncio.Future[Result]:
        """Send a statement, prepared at its first use; the future is of its result, or raises Lost.

        Raises Unconnected when there is no connection.
        """
        done = asyncio.get_running_loop().create_future()
        self._put(statement, done)
        if not self._unsynced:
            self._unsynced = True
            self._loop.call_soon(self._end_turn)
        return done

    def send_together(self, asked: Iterable[Asked]) -> asyncio.Future[Result]:
        """Send statements in one piece, at once, as one transaction; the future is of its end.

        Raises Unconnected when there is no connection. This future raises Lost, as those of the results do.
        """
        self._end_turn()
        for statement, done in asked:
            self._put(statement, done)
        return self._sync()

    def transact(self, statements: Iterable[Statement]) -> asyncio.Future[list[Result]]:
        """Send statements as one transaction, at once; the future is of their results, once they are durable.

        Raises Unconnected when there is no connection. The future raises Lost.
        """
        loop = asyncio.get_running_loop()
        asked = [(each, loop.create_future()) for each in statements]
        end = self.send_together(asked)
        return asyncio.gather(*(done for _, done in asked), end)

    def _put(self, statement: Statement, done: asyncio.Future[Result]) -> None:
        if self._pg is None:
            raise Unconnected("there is no connection")
        if self.idle:
            self._heard = self._loop.time()  # it had nothing to answer until now
        try:
            self._pg.send_query_prepared(self._prepared(statement.sql), statement.values)
        except psycopg.OperationalError as error:  # without a Sync, nothing that was sent before it is done either
            self.lose(str(error))
            raise Unconnected(str(error)) from error
        self._waiting.append(done)

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

    def _end_turn(self) -> None:
        if self._unsynced and self._pg is not None:
            self._sync()

    def _sync(self) -> asyncio.Future[Result]:
        if self._pg is None:
            raise Unconnected("there is no connection")
        self._unsynced = False
        end = End(self._loop.create_future())
        self._waiting.append(end)
        if self._listening is None:
            self._listen()
        self._try(self._pg.pipeline_sync)
        self._try(self._flush)
        return end.done

    def _flush(self) -> None:
        if self._pg is not None:
            if self._pg.flush():
                self._loop.add_writer(self._socket, self._try, self._flush)
            else:
                self._loop.remove_writer(self._socket)

    def _try(self, step: Callable[[], None]) -> None:
        """Take a step; whatever libpq raises says that the connection is lost."""
        try:
            step()
        except psycopg.OperationalError as error:
            self.lose(str(error))

    def _listen(self) -> None:
        """Look again when the server has been silent for too long, unless it says something until then."""
        self._listening = None
        due = self._heard + self._silence
        if self._waiting and due <= self._loop.time():
            self.lose("no answer")
        elif self._waiting:
            self._listening = self._loop.call_at(due, self._listen)

    def _take(self) -> None:
        assert self._pg is not None
        self._pg.consume_input()
        self._heard = self._loop.time()
        while self._waiting and not self._pg.is_busy():
            result = self._pg.get_result()
            if result is not None:
                self._settle(result)

    def _settle(self, result: Result) -> None:
        head = self._waiting[0]
        if isinstance(head, End) and result.status != SYNCED:  # the commit itself has failed
            self._failed = result
            return
        self._waiting.popleft()
        if isinstance(head, str):
            if result.status != pq.ExecStatus.COMMAND_OK:  # its error is its statement's, and its name is free again
                self._names.pop(head, None)
                self._failed = result
        elif head is not None:
            future = head.done if isinstance(head, End) else head
            mine = self._failed if self._failed is not None and result.status in {ABORTED, SYNCED} else result
            self._failed = None
            if not future.done():
                future.set_result(mine)

    def lose(self, reason: str) -> None:
        """Give the connection up and make it anew; whoever waits is told."""
        if self._pg is not None:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._pg.finish()
        waiting = list(self._waiting)
        self._reset()
        for head in waiting:
            future = head.done if isinstance(head, End) else head
            if isinstance(future, asyncio.Future) and not future.done():
                future.set_exception(Lost(reason))
                future.exception()  # read it: nobody may wait for just this one
        if not self._closed:
            log.warning("line.lost", reason=reason)
            self._again()

    def _again(self) -> None:
        if not self._closed:
            self._connecting = asyncio.create_task(self.connect())

    def _reset(self) -> None:
        self._connection = self._pg = self._failed = None
        self._up.clear()
        self._names.clear()
        self._waiting.clear()
        self._unsynced = False
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None


def checked(results: Sequence[Result]) -> Sequence[Result]:
    """The results of a transaction that was committed.

    Raises the psycopg.Error of the statement that failed, or Aborted when that was none of these.
    """
    for result in results:
        if result.status == FAILED:
            raise errors.error_from_result(result)
        if result.status == ABORTED:
            raise Aborted("another statement has failed")
    return results
