"""What is in the event log, in which order?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from service.domain.record import Recorded
from service.ledger.mapper import LedgerMapper

COLUMNS = "originator_id, originator_version, topic, state, notification_id"

AFTER = f"""
SELECT {COLUMNS} FROM ledger.shanghui_events
WHERE notification_id > %(after)s AND notification_id <= %(upto)s
ORDER BY notification_id LIMIT %(limit)s"""

HEAD = "SELECT coalesce(max(notification_id), 0) FROM ledger.shanghui_events"

OF_RECORDS = f"""
SELECT {COLUMNS} FROM ledger.shanghui_events
WHERE originator_id = ANY(%(ids)s) AND notification_id + 0 < %(before)s
ORDER BY notification_id"""  # the sum keeps the planner from reading all positions before that one

LAST_POSITION = 2**63 - 1


class EventLog:
    """Reads events in the order of their positions, which is the order in which they were committed."""

    TABLE: ClassVar[str] = "ledger.shanghui_events"
    CHANNEL: ClassVar[str] = "shanghui_events"

    def __init__(self) -> None:
        self._mapper = LedgerMapper()

    def read(self, connection: Connection[Any], after: int, limit: int, upto: int | None = None) -> list[Recorded]:
        """At most `limit` events after a position, and none after `upto`."""
        bounds = {"after": after, "upto": LAST_POSITION if upto is None else upto, "limit": limit}
        return self._events(connection, AFTER, bounds)

    def head(self, connection: Connection[Any]) -> int:
        """The position of the last event, 0 when there is none."""
        row = connection.cursor(row_factory=tuple_row).execute(HEAD).fetchone()
        assert row is not None
        return int(row[0])

    def events_of(
        self, connection: Connection[Any], ids: Sequence[UUID], before: int = LAST_POSITION
    ) -> list[Recorded]:
        """All events of these records before a position."""
        return self._events(connection, OF_RECORDS, {"ids": list(ids), "before": before})

    def _events(self, connection: Connection[Any], query: str, values: dict[str, Any]) -> list[Recorded]:
        cursor = connection.cursor(row_factory=tuple_row, binary=True)
        event = self._mapper.event
        return [event(*row) for row in cursor.execute(query, values, prepare=True).fetchall()]
