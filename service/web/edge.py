"""What holds for every response: a request id, headers that keep browsers from guessing, and never a trace?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from random import randbytes
from types import MappingProxyType
from uuid import UUID

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.web.errors import internal

REQUEST_ID = "X-Request-Id"
SAFE: Mapping[str, str] = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)
log = structlog.get_logger()


class Edge:
    """The outermost middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its id, and dress its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id = request_id(Headers(scope=scope).get(REQUEST_ID, ""))
        scope.setdefault("state", {})["id"] = id
        with structlog.contextvars.bound_contextvars(request_id=str(id)):
            await self._guarded(scope, receive, _Dressed(send, id))

    async def _guarded(self, scope: Scope, receive: Receive, send: _Dressed) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception:  # the last net: nobody above could word it better
            log.exception("unforeseen", path=scope["path"])
            if send.begun:
                raise  # half a response is out already: only cutting the connection tells the caller
            await internal().response(send.id)(scope, receive, send)


class _Dressed:
    """A `send` that adds the headers."""

    def __init__(self, send: Send, id: UUID) -> None:
        self._send, self.id, self.begun = send, id, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _missing(headers, {**SAFE, REQUEST_ID: str(self.id)}):
                headers[name] = value
        await self._send(message)


def request_id(given: str) -> UUID:
    """The caller's own id of the request if it is a UUID, so that his log and ours can be joined; else a new one."""
    if given:
        with suppress(ValueError):
            return UUID(given)
    return UUID(fresh_id())


def fresh_id() -> str:
    """A random UUID, to be told apart, not to be secret: there is no need of the system's entropy."""
    digits = randbytes(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _missing(headers: MutableHeaders, wanted: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return [(name, value) for name, value in wanted.items() if name not in headers]
