"""Which paths does the service answer, and how?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from service.web.edge import Edge
from service.web.errors import JSON, Rejected
from service.web.health import Check

Examine = Callable[[], Awaitable[list[Check]]]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def app(graphql: ASGIApp, examine: Examine, version: dict[str, str], lifespan: Lifespan | None = None) -> Starlette:
    """The ASGI application.

    `examine` tells how ready the service is; `lifespan` starts and stops what the requests stand on.
    """

    async def healthz(_: Request) -> Response:
        return _json({"status": "ok"})

    async def readyz(_: Request) -> Response:
        checks = await examine()
        ready = all(check.ok for check in checks)
        return _json(
            {"ready": ready, "checks": [{"name": c.name, "ok": c.ok, "text": c.text} for c in checks]},
            200 if ready else 503,
        )

    async def show_version(_: Request) -> Response:
        return _json(version)

    return Starlette(
        routes=[
            Route("/graphql", graphql),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/version", show_version),
        ],
        middleware=[Middleware(ProxyHeadersMiddleware), Middleware(Edge)],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )


async def _refused(request: Request, error: Exception) -> Response:
    """A wrong path or method, which Starlette would answer in plain text."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        rejected = Rejected(404, "NOT_FOUND", "没有这个地址 | There is nothing at this address")
    else:
        text = "不支持此方法 | This method is not supported"
        rejected = Rejected(error.status_code, "METHOD_NOT_ALLOWED", text, error.headers)
    return rejected.response(request.state.id)


def _json(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type=JSON)
