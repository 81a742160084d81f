"""How fast are the views behind Strawberry as its documentation teaches it: typed resolvers, data loaders, a pool?"""

import datetime as dt
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import strawberry
from psycopg.conninfo import make_conninfo
from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.scalars import JSON
from strawberry.types import Info

from tests.bench.peers.served import serve

T = TypeVar("T")
OPTIONS = "-c search_path=views -c timezone=UTC"
pool = AsyncConnectionPool[Any](make_conninfo(options=OPTIONS), min_size=16, max_size=16, open=False)

CHAMBER = "SELECT id, name, state, uscc, registered_on, domicile, unit_members, version, division_id FROM chamber"
CHANGES = """
SELECT position::text, recorded_at, kind, actor, record_id, fields FROM change
WHERE record_type <> 'CLAIM' ORDER BY change.position DESC, change.ordinal DESC LIMIT %s"""
DIVISIONS = "SELECT id, code, name FROM division WHERE id = ANY (%s)"
INSPECTIONS = """
SELECT parent.id AS parent, parent.first, i.* FROM unnest(%s::uuid[], %s::int[]) AS parent (id, first), LATERAL (
    SELECT year, state, late, result, since FROM annual_inspection
    WHERE chamber_id = parent.id ORDER BY year DESC LIMIT parent.first) AS i"""
MEMBERS = """
SELECT parent.id AS parent, parent.first, m.* FROM unnest(%s::uuid[], %s::int[]) AS parent (id, first), LATERAL (
    SELECT kind, name, uscc, admitted_on FROM chamber_member AS m
    WHERE chamber_id = parent.id ORDER BY m.name, m.id LIMIT parent.first) AS m"""
Key = tuple[UUID, int]
"""A chamber's id, and how many it is asked for."""


@strawberry.type
class Division:
    id: UUID
    code: str
    name: str


@strawberry.type
class AnnualInspection:
    year: int
    state: str
    late: bool
    result: str | None
    since: dt.date


@strawberry.type
class Member:
    kind: str
    name: str
    uscc: str | None
    admitted_on: dt.date


@strawberry.type
class Chamber:
    id: UUID
    name: str
    state: str
    uscc: str | None
    registered_on: dt.date | None
    domicile: str | None
    unit_members: int
    version: int
    division_id: strawberry.Private[UUID]

    @strawberry.field
    async def division(self, info: Info) -> Division:
        found: Division = await info.context["divisions"].load(self.division_id)
        return found

    @strawberry.field
    async def inspections(self, info: Info, first: int) -> list[AnnualInspection]:
        found: list[AnnualInspection] = await info.context["inspections"].load((self.id, first))
        return found

    @strawberry.field
    async def members(self, info: Info, first: int) -> list[Member]:
        found: list[Member] = await info.context["members"].load((self.id, first))
        return found


@strawberry.type
class FieldChange:
    path: str
    before: JSON | None
    after: JSON | None


@strawberry.type
class Change:
    position: str
    recorded_at: dt.datetime
    kind: str
    actor: str
    record_id: UUID
    fields: list[FieldChange]


@strawberry.type
class Query:
    @strawberry.field
    async def chamber(self, id: UUID) -> Chamber | None:
        found = await fetch(Chamber, f"{CHAMBER} WHERE id = %s", id)
        return found[0] if found else None

    @strawberry.field
    async def chambers(self, first: int) -> list[Chamber]:
        return await fetch(Chamber, f"{CHAMBER} ORDER BY name, id LIMIT %s", first)

    @strawberry.field
    async def changes(self, first: int) -> list[Change]:
        return [_change(row) for row in await fetch_rows(CHANGES, first)]


async def fetch(kind: type[T], sql: LiteralString, *values: object) -> list[T]:
    async with pool.connection() as connection, connection.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(sql, values)
        found: list[T] = await cursor.fetchall()
        return found


async def fetch_rows(sql: LiteralString, *values: object) -> list[dict[str, Any]]:
    async with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql, values)
        found: list[dict[str, Any]] = await cursor.fetchall()
        return found


async def load_divisions(ids: list[UUID]) -> Sequence[Division | None]:
    found = {each.id: each for each in await fetch(Division, DIVISIONS, ids)}
    return [found.get(id) for id in ids]


async def load_inspections(keys: list[Key]) -> Sequence[list[AnnualInspection]]:
    return await _load_pages(AnnualInspection, INSPECTIONS, keys)


async def load_members(keys: list[Key]) -> Sequence[list[Member]]:
    return await _load_pages(Member, MEMBERS, keys)


async def _load_pages(kind: type[T], sql: LiteralString, keys: list[Key]) -> list[list[T]]:
    found: dict[Key, list[T]] = defaultdict(list)
    for row in await fetch_rows(sql, [id for id, _ in keys], [first for _, first in keys]):
        found[row.pop("parent"), row.pop("first")].append(kind(**row))
    return [found[key] for key in keys]


def _change(row: dict[str, Any]) -> Change:
    named = [{name: each[name] for name in ("path", "before", "after")} for each in row["fields"]]
    return Change(**(row | {"fields": [FieldChange(**each) for each in named]}))


class Endpoint(GraphQL[dict[str, Any], None]):
    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        return {
            "divisions": DataLoader(load_divisions),
            "inspections": DataLoader(load_inspections),
            "members": DataLoader(load_members),
        }


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    await pool.open(wait=True)
    yield
    await pool.close()


if __name__ == "__main__":
    serve(Starlette(routes=[Route("/graphql", Endpoint(strawberry.Schema(Query)))], lifespan=lifespan))
