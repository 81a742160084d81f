"""Is the service fit for its work, and if not, what is the matter?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import psycopg

from projections import ALL
from projections.engine import Store
from service.ledger.log import EventLog
from service.ledger.migrate import MigrationError, pending
from service.ledger.store import ROLE

TABLES = ("ledger.shanghui_events", "ledger.command_key")
MOST_LAG = 10_000
"""Positions: more than the views follow in a few seconds, so a projector that is further behind has stopped."""
MOST_SKEW = timedelta(seconds=5)

WRITABLE = "SELECT NOT pg_is_in_recovery() AND NOT current_setting('transaction_read_only')::bool"
GUARDS = """
SELECT count(*) FROM pg_trigger
WHERE tgrelid = ANY(%(tables)s::regclass[]) AND tgname LIKE 'append\\_only%%' AND tgenabled IN ('O', 'A')"""
GRANTS = """
SELECT bool_or(has_table_privilege(%(role)s, name, 'UPDATE, DELETE, TRUNCATE'))
FROM unnest(%(tables)s::text[]) AS name"""


class Check(NamedTuple):
    """One thing that was looked at. Anybody may read `text`; `detail` is for the operator."""

    name: str
    ok: bool
    text: str
    detail: str = ""


def examine(uri: str) -> list[Check]:
    """All checks of a database, as far as one failing does not keep the next from being made."""
    try:
        with psycopg.connect(uri, autocommit=True, connect_timeout=3) as connection:
            return list(_checks(uri, connection))
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        return [Check("database", False, "数据库无法访问 | The database cannot be reached", reason)]


def _checks(uri: str, connection: psycopg.Connection[Any]) -> Iterator[Check]:
    yield _writable(connection)
    migrated = _migrated(uri)
    yield migrated
    if migrated.ok:
        yield _guarded(connection)
        yield from _projected(connection)
        yield _clock(connection)


def _writable(connection: psycopg.Connection[Any]) -> Check:
    ok = bool(_value(connection, WRITABLE))
    return Check("database", ok, "可读写 | Reads and writes" if ok else "数据库只读 | The database is read-only")


def _migrated(uri: str) -> Check:
    try:
        todo = pending(uri)
    except MigrationError as error:
        return Check("migrations", False, str(error))
    names = ", ".join(each.name for each in todo)
    return Check("migrations", not todo, f"待执行：{names} | Pending: {names}" if todo else "已全部执行 | All applied")


def _guarded(connection: psycopg.Connection[Any]) -> Check:
    """The log must be append-only twice over: by triggers, and by what the program's role may do."""
    values = {"tables": list(TABLES), "role": ROLE}
    triggers, excess = _value(connection, GUARDS, values), _value(connection, GRANTS, values)
    ok = triggers == 2 * len(TABLES) and not excess
    text = "触发器与权限齐备 | Triggers and grants are in place"
    return Check("append-only", ok, text if ok else "防改写措施缺失 | A trigger is missing or a grant is too wide")


def _projected(connection: psycopg.Connection[Any]) -> Iterator[Check]:
    store = Store(EventLog(), ALL)
    if not store.tracking.exists(connection):
        yield Check("projections", False, "视图尚未建立 | The views have not been built yet")
        return
    head = store.events.head(connection)
    for each in store.tracking.read(connection):
        lag, name = head - each.position, f"projection {each.name}"
        if each.parked_at:
            yield Check(name, False, f"停在位置 {each.position} | Parked at {each.position}", each.error or "")
        else:
            text = f"位置 {each.position}，落后 {lag} | At {each.position}, {lag} behind"
            yield Check(name, lag <= MOST_LAG, text)


def _clock(connection: psycopg.Connection[Any]) -> Check:
    """Recorded times come from this machine's clock; the database's tells whether to trust it."""
    skew = abs(datetime.now(UTC) - _value(connection, "SELECT clock_timestamp()"))
    seconds = f"{skew.total_seconds():.1f}"
    return Check("clock", skew < MOST_SKEW, f"与数据库相差 {seconds} 秒 | {seconds} s apart from the database")


def _value(connection: psycopg.Connection[Any], query: str, values: dict[str, Any] | None = None) -> Any:
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    return row[0]
