"""How are views built anew while the old ones are read, and when must they be?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import structlog
from psycopg import sql

from projections.engine.build import Build
from projections.engine.connection import Connection, connect, try_lock, unlock
from projections.engine.progress import Report
from projections.engine.store import Store
from projections.engine.table import Layout
from projections.engine.tracking import Tracked
from projections.engine.verdict import Verdict, against_old, fingerprints

Swap = Callable[[Connection, Store, Store], list[Tracked]]
SWAP_ATTEMPTS = 200
SWAP_PAUSE = 0.1
"""Seconds in which those who hold up the swap get on with their work."""
log = structlog.get_logger()


class RebuildRunning(Exception):
    """Another process is rebuilding these views."""


def ensure(uri: str, store: Store, report: Report | None = None) -> bool:
    """Rebuild the views if they are not those that the code declares, and say whether that was so.

    Raises RebuildRunning when another process is at it: it may well be building what this one wants.
    """
    with connect(uri) as connection:
        if not store.outdated(connection):
            return False
        with _alone(connection, store.layout):
            outdated = store.outdated(connection)
            log.info("views.outdated", projections=sorted(outdated))
            if outdated:
                _replace(uri, connection, store, report, _try_swap)
                _drop(connection, store.layout.beside("old"))
        return True


def rebuild(uri: str, store: Store, report: Report | None = None, name: str | None = None) -> Verdict:
    """Build the views anew beside the old ones, or those of one projection, then put them in their place.

    One that was cut off does no harm: the next goes on where it was. The verdict names the first row that was not, in
    the old views, what the log makes of it. Raises RebuildRunning when another process is at it, LookupError when
    there is no projection of this name.
    """
    part = store if name is None else store.part([name])
    with connect(uri) as connection, _alone(connection, store.layout):
        began, events = time.monotonic(), store.events.head(connection)
        replaced = _replace(uri, connection, part, report, _try_swap if name is None else _try_exchange)
        differs = against_old(connection, part, store.layout.beside("old"), replaced)
        tables = fingerprints(connection, part.storages, store.layout)
        _drop(connection, store.layout.beside("old"))
        return Verdict(store.events.head(connection), events, time.monotonic() - began, tables, differs)


def build(uri: str, store: Store, layout: Layout, upto: int, report: Report | None = None) -> Store:
    """A store of the same projections in another layout, as it stood at a position."""
    other = store.placed(layout)
    Build(other, uri, report).run(upto)
    return other


@contextmanager
def _alone(connection: Connection, layout: Layout) -> Iterator[None]:
    """Be the only one who rebuilds, until the block or the connection ends."""
    name = f"{layout.schema}.rebuild"
    if not try_lock(connection, name):
        raise RebuildRunning(name)
    try:
        yield
    finally:
        unlock(connection, name)


def _replace(uri: str, connection: Connection, store: Store, report: Report | None, attempt: Swap) -> list[Tracked]:
    fresh = build(uri, store, store.layout.beside("next"), store.events.head(connection), report)
    fresh.catch_up(connection)
    return _swap(connection, store, fresh, attempt)


def _swap(connection: Connection, store: Store, fresh: Store, attempt: Swap) -> list[Tracked]:
    """Put the fresh views in the place of the old ones, as soon as nobody holds the old positions for a moment.

    Says how the old ones stood.
    """
    _drop(connection, store.layout.beside("old"))
    for _ in range(SWAP_ATTEMPTS):
        try:
            return attempt(connection, store, fresh)
        except psycopg.errors.LockNotAvailable:
            time.sleep(SWAP_PAUSE)
            fresh.catch_up(connection)
    raise TimeoutError("交换视图失败 | the views could not be swapped: something keeps their positions locked")


def _try_swap(connection: Connection, store: Store, fresh: Store) -> list[Tracked]:
    """Change the names of the schemas, which holds up no reader."""
    replaced: list[Tracked] = []
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '500ms'")
        if store.tracking.exists(connection):
            store.tracking.lock(connection)  # now the old views stand still: no position may go back
            fresh.catch_up(connection)
            replaced = store.tracking.read(connection)
            _rename(connection, store.layout, store.layout.beside("old"))
        _rename(connection, fresh.layout, store.layout)
    return replaced


def _try_exchange(connection: Connection, store: Store, fresh: Store) -> list[Tracked]:
    """Exchange the tables of some projections: whoever reads them just then holds that up, and is held up by it."""
    old = store.layout.beside("old")
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '40ms'")
        store.tracking.lock(connection)
        fresh.catch_up(connection)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(old.schema)))
        for table in store.storages:
            for name in table.stored:
                _move(connection, name, store.layout, old)
                _move(connection, name, fresh.layout, store.layout)
        replaced = [each for each in store.tracking.read(connection) if each.name in store.projections]
        for each in fresh.tracking.read(connection):
            store.tracking.replace(connection, each)
        _drop(connection, fresh.layout)
    return replaced


def _move(connection: Connection, table: str, layout: Layout, other: Layout) -> None:
    connection.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(layout.name(table), sql.Identifier(other.schema)))


def _rename(connection: Connection, layout: Layout, new: Layout) -> None:
    names = sql.Identifier(layout.schema), sql.Identifier(new.schema)
    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(*names))


def _drop(connection: Connection, layout: Layout) -> None:
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(layout.schema)))
