"""Is this a question whose plan is known? Then PostgreSQL's own bytes are the answer, before anything else stirs.

Whatever the gate does not know - another path or method, a new document, a bad token, a value that does not fit - it
hands on untouched to the ordinary application, which answers it and words the error. A response header says which path
it was.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import orjson
from graphql import GraphQLError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.compiled.bindings import Request, Unfit
from schema.compiled.plans import Plan, Plans
from schema.compiled.reader import ReadFailed
from schema.context import Reading
from service.access.tokens import Authenticator, Unauthenticated
from service.web.edge import REQUEST_ID, SAFE, request_id

TRUSTED_SECONDS = 5.0
"""For how long a token that was checked is not checked again."""
MOST_TOKENS = 1_000
PATIENCE = 1.0
"""Seconds for a body to arrive; a slower one is the ordinary path's to wait for."""
MOST_CHUNKS = 64
PATH = (b"x-shanghui-path", b"compiled")
FIXED = [(b"content-type", b"application/json"), PATH, *((k.lower().encode(), v.encode()) for k, v in SAFE.items())]


class Compiled(Protocol):
    """What compiled statements are run on."""

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        """The one value of a statement. Raises ReadFailed."""
        ...

    async def reached(self, position: int, seconds: float) -> bool:
        """Whether a position can be seen, now or in so many seconds."""
        ...


class Gate:
    """Stands in front of the application."""

    def __init__(
        self, app: ASGIApp, plans: Plans, views: Compiled, cursor_key: bytes, tokens: Authenticator, limit: int
    ) -> None:
        self._app, self._plans, self._views, self._cursor_key, self._limit = app, plans, views, cursor_key, limit
        self._tokens = tokens
        self._known: OrderedDict[bytes, tuple[float, Reading]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is known; hand everything else on."""
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        if not self._concerns(scope, headers):
            await self._app(scope, receive, send)
            return
        messages = await self._body(receive)
        answer = None if _unfinished(messages) else await self._answer(headers, messages)
        if answer is None:
            await self._app(scope, _replay(messages, receive), send)
            return
        id = str(request_id(headers.get(REQUEST_ID.lower().encode(), b"").decode("latin-1")))
        extra = [(b"content-length", b"%d" % len(answer)), (REQUEST_ID.lower().encode(), id.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": [*FIXED, *extra]})
        await send({"type": "http.response.body", "body": answer})

    def _concerns(self, scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
        """Whether this is a plain POST of JSON to /graphql, of bounded and known length, that takes plain JSON."""
        return (
            scope["type"] == "http"
            and len(headers) == len(scope["headers"])
            and scope["method"] == "POST"
            and scope["path"] == "/graphql"
            and headers.get(b"content-type") == b"application/json"
            and b"content-encoding" not in headers
            and headers.get(b"accept", b"*/*") in (b"*/*", b"application/json")
            and 0 < _number(headers.get(b"content-length", b"")) <= self._limit
        )

    async def _body(self, receive: Receive) -> list[Message]:
        """The request's messages up to the end of its body, unless that is long in coming."""
        messages: list[Message] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not messages or (_unfinished(messages) and len(messages) < MOST_CHUNKS):
                    messages.append(await receive())
        return messages

    async def _answer(self, headers: Mapping[bytes, bytes], messages: list[Message]) -> bytes | None:
        try:
            asked = orjson.loads(b"".join(message.get("body", b"") for message in messages))
            reading = self._reading(headers[b"authorization"])
            operation = self._plans.find(asked["query"], asked.get("operationName"))
            if operation is None:
                return None
            variables = operation.variables(asked.get("variables") or {})
            plan = operation.plan(variables, reading, make=False)
            return None if plan is None else await self._read(plan, Request(variables, reading, self._cursor_key))
        except (ValueError, KeyError, TypeError, AttributeError, Unauthenticated, Unfit, ReadFailed, GraphQLError):
            return None  # the ordinary path says what is wrong

    async def _read(self, plan: Plan, request: Request) -> bytes | None:
        for position in plan.positions:
            if not await self._views.reached(position(request), 0):
                return None
        data = await self._views.fetch(plan.sql, [getter(request) for getter in plan.getters])
        return b'{"data":' + data + b"}"

    def _reading(self, authorization: bytes) -> Reading:
        """How far the bearer of a token may read; a token that was checked a moment ago is not checked again."""
        known = self._known.get(authorization)
        now = time.monotonic()
        if known is not None and known[0] > now:
            return known[1]
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated(scheme)
        reading = Reading.of(self._tokens.authenticate(token.strip()))
        self._known[authorization] = (now + TRUSTED_SECONDS, reading)
        if len(self._known) > MOST_TOKENS:
            self._known.popitem(last=False)
        return reading


def _unfinished(messages: list[Message]) -> bool:
    return not messages or messages[-1].get("more_body", False)


def _number(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else 0


def _replay(messages: list[Message], receive: Receive) -> Receive:
    """A `receive` that gives again what was read, then what comes."""
    rest = iter(messages)

    async def again() -> Message:
        return next(rest, None) or await receive()

    return again
