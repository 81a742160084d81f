"""Which events are folded next?"""

from __future__ import annotations

from projections.engine.connection import Connection
from projections.engine.table import Layout
from service.domain.record import Recorded
from service.ledger.log import EventLog


def next_events(
    log: EventLog, connection: Connection, layout: Layout, after: int, limit: int, upto: int | None = None
) -> list[Recorded]:
    """The next events after a position, at most `limit`, all of them within one segment."""
    end = layout.start(layout.segment(after + 1) + 1)
    # No more than there are positions up to the end; where some are missing, a few that lie beyond it are left out.
    events = log.read(connection, after, min(limit, end - after), upto)
    first = layout.segment(events[0].position) if events else 0
    return [event for event in events if layout.segment(event.position) == first]
