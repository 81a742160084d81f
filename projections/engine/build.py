"""How are views made from nothing, as they stood at a position? Folded in memory, copied in, indexed at the end."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, TypeVar

import structlog
from psycopg import sql

from projections.engine.connection import Cursor, connect
from projections.engine.projection import Poison, Projection, blame
from projections.engine.recall import Recall
from projections.engine.row import Key, Row
from projections.engine.sheet import Sheet, Sheets
from projections.engine.staging import Staging
from projections.engine.store import Store
from projections.engine.table import OPEN, Table
from projections.engine.view import Batch
from service.domain.record import Recorded

R = TypeVar("R", bound=Row)
READ = 5_000
KEPT_RECORDS = 200_000
log = structlog.get_logger()


class Progress(NamedTuple):
    """How far a build is. Positions count the few that were never used."""

    position: int
    upto: int
    rate: float
    """Events a second."""
    seconds_left: float


Report = Callable[[Progress], None]


class MemorySheets(Sheets):
    """Sheets with all the rows there are."""

    def fetch(self, table: Table[R], keys: Collection[Key]) -> Sheet[R]:
        """The one sheet of this table."""
        return self.by_table.get(table) or Sheet({})

    def taken(self) -> Iterator[tuple[Table[Any], list[Any]]]:
        """Take out what memory need not hold: log rows and versions that have ended."""
        for table, rows in self.written.items():
            yield table, rows
        for table, sheet in self.by_table.items():
            yield table, sheet.ended
            sheet.ended, sheet.changes = [], []
        self.written.clear()


@contextmanager
def _no_collector() -> Iterator[None]:
    """Rows hold no cycles, yet each collection would visit them all: half of a build's time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Build:
    """Builds a store's views into its layout's schema, replacing what is there.

    A projection with an event that it cannot take in is built up to the batch before: the live path, which goes on
    from there, finds the event and parks the projection.
    """

    def __init__(self, store: Store, uri: str, report: Report | None = None) -> None:
        self._store, self._uri, self._report = store, uri, report
        self._stagings = {table: Staging(store.layout, table) for table in store.storages}
        self._limits: dict[str, int] = {}

    def run(self, upto: int) -> None:
        """Build up to a position; no reader sees any of it before the end."""
        with _no_collector(), connect(self._uri) as connection, connection.cursor(binary=True) as cursor:
            while not self._attempt(cursor, upto):
                pass

    def _attempt(self, cursor: Cursor, upto: int) -> bool:
        """Build, or find out that a projection must stop earlier."""
        self._create(cursor)
        self._position, recall = 0, Recall(self._store.events, KEPT_RECORDS)
        sheets = {projection: MemorySheets() for projection in self._store.projections.values()}
        try:
            for events in self._stream(upto):
                batch = Batch(events, partial(recall.moments, cursor.connection))
                for projection, memory in sheets.items():
                    self._fold(cursor, projection, memory, batch)
                self._position = events[-1].position
            for projection, memory in sheets.items():
                self._finish(cursor, projection, memory)
        except Poison as poison:
            return self._limit(poison)
        return True

    def _limit(self, poison: Poison) -> bool:
        if self._limits.get(poison.projection) == self._position:
            raise poison
        log.warning("build.restarted", projection=poison.projection, position=self._position, exc_info=poison.__cause__)
        self._limits[poison.projection] = self._position
        return False

    def _create(self, cursor: Cursor) -> None:
        schema = sql.Identifier(self._store.layout.schema)
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        self._store.tracking.create(cursor.connection)
        for staging in self._stagings.values():
            staging.create(cursor)

    def _stream(self, upto: int) -> Iterator[list[Recorded]]:
        """All events in order, the next ones being read while these are folded."""
        read, began, count = self._store.events.read, time.monotonic(), 0
        with connect(self._uri) as reader, ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(read, reader, 0, READ, upto)
            while events := coming.result():
                coming = ahead.submit(read, reader, events[-1].position, READ, upto)
                yield events
                count += len(events)
                self._tell(events[-1].position, upto, count / (time.monotonic() - began))

    def _tell(self, position: int, upto: int, rate: float) -> None:
        if self._report is not None:
            self._report(Progress(position, upto, rate, (upto - position) / rate))

    def _fold(self, cursor: Cursor, projection: Projection, sheets: MemorySheets, batch: Batch) -> None:
        if batch.events[-1].position > self._limits.get(projection.name, OPEN):
            return
        with blame(projection):
            projection.advance(batch, sheets)
            for table, rows in sheets.taken():
                self._stagings[table].receive(cursor, rows)

    def _finish(self, cursor: Cursor, projection: Projection, sheets: MemorySheets) -> None:
        position = min(self._position, self._limits.get(projection.name, OPEN))
        for table in projection.tables:
            staging = self._stagings[table]
            if table in sheets.by_table:
                staging.receive(cursor, sheets.by_table[table].standing())
            staging.finish(cursor, position)
        fingerprint = projection.fingerprint(self._store.layout)
        self._store.tracking.add(cursor.connection, projection.name, position, fingerprint)
