"""How do the stored views follow the log? In batches, each one transaction, each event exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar, cast

import psycopg
import structlog

from projections.engine.catalogue import amiss
from projections.engine.collector import no_collector
from projections.engine.connection import Connection, Teller
from projections.engine.kept import Kept, Rows
from projections.engine.projection import Projection
from projections.engine.reading import next_events
from projections.engine.recall import Recall
from projections.engine.row import Key, Row
from projections.engine.sheet import Place, Sheet, Sheets
from projections.engine.storage import LOOK_UP, Storage
from projections.engine.table import VIEWS, Layout, Table
from projections.engine.tracking import Group, Overtaken, Tracked, Tracking, groups, moved
from projections.engine.view import Batch
from service.domain.record import Recorded
from service.ledger.log import EventLog

R = TypeVar("R", bound=Row)
BATCH = 1_024
"""As many events as the shortest segment may have: no batch goes beyond one."""
KEPT_RECORDS = 10_000
KEPT_ROWS = 5_000
"""Of each table."""
ANNOUNCE = "SELECT pg_notify($1, $2)"
log = structlog.get_logger()


class Outdated(Exception):
    """The stored views are not those that this code declares."""


class StoredSheets(Sheets):
    """Sheets that are opened with the stored rows of the keys asked for, and saved within one segment.

    Rows that are known need not be fetched.
    """

    def __init__(self, storages: dict[Table[Any], Storage[Any]], cursor: Teller, known: Rows | None = None) -> None:
        super().__init__()
        self._storages, self._cursor, self._known = storages, cursor, known or {}

    def fetch(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """A new sheet with the current rows."""
        wanted, kept = set(keys), self._known.get(table, {})
        known = {key: kept[key] for key in wanted if key in kept}
        sheet = self._storages[table].fetch(self._cursor, wanted - known.keys())
        for key, (row, began) in known.items():
            sheet.add(Place(key, cast(R, row), began))
        return sheet

    def known(self, table: Table[R], rows: Mapping[Key, R | None]) -> Sheet[R]:
        """A new sheet with these rows, for which nobody waits."""
        sheet, kept = Sheet[R](), self._known.get(table, {})
        for key, row in rows.items():
            if row is not None:
                sheet.add(Place(key, row, kept[key].began if key in kept else 0))
        self.by_table[table] = sheet
        return sheet

    def save(self) -> None:
        """Write everything that happened."""
        for table, sheet in self.by_table.items():
            self._storages[table].save(self._cursor, sheet)
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
        kept_rows: int = KEPT_ROWS,
        made_by: Callable[[], Store] | None = None,
    ) -> None:
        self.events, self.layout = events, layout
        self.made_by = made_by
        """What makes this store, in another layout perhaps, in another process too: a function of some module."""
        self.projections = {projection.name: projection for projection in projections}
        self.tracking = Tracking(layout)
        self.tracked: list[Tracked] = []
        """How the projections stand, as far as this store has seen and moved them."""
        self.storages = {t: Storage(layout, t) for p in projections for t in p.tables}
        self._recall = Recall(events, kept_records)
        self._kept = {name: Kept(kept_rows) for name in self.projections}

    def part(self, names: Iterable[str]) -> Store:
        """Some of the projections, in the same layout."""
        return Store(self.events, [self.projections[name] for name in names], self.layout)

    def placed(self, layout: Layout) -> Store:
        """The same projections in another layout."""
        return Store(self.events, list(self.projections.values()), layout, made_by=self.made_by)

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
        stored, wanted = {t.name: t.declared for t in tracked}, self.fingerprints
        wrong = amiss(connection, self.layout, (table for p in self.projections.values() for table in p.tables))
        altered = {name for name, p in self.projections.items() if any(table.name in wrong for table in p.tables)}
        return {name for name in stored | wanted if stored.get(name) != wanted.get(name)} | altered

    def look(self, connection: Connection) -> None:
        """See how the projections stand: another process may have moved or resumed them."""
        self.tracked = self.tracking.read(connection)

    def catch_up(self, connection: Connection) -> None:
        """Follow the log to its end."""
        self.look(connection)
        while self.turn(connection):
            pass

    def turn(self, connection: Connection, limit: int = BATCH) -> int:
        """Advance all projections that are at work by a batch, and say by how many events.

        Raises Outdated when the views were meanwhile rebuilt by other code.
        """
        if not self.tracked:
            self.look(connection)
        if {t.name: t.declared for t in self.tracked} != self.fingerprints:
            raise Outdated(f"{self.layout.schema} 由另一版本的程序重建 | was rebuilt by another release of the program")
        with no_collector():
            return sum(self._advance(connection, group, limit) for group in groups(self.tracked))

    def _advance(self, connection: Connection, group: Group, limit: int) -> int:
        events = next_events(self.events, connection, self.layout, group.position, limit, group.upto)
        if events:
            self._take_in(connection, group, events)
        return len(events)

    def _take_in(self, connection: Connection, group: Group, events: Sequence[Recorded]) -> None:
        try:
            self._apply(connection, group, events)
            self.tracked = moved(self.tracked, group, events[-1].position)
        except Overtaken:
            log.info("views.overtaken", position=group.position)
            self.look(connection)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, it parks the projection that raises it
            self._isolate(connection, group, events, error)

    def _apply(self, connection: Connection, group: Group, events: Sequence[Recorded]) -> None:
        position = events[-1].position
        batch = Batch(events, partial(self._recall.moments, connection))
        done: list[tuple[Tracked, StoredSheets]] = []
        with connection.pipeline(), connection.transaction(), psycopg.RawCursor(connection) as cursor:
            self.tracking.move(connection, group, position)
            self._begin_segment(cursor, group, position)
            cursor.execute(LOOK_UP, prepare=True)
            # Logs last: they fetch nothing that would wait for the others to be saved.
            for member in sorted(group.members, key=lambda member: self.projections[member.name].is_log):
                sheets = StoredSheets(self.storages, cursor, self._kept[member.name].rows(member))
                done.append((member, sheets))
                self.projections[member.name].advance(batch, sheets)
                sheets.save()  # PostgreSQL is at it while the next one is folded
            cursor.execute(ANNOUNCE, [self.channel, str(position)], prepare=True)
        for member, sheets in done:
            self._kept[member.name].keep(member, position, sheets.by_table)

    def _begin_segment(self, cursor: Teller, group: Group, position: int) -> None:
        segment = self.layout.segment(group.position) + 1
        if segment <= self.layout.segment(position):
            for table in (table for member in group.members for table in self.projections[member.name].tables):
                self.storages[table].begin_segment(cursor, segment)

    def _isolate(self, connection: Connection, group: Group, events: Sequence[Recorded], error: Exception) -> None:
        """Halve a batch until one event is alone, then with one projection: if that fails, the projection is parked."""
        if len(events) > 1:
            half = (len(events) + 1) // 2
            self.turn(connection, half)
            self.turn(connection, half)
        elif len(group.members) > 1:
            for member in group.members:
                self._take_in(connection, group._replace(members=(member,)), events)
        else:
            self._park(connection, group, events[0], error)

    def _park(self, connection: Connection, group: Group, event: Recorded, error: Exception) -> None:
        (member,), reason = group.members, f"{event.fact.topic} at {event.position}: {error!r}"
        self.tracking.park(connection, member.name, group.position, reason)
        self.look(connection)
        log.error("projection.parked", projection=member.name, error=reason, exc_info=error)
