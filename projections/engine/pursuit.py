"""How is a log caught up with that is far ahead? One batch is folded while PostgreSQL saves the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue

from projections.engine.collector import no_collector
from projections.engine.connection import Connection
from projections.engine.step import Steps
from projections.engine.storage import LOOK_UP, Statement
from projections.engine.tracking import Group
from service.domain.record import Recorded

Next = Callable[[Connection, Group], list[Recorded]]
"""Which events a group takes in next."""


class Abandoned(Exception):
    """The batch whose statements these are could not be folded to its end."""


class Line:
    """Statements on their way from the thread that folds to the one that sends them."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Statement | Abandoned | None] = SimpleQueue()
        self.put = self._waiting.put

    @contextmanager
    def filled(self) -> Iterator[None]:
        """All have been put in line when the block ends; however it ends, nobody waits for more."""
        end: Abandoned | None = Abandoned()
        try:
            yield
            end = None
        finally:
            self.put(end)

    def __iter__(self) -> Iterator[Statement]:
        """All of them, each as soon as it is there. Raises Abandoned when no more will come."""
        while (found := self._waiting.get()) is not None:
            if isinstance(found, Abandoned):
                raise found
            yield found


class Pursuit:
    """Takes a group from batch to batch, each one transaction as ever, on a second connection.

    What is read for a batch may be older than the batch before, which is perhaps not yet committed: but whatever that
    one touched is kept in memory. At the first failure it ends, and nothing of that batch or a later one is stored.
    """

    def __init__(self, steps: Steps, next_events: Next, saving: Connection, reading: Connection) -> None:
        self._steps, self._next, self._saving, self._reading = steps, next_events, saving, reading
        self._last: Future[Group] | None = None
        """The batch that was folded last, while it is saved and afterwards."""

    def follow(self, group: Group, least: int) -> Iterator[Group]:
        """Take in all batches of at least so many events, telling after each that is committed how the group stands."""
        with ThreadPoolExecutor(1) as hand, self._known_if_saved():
            while len(events := self._next(self._reading, group)) >= least:
                before, after = self._last, group.at(events[-1].position)
                self._step(hand, group, after, events)
                yield from _result(before)
                group = after
            yield from _result(self._last)

    @contextmanager
    def _known_if_saved(self) -> Iterator[None]:
        """What is kept in memory follows from rows that another process may have made, unless all was saved."""
        try:
            yield
        finally:
            if self._last is not None and self._last.exception() is not None:
                self._steps.forget()

    def _step(self, hand: Executor, group: Group, after: Group, events: list[Recorded]) -> None:
        line = Line()
        self._last = hand.submit(self._save, self._last, group, after, line)
        with line.filled(), no_collector(), self._reading.transaction():
            self._reading.execute(LOOK_UP)
            for statement in self._steps.folded(self._reading, group, events):
                line.put(statement)

    def _save(self, before: Future[Group] | None, group: Group, after: Group, line: Line) -> Group:
        """Take a step if the one before was taken from here: one that another process took may look just like it."""
        if before is not None:
            before.result()
        self._steps.take(self._saving, group, after.position, line)
        return after


def _result(saved: Future[Group] | None) -> Iterator[Group]:
    if saved is not None:
        yield saved.result()
