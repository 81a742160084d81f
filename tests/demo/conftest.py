"""The demonstration city, built once for all who only look at it."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from projections.engine.connection import Connection, connect
from projections.engine.rebuild import ensure
from service.demo.city import DemoClock, build, schedule
from service.domain.record import Recorded
from service.ledger.log import EventLog
from service.ledger.migrate import migrate
from service.resources import ledger, views

LOG = "SELECT originator_id, originator_version, topic, state FROM ledger.shanghui_events ORDER BY notification_id"


async def build_in(uri: str, seconds: float | None = None) -> bool:
    """Build the city, or what is missing of it, as one process does; say whether it was finished in that time."""
    clock = DemoClock()
    async with ledger(uri, clock=clock) as opened:
        with suppress(TimeoutError):
            await asyncio.wait_for(build(opened, clock, schedule()), seconds)
            return True
    return False


def log(uri: str) -> list[Any]:
    """Every event as it lies in the table, in order."""
    with psycopg.connect(uri) as connection:
        return connection.execute(LOG).fetchall()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def city(postgres_uri: str) -> str:
    """A database with the whole city and its views; it goes with the server."""
    with psycopg.connect(postgres_uri, autocommit=True) as connection:
        connection.execute("CREATE DATABASE demonstration")
    uri = make_conninfo(postgres_uri, dbname="demonstration")
    migrate(uri)
    asyncio.run(build_in(uri))
    ensure(uri, views())
    return uri


@pytest.fixture
def connection(city: str) -> Iterator[Connection]:
    """Looks at the city."""
    with connect(city) as opened:
        yield opened


@pytest.fixture(scope="session")
def events(city: str) -> list[Recorded]:
    """All that happened in the city."""
    with psycopg.connect(city) as opened:
        return EventLog().read(opened, 0, 100_000)


@pytest.fixture
def empty(database: str) -> str:
    """A migrated database without a city."""
    migrate(database)
    return database
