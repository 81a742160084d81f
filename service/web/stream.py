"""How does a subscription reach its caller? As server-sent events, one connection each (graphql-sse, distinct mode)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import StreamingResponse
from strawberry.http import GraphQLRequestData
from strawberry.schema import BaseSchema
from strawberry.types import ExecutionResult

from schema.context import Context
from schema.errors import public
from service.web.errors import Rejected

EVENTS = "text/event-stream"
MOST_STREAMS = 100
"""How many subscriptions a process holds open."""
BREATH_SECONDS = 15.0
"""After so long a silence a comment is sent, so that nobody in between takes the connection for dead."""


def wants_events(request: Request) -> bool:
    """Whether the caller takes nothing but events: ordinary questions also mention them, and want JSON."""
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return accepted == [EVENTS]


class Streams:
    """The subscriptions of a process."""

    def __init__(self, schema: BaseSchema) -> None:
        self._schema, self._open = schema, 0

    async def answer(self, request: Request, context: Context, asked: GraphQLRequestData) -> StreamingResponse:
        """A response that goes on until the subscription ends.

        Raises Rejected (503) when there are too many already.
        """
        if self._open >= MOST_STREAMS:
            text = "订阅过多，请稍后再试 | There are too many subscriptions; try again later"
            raise Rejected(503, "TOO_MANY_SUBSCRIPTIONS", text, {"Retry-After": "10"})
        events = self._events(context, asked, str(request.state.id))
        return StreamingResponse(events, media_type=EVENTS)

    async def _events(self, context: Context, asked: GraphQLRequestData, request_id: str) -> AsyncIterator[bytes]:
        self._open += 1
        try:
            async for result in _breathing(self._results(context, asked)):
                yield b":\n\n" if result is None else _event(b"next", _plain(result, request_id))
            yield _event(b"complete", None)
        finally:
            self._open -= 1

    async def _results(self, context: Context, asked: GraphQLRequestData) -> AsyncIterator[ExecutionResult]:
        found = await self._schema.subscribe(
            asked.query or "", asked.variables, context_value=context, operation_name=asked.operation_name
        )
        if isinstance(found, ExecutionResult):
            yield found
            return
        async for result in found:
            yield result


async def _breathing(results: AsyncIterator[ExecutionResult]) -> AsyncIterator[ExecutionResult | None]:
    """The results, and None whenever none came for a while."""
    coming: asyncio.Task[Any] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(results))
            done, _ = await asyncio.wait([coming], timeout=BREATH_SECONDS)
            if not done:
                yield None
                continue
            with suppress(StopAsyncIteration):
                yield coming.result()
                coming = None
                continue
            return
    finally:
        if coming is not None:
            coming.cancel()


def _plain(result: ExecutionResult, request_id: str) -> dict[str, Any]:
    errors = [public(each, request_id).formatted for each in result.errors or ()]
    return {"data": result.data, **({"errors": errors} if errors else {})}


def _event(name: bytes, value: dict[str, Any] | None) -> bytes:
    return b"event: " + name + b"\ndata: " + (b"" if value is None else orjson.dumps(value)) + b"\n\n"
