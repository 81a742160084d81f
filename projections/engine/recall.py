"""What was a record like before an event, and what after it?"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from projections.engine.connection import Connection
from projections.engine.view import Moment
from service.domain.record import RECORDS, Record, Recorded
from service.ledger.log import EventLog


class Recall:
    """Folds records as their events pass by. Those used last are kept; any other is folded anew from the log.

    Nothing of this is stored: a record is never more than its events.
    """

    def __init__(self, log: EventLog, size: int) -> None:
        self._log, self._size = log, size
        self._kept: OrderedDict[int, Record] = OrderedDict()
        """By the number that an id is: hash and comparison of a UUID are in Python, and an event has four of them."""

    def moments(self, connection: Connection, events: Sequence[Recorded]) -> list[Moment]:
        """The events, each with its record before and after it. They must be consecutive in the log."""
        known = self._known(connection, events)
        moments: list[Moment] = []
        for event in events:
            before = known[id := event.originator_id.int]
            after = known[id] = before.fork()
            after.remember(event)
            moments.append(Moment(event, before, after))
        self._keep(known)
        return moments

    def _known(self, connection: Connection, events: Sequence[Recorded]) -> dict[int, Record]:
        """The records as they were before the first of these events."""
        firsts: dict[int, Recorded] = {}
        for event in events:
            firsts.setdefault(event.originator_id.int, event)
        known = {id: self._kept.get(id) or _blank(event) for id, event in firsts.items()}
        # What is kept may be ahead or behind, when a batch was rolled back or another process did the last ones.
        stale = [id for id, record in known.items() if record.version != firsts[id].originator_version - 1]
        known.update((id, _blank(firsts[id])) for id in stale)
        ids = [firsts[id].originator_id for id in stale]
        for event in self._log.events_of(connection, ids, events[0].position) if ids else ():
            known[event.originator_id.int].remember(event)
        return known

    def _keep(self, records: dict[int, Record]) -> None:
        for id, record in records.items():
            self._kept[id] = record
            self._kept.move_to_end(id)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)


def _blank(event: Recorded) -> Record:
    return RECORDS[event.fact.topic.split(".")[0]](event.originator_id)
