"""Which rows has a fold in hand, and what became of them?

Folds work on sheets in memory. The live path opens one with the rows that a batch touches, a rebuild with all there
are; both note every transition, from which history and statistics follow.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from projections.engine.row import Key, Row
from projections.engine.table import OPEN, Table

R = TypeVar("R", bound=Row)


class Change(msgspec.Struct, Generic[R], gc=False):
    """A row before and after the event at a position; None where there is none."""

    position: int
    old: R | None
    new: R | None


Version = tuple[R, int, int]
"""A row and the positions between which it held, the first included, the last not. A rebuild makes a few for every
event, and one with names takes ten times as long to make."""


class Ended(NamedTuple, Generic[R]):
    """A version that was there when its sheet was opened: where it began, 0 if nobody knows, and where it ended."""

    key: Key
    row: R
    began: int
    position: int


class Place(msgspec.Struct, Generic[R], gc=False):
    """Where a row stands on a sheet, found once for all that becomes of it: the hash of a key is dear.

    `began` is where its present version began, 0 if nobody knows, and `here` whether that was on this sheet.
    """

    key: Key
    row: R | None = None
    began: int = 0
    here: bool = False


class Sheet(Generic[R]):
    """Rows of one table by key, with all that happened to them since the sheet was opened."""

    def __init__(self) -> None:
        self._places: dict[Key, Place[R]] = {}
        self.absent: Sequence[Key] = ()
        """The keys of rows that were looked for when the sheet was opened, and were not there."""
        self.changes: list[Change[R]] = []
        self.ended: list[Version[R]] = []
        """The versions that began and ended on this sheet."""
        self.replaced: list[Ended[R]] = []
        """The versions that were there when the sheet was opened, and ended."""
        self.begun = 0
        """How many versions began on this sheet, or in the segment that is being built; not those unmade at once."""

    def __len__(self) -> int:
        return len(self._places)

    def add(self, place: Place[R]) -> None:
        """Let a row stand here that did before."""
        self._places[place.key] = place

    def at(self, key: Key) -> Place[R]:
        """Where the row of a key stands; an empty place when there is none."""
        return self._places.get(key) or Place(key)

    @property
    def by_key(self) -> Mapping[Key, Place[R]]:
        """Where rows stand."""
        return self._places

    def rows(self) -> list[R]:
        """All rows."""
        return [row for each in self._places.values() if (row := each.row)]

    def put(self, place: Place[R], row: R | None, position: int) -> None:
        """Replace a row by what an event made of it, None to take it away. The same again is no change."""
        old = place.row
        if old == row:
            return
        self.changes.append(Change(position, old, row))
        if old is None:
            self._places[place.key] = place
        else:
            self._end(place, old, position)
        if row is None:
            del self._places[place.key]
        else:
            self.begun += 1
        place.row, place.began, place.here = row, position, row is not None

    def standing(self) -> list[Version[R]]:
        """The versions that began on this sheet and still hold."""
        return [(row, each.began, OPEN) for each in self._places.values() if each.here and (row := each.row)]

    def versions(self) -> list[Version[R]]:
        """The versions that began on this sheet, those that have ended first."""
        return self.ended + self.standing()

    def _end(self, place: Place[R], row: R, position: int) -> None:
        if not place.here:
            self.replaced.append(Ended(place.key, row, place.began, position))
        elif place.began < position:
            self.ended.append((row, place.began, position))
        else:  # what one event made and unmade never held
            self.begun -= 1


class Sheets(ABC):
    """All the sheets of a fold, and the log rows it wrote."""

    def __init__(self) -> None:
        self.by_table: dict[Table[Any], Sheet[Any]] = {}
        self.written: dict[Table[Any], list[Row]] = defaultdict(list)

    def open(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """The sheet of a table, with at least these rows on it."""
        sheet = self.by_table[table] = self.fetch(table, keys)
        return sheet

    def known(self, table: Table[R], rows: Mapping[Key, R | None]) -> Sheet[R]:
        """The sheet of a table of which somebody knows, for all keys that he will ask for, which row stands if any."""
        return self.open(table, rows)

    @abstractmethod
    def fetch(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        """Find the sheet that is asked for."""

    def changes(self, table: Table[R]) -> list[Change[R]]:
        """What happened on a table's sheet."""
        return self.by_table[table].changes

    def write(self, table: Table[R], rows: Iterable[R]) -> None:
        """Add rows to a log."""
        self.written[table].extend(rows)
