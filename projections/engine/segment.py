"""Which versions lie in which segment of a history that is being built? The live path's rules, kept in memory.

A segment's versions are written when it ends, since only then all are known: those that ended in it, and those that
held beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from projections.engine.row import Row
from projections.engine.sheet import Sheet, Version
from projections.engine.table import Layout

R = TypeVar("R", bound=Row)


class Segment(NamedTuple):
    """A segment of one table's history, and how many versions have begun in it."""

    number: int = 0
    begun: int = 0


class Segments(Generic[R]):
    """The segment of a table that is being filled, and what is to be written of it."""

    def __init__(self, layout: Layout, order: Callable[[R], Any], number: int) -> None:
        self._layout, self._order, self.number = layout, order, number
        self._ended: list[Version[R]] = []

    @property
    def held(self) -> int:
        """How many versions that have ended wait to be written."""
        return len(self._ended)

    def take(self, sheet: Sheet[R]) -> None:
        """Take over the versions that ended on a sheet."""
        self._ended += sheet.ended
        sheet.ended = []

    def is_over(self, sheet: Sheet[R]) -> bool:
        """Whether half as many versions began in it as there are rows: then the next may begin, with a keyframe."""
        return 0 < len(sheet) <= 2 * sheet.begun

    def begin(self, number: int, sheet: Sheet[R]) -> None:
        """Go on to another segment; everything of the one before has been taken out."""
        self.number, sheet.begun = number, 0

    def taken(self, holding: Iterable[Version[R]] = ()) -> list[Version[R]]:
        """Take out the versions that ended, with others that hold on, in the order in which they are read as a rule.

        All as they lie in this segment: those of its keyframe begin with it.
        """
        start, order = self._layout.start(self.number), self._order
        versions, self._ended = [*self._ended, *holding], []
        versions.sort(key=lambda version: order(version[0]))
        return [(row, max(start, began), ended) for row, began, ended in versions]
