"""How far had a build come that was cut off, and with which rows in hand?

What leaves memory and the note of how far that is are committed together. The note is unlogged, as are the versions
that it speaks of: a crash of the server empties both, and the build begins anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from projections.engine.connection import Cursor
from projections.engine.table import Layout

CREATE = """
CREATE UNLOGGED TABLE {note} (
    position bigint NOT NULL, upto bigint NOT NULL, wanted jsonb NOT NULL, limits jsonb NOT NULL, done text[] NOT NULL
)"""
BEGIN = "INSERT INTO {note} VALUES (0, %s, %s, '{{}}', '{{}}')"
READ = "SELECT position, upto, wanted, limits, done FROM {note}"
MOVE = "UPDATE {note} SET position = %s, upto = %s, limits = %s"
DONE = "UPDATE {note} SET done = done || %s::text"
DROP = "DROP TABLE {note}"


class Standing(NamedTuple):
    """How far a build has come, of how far; what it builds, who stops earlier, and which tables are done."""

    position: int
    upto: int
    wanted: dict[str, str]
    limits: dict[str, int]
    done: list[str]

    def serves(self, wanted: Mapping[str, str], upto: int) -> bool:
        """Whether a build of these projections up to a position can go on from here."""
        return self.wanted == wanted and (self.upto == upto if self.done else self.position <= upto)


class Note:
    """The note of one layout's build."""

    def __init__(self, layout: Layout) -> None:
        self._table = layout.name("build")

    def create(self, cursor: Cursor, wanted: Mapping[str, str], upto: int) -> None:
        """Begin one."""
        self._run(cursor, CREATE)
        self._run(cursor, BEGIN, upto, Jsonb(dict(wanted)))

    def read(self, cursor: Cursor) -> Standing | None:
        """What it says; None when no build is under way here."""
        exists = cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [self._table.as_string()]).fetchone()
        if exists != (True,):
            return None
        row = self._run(cursor, READ).fetchone()
        return None if row is None else msgspec.convert(row, Standing)

    def move(self, cursor: Cursor, position: int, upto: int, limits: Mapping[str, int]) -> None:
        """Note how far memory has been written out."""
        self._run(cursor, MOVE, position, upto, Jsonb(dict(limits)))

    def done(self, cursor: Cursor, table: str) -> None:
        """Note that a table is finished."""
        self._run(cursor, DONE, table)

    def drop(self, cursor: Cursor) -> None:
        """The build is complete."""
        self._run(cursor, DROP)

    def _run(self, cursor: Cursor, text: str, *values: object) -> Cursor:
        return cursor.execute(sql.SQL(text).format(note=self._table), values)
