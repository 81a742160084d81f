"""How are many commands appended in one transaction, each on its own terms?

One statement inserts the events of every command that still holds: whose records stand exactly where it read them, so
that its events come next without a gap, and whose idempotency key is new. The others are left out alone; their batch
mates go through. A batch travels as one JSON document, in which each state stands as it will be stored.
"""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Mapping, Sequence
from uuid import UUID

import msgspec
import psycopg

from service.ledger.log import EventLog
from service.ledger.recorder import WRITERS_LOCK
from service.postgres.line import Line, Result, Statement, checked

CONNECT_SECONDS = 3.0

TAKE_TURN = Statement(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK}), pg_notify('{EventLog.CHANNEL}', '')")
"""A statement of its own: the one behind it sees all that others have committed until then."""

APPEND = """
WITH command AS (
    SELECT * FROM ROWS FROM (json_to_recordset($1::json) AS (
        key uuid, digest text, record uuid, first bigint, last bigint, reads json, events json
    )) WITH ORDINALITY AS c(key, digest, record, first, last, reads, events, command)
), event AS (
    SELECT command, e.* FROM command, ROWS FROM (json_to_recordset(events) AS (
        id uuid, version bigint, topic text, state json
    )) WITH ORDINALITY AS e(id, version, topic, state, place)
), ground AS (
    SELECT command, id, min(version) - 1 AS version FROM event GROUP BY command, id
    UNION
    SELECT command, id::uuid, version::bigint FROM command, json_each_text(reads) AS r(id, version)
), shifted AS MATERIALIZED (
    SELECT id, version FROM (SELECT DISTINCT id, version FROM ground) AS each
    WHERE version <> coalesce(
        (SELECT max(originator_version) FROM ledger.shanghui_events WHERE originator_id = each.id), 0)
), stale AS (
    SELECT command FROM ground JOIN shifted USING (id, version)
), fresh AS (
    INSERT INTO ledger.command_key (key, digest, record, first_version, last_version)
    SELECT key, decode(digest, 'base64'), record, first, last FROM command
    WHERE command NOT IN (SELECT command FROM stale)
    ON CONFLICT (key) DO NOTHING RETURNING key
), placed AS (
    INSERT INTO ledger.shanghui_events (originator_id, originator_version, topic, state)
    SELECT id, version, topic, convert_to(state::text, 'UTF8') FROM event
    WHERE command IN (SELECT command FROM command JOIN fresh USING (key))
    ORDER BY command, place
    RETURNING originator_id AS id, originator_version AS version, notification_id AS position
)
SELECT command - 1 AS command, position FROM placed JOIN event USING (id, version) ORDER BY position"""

USED = """
SELECT json_build_object(
    'key', k.key, 'digest', encode(k.digest, 'base64'), 'record', k.record,
    'first', k.first_version, 'last', k.last_version, 'positions', (
        SELECT json_agg(e.notification_id ORDER BY e.originator_version) FROM ledger.shanghui_events e
        WHERE e.originator_id = k.record AND e.originator_version BETWEEN k.first_version AND k.last_version))
FROM ledger.command_key k WHERE k.key = {key} LIMIT 1"""
"""The limit keeps this a look-up wherever it stands; a join might read all keys for fear of being asked for many."""

EARLIER = f"""
SELECT used.* FROM json_array_elements_text($1::json) AS asked(key), LATERAL ({USED.format(key="asked.key::uuid")}
) AS used"""

GROUNDS = f"""
SELECT ({USED.format(key="$1")}
), (
    SELECT coalesce(json_agg(id), '[]') FROM json_each_text($2::json) AS read(id, version)
    WHERE version::bigint <> coalesce(
        (SELECT max(originator_version) FROM ledger.shanghui_events WHERE originator_id = read.id::uuid), 0))"""


encode = msgspec.json.Encoder().encode


class Row(msgspec.Struct, frozen=True, gc=False):
    """An event as it lies in the table, but for its position."""

    id: UUID
    version: int
    topic: str
    state: msgspec.Raw


class Append(msgspec.Struct, frozen=True, gc=False):
    """One command's share of a batch: its events, the versions it rests on, the key it uses up."""

    events: Sequence[Row]
    reads: Mapping[UUID, int]
    key: UUID
    digest: bytes
    record: UUID
    first: int
    last: int


class Earlier(msgspec.Struct, frozen=True):
    """What a key was used for."""

    key: UUID
    digest: bytes
    record: UUID
    first: int
    last: int
    positions: list[int]


class Appender:
    """What commands ask of PostgreSQL, over one line: their events go in, and a refused one looks at its grounds."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def ready(self) -> None:
        """Wait a few seconds for the connection.

        Raises Unconnected.
        """
        await self._line.ready(CONNECT_SECONDS)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._line.close()

    def append(self, batch: Sequence[Append]) -> Awaitable[list[list[int] | None]]:
        """Send what is to be appended, in one durable transaction.

        Awaited, it is each command's positions, None for one that was left out, or raises a psycopg.Error. Raises
        Unconnected at once when nothing can be sent.
        """
        return _placed(self._line.transact((TAKE_TURN, Statement(APPEND, [encode(batch)]))), len(batch))

    async def earlier(self, keys: Collection[UUID]) -> dict[UUID, Earlier]:
        """What these keys were used for before.

        Raises a psycopg.Error.
        """
        found = await self._look(Statement(EARLIER, [encode(list(keys))]))
        return {each.key: each for each in map(_EARLIER.decode, _column(found))}

    async def grounds(self, key: UUID, reads: Mapping[UUID, int]) -> tuple[Earlier | None, list[UUID]]:
        """What a key was used for before, and which of these records are not at the version they were read at.

        Raises a psycopg.Error.
        """
        found = await self._look(Statement(GROUNDS, [str(key).encode(), encode(reads)]))
        (earlier,), (shifted,) = _column(found), _column(found, 1)
        return _EARLIER.decode(earlier) if earlier else None, _SHIFTED.decode(shifted)

    async def _look(self, statement: Statement) -> Result:
        """The result of a statement that only reads, and is therefore sent again when nothing came of it."""
        for last in (False, False, True):
            await self.ready()
            try:
                return checked([await self._line.send(statement)])[0]
            except psycopg.OperationalError:
                if last:
                    raise
        raise AssertionError("unreachable")


async def _placed(sent: Awaitable[list[Result]], commands: int) -> list[list[int] | None]:
    _, rows, _ = checked(await sent)
    positions: list[list[int] | None] = [None] * commands
    for command, position in zip(_column(rows), _column(rows, 1), strict=True):
        n = int(command)
        positions[n] = [*(positions[n] or ()), int(position)]
    return positions


def _column(result: Result, number: int = 0) -> list[bytes]:
    return [result.get_value(row, number) or b"" for row in range(result.ntuples)]


_EARLIER, _SHIFTED = msgspec.json.Decoder(Earlier), msgspec.json.Decoder(list[UUID])
