"""How are one-value statements read? Plainly, through psycopg's own connections; `pipeline` does the same faster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from service.postgres.line import SILENCE
from service.postgres.silence import hang_up_after

LINES = 2
"""How many connections a reader holds."""
PATIENCE = 1.0
"""Seconds to wait for a connection that is free."""


class ReadFailed(Exception):
    """A statement that gave no answer: the ordinary path must."""


class PlainReader:
    """Reads through a small pool of connections. `fetch` is all there is to it."""

    def __init__(self, uri: str) -> None:
        kwargs = {"autocommit": True, "cursor_factory": psycopg.AsyncRawCursor}
        self._pool = AsyncConnectionPool(uri, min_size=1, max_size=LINES, timeout=PATIENCE, kwargs=kwargs, open=False)

    async def open(self) -> None:
        """Begin to connect."""
        await self._pool.open()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._pool.close()

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        """The one value of a statement.

        Raises ReadFailed when PostgreSQL refuses it, does not answer, or too many are waiting.
        """
        parameters = [None if (text := encoded(value)) is None else text.decode() for value in values]
        try:
            async with self._pool.connection() as connection:
                with hang_up_after(SILENCE, connection):
                    result = (await connection.execute(sql, parameters)).pgresult
        except (psycopg.Error, PoolTimeout) as error:
            raise ReadFailed(str(error)) from error
        if result is None or not result.ntuples:
            raise ReadFailed("no row")
        return result.get_value(0, 0) or b"null"


def encoded(value: Any) -> bytes | None:
    """A value as PostgreSQL reads it in text."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode()
    if isinstance(value, (list, tuple)):
        return b"{" + b",".join(_element(each) for each in value) + b"}"
    if isinstance(value, date):
        return value.isoformat().encode()
    try:
        plain = str(value).encode()
    except UnicodeEncodeError as error:
        raise ReadFailed("text that is no text") from error
    if b"\0" in plain:
        raise ReadFailed("text that PostgreSQL cannot hold")
    return plain


def _element(value: Any) -> bytes:
    plain = encoded(value)
    if plain is None:
        return b"NULL"
    return b'"' + plain.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
