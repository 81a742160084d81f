"""How does an answer that is known as a whole leave? At once: its head and its body in one write.

uvicorn checks each header of an answer and writes head and body apart, which for a short answer is half of all the
work. To an application that asks for it, by an extension of ASGI's scope, this protocol gives the request as it came
and takes the answer as it is to leave; for everything else it is uvicorn's own.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

EXTENSION = "shanghui.exchange"


class Protocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it. What the extension gives is the protocol itself: it answers one request at a time."""

    _cycle: RequestResponseCycle
    _own: tuple[object, bytes] = (None, b"")

    def body(self) -> bytes | None:
        """The body of the request that is being answered; None when there is more of it to come."""
        return None if self._cycle.more_body else bytes(self._cycle.body)

    def answer(self, status: int, headers: bytes, body: bytes) -> bool:
        """Send its answer, whose headers, with its length, are as on the wire; false if the caller is slow."""
        cycle = self._cycle
        if cycle.flow.write_paused:
            return False
        cycle.response_started = cycle.response_complete = True
        if cycle.disconnected:
            return True
        close = b"" if cycle.keep_alive else b"connection: close\r\n"
        head = b"".join((STATUS_LINE[status], self._lines(cycle.default_headers), headers, close, b"\r\n"))
        self.transport.writelines((head, body))
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True

    def _lines(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """The server's own headers as they are on the wire: it makes a new list of them every second."""
        if headers is not self._own[0]:
            self._own = headers, b"".join(b"%b: %b\r\n" % each for each in headers)
        return self._own[1]

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._cycle = cycle  # uvicorn's own is the one that came last, for which this one may have to wait
        cycle.scope["extensions"] = {EXTENSION: self}  # type: ignore[dict-item]  # an object, not a dict: nobody else reads it
        super()._start_asgi_task(cycle, app)
