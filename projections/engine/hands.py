"""How does a build end sooner? What PostgreSQL does alone, histories and indexes, is done two tables at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from psycopg.types.string import BytesBinaryDumper

from projections.engine.connection import Connection, Cursor, connect

SORTED_IN_MEMORY = "256MB"
"""What an index may take while it is built, so that the entries of a million rows need not be sorted on the disk."""
HANDS = 2
"""How many indexes are built at a time. Where there are no more processors, workers that help with one take what time
the other would have, and cost more in all."""
Work = Callable[[Cursor], None]
Hands = Callable[[str, Cursor, Iterable[Work]], None]
"""Does works, given the database and a connection to it."""


def hasty(uri: str, *, last: bool = False) -> Connection:
    """A connection that does not wait for the disk: what a crash of the server takes away is built again.

    A share that will be the last to end has the processor of the others then: one worker helps with its indexes.
    """
    connection = connect(uri)
    # The driver would dump bytes in Python, as those that may be wrapped in a `Binary` of its own.
    connection.adapters.register_dumper(bytes, BytesBinaryDumper)
    connection.execute("SET synchronous_commit = off")
    connection.execute(f"SET maintenance_work_mem = '{SORTED_IN_MEMORY}'")
    if (os.cpu_count() or 1) <= HANDS:
        connection.execute(f"SET max_parallel_maintenance_workers = {int(last)}")
    return connection


def one_at_a_time(_: str, cursor: Cursor, works: Iterable[Work]) -> None:
    """Do all of these on this connection, where another process is busy with a share of its own."""
    for work in works:
        work(cursor)


def two_at_a_time(uri: str, cursor: Cursor, works: Iterable[Work]) -> None:
    """Do all of these, on this connection and on another.

    When one fails no more are begun, and what it raised is raised once the other in hand is done.
    """
    left = iter([*works])  # a list's iterator gives each to one thread only
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(_elsewhere, uri, left)
        _work(cursor, left)
        other.result()


def _elsewhere(uri: str, left: Iterator[Work]) -> None:
    with hasty(uri) as connection, connection.cursor(binary=True) as cursor:
        _work(cursor, left)


def _work(cursor: Cursor, left: Iterator[Work]) -> None:
    try:
        for work in left:
            work(cursor)
    finally:
        deque(left, maxlen=0)  # empty, unless something was raised
