"""How long may a server say nothing? It ends a statement in time itself, unless it stands still: then we hang up."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from psycopg import AsyncConnection


@contextmanager
def hang_up_after(seconds: float, connection: AsyncConnection[Any]) -> Iterator[None]:
    """Cut a connection if the block takes longer, so that whoever waits for it gets an OperationalError.

    To cancel the waiting would not do: it goes on until the server has confirmed that it cancelled the statement.
    """
    timer = asyncio.get_running_loop().call_later(seconds, _cut, connection)
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: AsyncConnection[Any]) -> None:
    with suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
