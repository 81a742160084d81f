"""How far had a build come that was cut off, and with which rows in hand?

What leaves memory and the note of how far that is are committed together. The note is unlogged, as are the rows that
it speaks of: a crash of the server empties both, and the build begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import LiteralString, NamedTuple

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from projections.engine.connection import Cursor
from projections.engine.segment import Segment
from projections.engine.table import Layout

CREATE = """
CREATE UNLOGGED TABLE {note} (
    share int PRIMARY KEY, wanted jsonb NOT NULL, position bigint NOT NULL DEFAULT 0, upto bigint NOT NULL,
    limits jsonb NOT NULL DEFAULT '{{}}', segments jsonb NOT NULL DEFAULT '{{}}',
    written boolean NOT NULL DEFAULT false, done text[] NOT NULL DEFAULT '{{}}'
)"""
BEGIN = "INSERT INTO {note} (share, wanted, upto) VALUES (%s, %s, %s)"
READ = "SELECT wanted, position, upto, limits, segments, written, done FROM {note} ORDER BY share"
MOVE = """
UPDATE {note} SET position = %s, upto = %s, limits = %s, segments = %s, written = %s, done = '{{}}' WHERE share = %s"""
DONE = "UPDATE {note} SET done = done || %s::text WHERE share = %s"
DROP = "DROP TABLE {note}"
Wanted = Mapping[str, str]
"""What is built: the names of projections, and what their tables are."""


class Standing(NamedTuple):
    """How far a share of a build has come, of how far; what it builds, and who stops earlier.

    Once all rows are written to where they stay, none are left to go on from: tables are only finished.
    """

    wanted: dict[str, str]
    position: int
    upto: int
    limits: dict[str, int]
    segments: dict[str, Segment]
    written: bool
    done: list[str]

    def serves(self, upto: int) -> bool:
        """Whether a build up to a position can go on from here."""
        return self.upto == upto if self.written else self.position <= upto


class Note:
    """The note of one layout's build, with a row for each share of it."""

    def __init__(self, layout: Layout) -> None:
        # `build` and `build_share` were earlier ones, which this one cannot go on with.
        self._table = layout.name("share_of_build")

    def create(self, cursor: Cursor, shares: Iterable[Wanted], upto: int) -> None:
        """Begin one."""
        self._run(cursor, CREATE)
        for number, wanted in enumerate(shares):
            self._run(cursor, BEGIN, number, Jsonb(dict(wanted)), upto)

    def read(self, cursor: Cursor) -> list[Standing]:
        """What it says of each share; nothing when no build is under way here."""
        exists = cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [self._table.as_string()]).fetchone()
        return [msgspec.convert(row, Standing) for row in self._run(cursor, READ)] if exists == (True,) else []

    def move(
        self,
        cursor: Cursor,
        share: int,
        position: int,
        upto: int,
        limits: Mapping[str, int],
        segments: Mapping[str, Segment],
        written: bool,
    ) -> None:
        """Note how far the memory of a share has been written out, and whether to where it stays."""
        self._run(cursor, MOVE, position, upto, Jsonb(dict(limits)), Jsonb(dict(segments)), written, share)

    def done(self, cursor: Cursor, share: int, table: str) -> None:
        """Note that a table is finished."""
        self._run(cursor, DONE, table, share)

    def drop(self, cursor: Cursor) -> None:
        """The build is complete."""
        self._run(cursor, DROP)

    def _run(self, cursor: Cursor, text: LiteralString, *values: object) -> Cursor:
        return cursor.execute(sql.SQL(text).format(note=self._table), values)
