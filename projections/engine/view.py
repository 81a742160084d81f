"""How does a view follow from events? By pure folds: row in, event in, row out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, overload
from uuid import UUID

import msgspec

from projections.engine.row import Key, LogRow, Row
from projections.engine.sheet import Sheets
from projections.engine.table import Table
from service.domain.record import Envelope, Fact, Record, Recorded

R = TypeVar("R", bound=Row)
L = TypeVar("L", bound=LogRow)
F = TypeVar("F", bound=Fact)
F_co = TypeVar("F_co", bound=Fact, covariant=True)


class Event(Protocol[F_co]):
    """A Recorded whose fact is known to be of a certain type, as a fold sees it."""

    @property
    def originator_id(self) -> UUID:
        """The record that it is about."""
        ...

    @property
    def originator_version(self) -> int:
        """The record's version with it."""
        ...

    @property
    def position(self) -> int:
        """Its place in the log."""
        ...

    @property
    def fact(self) -> F_co:
        """What happened."""
        ...

    @property
    def envelope(self) -> Envelope:
        """Who, when, why and from where."""
        ...


class Moment(msgspec.Struct, gc=False):
    """An event with its record before and after it."""

    event: Recorded
    before: Record
    after: Record
    names: list[str] | None = None

    @property
    def changed(self) -> list[str]:
        """The fields of the record that the event replaced, looked up once for all who ask."""
        if self.names is None:
            self.names = self.after.replaced(self.before)
        return self.names


Sources = Mapping[type[Record], AbstractSet[str]]
"""From which fields of a record something follows."""
NO_SOURCES: Sources = MappingProxyType({})


def may_differ(moment: Moment, sources: Sources) -> bool:
    """Whether what follows from a record may be another after an event; always when nothing is known of its sources."""
    fields = sources.get(type(moment.after))
    return fields is None or not fields.isdisjoint(moment.changed)


class Batch:
    """Events in the order of their positions; their records are looked up when a log asks for them."""

    def __init__(self, events: Sequence[Recorded], recall: Callable[[Sequence[Recorded]], list[Moment]]) -> None:
        self.events, self._recall = events, recall

    @cached_property
    def moments(self) -> list[Moment]:
        """The events with their records."""
        return self._recall(self.events)

    def of(self, facts: AbstractSet[type[Fact]]) -> list[Recorded]:
        """The events of these facts, in order; those of others cost nothing."""
        found = [self._by_fact[fact] for fact in self._by_fact.keys() & facts]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found), key=attrgetter("position"))

    @cached_property
    def _by_fact(self) -> dict[type[Fact], list[Recorded]]:
        found: dict[type[Fact], list[Recorded]] = defaultdict(list)
        for event in self.events:
            found[type(event.fact)].append(event)
        return found


class Part(Protocol):
    """Anything a projection is made of: a View, a Log or a Tally."""

    @property
    def table(self) -> Table[Any]:
        """What keeps its rows."""
        ...

    def advance(self, batch: Batch, sheets: Sheets) -> None:
        """Fold a batch into the sheets."""
        ...


Fold = Callable[[R, Event[F]], R | None]
"""Makes the new row, or None to delete it. The row it is given is None when there is none yet."""
KeyOf = Callable[[Event[F]], Key | list[Key]]


class _Rule(NamedTuple):
    """What a view does with one type of fact."""

    keys: Callable[[Any], Key | list[Key]]
    fold: Callable[[Any, Any, Key], Any]


class View(Generic[R]):
    """A table of which each row is the fold of the events that concern it. Events without a fold are passed over."""

    def __init__(self, row: type[R]) -> None:
        self.table: Table[R] = row.table
        self._rules: dict[type[Fact], _Rule] = {}

    @overload
    def on(self, fact: type[F], /, *, key: KeyOf[F] | None = None) -> Callable[[Fold[R, F]], Fold[R, F]]: ...
    @overload
    def on(self, *facts: type[Fact], key: KeyOf[Any] | None = None) -> Callable[[Fold[R, Any]], Fold[R, Any]]: ...
    def on(self, *facts: type[Fact], key: KeyOf[Any] | None = None) -> Callable[[Fold[R, Any]], Fold[R, Any]]:
        """Fold these facts into the row of this key: by default the record's own, or each row of a list of keys.

        Raises TypeError when a fact has a fold already, or when the record's id alone is no key of the table.
        """
        if key is None and len(self.table.key) != 1:
            raise TypeError(f"{self.table}: say which key a fact concerns")

        def declare(fold: Fold[R, Any]) -> Fold[R, Any]:
            self._declare(facts, _Rule(key or self._own, lambda row, event, _: fold(row, event)))
            return fold

        return declare

    def each(
        self, fact: type[F], /, *, keys: Callable[[Event[F]], list[Key]]
    ) -> Callable[[Callable[[R, Event[F], Key], R | None]], Callable[[R, Event[F], Key], R | None]]:
        """Fold a fact into several rows, which it may begin: the fold is told for which key it is called."""

        def declare(fold: Callable[[R, Event[F], Key], R | None]) -> Callable[[R, Event[F], Key], R | None]:
            self._declare((fact,), _Rule(keys, fold))
            return fold

        return declare

    @property
    def facts(self) -> AbstractSet[type[Fact]]:
        """The facts that it folds."""
        return self._rules.keys()

    @staticmethod
    def _own(event: Event[Fact]) -> Key:
        return (event.originator_id,)

    def _declare(self, facts: Iterable[type[Fact]], rule: _Rule) -> None:
        for fact in facts:
            if self._rules.setdefault(fact, rule) is not rule:
                raise TypeError(f"{self.table}: two folds of {fact.__name__}")

    def keys(self, event: Recorded) -> list[Key]:
        """The keys of the rows that an event concerns."""
        rule = self._rules.get(type(event.fact))
        if rule is None:
            return []
        found = rule.keys(event)
        return found if isinstance(found, list) else [found]

    def fold(self, row: R | None, event: Recorded, key: Key) -> R | None:
        """What an event makes of a row.

        Raises ValueError when the fold answers with the row of another key.
        """
        new: R | None = self._rules[type(event.fact)].fold(row, event, key)
        if new is None:
            return None
        stamped = new.stamped(event)
        if self.table.key_of(stamped) != key:
            raise ValueError(f"{self.table}: the fold of {event.fact.topic} for {key} returned {stamped}")
        return stamped

    def advance(self, batch: Batch, sheets: Sheets) -> None:
        """Fold a batch, event by event."""
        concerned = [(event, key) for event in batch.of(self.facts) for key in self.keys(event)]
        sheet = sheets.open(self.table, (key for _, key in concerned))
        for event, key in concerned:
            place = sheet.at(key)
            sheet.put(place, self.fold(place.row, event, key), event.position)


class Log(Generic[L]):
    """A table to which each event may add rows, that are never changed."""

    def __init__(self, row: type[L]) -> None:
        self.table: Table[L] = row.table
        self._each: Callable[[Moment], Iterable[L]] | None = None

    def each(self, write: Callable[[Moment], Iterable[L]]) -> Callable[[Moment], Iterable[L]]:
        """Say which rows an event adds, given its record before and after it."""
        self._each = write
        return write

    def advance(self, batch: Batch, sheets: Sheets) -> None:
        """Write the rows of a batch."""
        if self._each is None:
            raise TypeError(f"{self.table}: nothing says what an event adds")
        for moment in batch.moments:
            rows, position = enumerate(self._each(moment)), moment.event.position
            sheets.write(self.table, [row.numbered(position, ordinal) for ordinal, row in rows])


def refold(view: View[R], events: Iterable[Recorded]) -> R | None:
    """The row that these events of one record make, in the order given: as its facts took effect, for example."""
    row: R | None = None
    for event in events:
        for key in view.keys(event):
            row = view.fold(row, event, key)
    return row
