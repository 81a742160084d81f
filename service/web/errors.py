"""How does the HTTP edge say no?

Always in JSON, shaped as GraphQL clients expect: `{"errors": [{"message", "extensions": {"code", "requestId"}}]}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import orjson
from starlette.responses import Response

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


class Rejected(Exception):
    """A request that never reached the schema. The text is `中文 | English`; tools know it by its code."""

    def __init__(self, status: int, code: str, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status, self.code, self.text, self.headers = status, code, text, dict(headers or {})

    def response(self, request_id: UUID, media: str = JSON) -> Response:
        """The answer."""
        extensions = {"code": self.code, "requestId": str(request_id)}
        body = orjson.dumps({"errors": [{"message": self.text, "extensions": extensions}]})
        return Response(body, self.status, self.headers, media)


def bad_request(text: str) -> Rejected:
    """The request is not one that GraphQL over HTTP knows."""
    return Rejected(400, "BAD_REQUEST", text)


def unresolved(text: str) -> Rejected:
    """The request does not say which operation is meant, or means one that cannot be had this way."""
    return Rejected(400, "OPERATION_RESOLUTION_FAILURE", text)


def unauthenticated(text: str, challenge: str = "Bearer") -> Rejected:
    """Nobody in particular is asking; the challenge says what to bring (RFC 6750)."""
    return Rejected(401, "UNAUTHENTICATED", text, {"WWW-Authenticate": challenge})


def internal() -> Rejected:
    """Something unforeseen: the trace is in the log, under the request's id."""
    text = "内部错误，请凭请求编号联系管理员 | Internal error; quote the request id"
    return Rejected(500, "INTERNAL_SERVER_ERROR", text)
