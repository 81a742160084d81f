"""What does the engine ask of a connection to PostgreSQL?"""

from __future__ import annotations

from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
Cursor = psycopg.Cursor[tuple[Any, ...]]

CONNECT_SECONDS = 3
TRY_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"


def connect(uri: str) -> Connection:
    """A connection on which each statement is its own transaction unless one is begun.

    Raises psycopg.OperationalError when there is no answer within a few seconds.
    """
    return psycopg.connect(uri, autocommit=True, connect_timeout=CONNECT_SECONDS)


def try_lock(connection: Connection, name: str) -> bool:
    """Take a named lock, unless another connection has it. PostgreSQL releases it when this one ends in any way."""
    return connection.execute(TRY_LOCK, [name]).fetchone() == (True,)
