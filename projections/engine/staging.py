"""How does a table come to be that is built from nothing?

Its rows leave memory once they have ended, or the log has passed into a new segment of its history, and are copied to
where they stay: another way than the live one, and tests hold the two to equal tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, LiteralString, TypeVar

from psycopg import sql

from projections.engine.connection import Cursor
from projections.engine.content import Contents
from projections.engine.row import CONTENT_ID, Row
from projections.engine.segment import Segment, Segments
from projections.engine.sheet import Place, Sheet, Version
from projections.engine.storage import COPY, Storage, reading_order
from projections.engine.table import Layout, Table

R = TypeVar("R", bound=Row)
MOST_HELD = 20_000
"""Versions that wait at most for the end of their segment: a table that is empty whenever one ends begins no other."""

CREATE_STANDING = "CREATE UNLOGGED TABLE {standing} ({definitions}, from_position bigint NOT NULL)"
READ_STANDING = "SELECT {names}, from_position FROM {arrived}"
EMPTY_STANDING = "TRUNCATE {standing}"
DROP_STANDING = "DROP TABLE {standing}"
DROP = "DROP TABLE IF EXISTS {table}, {history}, {content}, {standing}"
COPY_HISTORY = "COPY {history} ({columns}, segment, from_position, to_position) FROM STDIN (FORMAT binary)"
COPY_STANDING = "COPY {standing} ({columns}, from_position) FROM STDIN (FORMAT binary)"
COPY_CONTENT = "COPY {content} FROM STDIN (FORMAT binary)"
ARRIVED = "{standing} LEFT JOIN (SELECT DISTINCT ON ({content_id}) * FROM {content}) AS each USING ({content_id})"
ONCE = """
DELETE FROM {content} USING (
    SELECT ctid AS place, row_number() OVER (PARTITION BY {content_id}) AS nth FROM {content}
) AS each WHERE {content}.ctid = place AND nth > 1"""


class Staging(Storage[R]):
    """A table while it is being built, not yet read by anyone."""

    def __init__(self, layout: Layout, table: Table[R]) -> None:
        super().__init__(layout, table)
        # No table that is declared can have such a name.
        self.parts["standing"] = layout.name(f"{table.name}~standing")
        self.parts["arrived"] = sql.SQL(ARRIVED if table.apart else "{standing}").format(**self.parts)
        self._by_key, self._order = table.order(table.key), table.order(reading_order(table))
        self._cells = self._whole if table.apart else table.cells
        self._begin(0)

    def _begin(self, segment: int) -> None:
        """Have nothing in memory."""
        self._stood = False
        """Whether a row has been added to those that stand."""
        self._segments: Segments[R] = Segments(self.layout, self._order, segment)
        self._contents = Contents(self.table)

    def segment(self, sheet: Sheet[R]) -> Segment:
        """The segment that is being filled."""
        return Segment(self._segments.number, sheet.begun)

    def create(self, cursor: Cursor) -> None:
        """Make the tables, and one for the rows that stand when everything is written out."""
        super().create(cursor)
        self._begin(0)
        if not self.table.log:
            self.run(cursor, CREATE_STANDING)

    def drop(self, cursor: Cursor) -> None:
        """Take away all that `create` made."""
        self.run(cursor, DROP)

    def recall(self, cursor: Cursor, segment: Segment) -> Sheet[R]:
        """The rows that stood when everything was last written out, in this segment."""
        self._begin(segment.number)
        sheet: Sheet[R] = Sheet()
        sheet.begun = segment.begun
        for *values, position in self.run(cursor, READ_STANDING).fetchall():
            row = self.row(values)
            sheet.add(Place(self.table.key_of(row), row, position, here=True))
            self._contents.seen(row)
        self._stood = len(sheet) > 0
        return sheet

    def take(self, cursor: Cursor, sheet: Sheet[R]) -> None:
        """Take in the versions that have ended."""
        self._segments.take(sheet)
        if self._segments.held > MOST_HELD:
            self._write(cursor, self._segments.taken())

    def pass_into(self, cursor: Cursor, sheet: Sheet[R], segment: int) -> None:
        """The log goes on to this segment: begin it, if the table changed enough."""
        if self._segments.is_over(sheet):
            self._write(cursor, self._segments.taken(sheet.standing()))
            self._segments.begin(segment, sheet)

    def keep(self, cursor: Cursor, sheet: Sheet[R]) -> None:
        """Write everything out, with the rows that stand, so that another build can go on from here."""
        self._write(cursor, self._segments.taken())
        if self._stood:
            self.run(cursor, EMPTY_STANDING)
        self._stand(cursor, sheet.standing())

    def show(self, cursor: Cursor, sheet: Sheet[R], since: int) -> None:
        """Let PostgreSQL see now what came to stand or ended after a position, rather than later with the rest.

        Raises a psycopg.DataError when it refuses any of it.
        """
        self._write(cursor, self._segments.taken())
        self._stand(cursor, [each for each in sheet.standing() if each[1] > since])

    def write(self, cursor: Cursor, sheet: Sheet[R]) -> None:
        """Write everything out to where it stays: no event is still to come."""
        self._write(cursor, self._segments.taken(sheet.standing()))
        self._copy(cursor, COPY, [], map(self._cells, sorted(sheet.rows(), key=self._by_key)))

    def finish(self, cursor: Cursor) -> None:
        """Index everything, once it is written."""
        if not self.table.log:
            self.run(cursor, DROP_STANDING)
        if self.table.apart:
            self.run(cursor, ONCE)
        self.index(cursor)

    def _write(self, cursor: Cursor, versions: Collection[Version[R]]) -> None:
        """Add versions to the history."""
        if versions:
            cells, segment = self._cells, self._segments.number
            rows = (cells(row, segment, began, ended) for row, began, ended in versions)
            self._copy(cursor, COPY_HISTORY, ["int4", "int8", "int8"], rows)

    def _stand(self, cursor: Cursor, versions: Collection[Version[R]]) -> None:
        """Add rows to those that stand."""
        if versions:
            cells, self._stood = self._cells, True
            self._copy(cursor, COPY_STANDING, ["int8"], (cells(row, began) for row, began, _ in versions))

    def _copy(self, cursor: Cursor, text: LiteralString, more: list[str], rows: Iterable[list[Any]]) -> None:
        """Copy rows that have more columns than the table; then what of them stands apart and is new."""
        self.copy(cursor, text, [*self.types, *more], rows)
        if new := self._contents.taken():
            types = [column.sent_as for column in (CONTENT_ID, *self.table.apart)]
            apart = ([id.bytes, *self.table.apart_cells(row)] for id, row in new.items())
            self.copy(cursor, COPY_CONTENT, types, apart)

    def _whole(self, row: R, *more: int) -> list[Any]:
        """The cells of a row of which something stands apart."""
        return self.table.cells(row, self._contents.id_of(row).int.to_bytes(16), *more)
