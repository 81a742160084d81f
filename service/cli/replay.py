"""Does the log, folded again, give the views that are being read?"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import IsolationLevel, sql

from projections.change_history import ChangeRow
from projections.engine.build import Report
from projections.engine.compare import Difference, fingerprint, first_difference
from projections.engine.connection import Connection, connect, try_lock
from projections.engine.rebuild import RebuildRunning, build
from projections.engine.store import Store
from projections.engine.table import VIEWS, Table
from service.main import views

BESIDE = VIEWS.beside("replay")
COUNT = "SELECT count(*) FROM ledger.shanghui_events WHERE notification_id <= %s"
AT = """
SELECT coalesce(
    (SELECT position FROM {changes} WHERE recorded_at <= %s ORDER BY recorded_at DESC, position DESC LIMIT 1), 0)"""


class Replay(NamedTuple):
    """What a replay came to: the SHA-256 of every table, and the first row that differs if any does."""

    position: int
    events: int
    seconds: float
    tables: dict[str, str]
    difference: dict[str, Any] | None


def position_at(uri: str, moment: int | datetime | None) -> int:
    """The last position recorded by a moment, or by now, once the views have come as far as the log."""
    store = views()
    with connect(uri) as connection:
        store.catch_up(connection)
        head = store.events.head(connection)
        if moment is None or isinstance(moment, int):
            return head if moment is None else min(moment, head)
        query = sql.SQL(AT).format(changes=ChangeRow.table.source().sql)
        return int(_value(connection, query.as_string(), moment))


def replay(uri: str, upto: int, check: bool, report: Report | None = None) -> Replay:
    """Fold the log up to a position into tables of their own, look at them, and drop them.

    Raises RebuildRunning when another process is replaying.
    """
    began = time.monotonic()
    with connect(uri) as connection:
        if not try_lock(connection, BESIDE.schema):
            raise RebuildRunning(BESIDE.schema)
        try:
            replayed = build(uri, views(), BESIDE, upto, report)
            events = int(_value(connection, COUNT, upto))
            seconds = time.monotonic() - began
            tables = {table.name: fingerprint(connection, table, BESIDE) for table in replayed.storages}
            return Replay(upto, events, seconds, tables, _differing(connection, replayed, upto) if check else None)
        finally:
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(BESIDE.schema)))


def _differing(connection: Connection, replayed: Store, upto: int) -> dict[str, Any] | None:
    """The first row in which the live views, as of the position and as they stand, are not what was replayed."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    with connection.transaction():
        standing = {each.position for each in views().tracking.read(connection)} == {upto}
        for table in replayed.storages:
            for at in (upto, None) if standing else (upto,):
                if found := first_difference(connection, table, BESIDE, at=at):
                    return _named(table, found)
    return None


def _named(table: Table[Any], found: Difference) -> dict[str, Any]:
    return {"table": table.name, "live": found.one, "replayed": found.other}


def _value(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    return row[0]
