"""Is this a document that is known? Then it is answered before anything else stirs.

PostgreSQL's own bytes are the answer to a query; a command goes straight to the ledger. Whatever the gate does not
know - another path or method, a new document, a bad token, a value that does not fit - it hands on untouched to the
ordinary application, which answers it and words the error. A response header says which path it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple
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
from service.web.protocol import EXTENSION, Exchange
from service.web.request import MOST_IN_URL
from service.web.written import gotten, posted

PATIENCE = 1.0
"""Seconds for a body to arrive; a slower one is the ordinary path's to wait for."""
MOST_CHUNKS = 64
NOT_KNOWN = (ValueError, KeyError, TypeError, AttributeError, Unauthenticated, Unfit, ReadFailed, GraphQLError)
"""What is wrong with a request that the ordinary path then words."""
log = structlog.get_logger()


class Asked(NamedTuple):
    """What came: by POST or in a URL, from where, with which headers, and the text of the body or the query."""

    posted: bool
    client: tuple[str, int] | None
    headers: Mapping[bytes, bytes]
    text: bytes


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
        exchange: Exchange | None = scope.get("extensions", {}).get(EXTENSION)
        body = exchange.body() if exchange else None
        if body is None:
            messages = await self._body(receive)
            receive = _replay(messages, receive)
            body = None if _unfinished(messages) else b"".join(each.get("body", b"") for each in messages)
        by_post = scope["method"] == "POST"
        asked = Asked(by_post, scope.get("client"), headers, body if by_post and body else scope["query_string"])
        data = None if body is None else await self._data(asked)
        if data is None:
            await self._app(scope, receive, send)
            return
        written = (posted if by_post else gotten)(headers, b'{"data":%b}' % data)
        if exchange is None or not exchange.answer(*written):
            await written.send(send)

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

    async def _data(self, asked: Asked) -> bytes | None:
        """The JSON of `data`; None when the ordinary path has to answer."""
        try:
            bearer = self._bearers.of(asked.headers[b"authorization"])
            given = orjson.loads(asked.text) if asked.posted else _in_query_string(asked.text)
            known, variables = self._plans.find(given["query"], given.get("operationName")), given.get("variables")
            if isinstance(known, Query):
                return await self._answer(asked, known, variables or {}, bearer.reading)
            if isinstance(known, Commands) and asked.posted:
                client = asked.client and asked.client[0]
                caller = Caller(bearer.actor, bearer.reading, self._cursor_key, client)
                return await self._carry_out(known, variables or {}, caller)
        except NOT_KNOWN:
            pass
        return None

    async def _answer(self, asked: Asked, query: Query, given: Mapping[str, Any], reading: Reading) -> bytes | None:
        if self._answers is None:
            return await self._read(query, given, reading)
        question = (reading, asked.posted, blake2b(asked.text, digest_size=16).digest())  # the text itself may be long
        return await self._answers.answer(question, partial(self._read, query, given, reading))

    async def _read(self, query: Query, given: Mapping[str, Any], reading: Reading) -> bytes | None:
        variables = query.variables(given)
        plan = query.plan(variables, reading, make=False)
        return plan and await plan.read(Request(variables, reading, self._cursor_key), self._base)

    async def _carry_out(self, commands: Commands, given: Mapping[str, Any], caller: Caller) -> bytes | None:
        try:
            return await commands.carry_out(given, caller, self._base)
        except NOT_KNOWN:
            raise
        except Exception:  # the ordinary path gives the command again, under the same key, and words what comes of it
            log.exception("unforeseen")
            return None


def _in_query_string(text: bytes) -> dict[str, Any]:
    asked: dict[str, Any] = dict(parse_qsl(text.decode("ascii"), strict_parsing=True, max_num_fields=4))
    return asked | {"variables": orjson.loads(asked.get("variables") or "{}")}


def _in_url(scope: Scope) -> bool:
    return scope["method"] == "GET" and len(scope["query_string"]) <= MOST_IN_URL


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
