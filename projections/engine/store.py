"""How do the stored views follow the log? In batches, each one transaction, each event exactly once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from functools import cached_property

import psycopg
import structlog

from projections.engine.catalogue import amiss
from projections.engine.collector import no_collector
from projections.engine.connection import Connection
from projections.engine.projection import Projection
from projections.engine.pursuit import Pursuit
from projections.engine.reading import next_events
from projections.engine.recall import Recall
from projections.engine.step import Steps, Storages
from projections.engine.table import VIEWS, Layout
from projections.engine.tracking import Group, Overtaken, Tracked, Tracking, groups, moved
from service.domain.record import Recorded
from service.ledger.log import EventLog

BATCH = 1_024
"""As many events as the shortest segment may have: no batch goes beyond one."""
KEPT_RECORDS = 10_000
KEPT_ROWS = 5_000
"""Of each table."""
log = structlog.get_logger()


class Outdated(Exception):
    """The stored views are not those that this code declares."""


class Store:
    """The projections of a process, as they stand in one layout."""

    def __init__(
        self,
        events: EventLog,
        projections: Sequence[Projection],
        layout: Layout = VIEWS,
        kept_records: int = KEPT_RECORDS,
        kept_rows: int = KEPT_ROWS,
        made_by: Callable[[], Store] | None = None,
    ) -> None:
        self.events, self.layout = events, layout
        self.made_by = made_by
        """What makes this store, in another layout perhaps, in another process too: a function of some module."""
        self.projections = {projection.name: projection for projection in projections}
        self.tracking = Tracking(layout)
        self.tracked: list[Tracked] = []
        """How the projections stand, as far as this store has seen and moved them."""
        self._steps = Steps(layout, self.tracking, projections, Recall(events, kept_records), kept_rows)

    def part(self, names: Iterable[str]) -> Store:
        """Some of the projections, in the same layout."""
        return Store(self.events, [self.projections[name] for name in names], self.layout)

    def placed(self, layout: Layout) -> Store:
        """The same projections in another layout."""
        return Store(self.events, list(self.projections.values()), layout, made_by=self.made_by)

    @property
    def storages(self) -> Storages:
        """What keeps the rows of each table."""
        return self._steps.storages

    @property
    def channel(self) -> str:
        """Where the position is announced after each batch."""
        return self._steps.channel

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """What the stored views should be."""
        return {name: projection.fingerprint(self.layout) for name, projection in self.projections.items()}

    def outdated(self, connection: Connection) -> set[str]:
        """The names of the projections whose stored tables are missing, no longer wanted, or not as declared."""
        tracked = self.tracking.read(connection) if self.tracking.exists(connection) else []
        stored, wanted = {t.name: t.declared for t in tracked}, self.fingerprints
        wrong = amiss(connection, self.layout, (table for p in self.projections.values() for table in p.tables))
        altered = {name for name, p in self.projections.items() if any(table.name in wrong for table in p.tables)}
        return {name for name in stored | wanted if stored.get(name) != wanted.get(name)} | altered

    def look(self, connection: Connection) -> None:
        """See how the projections stand: another process may have moved or resumed them."""
        self.tracked = self.tracking.read(connection)

    def catch_up(self, connection: Connection) -> None:
        """Follow the log to its end."""
        self.look(connection)
        while self.turn(connection):
            pass

    def follow(self, connection: Connection, reader: Connection) -> Generator[int]:
        """Follow the log to its end over two connections, telling after each batch how far; the first takes the last.

        Whoever closes this before its end looks anew: one batch more may have been on its way.
        """
        while taken := self.turn(connection):
            yield self._foremost()
            if taken >= self._many:
                yield from self._pursue(connection, reader)

    def _pursue(self, connection: Connection, reader: Connection) -> Generator[int]:
        """Take in full batches with two hands, as long as all projections at work stand together and nothing is wrong.

        If anything is, the next turn meets it again, by itself, and deals with it.
        """
        at_work = groups(self.tracked)
        if len(at_work) != 1:
            return
        (together,) = at_work
        try:
            for group in Pursuit(self._steps, self._next, connection, reader).follow(together, self._many):
                self.tracked = moved(self.tracked, group)
                yield self._foremost()
        except (psycopg.OperationalError, psycopg.InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  # the next turn knows what to do with it
            log.info("views.pursuit_ended", position=together.position, error=type(error).__name__)
            self.look(connection)

    @property
    def _many(self) -> int:
        """From how many events on a batch is worth two threads, and shows that the log is ahead."""
        return min(BATCH, self.layout.start(1)) // 4

    def _foremost(self) -> int:
        return max(each.position for each in self.tracked)

    def turn(self, connection: Connection, limit: int = BATCH) -> int:
        """Advance all projections that are at work by a batch, and say by how many events.

        Raises Outdated when the views were meanwhile rebuilt by other code.
        """
        if not self.tracked:
            self.look(connection)
        if {t.name: t.declared for t in self.tracked} != self.fingerprints:
            raise Outdated(f"{self.layout.schema} 由另一版本的程序重建 | was rebuilt by another release of the program")
        with no_collector():
            return sum(self._advance(connection, group, limit) for group in groups(self.tracked))

    def _advance(self, connection: Connection, group: Group, limit: int) -> int:
        events = self._next(connection, group, limit)
        if events:
            self._take_in(connection, group, events)
        return len(events)

    def _next(self, connection: Connection, group: Group, limit: int = BATCH) -> list[Recorded]:
        return next_events(self.events, connection, self.layout, group.position, limit, group.upto)

    def _take_in(self, connection: Connection, group: Group, events: Sequence[Recorded]) -> None:
        try:
            self._apply(connection, group, events)
            self.tracked = moved(self.tracked, group.at(events[-1].position))
        except Overtaken:
            log.info("views.overtaken", position=group.position)
            self.look(connection)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, it parks the projection that raises it
            self._isolate(connection, group, events, error)

    def _apply(self, connection: Connection, group: Group, events: Sequence[Recorded]) -> None:
        """Fold a batch while PostgreSQL saves what is folded already."""
        self._steps.take(connection, group, events[-1].position, self._steps.folded(connection, group, events))

    def _isolate(self, connection: Connection, group: Group, events: Sequence[Recorded], error: Exception) -> None:
        """Halve a batch until one event is alone, then with one projection: if that fails, the projection is parked."""
        if len(events) > 1:
            half = (len(events) + 1) // 2
            self.turn(connection, half)
            self.turn(connection, half)
        elif len(group.members) > 1:
            for member in group.members:
                self._take_in(connection, group._replace(members=(member,)), events)
        else:
            self._park(connection, group, events[0], error)

    def _park(self, connection: Connection, group: Group, event: Recorded, error: Exception) -> None:
        (member,), reason = group.members, f"{event.fact.topic} at {event.position}: {error!r}"
        self.tracking.park(connection, member.name, group.position, reason)
        self.look(connection)
        log.error("projection.parked", projection=member.name, error=reason, exc_info=error)
