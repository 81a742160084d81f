"""Which rows follow from a record as it stands? They are made anew after each of its events."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from projections.engine.row import Key, Row
from projections.engine.sheet import Sheets
from projections.engine.table import Table
from projections.engine.view import NO_SOURCES, Batch, Sources, may_differ
from service.domain.record import Record

R = TypeVar("R", bound=Row)


class _Step(NamedTuple, Generic[R]):
    """What the rows of one record were before an event, and what they are after it."""

    position: int
    before: dict[Key, R]
    after: dict[Key, R]


class Reflection(Generic[R]):
    """A table of what records say of themselves, such as their deadlines: no fold per fact, so no record is missed.

    All rows of a record follow from its `grounds`, and are made anew when these changed. Rows of different records have
    different keys. `sources` names the fields that the grounds follow from, for records of which they are dear to find.
    """

    def __init__(self, row: type[R], grounds: Callable[[Record], Hashable], sources: Sources = NO_SOURCES) -> None:
        self.table: Table[R] = row.table
        self._grounds, self._sources = grounds, sources
        self._rows: Callable[[Record], Iterable[R]] | None = None

    def of(self, rows: Callable[[Record], Iterable[R]]) -> Callable[[Record], Iterable[R]]:
        """Say which rows follow from a record; they may depend on nothing but its id and its grounds."""
        self._rows = rows
        return rows

    def advance(self, batch: Batch, sheets: Sheets) -> None:
        """Follow the records through a batch, event by event."""
        steps = list(self._steps(batch))
        sheet = sheets.known(self.table, self._stood(steps))
        for step in steps:
            for key in step.before | step.after:
                sheet.put(sheet.at(key), step.after.get(key), step.position)

    @staticmethod
    def _stood(steps: Iterable[_Step[R]]) -> dict[Key, R | None]:
        """The rows that stood before a batch: those of a record before its first step, and none else of its keys."""
        stood: dict[Key, R | None] = {}
        for step in steps:
            for key in step.before | step.after:
                stood.setdefault(key, step.before.get(key))
        return stood

    def _steps(self, batch: Batch) -> Iterator[_Step[R]]:
        grounds = cache(self._grounds)  # what a record is after one event, it is before its next
        for moment in batch.moments:
            if may_differ(moment, self._sources) and grounds(moment.before) != grounds(moment.after):
                yield _Step(moment.event.position, self._of(moment.before), self._of(moment.after))

    def _of(self, record: Record) -> dict[Key, R]:
        if self._rows is None:
            raise TypeError(f"{self.table}: nothing says what follows from a record")
        return {self.table.key_of(row): row for row in self._rows(record)}
