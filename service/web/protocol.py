"""How does an answer that is known as a whole leave? At once: its head and its body in one write.

uvicorn checks each header of an answer and writes head and body apart, which for a short answer is half of all the
work. To an application that asks for it, by an extension of ASGI's scope, this protocol gives the request as it came
and takes the answer as it is to leave; for everything else it is uvicorn's own.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

EXTENSION = "shanghui.exchange"


class Exchange:
    """One request and its answer, each in one piece."""

    def __init__(self, protocol: Protocol, cycle: RequestResponseCycle) -> None:
        self._protocol, self._cycle = protocol, cycle

    def body(self) -> bytes | None:
        """The request's body; None when there is more of it to come."""
        return None if self._cycle.more_body else bytes(self._cycle.body)

    def answer(self, status: int, headers: bytes, body: bytes) -> bool:
        """Send an answer, its headers, with its length, as they are on the wire; false if the caller is slow."""
        cycle, transport = self._cycle, self._protocol.transport
        if cycle.flow.write_paused:
            return False
        cycle.response_started = cycle.response_complete = True
        if cycle.disconnected:
            return True
        close = b"" if cycle.keep_alive else b"connection: close\r\n"
        own = self._protocol.lines(cycle.default_headers)
        head = b"".join((STATUS_LINE[status], own, headers, close, b"\r\n"))
        transport.writelines((head, body))
        if not cycle.keep_alive:
            transport.close()
        cycle.on_response()
        return True


class Protocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with the extension."""

    _own: tuple[object, bytes] = (None, b"")

    def lines(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """The server's own headers as they are on the wire: it makes a new list of them every second."""
        if headers is not self._own[0]:
            self._own = headers, b"".join(b"%b: %b\r\n" % each for each in headers)
        return self._own[1]

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.scope["extensions"] = {EXTENSION: Exchange(self, cycle)}  # type: ignore[dict-item]  # an object, not a dict: nobody else reads it
        super()._start_asgi_task(cycle, app)
