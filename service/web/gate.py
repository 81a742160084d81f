"""Is this a question whose plan is known? Then PostgreSQL's own bytes are the answer, before anything else stirs.

Whatever the gate does not know - another path or method, a new document, a bad token, a value that does not fit - it
hands on untouched to the ordinary application, which answers it and words the error. A response header says which path
it was. A question put with GET gets an ETag with its answer, and 304 alone when the caller has that answer already.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from graphql import GraphQLError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.compiled.bindings import Request, Unfit
from schema.compiled.plans import Plans
from schema.compiled.reader import ReadFailed
from schema.context import Lines, Reading
from service.access.tokens import Authenticator, Unauthenticated
from service.web.answers import POSITION, Answers
from service.web.edge import REQUEST_ID, SAFE, fresh_id, request_id
from service.web.endpoint import ANSWERED_BY
from service.web.errors import JSON
from service.web.protocol import EXTENSION, Exchange
from service.web.request import MOST_IN_URL

TRUSTED_SECONDS = 5.0
"""For how long a token that was checked is not checked again."""
MOST_TOKENS = 1_000
PATIENCE = 1.0
"""Seconds for a body to arrive; a slower one is the ordinary path's to wait for."""
MOST_CHUNKS = 64
ID = REQUEST_ID.lower().encode()
FIXED = {"Content-Type": JSON, ANSWERED_BY: "compiled", **SAFE}
REVALIDATED = FIXED | {"Cache-Control": "private, no-cache", "Vary": "authorization, accept"}
"""Of an answer to GET: whoever asked may keep it, and asks again whether it still holds."""


class Answer(NamedTuple):
    """An answer with its headers as they are written."""

    status: int
    headers: bytes
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it as ASGI has it."""
        headers = [tuple(line.split(b": ", 1)) for line in self.headers.splitlines()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


class Gate:
    """Stands in front of the application."""

    def __init__(
        self,
        app: ASGIApp,
        plans: Plans,
        lines: Lines,
        cursor_key: bytes,
        tokens: Authenticator,
        limit: int,
        answer_bytes: int = 0,
    ) -> None:
        self._app, self._plans, self._lines, self._cursor_key, self._limit = app, plans, lines, cursor_key, limit
        self._tokens = tokens
        self._known: OrderedDict[bytes, tuple[float, Reading]] = OrderedDict()
        self._answers = Answers(answer_bytes, partial(lines.fetch, POSITION, ())) if answer_bytes else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is known; hand everything else on."""
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        if not self._concerns(scope, headers):
            await self._app(scope, receive, send)
            return
        exchange: Exchange | None = scope.get("extensions", {}).get(EXTENSION)
        body = exchange.body() if exchange else None
        if body is None:
            messages = await self._body(receive)
            receive = _replay(messages, receive)
            body = None if _unfinished(messages) else b"".join(each.get("body", b"") for each in messages)
        answer = None if body is None else await self._answer(scope, headers, body)
        if answer is None:
            await self._app(scope, receive, send)
            return
        dressed = _posted(headers, answer) if scope["method"] == "POST" else _gotten(headers, answer)
        if exchange is None or not exchange.answer(*dressed):
            await dressed.send(send)

    def _concerns(self, scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
        """Whether this is plain JSON posted to /graphql, of bounded and known length, or a GET, that takes JSON."""
        return (
            scope["type"] == "http"
            and len(headers) == len(scope["headers"])
            and scope["path"] == "/graphql"
            and headers.get(b"accept", b"*/*") in (b"*/*", b"application/json")
            and (_in_url(scope) or (scope["method"] == "POST" and self._takes(headers)))
        )

    def _takes(self, headers: Mapping[bytes, bytes]) -> bool:
        return (
            headers.get(b"content-type") == b"application/json"
            and b"content-encoding" not in headers
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

    async def _answer(self, scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> bytes | None:
        posted = scope["method"] == "POST"
        text = body if posted else scope["query_string"]
        try:
            reading = self._reading(headers[b"authorization"])
            if self._answers is None:
                return await self._compute(posted, text, reading)
            question = (reading, posted, blake2b(text, digest_size=16).digest())  # not the text: it may be long
            return await self._answers.answer(question, partial(self._compute, posted, text, reading))
        except (ValueError, KeyError, TypeError, AttributeError, Unauthenticated, Unfit, ReadFailed, GraphQLError):
            return None  # the ordinary path says what is wrong

    async def _compute(self, posted: bool, text: bytes, reading: Reading) -> bytes | None:
        asked = orjson.loads(text) if posted else _asked(text)
        operation = self._plans.find(asked["query"], asked.get("operationName"))
        if operation is None:
            return None
        variables = operation.variables(asked.get("variables") or {})
        plan = operation.plan(variables, reading, make=False)
        data = plan and await plan.read(Request(variables, reading, self._cursor_key), self._lines)
        return None if data is None else b'{"data":%b}' % data

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


def _asked(query_string: bytes) -> dict[str, Any]:
    """What a GET asks. Raises ValueError."""
    asked: dict[str, Any] = dict(parse_qsl(query_string.decode("ascii"), strict_parsing=True, max_num_fields=4))
    return asked | {"variables": orjson.loads(asked.get("variables") or "{}")}


def _in_url(scope: Scope) -> bool:
    return scope["method"] == "GET" and len(scope["query_string"]) <= MOST_IN_URL


def _posted(headers: Mapping[bytes, bytes], body: bytes) -> Answer:
    return Answer(200, b"%bx-request-id: %b\r\ncontent-length: %d\r\n" % (_POSTED, _id(headers), len(body)), body)


def _gotten(headers: Mapping[bytes, bytes], body: bytes) -> Answer:
    """The answer to a GET: 304 alone when the caller says that he has this very one."""
    tag = b'"%b"' % blake2b(body, digest_size=12).hexdigest().encode()
    kept = {each.strip().removeprefix(b"W/") for each in headers.get(b"if-none-match", b"").split(b",")}
    written = b"%betag: %b\r\nx-request-id: %b\r\n" % (_GOTTEN, tag, _id(headers))
    if kept & {tag, b"*"}:
        return Answer(304, written, b"")  # its length would be that of the whole answer
    return Answer(200, b"%bcontent-length: %d\r\n" % (written, len(body)), body)


def _id(headers: Mapping[bytes, bytes]) -> bytes:
    given = headers.get(ID)
    return (str(request_id(given.decode("latin-1"))) if given else fresh_id()).encode()


def _written(headers: Mapping[str, str]) -> bytes:
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items()).encode()


_POSTED, _GOTTEN = _written(FIXED), _written(REVALIDATED)


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
