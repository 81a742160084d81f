"""How are views built anew while the old ones are read, and when must they be?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import structlog
from psycopg import sql

from projections.engine.build import Build, Report
from projections.engine.connection import Connection, connect, try_lock
from projections.engine.store import Store
from projections.engine.table import Layout

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
                _rebuild(uri, connection, store, report)
        return True


def rebuild(uri: str, store: Store, report: Report | None = None) -> None:
    """Build the views anew beside the old ones, then put them in their place. One that was cut off does no harm.

    Raises RebuildRunning when another process is at it.
    """
    with connect(uri) as connection, _alone(connection, store.layout):
        _rebuild(uri, connection, store, report)


def build(uri: str, store: Store, layout: Layout, upto: int, report: Report | None = None) -> Store:
    """A store of the same projections in another layout, as it stood at a position."""
    other = Store(store.events, list(store.projections.values()), layout)
    Build(other, uri, report).run(upto)
    return other


@contextmanager
def _alone(connection: Connection, layout: Layout) -> Iterator[None]:
    """Be the only one who rebuilds, until the connection ends."""
    name = f"{layout.schema}.rebuild"
    if not try_lock(connection, name):
        raise RebuildRunning(name)
    yield


def _rebuild(uri: str, connection: Connection, store: Store, report: Report | None) -> None:
    fresh = build(uri, store, store.layout.beside("next"), store.events.head(connection), report)
    fresh.catch_up(connection)
    _swap(connection, store, fresh)
    _drop(connection, store.layout.beside("old"))


def _swap(connection: Connection, store: Store, fresh: Store) -> None:
    """Put the fresh views in the place of the old ones, as soon as nobody holds the old positions for a moment."""
    _drop(connection, store.layout.beside("old"))
    for _ in range(SWAP_ATTEMPTS):
        try:
            return _try_swap(connection, store, fresh)
        except psycopg.errors.LockNotAvailable:
            time.sleep(SWAP_PAUSE)
            fresh.catch_up(connection)
    raise TimeoutError("交换视图失败 | the views could not be swapped: something keeps their positions locked")


def _try_swap(connection: Connection, store: Store, fresh: Store) -> None:
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '500ms'")
        if store.tracking.exists(connection):
            store.tracking.lock(connection)  # now the old views stand still: no position may go back
            fresh.catch_up(connection)
            _rename(connection, store.layout, store.layout.beside("old"))
        _rename(connection, fresh.layout, store.layout)


def _rename(connection: Connection, layout: Layout, new: Layout) -> None:
    names = sql.Identifier(layout.schema), sql.Identifier(new.schema)
    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(*names))


def _drop(connection: Connection, layout: Layout) -> None:
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(layout.schema)))
