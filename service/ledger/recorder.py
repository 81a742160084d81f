"""How are many commands appended in one transaction, each on its own terms?

One statement inserts the events of every command that still holds: whose records have not moved on since it read them,
and whose idempotency key is new. The others are left out alone; their batch mates go through. The library's exclusive
table lock gives way to an advisory one, which keeps positions in commit order just the same but does not stand in the
way of VACUUM and ANALYZE.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.persistence import InterfaceError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

WRITERS_LOCK = 0x5348_4748  # "SHGH": every writer of the log takes it, in every process

READ_AGAIN = retry((InterfaceError, OperationalError), max_attempts=5, wait=0.1)
"""A reading whose connection is lost is simply done again; an append is not (see the committer)."""

APPEND = """
WITH event AS (
    SELECT * FROM unnest(%(command)s::int[], %(id)s::uuid[], %(version)s::bigint[],
                         %(topic)s::text[], %(state)s::bytea[])
        WITH ORDINALITY AS e(command, id, version, topic, state, place)
), read AS (
    SELECT * FROM unnest(%(reader)s::int[], %(read_id)s::uuid[], %(read_version)s::bigint[]) AS r(command, id, version)
), stale AS MATERIALIZED (
    SELECT DISTINCT command FROM read
    WHERE EXISTS (SELECT FROM {events} x WHERE x.originator_id = read.id AND x.originator_version > read.version)
), asked AS (
    SELECT * FROM unnest(%(asker)s::int[], %(key)s::uuid[], %(digest)s::bytea[], %(record)s::uuid[],
                         %(first)s::bigint[], %(last)s::bigint[]) AS k(command, key, digest, record, first, last)
), fresh AS (
    INSERT INTO {keys} (key, digest, record, first_version, last_version)
    SELECT key, digest, record, first, last FROM asked WHERE command NOT IN (SELECT command FROM stale)
    ON CONFLICT (key) DO NOTHING RETURNING key
)
INSERT INTO {events} (originator_id, originator_version, topic, state)
SELECT id, version, topic, state FROM event
WHERE command IN (SELECT command FROM asked JOIN fresh USING (key))
ORDER BY place
RETURNING originator_id, originator_version, notification_id"""

EVENTS_OF = """
SELECT originator_id, originator_version, topic, state FROM {events}
WHERE originator_id = ANY(%(ids)s) ORDER BY originator_id, originator_version"""

EARLIER = """
SELECT k.key, k.digest, k.record, k.first_version, k.last_version,
       array_agg(e.notification_id ORDER BY e.notification_id)
FROM {keys} k JOIN {events} e
  ON e.originator_id = k.record AND e.originator_version BETWEEN k.first_version AND k.last_version
WHERE k.key = ANY(%(keys)s) GROUP BY k.key"""


class Append(NamedTuple):
    """One command's share of a batch: its events, the versions it rests on, the key it uses up."""

    events: Sequence[StoredEvent]
    reads: Sequence[tuple[UUID, int]]
    key: UUID
    digest: bytes
    record: UUID
    first: int
    last: int


class Earlier(NamedTuple):
    """What a key was used for."""

    key: UUID
    digest: bytes
    record: UUID
    first: int
    last: int
    positions: list[int]


class CommandRecorder(PostgresApplicationRecorder):
    """eventsourcing's recorder with batches of commands."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.lock_table_statements = [SQL("SELECT pg_advisory_xact_lock({})").format(WRITERS_LOCK)]
        tables = {
            "events": Identifier(datastore.schema, events_table_name),
            "keys": Identifier(datastore.schema, "command_key"),
        }
        self._append, self._earlier = SQL(APPEND).format(**tables), SQL(EARLIER).format(**tables)
        self._events_of = SQL(EVENTS_OF).format(**tables)

    def append(self, batch: Sequence[Append]) -> list[list[int] | None]:
        """Append what holds, in one durable transaction.

        Returns each command's positions, None for one that was left out. Raises the library's PersistenceError.
        """
        values = _columns(batch)
        with self.datastore.get_connection() as connection:
            with connection.pipeline(), connection.transaction():
                cursor = connection.cursor()
                self._lock_table(cursor)  # its own statement: the next one sees all that was committed before the lock
                self._notify_channel(cursor)
                rows = connection.cursor(row_factory=tuple_row, binary=True)
                rows.execute(self._append, values, prepare=True)
            positions = {(id, version): position for id, version, position in rows.fetchall()}
        return [_positions(each, positions) for each in batch]

    @READ_AGAIN
    def events_of(self, ids: Sequence[UUID]) -> list[tuple[UUID, int, str, bytes]]:
        """The rows of all events of these records, in the order of their versions."""
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row, binary=True)
            return cursor.execute(self._events_of, {"ids": list(ids)}, prepare=True).fetchall()

    @READ_AGAIN
    def earlier(self, keys: Sequence[UUID]) -> dict[UUID, Earlier]:
        """What these keys were used for before."""
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row)
            rows = cursor.execute(self._earlier, {"keys": list(keys)}, prepare=True).fetchall()
        return {row[0]: Earlier(row[0], bytes(row[1]), *row[2:]) for row in rows}


def _positions(command: Append, positions: dict[tuple[UUID, int], int]) -> list[int] | None:
    found = [positions.get((UUID(str(e.originator_id)), e.originator_version)) for e in command.events]
    return None if None in found else [position for position in found if position is not None]


def _columns(batch: Sequence[Append]) -> dict[str, list[Any]]:
    events = [(n, e) for n, command in enumerate(batch) for e in command.events]
    reads = [(n, id, version) for n, command in enumerate(batch) for id, version in command.reads]
    return {
        "command": [n for n, _ in events],
        "id": [e.originator_id for _, e in events],
        "version": [e.originator_version for _, e in events],
        "topic": [e.topic for _, e in events],
        "state": [e.state for _, e in events],
        "reader": [n for n, _, _ in reads],
        "read_id": [id for _, id, _ in reads],
        "read_version": [version for _, _, version in reads],
        "asker": list(range(len(batch))),
        "key": [command.key for command in batch],
        "digest": [command.digest for command in batch],
        "record": [command.record for command in batch],
        "first": [command.first for command in batch],
        "last": [command.last for command in batch],
    }
