"""A door in front of PostgreSQL that can lose the reply to a commit: the client never learns what the server did."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

COMMITTED = b"COMMIT"
"""What the server says at the end of a transaction with a COMMIT."""
PLACED = b"position\0"
"""A column of what our append returns. Its transaction ends with its statements, so it comes when all is done."""


class Proxy:
    """Listens in a folder of its own on the Unix socket that libpq expects there."""

    def __init__(self, folder: Path, host: str) -> None:
        self.folder, self._server = folder, f"{host}/.s.PGSQL.5432"
        self._door = socket.socket(socket.AF_UNIX)
        self._losing: bytes | None = None
        self.lost = 0

    def __enter__(self) -> Self:
        self._door.bind(f"{self.folder}/.s.PGSQL.5432")
        self._door.listen()
        threading.Thread(target=self._welcome, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def lose_next(self, reply: bytes) -> None:
        """Cut the connection on which this comes next, before the client hears of it."""
        self._losing = reply

    def _welcome(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, selectors.DefaultSelector() as ready:
            server.connect(self._server)
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            with suppress(ConnectionError):  # one side has gone: so does the other
                while all(self._pass_on(key.fileobj, key.data, server) for key, _ in ready.select()):
                    pass

    def _pass_on(self, source: object, target: socket.socket, server: socket.socket) -> bool:
        assert isinstance(source, socket.socket)
        data = source.recv(1 << 16)
        if source is server and self._losing and self._losing in data:
            self._losing = None
            self.lost += 1
            return False
        target.sendall(data)
        return bool(data)
