"""Which stored rows need not be asked for? Those that a projection's last batches touched, while it stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Any

from projections.engine.row import Key
from projections.engine.sheet import Place, Sheet
from projections.engine.table import Table
from projections.engine.tracking import Tracked

Places = dict[Key, Place[Any]]


class Recent:
    """Where the rows of a table stand that were touched last, and that some are not there.

    The oldest go when there are too many, but none that the step before this one touched: nobody else may see it yet.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._young: Places = {}
        self._old: Places = {}

    def get(self, key: Key) -> Place[Any] | None:
        """Where the row of a key stands, an empty place when there is none, None if nobody knows."""
        return self._young.get(key) or self._old.get(key)

    def keep(self, sheet: Sheet[Any]) -> None:
        """Know what became of the rows on a sheet."""
        if len(self._young) > self._size:
            self._young, self._old = {}, self._young
        gone = {each.key for each in sheet.replaced}.union(sheet.absent).difference(sheet.by_key)
        self._young.update({key: Place(key) for key in gone})
        self._young.update(sheet.by_key)  # from one dictionary to another no key is hashed anew


Rows = Mapping[Table[Any], Recent]


class Kept:
    """The rows of one projection that were touched last.

    They follow from the log up to a position, whoever wrote them there; all are forgotten when the projection stands
    anywhere else, or in tables of another build, which may have mended what was wrong with these.
    """

    def __init__(self, size: int) -> None:
        self._at: tuple[str, int] | None = None
        self._tables: defaultdict[Table[Any], Recent] = defaultdict(partial(Recent, size))

    def rows(self, tracked: Tracked) -> Rows:
        """What is known of the projection's rows as it stands, to be changed: `keep` says that this went well."""
        if self._at != (tracked.fingerprint, tracked.position):
            self._tables.clear()
        self._at = None
        return self._tables

    def keep(self, tracked: Tracked, position: int, sheets: Mapping[Table[Any], Sheet[Any]]) -> None:
        """Know what becomes of the rows in the step to this position."""
        self._at = tracked.fingerprint, position
        for table, sheet in sheets.items():
            self._tables[table].keep(sheet)

    def forget(self) -> None:
        """Know nothing."""
        self._at = None
