"""Which stored rows need not be asked for? Those that a projection's last batches touched, while it stands there."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec.structs import astuple

from projections.engine.row import Key, Row
from projections.engine.sheet import Sheet
from projections.engine.table import Table
from projections.engine.tracking import Tracked


class Known(NamedTuple):
    """A stored row, and the position at which its version began, 0 if nobody knows; or that there is none."""

    row: Row | None
    began: int


GONE = Known(None, 0)


Rows = Mapping[Table[Any], Mapping[Key, Known]]


class Kept:
    """The rows of one projection that were touched last.

    They follow from the log up to a position, whoever wrote them there; all are forgotten when the projection stands
    anywhere else, or in tables of another build, which may have mended what was wrong with these.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._at: tuple[str, int] | None = None
        self._tables: dict[Table[Any], OrderedDict[Key, Known]] = defaultdict(OrderedDict)

    def rows(self, tracked: Tracked) -> Rows:
        """What is known of the projection's rows as it stands."""
        if self._at != (tracked.fingerprint, tracked.position):
            self.forget()
        return self._tables

    def forget(self) -> None:
        """Know nothing."""
        self._at = None
        self._tables.clear()

    def keep(self, tracked: Tracked, position: int, sheets: Mapping[Table[Any], Sheet[Any]]) -> None:
        """Know what becomes of the rows in the step to this position.

        What it touched stays known at least until the end of the next step, during which nobody else may see it yet.
        """
        self._at = tracked.fingerprint, position
        for table, sheet in sheets.items():
            self._take(self._tables[table], sheet)

    def _take(self, kept: OrderedDict[Key, Known], sheet: Sheet[Any]) -> None:
        while len(kept) > self._size:
            kept.popitem(last=False)
        for gone in sheet.replaced:
            kept[gone.key] = GONE
            kept.move_to_end(gone.key)
        for key, row, began, _ in map(astuple, sheet.places()):
            kept[key] = Known(row, began)
            kept.move_to_end(key)
