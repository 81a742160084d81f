"""How does a response leave in one piece? Its head waits for what follows in the same turn of the event loop.

uvicorn writes a response's head and its body apart, and each write is a system call and a packet; for short answers
that is a tenth of all the work.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Gathering:
    """A transport whose first write in a turn waits for the second one; everything else is the transport's own."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport, self._loop = transport, asyncio.get_running_loop()
        self._held: bytes | None = None

    def write(self, data: bytes) -> None:
        """Send this with what was held, or hold it until the end of the turn."""
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.writelines((held, data))
        else:
            self._held = data
            self._loop.call_soon(self._release)

    def close(self) -> None:
        """Close once all is sent."""
        self._release()
        self._transport.close()

    def _release(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.write(held)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class GatheringProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, over such a transport."""

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        super().connection_made(Gathering(transport))  # type: ignore[arg-type]  # all that uvicorn asks of a transport
