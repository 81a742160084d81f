"""How does a table come to be that is built from nothing?

Its rows arrive once, as versions with the positions between which they held. Current rows and segmented history are
then cut from those in SQL: another way than the live one, and tests hold the two to equal tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from psycopg import sql

from projections.engine.connection import Cursor
from projections.engine.content import Contents
from projections.engine.row import Row
from projections.engine.sheet import Sheet
from projections.engine.storage import Storage
from projections.engine.table import Layout, Table

R = TypeVar("R", bound=Row)

CREATE_VERSIONS = """
CREATE UNLOGGED TABLE {versions} ({definitions}, from_position bigint NOT NULL, to_position bigint)"""
READ_STANDING = """
SELECT {names}, from_position FROM {arrived}
LEFT JOIN (
    SELECT {key}, from_position, true AS over FROM {versions} WHERE to_position IS NOT NULL
) AS ended USING ({key}, from_position)
WHERE to_position IS NULL AND over IS NULL"""
COPY_VERSIONS = "COPY {versions} ({columns}, from_position, to_position) FROM STDIN (FORMAT binary)"
CURRENT = "INSERT INTO {table} ({columns}) SELECT {columns} FROM {versions} WHERE to_position = {open} ORDER BY {key}"
CHANGES = """
SELECT segment, sum(begun)::int, sum(ended)::int FROM (
    SELECT from_position AS position, 1 AS begun, 0 AS ended FROM {versions} WHERE to_position IS NOT NULL
    UNION ALL SELECT to_position, 0, 1 FROM {versions} WHERE to_position < {open}
) AS each, LATERAL (SELECT (position - 1) >> {bits} AS segment) AS place GROUP BY segment ORDER BY segment"""
HISTORY = """
INSERT INTO {history} (segment, {columns}, from_position, to_position)
SELECT start >> {bits}, {columns}, greatest(from_position, start), CASE WHEN n = last THEN to_position ELSE {open} END
FROM {versions}, (SELECT %s::bigint[] AS starts) AS cut,
LATERAL (SELECT width_bucket(from_position - 1, starts), width_bucket(to_position - 1, starts)) AS held(first, last),
LATERAL (SELECT n, starts[n] AS start FROM generate_series(first, last) AS n) AS segment
WHERE to_position IS NOT NULL
ORDER BY start, greatest(from_position, start), {order}"""  # as they would have been written one after the other
ARRIVED = "{versions} LEFT JOIN (SELECT DISTINCT ON ({content_id}) * FROM {content}) AS each USING ({content_id})"
ONCE = """
DELETE FROM {content} USING (
    SELECT ctid AS place, row_number() OVER (PARTITION BY {content_id}) AS nth FROM {content}
) AS each WHERE {content}.ctid = place AND nth > 1"""
"""Rows that had a content before, or have it as others do, brought it again."""
COPY_CONTENT = "COPY {content} FROM STDIN (FORMAT binary)"
DROP_VERSIONS = "DROP TABLE {versions}"


class Staging(Storage[R]):
    """A table while it is being built, not yet read by anyone."""

    def __init__(self, layout: Layout, table: Table[R]) -> None:
        super().__init__(layout, table)
        # No table that is declared can have such a name.
        self.parts["versions"] = layout.name(f"{table.name}~versions")
        self.parts["arrived"] = sql.SQL(ARRIVED if table.apart else "{versions}").format(**self.parts)
        self._contents = Contents(table)

    def create(self, cursor: Cursor) -> None:
        """Make the tables, and one for the versions to arrive in."""
        super().create(cursor)
        self._contents = Contents(self.table)  # a build that begins anew has stored nothing yet
        if not self.table.log:
            self.run(cursor, CREATE_VERSIONS)

    def keep(self, cursor: Cursor, sheet: Sheet[R], since: int) -> None:
        """Write out the rows that came to stand after a position, so that another build can go on from here.

        They have no end as yet: each is written again, as a version, when it ends or the build does.
        """
        standing = (each for each in sheet.standing() if each.from_position > since)
        self._copy_versions(cursor, ((each.row, each.from_position, None) for each in standing))

    def recall(self, cursor: Cursor) -> Sheet[R]:
        """The rows that stood when they were last written out."""
        sheet: Sheet[R] = Sheet({})
        for *values, position in self.run(cursor, READ_STANDING).fetchall():
            row = self.row(values)
            key = self.table.key_of(row)
            sheet.rows[key], sheet.since[key] = row, position
            self._contents.seen(row)
        return sheet

    def receive(self, cursor: Cursor, rows: Iterable[Any]) -> None:
        """Take in what leaves memory: versions that have ended or still stand, or a log's rows."""
        if self.table.log:
            self.append(cursor, rows)
        else:
            self._copy_versions(cursor, rows)

    def _copy_versions(self, cursor: Cursor, versions: Iterable[tuple[R, int, int | None]]) -> None:
        rows = ((*self._cells(row), began, ended) for row, began, ended in versions)
        self.copy(cursor, COPY_VERSIONS, [*self.types, "int8", "int8"], rows)
        if new := self._contents.taken():
            types = ["uuid", *(column.sent_as for column in self.table.apart)]
            self.copy(cursor, COPY_CONTENT, types, ((id, *self.table.apart_cells(row)) for id, row in new.items()))

    def _cells(self, row: R) -> list[Any]:
        cells = self.table.cells(row)
        if self.table.apart:
            cells.append(self._contents.id_of(row))
        return cells

    def finish(self, cursor: Cursor, position: int) -> None:
        """Cut current rows and history, as of this position, from the versions; then index them."""
        if not self.table.log:
            self.run(cursor, CURRENT)
            self.run(cursor, HISTORY, list(self._starts(cursor, self.layout.segment(position))))
            self.run(cursor, DROP_VERSIONS)
        if self.table.apart:
            self.run(cursor, ONCE)
        self.index(cursor)

    def _starts(self, cursor: Cursor, last: int) -> Iterator[int]:
        """After which positions segments begin: the first one, and those that the live path would have begun."""
        yield 0
        rows = since = 0
        for segment, begun, ended in self.run(cursor, CHANGES).fetchall():
            rows, since = rows + begun - ended, since + begun
            if segment < last and 0 < rows <= 2 * since:
                yield self.layout.start(segment + 1)
                since = 0
