"""What takes stored views from one position to the next? Folds, and what they tell PostgreSQL in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast

import psycopg

from projections.engine.connection import Connection, Teller
from projections.engine.kept import Kept, Rows
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
        self._storages, self._cursor, self._known = storages, cursor, known or {}

    def fetch(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """A new sheet with the current rows."""
        wanted, kept = set(keys), self._known.get(table, {})
        known = {key: kept[key] for key in wanted if key in kept}
        sheet = self._storages[table].fetch(self._cursor, wanted - known.keys())
        for key, (row, began) in known.items():
            if row is not None:
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

    def saving(self) -> Iterator[Statement]:
        """Write everything that happened."""
        for table, sheet in self.by_table.items():
            yield from self._storages[table].saving(sheet)
        for table, rows in self.written.items():
            yield self._storages[table].adding(rows)


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
        with psycopg.RawCursor(connection) as cursor:
            # Logs last: they fetch nothing that would wait for the others to be saved.
            for member in sorted(group.members, key=lambda member: self._projections[member.name].is_log):
                kept = self._kept[member.name]
                sheets = StoredSheets(self.storages, cursor, kept.rows(member))
                self._projections[member.name].advance(batch, sheets)
                yield from sheets.saving()
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
            _tell(cursor, self._beginning(group, position))
            cursor.execute(LOOK_UP, prepare=True)
            _tell(cursor, statements)
            cursor.execute(ANNOUNCE, [self.channel, str(position)], prepare=True)

    def _beginning(self, group: Group, position: int) -> Iterator[Statement]:
        """Let tables begin a segment, where there is a new one."""
        segment = self._layout.segment(group.position) + 1
        if segment <= self._layout.segment(position):
            for table in (table for member in group.members for table in self._projections[member.name].tables):
                yield from self.storages[table].beginning(segment)


def _tell(cursor: Teller, statements: Iterable[Statement]) -> None:
    for statement in statements:
        statement.tell(cursor)
