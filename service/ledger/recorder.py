"""How are many commands appended in one transaction, each on its own terms?

One statement inserts the events of every command that still holds: whose records stand exactly where it read them, so
that its events come next without a gap, and whose idempotency key is new. The others are left out alone; their batch
mates go through. The library's exclusive table lock gives way to an advisory one, which keeps positions in commit order
just the same but does not stand in the way of VACUUM and ANALYZE.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.persistence import InterfaceError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

WRITERS_LOCK = 0x5348_4748  # "SHGH": every writer of the log takes it, in every process

READ_AGAIN = retry((InterfaceError, OperationalError), max_attempts=3, wait=0.1)
"""A reading whose connection is lost is simply done again; an append is not (see the committer)."""

LOCK = "SELECT pg_advisory_xact_lock({lock}), pg_notify({channel}, '')"

# Parameters go as `%b`: as text, psycopg would escape each state byte by byte, a hundred times as slowly.
APPEND = """
WITH event AS (
    SELECT * FROM unnest(%(command)b::int[], %(id)b::uuid[], %(version)b::bigint[],
                         %(topic)b::text[], %(state)b::bytea[])
        WITH ORDINALITY AS e(command, id, version, topic, state, place)
), ground AS (
    SELECT command, id, min(version) - 1 AS version FROM event GROUP BY command, id
    UNION
    SELECT * FROM unnest(%(reader)b::int[], %(read_id)b::uuid[], %(read_version)b::bigint[])
), shifted AS MATERIALIZED (
    SELECT id, version FROM (SELECT DISTINCT id, version FROM ground) AS each
    WHERE version <> coalesce((SELECT max(originator_version) FROM {events} WHERE originator_id = each.id), 0)
), stale AS (
    SELECT command FROM ground JOIN shifted USING (id, version)
), asked AS (
    SELECT * FROM unnest(%(asker)b::int[], %(key)b::uuid[], %(digest)b::bytea[], %(record)b::uuid[],
                         %(first)b::bigint[], %(last)b::bigint[]) AS k(command, key, digest, record, first, last)
), fresh AS (
    INSERT INTO {keys} (key, digest, record, first_version, last_version)
    SELECT key, digest, record, first, last FROM asked WHERE command NOT IN (SELECT command FROM stale)
    ON CONFLICT (key) DO NOTHING RETURNING key
), placed AS (
    INSERT INTO {events} (originator_id, originator_version, topic, state)
    SELECT id, version, topic, state FROM event
    WHERE command IN (SELECT command FROM asked JOIN fresh USING (key))
    ORDER BY place
    RETURNING originator_id AS id, originator_version AS version, notification_id AS position
)
SELECT command, position FROM placed JOIN event USING (id, version) ORDER BY position"""

EVENTS_OF = """
SELECT originator_id, originator_version, topic, state FROM {events}
WHERE originator_id = ANY(%(ids)s) ORDER BY originator_id, originator_version"""

SHIFTED = """
SELECT id FROM unnest(%(ids)b::uuid[], %(versions)b::bigint[]) AS read(id, version)
WHERE version <> coalesce((SELECT max(originator_version) FROM {events} WHERE originator_id = id), 0)"""

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
        lock = SQL(LOCK).format(lock=WRITERS_LOCK, channel=self.channel_name)
        self.lock_table_statements = [lock]
        tables = {
            "events": Identifier(datastore.schema, events_table_name),
            "keys": Identifier(datastore.schema, "command_key"),
        }
        self._append, self._earlier = SQL(APPEND).format(**tables), SQL(EARLIER).format(**tables)
        self._events_of, self._shifted = SQL(EVENTS_OF).format(**tables), SQL(SHIFTED).format(**tables)

    def append(self, batch: Sequence[Append]) -> list[list[int] | None]:
        """Append what holds, in one durable transaction.

        Returns each command's positions, None for one that was left out. Raises the library's PersistenceError.
        """
        values = _columns(batch)
        with self.datastore.get_connection() as connection:
            with connection.pipeline():  # one round trip and, as the connection commits by itself, one transaction
                self._lock_table(connection.cursor())  # apart: the next statement sees all that others have committed
                rows = connection.cursor(row_factory=tuple_row, binary=True)
                rows.execute(self._append, values, prepare=True)
            placed = rows.fetchall()
        positions: list[list[int] | None] = [None] * len(batch)
        for command, position in placed:
            positions[command] = [*(positions[command] or ()), position]
        return positions

    @READ_AGAIN
    def events_of(self, ids: Sequence[UUID]) -> list[tuple[UUID, int, str, bytes]]:
        """The rows of all events of these records, in the order of their versions."""
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row, binary=True)
            return cursor.execute(self._events_of, {"ids": list(ids)}, prepare=True).fetchall()

    @READ_AGAIN
    def shifted(self, reads: Mapping[UUID, int]) -> list[UUID]:
        """Those of these records that are not at the version at which they were read."""
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row, binary=True)
            values = {"ids": list(reads), "versions": list(reads.values())}
            return [id for (id,) in cursor.execute(self._shifted, values, prepare=True)]

    @READ_AGAIN
    def earlier(self, keys: Sequence[UUID]) -> dict[UUID, Earlier]:
        """What these keys were used for before."""
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row)
            rows = cursor.execute(self._earlier, {"keys": list(keys)}, prepare=True).fetchall()
        return {row[0]: Earlier(row[0], bytes(row[1]), *row[2:]) for row in rows}


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
