"""How many are there, and how much in all? Sums over a view's rows, kept row by row and never counted anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from projections.engine.row import Key, Row
from projections.engine.sheet import Change, Sheets
from projections.engine.table import Table
from projections.engine.view import Batch, View

R = TypeVar("R", bound=Row)
S = TypeVar("S", bound=Row)
Amount = int | Decimal
Share = tuple[Key, Mapping[str, Amount]] | None
"""The group that a row belongs to and what it adds to the group's columns; None if it does not count."""


class _Step(NamedTuple):
    """What one event changes in one group."""

    position: int
    group: Key
    amounts: Mapping[str, Amount]


class Tally(Generic[R, S]):
    """A table with a row per group. A group whose columns are all zero is no row.

    A row that moves takes its share from one group to the other. The view must stand before it in its projection.
    """

    def __init__(self, row: type[R], of: View[S]) -> None:
        self.table: Table[R] = row.table
        self.of = of
        self._share: Callable[[S], Share] | None = None
        self._zero = {c.name: _zero(c.name, c.type) for c in self.table.columns if c.name not in self.table.key}

    def counts(self, share: Callable[[S], Share]) -> Callable[[S], Share]:
        """Say what a row of the view counts for."""
        self._share = share
        return share

    def advance(self, batch: Batch, sheets: Sheets) -> None:
        """Follow the view's rows through a batch."""
        steps = [step for change in sheets.changes(self.of.table) for step in self._steps(change)]
        sheet = sheets.open(self.table, (step.group for step in steps))
        for step in steps:
            place = sheet.at(step.group)
            sheet.put(place, self._sum(place.row, step), step.position)

    def _steps(self, change: Change[S]) -> list[_Step]:
        groups: dict[Key, dict[str, Amount]] = defaultdict(lambda: defaultdict(int))
        for row, sign in ((change.old, -1), (change.new, +1)):
            group, amounts = self._of(row) or ((), {})
            for column, amount in amounts.items():
                groups[group][column] += sign * amount
        return [_Step(change.position, group, amounts) for group, amounts in groups.items() if any(amounts.values())]

    def _of(self, row: S | None) -> Share:
        if self._share is None:
            raise TypeError(f"{self.table}: nothing says what a row counts for")
        return None if row is None else self._share(row)

    def _sum(self, row: R | None, step: _Step) -> R | None:
        sums = {name: getattr(row, name, zero) for name, zero in self._zero.items()}
        for column, amount in step.amounts.items():
            sums[column] += amount
        if not any(sums.values()):
            return None
        new: R = self.table.row(**dict(zip(self.table.key, step.group, strict=True)), **sums)
        return new


def _zero(name: str, type: str) -> Amount:
    if type not in ("bigint", "numeric"):
        raise TypeError(f"column {name}: a sum is an int or a Decimal")
    return 0 if type == "bigint" else Decimal(0)
