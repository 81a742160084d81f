"""How does a share of the projections come to be? Folded in memory, copied in, indexed at the end."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any, TypeVar

import structlog

from projections.engine.checkpoint import Note, Standing
from projections.engine.collector import no_collector
from projections.engine.connection import Connection, Cursor, connect
from projections.engine.hands import Hands, Work, hasty
from projections.engine.progress import Progress, Report
from projections.engine.projection import Poison, Projection, blame
from projections.engine.reading import next_events
from projections.engine.recall import Recall
from projections.engine.row import Key, Row
from projections.engine.segment import Segment
from projections.engine.sheet import Sheet, Sheets
from projections.engine.staging import Staging
from projections.engine.store import BATCH, Store
from projections.engine.table import OPEN, Table
from projections.engine.view import Batch
from service.domain.record import Recorded

R = TypeVar("R", bound=Row)
KEPT_RECORDS = 200_000
log = structlog.get_logger()


class MemorySheets(Sheets):
    """Sheets with all the rows there are."""

    def fetch(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """The one sheet of this table."""
        sheet = self.by_table.get(table)
        return Sheet() if sheet is None else sheet


class Share:
    """Builds some projections of a store, one after the other or beside another share, in tables that are there.

    A projection with an event that it cannot take in is built up to the batch before: the live path, which goes on
    from there, finds the event and parks it.
    """

    READ = BATCH
    """How many events are folded at a time, at most."""
    STRETCH = 100_000
    """After how many events everything is written out, at least; and no more rows that stand than there were events,
    so that a build with many of them does not spend its time on writing them again and again."""

    def __init__(self, number: int, store: Store, uri: str, report: Report) -> None:
        self._number, self._store, self._uri, self._report = number, store, uri, report
        self._stagings = {table: Staging(store.layout, table) for table in store.storages}
        self._note = Note(store.layout)
        self._careful: set[str] = set()
        """Projections of which each batch is shown to PostgreSQL at once, to find the one that it refuses."""
        self._rate = 0.0

    def create(self, cursor: Cursor) -> None:
        """Make the tables."""
        for staging in self._stagings.values():
            staging.create(cursor)

    def run(self, upto: int, hands: Hands, *, last: bool = False) -> None:
        """Build up to a position; no reader sees any of it before the whole build has ended.

        `last` says that other shares will have ended before this one.
        """
        self._upto = upto
        with no_collector(), hasty(self._uri, last=last) as connection, connection.cursor(binary=True) as cursor:
            done = self._take_up(cursor, self._note.read(cursor)[self._number])
            while not self._attempt(cursor, done, hands):
                done = self._begin_anew(cursor)

    def _take_up(self, cursor: Cursor, found: Standing) -> list[str]:
        """Go on from what is there, and say which tables are finished."""
        self._position, self._limits, self._written = found.position, found.limits, found.written
        self._sheets = self._blank()
        for projection, memory in self._sheets.items():
            for table in projection.tables:
                if not table.log and not found.written:
                    segment = found.segments.get(table.name, Segment())
                    memory.by_table[table] = self._stagings[table].recall(cursor, segment)
        return found.done

    def _begin_anew(self, cursor: Cursor) -> list[str]:
        with cursor.connection.transaction():
            for staging in self._stagings.values():
                staging.drop(cursor)
                staging.create(cursor)
            self._position, self._written, self._sheets = 0, False, self._blank()
            self._move(cursor)
        return []

    def _blank(self) -> dict[Projection, MemorySheets]:
        return {projection: MemorySheets() for projection in self._store.projections.values()}

    def _attempt(self, cursor: Cursor, done: Collection[str], hands: Hands) -> bool:
        """Build, or find out that a projection must stop earlier."""
        try:
            if not self._written:
                self._read(cursor)
            hands(self._uri, cursor, self._finishing(done))
        except Poison as poison:
            self._limit(poison)
            return False
        return True

    def _limit(self, poison: Poison) -> None:
        """Find out at which batch PostgreSQL refuses rows, then let the projection stop before that."""
        name = poison.projection
        if self._limits.get(name) == self._position:
            raise poison
        log.warning("build.restarted", projection=name, position=self._position, exc_info=poison.__cause__)
        if name in self._careful:
            self._limits[name] = self._position
        self._careful.add(name)

    def _read(self, cursor: Cursor) -> None:
        """Fold all events, writing everything out now and then."""
        recall = Recall(self._store.events, KEPT_RECORDS)
        with self._stream() as stream:
            while not self._written:
                with cursor.connection.transaction():
                    self._stretch(cursor, recall, stream)

    def _stretch(self, cursor: Cursor, recall: Recall, stream: Iterable[list[Recorded]]) -> None:
        """Fold some batches and write everything out: when there are no more, to where it stays."""
        folded = 0
        for events in stream:
            batch = Batch(events, partial(recall.moments, cursor.connection))
            for projection, memory in self._sheets.items():
                self._fold(cursor, projection, memory, batch)
            self._position, folded = events[-1].position, folded + len(events)
            if folded >= max(self.STRETCH, self._standing()):
                break
        else:
            self._written = True
        for projection, memory in self._sheets.items():
            with blame(projection):
                self._keep(cursor, memory)
        self._move(cursor)

    def _standing(self) -> int:
        """How many rows stand."""
        return sum(len(sheet) for memory in self._sheets.values() for sheet in memory.by_table.values())

    def _keep(self, cursor: Cursor, memory: MemorySheets) -> None:
        out = Staging.write if self._written else Staging.keep
        for table, sheet in memory.by_table.items():
            out(self._stagings[table], cursor, sheet)

    def _move(self, cursor: Cursor) -> None:
        sheets = (each for memory in self._sheets.values() for each in memory.by_table.items())
        segments = {table.name: self._stagings[table].segment(sheet) for table, sheet in sheets}
        self._note.move(cursor, self._number, self._position, self._upto, self._limits, segments, self._written)

    @contextmanager
    def _stream(self) -> Iterator[Iterator[list[Recorded]]]:
        """All events still to be read, in order, the next ones being read while these are folded."""
        with connect(self._uri) as reader, ThreadPoolExecutor(1) as ahead:
            yield self._events(reader, ahead)

    def _events(self, reader: Connection, ahead: ThreadPoolExecutor) -> Iterator[list[Recorded]]:
        began, done = time.monotonic(), 0
        coming = ahead.submit(self._next, reader, self._position)
        while events := coming.result():
            coming = ahead.submit(self._next, reader, events[-1].position)
            yield events
            done += len(events)
            self._tell(events[-1].position, done / (time.monotonic() - began))

    def _next(self, reader: Connection, after: int) -> list[Recorded]:
        return next_events(self._store.events, reader, self._store.layout, after, self.READ, self._upto)

    def _tell(self, position: int, rate: float) -> None:
        self._rate = rate
        self._report(Progress(position, self._upto, rate, (self._upto - position) / rate))

    def _tell_finished(self) -> None:
        """Tell of one table more, none at first."""
        finished = next(self._finished)
        self._report(Progress(self._upto, self._upto, self._rate, None, finished, len(self._stagings)))

    def _fold(self, cursor: Cursor, projection: Projection, memory: MemorySheets, batch: Batch) -> None:
        if batch.events[-1].position > self._limits.get(projection.name, OPEN):
            return
        with blame(projection):
            self._pass_into(cursor, memory, batch.events[0].position)
            projection.advance(batch, memory)
            self._take(cursor, memory)
            if projection.name in self._careful:
                self._show(cursor, memory)

    def _pass_into(self, cursor: Cursor, memory: MemorySheets, position: int) -> None:
        """Let tables begin a segment where the live path would."""
        segment = self._store.layout.segment(self._position) + 1
        if segment <= self._store.layout.segment(position):
            for table, sheet in memory.by_table.items():
                self._stagings[table].pass_into(cursor, sheet, segment)

    def _take(self, cursor: Cursor, memory: MemorySheets) -> None:
        """Take out what memory need not hold: log rows and versions that have ended."""
        for table, rows in memory.written.items():
            self._stagings[table].append(cursor, rows)
        memory.written.clear()
        for table, sheet in memory.by_table.items():
            if sheet.changes:
                self._stagings[table].take(cursor, sheet)
                sheet.changes = []

    def _show(self, cursor: Cursor, memory: MemorySheets) -> None:
        for table, sheet in memory.by_table.items():
            self._stagings[table].show(cursor, sheet, self._position)

    def _finishing(self, done: Collection[str]) -> Iterator[Work]:
        self._finished = count(len(done))
        self._tell_finished()
        for projection in self._sheets:
            for table in projection.tables:
                if table.name not in done:
                    yield partial(self._finish, projection, table)

    def _finish(self, projection: Projection, table: Table[Any], cursor: Cursor) -> None:
        with blame(projection), cursor.connection.transaction():
            self._stagings[table].finish(cursor)
            self._note.done(cursor, self._number, table.name)
        self._tell_finished()
