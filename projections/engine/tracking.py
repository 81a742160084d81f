"""How far is each projection, and is it at work? One row each, moved in the same transaction as its tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from secrets import token_hex
from typing import LiteralString, NamedTuple

import msgspec
from psycopg import sql

from projections.engine.connection import Connection, Cursor
from projections.engine.table import Layout

CREATE = """
CREATE TABLE {projection} (
    name text PRIMARY KEY, position bigint NOT NULL, fingerprint text NOT NULL, parked_at timestamptz, error text
)"""
ADD = "INSERT INTO {projection} (name, position, fingerprint) VALUES (%s, %s, %s)"
READ = "SELECT name, position, fingerprint, parked_at, error FROM {projection} ORDER BY name"
MOVE = """
UPDATE {projection} AS row SET position = %s FROM json_each_text(%s::json) AS wanted (name, fingerprint)
WHERE (row.name, row.fingerprint) = (wanted.name, wanted.fingerprint) AND row.position = %s AND row.parked_at IS NULL
RETURNING row.name"""
PARK = """
UPDATE {projection} SET parked_at = now(), error = %s WHERE name = %s AND position = %s AND parked_at IS NULL"""
RESUME = "UPDATE {projection} SET parked_at = NULL, error = NULL WHERE name = %s"
REPLACE = "UPDATE {projection} SET position = %s, fingerprint = %s, parked_at = %s, error = %s WHERE name = %s"
LOCK = "LOCK TABLE {projection} IN ACCESS EXCLUSIVE MODE"


class Tracked(NamedTuple):
    """A projection's row. A parked one stands before the event that its `error` names, and waits."""

    name: str
    position: int
    fingerprint: str
    """What its tables are, and after a stroke which build made them."""
    parked_at: datetime | None
    error: str | None

    @property
    def declared(self) -> str:
        """What its tables are."""
        return self.fingerprint.partition("/")[0]


class Group(NamedTuple):
    """Projections at one position, which advance together, at most as far as those ahead of them."""

    members: tuple[Tracked, ...]
    position: int
    upto: int | None

    def at(self, position: int) -> Group:
        """The same at another position."""
        members = tuple([each._replace(position=position) for each in self.members])
        return self._replace(members=members, position=position)


class Overtaken(Exception):
    """Another process has moved, parked or rebuilt these projections since they were looked at."""


class Tracking:
    """The table `projection` of one layout."""

    def __init__(self, layout: Layout) -> None:
        self._table = layout.name("projection")
        self._texts: dict[str, bytes] = {}

    def create(self, connection: Connection) -> None:
        """Make the table."""
        self._run(connection, CREATE)

    def add(self, connection: Connection, name: str, position: int, fingerprint: str) -> None:
        """Begin to track a projection whose tables stand at this position."""
        self._run(connection, ADD, name, position, f"{fingerprint}/{token_hex(4)}")

    def exists(self, connection: Connection) -> bool:
        """Whether the layout's views have ever been built."""
        found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [self._table.as_string()])
        return found.fetchone() == (True,)

    def read(self, connection: Connection) -> list[Tracked]:
        """All rows, by name."""
        return [Tracked(*row) for row in self._run(connection, READ)]

    def move(self, connection: Connection, group: Group, position: int) -> None:
        """Take the group's next step. One process can: others wait here, and then see that it was taken.

        Raises Overtaken, also when the tables are meanwhile those of another build.
        """
        wanted = msgspec.json.encode({each.name: each.fingerprint for each in group.members}).decode()
        if len(self._run(connection, MOVE, position, wanted, group.position).fetchall()) != len(group.members):
            raise Overtaken(group)

    def park(self, connection: Connection, name: str, position: int, error: str) -> None:
        """Leave a projection where it is until somebody has looked at the error."""
        self._run(connection, PARK, error, name, position)

    def resume(self, connection: Connection, name: str) -> None:
        """Let a parked projection try again.

        Raises LookupError when there is none of this name.
        """
        if self._run(connection, RESUME, name).rowcount != 1:
            raise LookupError(name)

    def replace(self, connection: Connection, other: Tracked) -> None:
        """Put another row in the place of the one of the same name."""
        self._run(connection, REPLACE, *other[1:], other.name)

    def lock(self, connection: Connection) -> None:
        """Hold up whoever would read or move positions, until the end of the transaction."""
        self._run(connection, LOCK)

    def _run(self, connection: Connection, text: LiteralString, *values: object) -> Cursor:
        if text not in self._texts:
            self._texts[text] = sql.SQL(text).format(projection=self._table).as_bytes()
        return connection.execute(self._texts[text], values)


def groups(tracked: Iterable[Tracked]) -> list[Group]:
    """Those at work by position, the foremost first, which no other bounds."""
    at_work = sorted((t for t in tracked if t.parked_at is None), key=lambda t: t.position, reverse=True)
    ordered: list[Group] = []
    for position, members in groupby(at_work, key=lambda t: t.position):
        ahead = ordered[-1].position if ordered else None
        ordered.append(Group(tuple(members), position, ahead))
    return ordered


def moved(tracked: Iterable[Tracked], group: Group) -> list[Tracked]:
    """The same with the members of a group where it stands now."""
    members = {each.name: each for each in group.members}
    return [members.get(each.name, each) for each in tracked]
