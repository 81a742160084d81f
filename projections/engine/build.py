"""How are views made from nothing, as they stood at a position? Folded in memory, copied in, indexed at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import count, islice
from typing import Any, NamedTuple, TypeVar

import structlog
from psycopg import sql

from projections.engine.checkpoint import Note
from projections.engine.collector import no_collector
from projections.engine.connection import Connection, Cursor, connect
from projections.engine.hands import Work, hasty, two_at_a_time
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
KEPT_RECORDS = 200_000
log = structlog.get_logger()


class Progress(NamedTuple):
    """How far a build is. Positions count the few that were never used; tables are finished once all events are in."""

    position: int
    upto: int
    rate: float
    """Events a second."""
    seconds_left: float | None
    """For the events; nobody knows it of the tables."""
    finished: int = 0
    tables: int = 0
    """How many are to be finished in all; none while events are taken in."""


Report = Callable[[Progress], None]


class MemorySheets(Sheets):
    """Sheets with all the rows there are."""

    def fetch(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """The one sheet of this table."""
        return self.by_table.get(table) or Sheet({})

    def taken(self) -> Iterator[tuple[Table[Any], list[Any]]]:
        """Take out what memory need not hold: log rows and versions that have ended."""
        yield from self.written.items()
        for table, sheet in self.by_table.items():
            if sheet.changes:
                yield table, sheet.ended
                sheet.ended, sheet.changes = [], []
        self.written.clear()


class Build:
    """Builds a store's views into its layout's schema, replacing what is there.

    One that was cut off is taken up where it last wrote everything out. A projection with an event that it cannot take
    in is built up to the batch before: the live path, which goes on from there, finds the event and parks it.
    """

    READ = 5_000
    """How many events are folded at a time."""
    BATCHES = 20
    """After how many of those everything is written out."""

    def __init__(self, store: Store, uri: str, report: Report | None = None) -> None:
        self._store, self._uri, self._report = store, uri, report
        self._stagings = {table: Staging(store.layout, table) for table in store.storages}
        self._note = Note(store.layout)
        self._limits: dict[str, int] = {}
        self._rate = 0.0

    def run(self, upto: int) -> None:
        """Build up to a position; no reader sees any of it before the end."""
        self._upto = upto
        with no_collector(), hasty(self._uri) as connection, connection.cursor(binary=True) as cursor:
            done = self._begin(cursor, upto)
            while not self._attempt(cursor, upto, done):
                done = self._create(cursor, upto)

    def _begin(self, cursor: Cursor, upto: int) -> list[str]:
        """Take up what is there, or begin anew, and say which tables are finished."""
        found = self._note.read(cursor)
        if found is None or not found.serves(self._store.fingerprints, upto):
            return self._create(cursor, upto)
        log.info("build.resumed", position=found.position, upto=upto)
        self._position, self._limits = found.position, found.limits
        self._sheets = {projection: MemorySheets() for projection in self._store.projections.values()}
        for projection, memory in self._sheets.items():
            for table in projection.tables:
                if not table.log and table.name not in found.done:
                    memory.by_table[table] = self._stagings[table].recall(cursor)
        return found.done

    def _create(self, cursor: Cursor, upto: int) -> list[str]:
        schema = sql.Identifier(self._store.layout.schema)
        with cursor.connection.transaction():
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
            self._store.tracking.create(cursor.connection)
            for staging in self._stagings.values():
                staging.create(cursor)
            self._note.create(cursor, self._store.fingerprints, upto)
        self._position = 0
        self._sheets = {projection: MemorySheets() for projection in self._store.projections.values()}
        return []

    def _attempt(self, cursor: Cursor, upto: int, done: Collection[str]) -> bool:
        """Build, or find out that a projection must stop earlier."""
        before = self._position
        try:
            if not done:
                self._read(cursor, upto)
            two_at_a_time(self._uri, cursor, self._finishing(done))
        except Poison as poison:
            return self._limit(poison, before)
        with cursor.connection.transaction():
            for projection in self._store.projections.values():
                fingerprint = projection.fingerprint(self._store.layout)
                self._store.tracking.add(cursor.connection, projection.name, self._end(projection), fingerprint)
            self._note.drop(cursor)
        return True

    def _limit(self, poison: Poison, began: int) -> bool:
        if self._limits.get(poison.projection) == self._position and began == 0:
            raise poison
        log.warning("build.restarted", projection=poison.projection, position=self._position, exc_info=poison.__cause__)
        self._limits[poison.projection] = self._position
        return False

    def _read(self, cursor: Cursor, upto: int) -> None:
        """Fold all events, writing everything out now and then."""
        recall = Recall(self._store.events, KEPT_RECORDS)
        with self._stream(upto) as stream:
            more = True
            while more:
                with cursor.connection.transaction():
                    more = self._stretch(cursor, recall, islice(stream, self.BATCHES), upto)

    def _stretch(self, cursor: Cursor, recall: Recall, stream: Iterable[list[Recorded]], upto: int) -> bool:
        """Fold some batches and write everything out; whether there were any."""
        since = self._position
        for events in stream:
            batch = Batch(events, partial(recall.moments, cursor.connection))
            for projection, memory in self._sheets.items():
                self._fold(cursor, projection, memory, batch)
            self._position = events[-1].position
        for memory in self._sheets.values():
            for table, sheet in memory.by_table.items():
                self._stagings[table].keep(cursor, sheet, since)
        self._note.move(cursor, self._position, upto, self._limits)
        return self._position > since

    @contextmanager
    def _stream(self, upto: int) -> Iterator[Iterator[list[Recorded]]]:
        """All events still to be read, in order, the next ones being read while these are folded."""
        with connect(self._uri) as reader, ThreadPoolExecutor(1) as ahead:
            yield self._events(reader, ahead, upto)

    def _events(self, reader: Connection, ahead: ThreadPoolExecutor, upto: int) -> Iterator[list[Recorded]]:
        read, began, done = self._store.events.read, time.monotonic(), 0
        coming = ahead.submit(read, reader, self._position, self.READ, upto)
        while events := coming.result():
            coming = ahead.submit(read, reader, events[-1].position, self.READ, upto)
            yield events
            done += len(events)
            self._tell(events[-1].position, upto, done / (time.monotonic() - began))

    def _tell(self, position: int, upto: int, rate: float) -> None:
        self._rate = rate
        if self._report is not None:
            self._report(Progress(position, upto, rate, (upto - position) / rate))

    def _tell_finished(self) -> None:
        """Tell of one table more, none at first."""
        finished = next(self._finished)
        if self._report is not None:
            self._report(Progress(self._upto, self._upto, self._rate, None, finished, len(self._stagings)))

    def _fold(self, cursor: Cursor, projection: Projection, sheets: MemorySheets, batch: Batch) -> None:
        if batch.events[-1].position > self._limits.get(projection.name, OPEN):
            return
        with blame(projection):
            projection.advance(batch, sheets)
            for table, rows in sheets.taken():
                self._stagings[table].receive(cursor, rows)

    def _finishing(self, done: Collection[str]) -> Iterator[Work]:
        self._finished = count(len(done))
        self._tell_finished()
        for projection, memory in self._sheets.items():
            for table in projection.tables:
                if table.name not in done:
                    yield partial(self._finish, projection, table, memory.by_table.get(table))

    def _finish(self, projection: Projection, table: Table[Any], sheet: Sheet[Any] | None, cursor: Cursor) -> None:
        with blame(projection), cursor.connection.transaction():
            if sheet is not None:
                self._stagings[table].receive(cursor, sheet.standing())
            self._stagings[table].finish(cursor, self._end(projection))
            self._note.done(cursor, table.name)
        self._tell_finished()

    def _end(self, projection: Projection) -> int:
        """Where a projection stands at the end of the build."""
        return min(self._position, self._limits.get(projection.name, OPEN))
