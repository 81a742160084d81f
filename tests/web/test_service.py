"""Does a service stand on its database as a whole, and say so when the database goes?"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from projections.engine.rebuild import ensure
from schema.schema import build
from service.access.tokens import DevelopmentTokens
from service.config import load
from service.domain.roles import Grant, Role
from service.ledger.migrate import MigrationError, migrate
from service.main import Service
from service.resources import READ_ONLY, Database, acting, views

pytestmark = pytest.mark.anyio
SECRET = "a secret of thirty-two bytes at least"
TOKENS = DevelopmentTokens(SECRET.encode())
DEFINE = """
mutation($input: DivisionDefineInput!) {
  divisionDefine(input: $input) { errors { code } query { divisions { totalCount } } }
}"""


@asynccontextmanager
async def serving(uri: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a whole service on this database, as a federation of the city has it."""
    settings = load(database_url=SecretStr(uri), secret=SecretStr(SECRET))
    service = Service(settings, Database(settings))
    served = service.application(build())
    token = TOKENS.issue("city-fic", [Grant(Role.CITY_FIC)])
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/graphql-response+json"}
    transport = httpx2.ASGITransport(cast(Any, served))
    client = httpx2.AsyncClient(transport=transport, base_url="http://shanghui", headers=headers)
    async with service.lifespan(cast(Any, None)), client:
        yield client


async def ask(http: httpx2.AsyncClient, query: str, **variables: object) -> Any:
    return (await http.post("/graphql", json={"query": query, "variables": variables})).json()


async def define(http: httpx2.AsyncClient, code: str, key: str) -> Any:
    given = {"code": code, "name": "开封市", "kind": "PREFECTURE", "idempotencyKey": key}
    return await ask(http, DEFINE, input=given)


@pytest.fixture
def migrated(database: str) -> str:
    migrate(database)
    return database


async def test_a_command_is_carried_out_and_read_back(ready_database: str) -> None:
    async with serving(ready_database) as http:
        answer = await define(http, "410200", "0b9bb4a0-6d5f-4f2b-9f0e-000000000001")
    assert answer == {"data": {"divisionDefine": {"errors": [], "query": {"divisions": {"totalCount": 1}}}}}


async def test_a_whole_service_is_ready(ready_database: str) -> None:
    async with serving(ready_database) as http:
        await define(http, "410200", "0b9bb4a0-6d5f-4f2b-9f0e-000000000001")
        answer = (await http.get("/readyz")).json()
    assert answer["ready"]
    assert {"projector", "timer"} <= {check["name"] for check in answer["checks"]}


async def test_while_it_serves_the_collector_passes_over_what_stood_before(ready_database: str) -> None:
    before = gc.get_freeze_count()
    async with serving(ready_database):
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() == 0


def test_readers_cannot_write(migrated: str) -> None:
    ensure(acting(migrated), views())
    with psycopg.connect(acting(migrated, READ_ONLY)) as reader, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader.execute("DELETE FROM division")


async def test_a_database_that_only_reads_refuses_commands_and_writes_nothing(migrated: str) -> None:
    name = conninfo_to_dict(migrated)["dbname"]
    ensure(acting(migrated), views())
    with psycopg.connect(migrated, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'.encode())
    async with serving(migrated) as http:
        answer = await define(http, "410200", "0b9bb4a0-6d5f-4f2b-9f0e-000000000001")
        ready = (await http.get("/readyz")).status_code
    assert answer["data"]["divisionDefine"]["errors"] == [{"code": "LEDGER_UNAVAILABLE"}]
    assert ready == 503


async def test_a_service_does_not_migrate_somebody_elses_database(database: str) -> None:
    with pytest.raises(MigrationError, match="shanghui migrate"):
        Database(load(database_url=SecretStr(database))).prepare()
