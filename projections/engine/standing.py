"""What do the records of a place come to? A view whose rows also sum what each record there stands for.

A row begins and ends by folds, as in any view; its sums follow the records. After each event a record's share is taken
out as it was and put in as it is, so that no fold has to know which facts raise or lower a figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from msgspec.structs import replace

from projections.engine.row import Key, Row
from projections.engine.sheet import Sheet, Sheets
from projections.engine.tally import Amount
from projections.engine.view import Batch, View, may_differ
from service.domain.record import Record, Recorded

R = TypeVar("R", bound=Row)
T = TypeVar("T", bound=Record)
Shares = Mapping[UUID, Mapping[str, Amount]]
"""What a record adds to the columns of its places' rows."""


Amounts = dict[Key, Mapping[str, Amount]]


class _Step(NamedTuple):
    """An event, the rows that it folds into, and by how much it moves which columns of which rows."""

    event: Recorded
    keys: list[Key]
    amounts: Amounts


class Standing(View[R]):
    """A table with a row for each place."""

    def __init__(self, row: type[R]) -> None:
        super().__init__(row)
        self._shares: dict[type[Record], Callable[[Any], Shares]] = {}
        self.sources: dict[type[Record], AbstractSet[str]] = {}
        """All fields that the shares of some records depend on."""

    def counts(self, record: type[T], *sources: str) -> Callable[[Callable[[T], Shares]], Callable[[T], Shares]]:
        """Say what a record of this type stands for; it may depend on nothing but the record.

        `sources` are all fields that it depends on, where events seldom touch them.
        Raises TypeError when that has been said.
        """

        def declare(shares: Callable[[T], Shares]) -> Callable[[T], Shares]:
            if self._shares.setdefault(record, shares) is not shares:
                raise TypeError(f"{self.table}: {record.__name__} counts twice")
            if sources:
                self.sources[record] = frozenset(sources)
            return shares

        return declare

    def advance(self, batch: Batch, sheets: Sheets) -> None:
        """Follow the places and their records through a batch, event by event."""
        steps = list(self._steps(batch))
        sheet = sheets.open(self.table, (key for step in steps for key in (*step.keys, *step.amounts)))
        for step in steps:
            for key in step.keys:
                place = sheet.at(key)
                sheet.put(place, self.fold(place.row, step.event, key), step.event.position)
            _add(sheet, step)

    def _steps(self, batch: Batch) -> Iterator[_Step]:
        of = cache(self._of)  # what a record is after one event, it is before its next
        for moment in batch.moments:
            keys, amounts = self.keys(moment.event), Amounts()
            if may_differ(moment, self.sources):
                amounts = _moved(of(moment.before), of(moment.after))
            if keys or amounts:
                yield _Step(moment.event, keys, amounts)

    def _of(self, record: Record) -> Shares:
        shares = self._shares.get(type(record))
        return shares(record) if shares and record.exists else {}


def _moved(before: Shares, after: Shares) -> Amounts:
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
