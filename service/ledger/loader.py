"""How are many records fetched at once? What is asked for while one query runs goes into the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from eventsourcing.persistence import PersistenceError

from service.domain.record import Record
from service.domain.refusal import LedgerUnavailable
from service.ledger.store import LedgerStore
from service.postgres.line import SILENCE

MOST_AT_ONCE = 1_000


class Loader:
    """Folds records from the log, many to a query."""

    def __init__(self, store: LedgerStore, readers: ThreadPoolExecutor) -> None:
        self._store, self._readers = store, readers
        self._asked: dict[UUID, tuple[Record, asyncio.Future[Record]]] = {}
        self._work: asyncio.Task[None] | None = None

    async def load(self, kind: type[Record], id: UUID) -> Record:
        """The record with this id, blank when there is none.

        Raises LedgerUnavailable when the database cannot be reached.
        """
        if id not in self._asked:
            self._asked[id] = (kind(id), asyncio.get_running_loop().create_future())
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._drain())
        try:
            async with asyncio.timeout(SILENCE):
                return await asyncio.shield(self._asked[id][1])
        except TimeoutError as error:  # the thread goes on waiting, for the server to go on or to go
            raise unavailable(error) from error

    async def _drain(self) -> None:
        await asyncio.sleep(0)  # let whoever is about to ask go along
        loop = asyncio.get_running_loop()
        while self._asked:
            batch = [self._asked.pop(id) for id in list(self._asked)[:MOST_AT_ONCE]]
            try:
                await loop.run_in_executor(self._readers, self._store.load, [record for record, _ in batch])
            except Exception as error:  # noqa: BLE001  # whoever waits must learn of it, whatever it is
                _fail(batch, error)
            else:
                for record, future in batch:
                    future.set_result(record)


def _fail(batch: Sequence[tuple[Record, asyncio.Future[Record]]], error: Exception) -> None:
    for _, future in batch:
        future.set_exception(unavailable(error) if isinstance(error, PersistenceError) else error)
        future.exception()  # read it: whoever asked may have gone


def unavailable(error: Exception) -> LedgerUnavailable:
    """What a caller is told when the database does not answer."""
    told = LedgerUnavailable(
        "数据库暂不可用，没有任何内容被记录，请用同一幂等键重试"
        " | The database cannot be used now; nothing is recorded; retry with the same idempotency key"
    )
    told.__cause__ = error
    return told
