"""Are two sets of views, folded at different times from the same log, one and the same?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from psycopg import IsolationLevel

from projections.engine.compare import fingerprint, first_difference
from projections.engine.connection import Connection
from projections.engine.store import Store
from projections.engine.table import Layout, Table
from projections.engine.tracking import Tracked


class Differs(NamedTuple):
    """The first row that differs: as it was found, and as the log makes it. A parked view shows where it stopped."""

    table: str
    found: dict[str, Any] | None
    folded: dict[str, Any] | None


class Verdict(NamedTuple):
    """What a replay or a rebuild came to: the SHA-256 of every table, and the first row that differs if any does."""

    position: int
    events: int
    seconds: float
    tables: dict[str, str]
    difference: Differs | None


def fingerprints(connection: Connection, tables: Iterable[Table[Any]], layout: Layout) -> dict[str, str]:
    """The SHA-256 of each table as it stands."""
    return {table.name: fingerprint(connection, table, layout) for table in tables}


def against_live(connection: Connection, live: Store, replayed: Store, upto: int) -> Differs | None:
    """The first row in which the live views, as of a position and as they stand, are not what was replayed up to it."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    with connection.transaction():
        tracked = live.tracking.read(connection)
        if stopped := next((each for each in tracked if each.position < upto), None):
            return _parked(stopped)
        standing = {each.position for each in tracked} == {upto}
        for table in replayed.storages:
            for at in (upto, None) if standing else (upto,):
                if found := first_difference(connection, table, replayed.layout, live.layout, at):
                    return Differs(table.name, found.one, found.other)
    return None


def against_old(connection: Connection, fresh: Store, old: Layout, tracked: Iterable[Tracked]) -> Differs | None:
    """The first row in which the fresh views, as of where the old ones stood, are not what the old ones held.

    Views that were declared otherwise then cannot be compared.
    """
    for each in tracked:
        projection = fresh.projections.get(each.name)
        if projection is not None and fresh.fingerprints[each.name] == each.declared:
            for table in projection.tables:
                if found := first_difference(connection, table, old, fresh.layout, each.position):
                    return Differs(table.name, found.other, found.one)
    return None


def _parked(stopped: Tracked) -> Differs:
    return Differs(stopped.name, {"position": stopped.position, "error": stopped.error}, None)
