"""The HTTP edge over a schema of a few fields: what it does does not depend on what is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

import httpx2
import psycopg
import pytest
import strawberry
from strawberry.types import Info

from schema.context import Context
from schema.errors import Forbidden
from service.access.tokens import DevelopmentTokens
from service.domain.roles import Actor, Grant, Role
from service.web.app import Examine, app
from service.web.endpoint import Endpoint
from service.web.health import Check

TOKENS = DevelopmentTokens(b"a secret of thirty-two bytes at least")
AUDITOR = TOKENS.issue("auditor", [Grant(Role.AUDITOR)])
LIMIT = 4_096


@strawberry.type
class Query:
    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def whoami(self, info: Info[Context, None]) -> str:
        return f"{info.context.actor().account} from {info.context.client}"

    @strawberry.field
    def forbidden(self) -> str | None:
        raise Forbidden

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("postgresql://owner:password@host")

    @strawberry.field
    def down(self) -> str | None:
        raise psycopg.OperationalError("connection to 10.0.0.1 refused")

    @strawberry.field
    def slow(self) -> str | None:
        raise psycopg.errors.QueryCanceled("canceling statement due to statement timeout")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        yield 1


SCHEMA = strawberry.Schema(Query, subscription=Subscription)


def context(viewer: Actor, request_id: UUID, client: str | None) -> Context:
    """A context in which nothing is asked of ledger or views."""
    nothing: Any = None
    return Context(viewer, nothing, nothing, nothing, b"", client, request_id)


async def healthy() -> list[Check]:
    return [Check("database", True, "可读写 | Reads and writes", "only for the operator")]


@asynccontextmanager
async def client(examine: Examine = healthy, token: str | None = AUDITOR) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application."""
    served = app(Endpoint(SCHEMA, context, TOKENS, LIMIT), examine, {"name": "shanghui"})
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx2.ASGITransport(cast(Any, served))
    async with httpx2.AsyncClient(transport=transport, base_url="http://shanghui", headers=headers) as opened:
        yield opened


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with client() as opened:
        yield opened
