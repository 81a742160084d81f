"""Is this a document that is known? Then it is answered before anything else stirs.

PostgreSQL's own bytes are the answer to a query; a command goes straight to the ledger. Whatever the gate does not
know - another path or method, a new document, a bad token, a value that does not fit - it hands on untouched to the
ordinary application, which answers it and words the error. A response header says which path it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl

import orjson
import structlog
from graphql import GraphQLError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.compiled.bindings import Request, Unfit
from schema.compiled.mutations import Base
from schema.compiled.operations import Commands, Query
from schema.compiled.plans import Plans
from schema.compiled.reader import ReadFailed
from schema.context import Caller, Reading
from service.access.tokens import Authenticator, Unauthenticated
from service.web.answers import POSITION, Answers
from service.web.bearers import Bearers
from service.web.protocol import EXTENSION, Protocol
from service.web.request import MOST_IN_URL
from service.web.written import gotten, posted

PATIENCE = 1.0
"""Seconds for a body to arrive; a slower one is the ordinary path's to wait for."""
MOST_CHUNKS = 64
PLAIN = b"application/json"
TAKEN = (PLAIN, b"*/*")
NOT_KNOWN = (ValueError, KeyError, TypeError, AttributeError, Unauthenticated, Unfit, ReadFailed, GraphQLError)
"""What is wrong with a request that the ordinary path then words."""
log = structlog.get_logger()


class Gate:
    """Stands in front of the application."""

    def __init__(
        self,
        app: ASGIApp,
        plans: Plans,
        base: Base,
        cursor_key: bytes,
        tokens: Authenticator,
        limit: int,
        answer_bytes: int = 0,
    ) -> None:
        self._app, self._plans, self._base, self._cursor_key, self._limit = app, plans, base, cursor_key, limit
        self._bearers = Bearers(tokens)
        self._answers = Answers(answer_bytes, partial(base.fetch, POSITION, ())) if answer_bytes else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is known; hand everything else on."""
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        if not self._concerns(scope, headers):
            await self._app(scope, receive, send)
            return
        exchange: Protocol | None = scope.get("extensions", {}).get(EXTENSION)
        body = exchange.body() if exchange else None
        if body is None:
            messages = await _messages(receive)
            body = b"".join(each.get("body", b"") for each in messages)
            receive = partial(_again, iter(messages), receive)
        data = await self._data(scope, headers, body)
        if data is None:
            await self._app(scope, receive, send)
            return
        written = (posted if scope["method"] == "POST" else gotten)(headers, b'{"data":%b}' % data)
        if exchange is None or not exchange.answer(*written):
            await written.send(send)

    def _concerns(self, scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
        """Whether this is a POST of plain JSON to /graphql, of bounded and known length, or a GET, that takes JSON."""
        if not headers or len(headers) != len(scope["headers"]) or scope["path"] != "/graphql":
            return False
        if headers.get(b"accept", b"*/*") not in TAKEN:
            return False
        if scope["method"] == "GET":
            return len(scope["query_string"]) <= MOST_IN_URL
        length = headers.get(b"content-length", b"")
        bounded = length.isdigit() and len(length) < 10 and 0 < int(length) <= self._limit
        plain = headers.get(b"content-type") == PLAIN and b"content-encoding" not in headers
        return scope["method"] == "POST" and plain and bounded

    async def _data(self, scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> bytes | None:
        """The JSON of `data`; None when the ordinary path has to answer: also when something unforeseen happens."""
        posts = scope["method"] == "POST"
        text = body if posts else scope["query_string"]
        try:
            bearer = self._bearers.of(headers[b"authorization"])
            given = orjson.loads(text) if posts else _in_query_string(text)
            known, variables = self._plans.find(given["query"], given.get("operationName")), given.get("variables")
            if isinstance(known, Query):
                return await self._answer(known, variables or {}, bearer.reading, (posts, text))
            if isinstance(known, Commands) and posts:
                client = scope.get("client") or (None,)
                caller = Caller(bearer.actor, bearer.reading, self._cursor_key, client[0])
                return await known.carry_out(variables or {}, caller, self._base)
        except NOT_KNOWN:
            pass
        except Exception:  # of a command it is known by its key whether it was carried out
            log.exception("unforeseen")
        return None

    async def _answer(
        self, query: Query, given: Mapping[str, Any], reading: Reading, asked: tuple[bool, bytes]
    ) -> bytes | None:
        if self._answers is None:
            return await self._read(query, given, reading)
        question = (reading, asked[0], blake2b(asked[1], digest_size=16).digest())  # the text itself may be long
        return await self._answers.answer(question, partial(self._read, query, given, reading))

    async def _read(self, query: Query, given: Mapping[str, Any], reading: Reading) -> bytes | None:
        variables = query.variables(given)
        plan = query.plan(variables, reading)
        return plan and await plan.read(Request(variables, reading, self._cursor_key), self._base)


def _in_query_string(text: bytes) -> dict[str, Any]:
    asked: dict[str, Any] = dict(parse_qsl(text.decode("ascii"), strict_parsing=True, max_num_fields=4))
    return asked | {"variables": orjson.loads(asked.get("variables") or "{}")}


async def _messages(receive: Receive) -> list[Message]:
    """What comes of a request in time: if that is not all, it is no JSON yet."""
    messages: list[Message] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while not messages or (messages[-1].get("more_body") and len(messages) < MOST_CHUNKS):
                messages.append(await receive())
    return messages


async def _again(messages: Iterator[Message], receive: Receive) -> Message:
    """What was read already, then what comes."""
    return next(messages, None) or await receive()
