"""What does the engine ask of a connection to PostgreSQL?"""

from __future__ import annotations

from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
Cursor = psycopg.Cursor[tuple[Any, ...]]
Teller = psycopg.RawCursor[tuple[Any, ...]]
"""A cursor that sends statements as they are written, with the values that `$1` and so on stand for."""

CONNECT_SECONDS = 3
PREPARED = 1_000
"""Enough for every statement on every table: one that is planned anew costs more than it does."""
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
TRY_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"


def connect(uri: str) -> Connection:
    """A connection on which each statement is its own transaction unless one is begun.

    Raises psycopg.OperationalError when there is no answer within a few seconds.
    """
    connection = psycopg.connect(uri, autocommit=True, connect_timeout=CONNECT_SECONDS)
    connection.prepared_max = PREPARED
    return connection


def try_lock(connection: Connection, name: str) -> bool:
    """Take a named lock, unless another connection has it. PostgreSQL releases it when this one ends in any way."""
    return connection.execute(TRY_LOCK, [name]).fetchone() == (True,)


def unlock(connection: Connection, name: str) -> None:
    """Give a named lock back at once, if the connection lives: PostgreSQL notices the end of one a little later."""
    if not connection.closed:
        connection.execute(UNLOCK, [name])
