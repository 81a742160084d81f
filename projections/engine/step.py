"""What takes stored views from one position to the next? Folds, and what they tell PostgreSQL in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import psycopg

from projections.engine.connection import Connection, Teller
from projections.engine.kept import Kept, Recent, Rows
from projections.engine.projection import Projection
from projections.engine.recall import Recall
from projections.engine.row import Key, Row
from projections.engine.sheet import Place, Sheet, Sheets
from projections.engine.storage import LOOK_UP, Statement, Storage
from projections.engine.table import Layout, Table
from projections.engine.tracking import Group, Tracking
from projections.engine.view import Batch
from service.domain.record import Recorded

R = TypeVar("R", bound=Row)
ANNOUNCE = "SELECT pg_notify($1, $2)"
Storages = Mapping[Table[Any], Storage[Any]]


class StoredSheets(Sheets):
    """Sheets that are opened with the stored rows of the keys asked for, and saved within one segment.

    Rows that are known need not be fetched, nor those that are known not to be there.
    """

    def __init__(self, storages: Storages, cursor: Teller, known: Rows | None = None) -> None:
        super().__init__()
        self._storages, self._cursor = storages, cursor
        self._known = defaultdict(partial(Recent, 0)) if known is None else known

    def fetch(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """A new sheet with the current rows."""
        known, missing, absent = self._known[table], list[Key](), list[Key]()
        found: list[Place[R]] = []
        for key in dict.fromkeys(keys):
            place = known.get(key)
            if place is None:
                missing.append(key)
            elif place.row is None:
                absent.append(key)
            else:
                place.here = False
                found.append(place)
        sheet = self._storages[table].fetch(self._cursor, missing)
        sheet.absent = absent + [key for key in missing if key not in sheet.by_key]
        for place in found:
            sheet.add(place)
        return sheet

    def known(self, table: Table[R], rows: Mapping[Key, R | None]) -> Sheet[R]:
        """A new sheet with these rows, for which nobody waits."""
        sheet, known = Sheet[R](), self._known[table]
        for key, row in rows.items():
            if row is not None:
                place = known.get(key)
                sheet.add(Place(key, row, place.began if place else 0))
        self.by_table[table] = sheet
        return sheet

    def saving(self, tables: Iterable[Table[Any]], segment: int | None) -> Iterator[Statement]:
        """Write everything that happened to these tables, which begin a segment if there is a new one."""
        for table in tables:
            storage = self._storages[table]
            yield from storage.saving(self.by_table.get(table, Sheet()), segment)
            if rows := self.written.get(table):
                yield storage.adding(rows)


class Steps:
    """Takes projections from one position to the next, in the tables of one layout."""

    def __init__(
        self, layout: Layout, tracking: Tracking, projections: Iterable[Projection], recall: Recall, kept_rows: int
    ) -> None:
        self._layout, self._tracking, self._recall = layout, tracking, recall
        self._projections = {projection.name: projection for projection in projections}
        self._kept = {name: Kept(kept_rows) for name in self._projections}
        self.storages = {t: Storage(layout, t) for p in self._projections.values() for t in p.tables}

    @property
    def channel(self) -> str:
        """Where the position is announced after each batch."""
        return f"{self._layout.schema}_advanced"

    def folded(self, connection: Connection, group: Group, events: Sequence[Recorded]) -> Iterator[Statement]:
        """Fold a batch, as statements that save what it makes of the rows; what is not known is asked for meanwhile.

        Whatever is kept is ahead of what is stored until these are committed. When they never are, it is forgotten,
        since the group then stands elsewhere.
        """
        batch = Batch(events, partial(self._recall.moments, connection))
        segment = self._begun(group, events[-1].position)
        with psycopg.RawCursor(connection) as cursor:
            # Logs last: they fetch nothing that would wait for the others to be saved.
            for member in sorted(group.members, key=lambda member: self._projections[member.name].is_log):
                kept, projection = self._kept[member.name], self._projections[member.name]
                sheets = StoredSheets(self.storages, cursor, kept.rows(member))
                projection.advance(batch, sheets)
                yield from sheets.saving(projection.tables, segment)
                kept.keep(member, events[-1].position, sheets.by_table)

    def forget(self) -> None:
        """Keep no rows: some may never have been stored."""
        for kept in self._kept.values():
            kept.forget()

    def take(self, connection: Connection, group: Group, position: int, statements: Iterable[Statement]) -> None:
        """Take a step by these statements; each is sent as soon as it is there.

        Raises Overtaken when somebody else took it.
        """
        with connection.pipeline(), connection.transaction(), psycopg.RawCursor(connection) as cursor:
            self._tracking.move(connection, group, position)
            cursor.execute(LOOK_UP, prepare=True)
            for statement in statements:
                statement.tell(cursor)
            cursor.execute(ANNOUNCE, [self.channel, str(position)], prepare=True)

    def _begun(self, group: Group, position: int) -> int | None:
        """The segment that begins on the way to a position, if one does: the first, where some have no event."""
        segment = self._layout.segment(group.position) + 1
        return segment if segment <= self._layout.segment(position) else None
