"""Is this an HTTP request that GraphQL can answer, and what does it ask?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.types import Receive, Scope
from strawberry.http import GraphQLRequestData

from service.web.errors import GRAPHQL, JSON, Rejected, bad_request

BODY_SECONDS = 10.0
MOST_IN_URL = 16_384
CLOSE = {"Connection": "close"}
"""The rest of a body that nobody reads must not be taken for the next request."""


def answered_in(accept: str) -> str:
    """The media type that an Accept header prefers; without a preference, application/json.

    Raises Rejected (406) when it takes neither.
    """
    weights = {media: weight for media, weight in map(_weighed, accept.split(",")) if media}
    everything = weights.get("*/*", 0.0 if weights else 1.0)
    plain = weights.get(JSON, weights.get("application/*", everything))
    graphql = weights.get(GRAPHQL, 0.0)
    if not plain and not graphql:
        raise Rejected(406, "NOT_ACCEPTABLE", f"只提供 {GRAPHQL} 与 {JSON} | Only {GRAPHQL} and {JSON} are offered")
    return GRAPHQL if graphql >= plain else JSON


def require_question(request: Request) -> None:
    """Raise Rejected unless the request is a POST of plain JSON, or a GET with a question of bounded length."""
    if request.method == "GET":
        if len(request.url.query) > MOST_IN_URL:
            raise Rejected(414, "URI_TOO_LONG", "问题过长，请使用 POST | The question is too long: use POST")
    elif request.method == "POST":
        _require_json(request)
    else:
        raise Rejected(405, "METHOD_NOT_ALLOWED", "请使用 GET 或 POST | Use GET or POST", {"Allow": "GET, POST"})


def _require_json(request: Request) -> None:
    media, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = {each[8:].strip('"') for each in parameters if each.startswith("charset=")}
    encoding = request.headers.get("content-encoding", "identity").lower()
    if media != JSON or encoding != "identity" or charsets - {"utf-8", "utf8"}:
        text = "请求体须为未压缩的 UTF-8 application/json | The body must be plain application/json in UTF-8"
        raise Rejected(415, "UNSUPPORTED_MEDIA_TYPE", text, CLOSE)


class BoundedRequest(Request):
    """A request whose body is read within a length and a time."""

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        super().__init__(scope, receive)
        self._limit = limit

    async def body(self) -> bytes:
        """The whole body.

        Raises Rejected when it is too long (413) or too slow (408).
        """
        return await read_body(self, self._limit)


async def read_body(request: Request, limit: int, seconds: float = BODY_SECONDS) -> bytes:
    """The whole body, of at most `limit` bytes.

    Raises Rejected when it is longer (413) or takes more than `seconds` (408).
    """
    try:
        async with asyncio.timeout(seconds):
            return await _read(request, limit)
    except TimeoutError:
        text = f"{seconds:.0f} 秒内未收到完整请求 | The request did not arrive within {seconds:.0f} seconds"
        raise Rejected(408, "REQUEST_TIMEOUT", text, CLOSE) from None


def asked(body: bytes) -> GraphQLRequestData:
    """What the body asks.

    Raises Rejected (400) unless it is a JSON object with a text, and variables, extensions and a name if given.
    """
    data = _json(body)
    if not isinstance(data, dict):
        raise bad_request("请求体须为一个 JSON 对象，不支持批量 | The body must be one JSON object, not a batch")
    return _asked(data)


def _json(text: bytes | str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"不是有效的 JSON | This is not valid JSON: {error}") from None


def _asked(data: dict[str, Any]) -> GraphQLRequestData:
    query = _member(data, "query", str)
    if not query:
        raise bad_request("缺少 query | The query is missing")
    name = _member(data, "operationName", str)
    return GraphQLRequestData(query, _member(data, "variables", dict), name or None, _member(data, "extensions", dict))


def asked_in_url(parameters: Mapping[str, str]) -> GraphQLRequestData:
    """What a URL asks, as GraphQL over HTTP has it. Raises Rejected (400)."""
    members: dict[str, Any] = {name: parameters[name] for name in ("query", "operationName") if name in parameters}
    for name in ("variables", "extensions"):
        if parameters.get(name):
            members[name] = _json(parameters[name])
    return _asked(members)


def _weighed(media_range: str) -> tuple[str, float]:
    media, *parameters = (part.strip().lower() for part in media_range.split(";"))
    weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return media, min(max(float(weight), 0.0), 1.0)
    except ValueError:
        return media, 0.0


async def _read(request: Request, limit: int) -> bytes:
    body = bytearray()
    if _announced(request) > limit:
        raise _too_long(limit)
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_long(limit)
    return bytes(body)


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 19 else 0


def _too_long(limit: int) -> Rejected:
    return Rejected(413, "PAYLOAD_TOO_LARGE", f"请求体超过 {limit} 字节 | The body exceeds {limit} bytes", CLOSE)


def _member(data: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = data.get(name)
    if value is not None and not isinstance(value, kind):
        chinese, english = ("字符串", "a string") if kind is str else ("对象", "an object")
        raise bad_request(f"{name} 须为{chinese} | {name} must be {english}")
    return value
