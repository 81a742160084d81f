"""Does the log, folded again, give the views that are being read?"""

from __future__ import annotations

import time
from typing import Any

from psycopg import sql

from projections.engine.connection import Connection, connect, try_lock, unlock
from projections.engine.progress import Report
from projections.engine.rebuild import RebuildRunning, build
from projections.engine.store import Store
from projections.engine.verdict import Verdict, against_live, fingerprints

ATTEMPTS, PAUSE = 100, 0.1
COUNT = "SELECT count(*) FROM ledger.shanghui_events WHERE notification_id <= %s"


def replay(uri: str, store: Store, upto: int, check: bool, report: Report | None = None) -> Verdict:
    """Fold the log up to a position into tables of their own, look at them, and drop them.

    Raises RebuildRunning when another process is replaying.
    """
    began, beside = time.monotonic(), store.layout.beside("replay")
    with connect(uri) as connection:
        if not try_lock(connection, beside.schema):
            raise RebuildRunning(beside.schema)
        try:
            replayed = build(uri, store, beside, upto, report)
            events, seconds = _events(connection, upto), time.monotonic() - began
            tables = fingerprints(connection, replayed.storages, beside)
            if check:
                _await(connection, store, upto)
            differs = against_live(connection, store, replayed, upto) if check else None
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(beside.schema)))
            return Verdict(upto, events, seconds, tables, differs)
        finally:
            unlock(connection, beside.schema)


def _await(connection: Connection, store: Store, upto: int) -> None:
    """Give whoever follows the log a little time to come as far as the replay."""
    for _ in range(ATTEMPTS):
        if all(each.parked_at or each.position >= upto for each in store.tracking.read(connection)):
            return
        time.sleep(PAUSE)


def _events(connection: Connection, upto: int) -> int:
    row: Any = connection.execute(COUNT, [upto]).fetchone()
    return int(row[0])
