"""How does the library read and write our log: in turn with all other writers, and many records at a time?

Its exclusive table lock gives way to an advisory one, which keeps positions in commit order just the same but does not
stand in the way of VACUUM and ANALYZE. Commands are appended by the appender, which takes the same lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from eventsourcing.persistence import InterfaceError, OperationalError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

WRITERS_LOCK = 0x5348_4748  # "SHGH": every writer of the log takes it, in every process

READ_AGAIN = retry((InterfaceError, OperationalError), max_attempts=3, wait=0.1)
"""A reading whose connection is lost is simply done again; an append is not (see the writer)."""

LOCK = "SELECT pg_advisory_xact_lock({lock}), pg_notify({channel}, '')"

EVENTS_OF = """
SELECT originator_id, originator_version, topic, state FROM {events}
WHERE originator_id = ANY(%(ids)s) ORDER BY originator_id, originator_version"""


class CommandRecorder(PostgresApplicationRecorder):
    """eventsourcing's recorder under our lock."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.lock_table_statements = [SQL(LOCK).format(lock=WRITERS_LOCK, channel=self.channel_name)]
        self._events_of = SQL(EVENTS_OF).format(events=Identifier(datastore.schema, events_table_name))

    @READ_AGAIN
    def events_of(self, ids: Sequence[UUID]) -> list[tuple[UUID, int, str, bytes]]:
        """The rows of all events of these records, in the order of their versions."""
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row, binary=True)
            return cursor.execute(self._events_of, {"ids": list(ids)}, prepare=True).fetchall()
