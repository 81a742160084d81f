"""Does every response carry what it must, and do the paths beside GraphQL answer?"""

from typing import Any, cast
from uuid import UUID, uuid4

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.web.edge import SAFE, Edge
from service.web.health import Check
from tests.web.conftest import client

pytestmark = pytest.mark.anyio
PATHS = ["/healthz", "/readyz", "/version", "/nowhere", "/graphql"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_response_is_safe_and_has_a_request_id(http: httpx2.AsyncClient, path: str) -> None:
    headers = (await http.get(path)).headers
    assert {name: headers.get(name) for name in SAFE} == dict(SAFE)
    assert str(UUID(headers["x-request-id"])) == headers["x-request-id"]


async def test_a_callers_request_id_is_kept(http: httpx2.AsyncClient) -> None:
    own = str(uuid4())
    assert (await http.get("/healthz", headers={"X-Request-Id": own})).headers["x-request-id"] == own


async def test_a_request_id_that_is_no_uuid_is_replaced(http: httpx2.AsyncClient) -> None:
    given = (await http.get("/healthz", headers={"X-Request-Id": "a\tb"})).headers["x-request-id"]
    assert str(UUID(given)) == given


async def test_an_unknown_path_is_refused_in_json(http: httpx2.AsyncClient) -> None:
    response = await http.get("/nowhere")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")


async def test_the_process_says_that_it_lives(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/healthz")).json() == {"status": "ok"}


async def test_a_fit_service_is_ready_and_tells_strangers_no_detail(http: httpx2.AsyncClient) -> None:
    response = await http.get("/readyz")
    check = {"name": "database", "ok": True, "text": "可读写 | Reads and writes"}
    assert (response.status_code, response.json()) == (200, {"ready": True, "checks": [check]})


async def test_a_service_with_a_failed_check_is_not_ready() -> None:
    async def ill() -> list[Check]:
        return [Check("database", False, "数据库只读 | The database is read-only")]

    async with client(ill) as http:
        response = await http.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (503, False)


async def test_what_nobody_foresaw_tells_nothing_but_the_request_id() -> None:
    async def broken(_: Request) -> Response:
        raise RuntimeError("postgresql://owner:password@host")

    served = Starlette(routes=[Route("/", broken)], middleware=[Middleware(Edge)])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(cast(Any, served)), base_url="http://x") as http:
        response = await http.get("/")
    error = response.json()["errors"][0]
    assert response.status_code == 500
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": response.headers["x-request-id"]}
    assert "password" not in response.text
