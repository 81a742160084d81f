"""How do the stored views follow the log? In batches, each one transaction, each event exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar

import structlog

from projections.engine.catalogue import amiss
from projections.engine.connection import Connection, Cursor
from projections.engine.projection import Poison, Projection, blame
from projections.engine.recall import Recall
from projections.engine.row import Key, Row
from projections.engine.sheet import Sheet, Sheets
from projections.engine.storage import Storage
from projections.engine.table import VIEWS, Layout, Table
from projections.engine.tracking import Group, Overtaken, Tracking, groups
from projections.engine.view import Batch
from service.domain.record import Recorded
from service.ledger.log import EventLog

R = TypeVar("R", bound=Row)
BATCH = 2_000
KEPT_RECORDS = 10_000
log = structlog.get_logger()


class Outdated(Exception):
    """The stored views are not those that this code declares."""


class StoredSheets(Sheets):
    """Sheets that are opened with the stored rows of the keys asked for, and saved within one segment."""

    def __init__(self, storages: dict[Table[Any], Storage[Any]], cursor: Cursor, segment: int) -> None:
        super().__init__()
        self._storages, self._cursor, self._segment = storages, cursor, segment

    def fetch(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """A new sheet with the current rows."""
        return self._storages[table].fetch(self._cursor, set(keys))

    def save(self) -> None:
        """Write everything that happened."""
        for table, sheet in self.by_table.items():
            self._storages[table].save(self._cursor, sheet, self._segment)
        for table, rows in self.written.items():
            self._storages[table].add(self._cursor, rows)


class Store:
    """The projections of a process, as they stand in one layout."""

    def __init__(
        self,
        events: EventLog,
        projections: Sequence[Projection],
        layout: Layout = VIEWS,
        kept_records: int = KEPT_RECORDS,
    ) -> None:
        self.events, self.layout = events, layout
        self.projections = {projection.name: projection for projection in projections}
        self.tracking = Tracking(layout)
        self.storages = {t: Storage(layout, t) for p in projections for t in p.tables}
        self._recall = Recall(events, kept_records)

    @property
    def channel(self) -> str:
        """Where the position is announced after each batch."""
        return f"{self.layout.schema}_advanced"

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """What the stored views should be."""
        return {name: projection.fingerprint(self.layout) for name, projection in self.projections.items()}

    def outdated(self, connection: Connection) -> set[str]:
        """The names of the projections whose stored tables are missing, no longer wanted, or not as declared."""
        tracked = self.tracking.read(connection) if self.tracking.exists(connection) else []
        stored, wanted = {t.name: t.fingerprint for t in tracked}, self.fingerprints
        wrong = amiss(connection, self.layout, (table for p in self.projections.values() for table in p.tables))
        altered = {name for name, p in self.projections.items() if any(table.name in wrong for table in p.tables)}
        return {name for name in stored | wanted if stored.get(name) != wanted.get(name)} | altered

    def catch_up(self, connection: Connection) -> None:
        """Follow the log to its end."""
        while self.turn(connection):
            pass

    def turn(self, connection: Connection, limit: int = BATCH) -> int:
        """Advance all projections that are at work by a batch, and say by how many events.

        Raises Outdated when the views were meanwhile rebuilt by other code.
        """
        tracked = self.tracking.read(connection)
        if {t.name: t.fingerprint for t in tracked} != self.fingerprints:
            raise Outdated(f"{self.layout.schema} 由另一版本的程序重建 | was rebuilt by another release of the program")
        return sum(self._advance(connection, group, limit) for group in groups(tracked))

    def _advance(self, connection: Connection, group: Group, limit: int) -> int:
        events = self._next(connection, group, limit)
        if not events:
            return 0
        try:
            self._apply(connection, group, events)
        except Overtaken:
            log.info("views.overtaken", position=group.position)
        except Poison as poison:
            self._isolate(connection, group, events, poison)
        return len(events)

    def _next(self, connection: Connection, group: Group, limit: int) -> list[Recorded]:
        """The group's next events, within one segment."""
        events = self.events.read(connection, group.position, limit, group.upto)
        first = self.layout.segment(events[0].position) if events else 0
        return [event for event in events if self.layout.segment(event.position) == first]

    def _apply(self, connection: Connection, group: Group, events: Sequence[Recorded]) -> None:
        segment, position = self.layout.segment(events[-1].position), events[-1].position
        batch = Batch(events, partial(self._recall.moments, connection))
        with connection.transaction(), connection.cursor(binary=True) as cursor:
            self.tracking.move(connection, group, position)
            for projection in map(self.projections.__getitem__, group.names):
                with blame(projection):
                    self._open_segments(cursor, projection, self.layout.segment(group.position) + 1, segment)
                    sheets = StoredSheets(self.storages, cursor, segment)
                    projection.advance(batch, sheets)
                    sheets.save()
            connection.execute("SELECT pg_notify(%s, %s)", [self.channel, str(position)])

    def _open_segments(self, cursor: Cursor, projection: Projection, first: int, last: int) -> None:
        if first <= last:
            for table in projection.tables:
                self.storages[table].open_segments(cursor, first, last)

    def _isolate(self, connection: Connection, group: Group, events: Sequence[Recorded], poison: Poison) -> None:
        """Halve a batch until the event that a projection cannot take in is alone, then park the projection there."""
        if len(events) > 1:
            half = (len(events) + 1) // 2
            self.turn(connection, half)
            self.turn(connection, half)
            return
        event = events[0]
        error = f"{event.fact.topic} at {event.position}: {poison.__cause__!r}"
        self.tracking.park(connection, poison.projection, group.position, error)
        log.error("projection.parked", projection=poison.projection, error=error, exc_info=poison.__cause__)
