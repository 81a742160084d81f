"""What do the records of a place come to? A view whose rows also sum what each record there stands for.

A row begins and ends by folds, as in any view; its sums follow the records. After each event a record's share is taken
out as it was and put in as it is, so that no fold has to know which facts raise or lower a figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from msgspec.structs import replace

from projections.engine.row import Key, Row
from projections.engine.sheet import Sheet, Sheets
from projections.engine.tally import Amount
from projections.engine.view import Batch, View
from service.domain.record import Record, Recorded

R = TypeVar("R", bound=Row)
T = TypeVar("T", bound=Record)
Shares = Mapping[UUID, Mapping[str, Amount]]
"""What a record adds to the columns of its places' rows."""


class _Step(NamedTuple):
    """An event, the rows that it folds into, and by how much it moves which columns of which rows."""

    event: Recorded
    keys: list[Key]
    amounts: Mapping[Key, Mapping[str, Amount]]


class Standing(View[R]):
    """A table with a row for each place."""

    def __init__(self, row: type[R]) -> None:
        super().__init__(row)
        self._shares: dict[type[Record], Callable[[Any], Shares]] = {}

    def counts(self, record: type[T]) -> Callable[[Callable[[T], Shares]], Callable[[T], Shares]]:
        """Say what a record of this type stands for; it may depend on nothing but the record.

        Raises TypeError when that has been said.
        """

        def declare(shares: Callable[[T], Shares]) -> Callable[[T], Shares]:
            if self._shares.setdefault(record, shares) is not shares:
                raise TypeError(f"{self.table}: {record.__name__} counts twice")
            return shares

        return declare

    def advance(self, batch: Batch, sheets: Sheets) -> None:
        """Follow the places and their records through a batch, event by event."""
        steps = [step for step in self._steps(batch) if step.keys or step.amounts]
        sheet = sheets.open(self.table, (key for step in steps for key in (*step.keys, *step.amounts)))
        for step in steps:
            for key in step.keys:
                place = sheet.at(key)
                sheet.put(place, self.fold(place.row, step.event, key), step.event.position)
            _add(sheet, step)

    def _steps(self, batch: Batch) -> Iterator[_Step]:
        of = cache(self._of)  # what a record is after one event, it is before its next
        for event, before, after in batch.moments:
            yield _Step(event, self.keys(event), _moved(of(before), of(after)))

    def _of(self, record: Record) -> Shares:
        shares = self._shares.get(type(record))
        return shares(record) if shares and record.exists else {}


def _moved(before: Shares, after: Shares) -> Mapping[Key, Mapping[str, Amount]]:
    if before == after:
        return {}
    moved: dict[Key, dict[str, Amount]] = defaultdict(lambda: defaultdict(int))
    for shares, sign in ((before, -1), (after, +1)):
        for place, amounts in shares.items():
            for column, amount in amounts.items():
                moved[(place,)][column] += sign * amount
    return {key: amounts for key, amounts in moved.items() if any(amounts.values())}


def _add(sheet: Sheet[R], step: _Step) -> None:
    """Move the sums; a place that has no row has none that could be wrong."""
    for key, amounts in step.amounts.items():
        place = sheet.at(key)
        if (row := place.row) is not None:
            sums = {column: getattr(row, column) + amount for column, amount in amounts.items()}
            sheet.put(place, replace(row, **sums).stamped(step.event), step.event.position)
