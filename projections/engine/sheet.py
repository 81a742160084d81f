"""Which rows has a fold in hand, and what became of them?

Folds work on sheets in memory. The live path opens one with the rows that a batch touches, a rebuild with all there
are; both note every transition, from which history and statistics follow.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from projections.engine.row import Key, Row
from projections.engine.table import OPEN, Table

R = TypeVar("R", bound=Row)


class Change(NamedTuple, Generic[R]):
    """A row before and after the event at a position; None where there is none."""

    position: int
    old: R | None
    new: R | None


class Version(NamedTuple, Generic[R]):
    """A row and the positions between which it held, the first included, the last not."""

    row: R
    from_position: int
    to_position: int


class Sheet(Generic[R]):
    """Rows of one table by key, with all that happened to them since the sheet was opened."""

    def __init__(self, rows: dict[Key, R]) -> None:
        self.rows = rows
        self.began: dict[Key, int] = {}
        """Where the versions began that were there when the sheet was opened, of those of which that is known."""
        self.since: dict[Key, int] = {}
        """Where the present version of a row began, of those that began on this sheet."""
        self.ended: list[Version[R]] = []
        """The versions that began and ended on this sheet."""
        self.closed: dict[Key, int] = {}
        """Where the versions ended that were there when the sheet was opened."""
        self.replaced: list[R] = []
        """Those versions."""
        self.changes: list[Change[R]] = []

    def put(self, key: Key, row: R | None, position: int) -> None:
        """Replace a row by what an event made of it, None to take it away. The same again is no change."""
        old = self.rows.get(key)
        if old == row:
            return
        self.changes.append(Change(position, old, row))
        if old is not None:
            self._end(key, old, position)
        if row is None:
            del self.rows[key]
        else:
            self.rows[key], self.since[key] = row, position

    def standing(self) -> Iterable[Version[R]]:
        """The versions that began on this sheet and still hold."""
        return (Version(self.rows[key], position, OPEN) for key, position in self.since.items())

    def versions(self) -> Iterable[Version[R]]:
        """The versions that began on this sheet, those that have ended first."""
        return (*self.ended, *self.standing())

    def _end(self, key: Key, row: R, position: int) -> None:
        began = self.since.pop(key, None)
        if began is None:
            self.closed[key] = position
            self.replaced.append(row)
        elif began < position:  # what one event made and unmade never held
            self.ended.append(Version(row, began, position))


class Sheets(ABC):
    """All the sheets of a fold, and the log rows it wrote."""

    def __init__(self) -> None:
        self.by_table: dict[Table[Any], Sheet[Any]] = {}
        self.written: dict[Table[Any], list[Row]] = defaultdict(list)

    def open(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """The sheet of a table, with at least these rows on it."""
        sheet = self.by_table[table] = self.fetch(table, keys)
        return sheet

    @abstractmethod
    def fetch(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """Find the sheet that is asked for."""

    def changes(self, table: Table[R]) -> list[Change[R]]:
        """What happened on a table's sheet."""
        return self.by_table[table].changes

    def write(self, table: Table[R], rows: Iterable[R]) -> None:
        """Add rows to a log."""
        self.written[table].extend(rows)
