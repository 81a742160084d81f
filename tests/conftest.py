"""What does every test of the house stand on? A real PostgreSQL, and no silent skip in CI."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from itertools import count
from pathlib import Path
from typing import LiteralString, TypeVar

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from projections.engine.rebuild import ensure
from service.demo.city import DemoClock, build, schedule
from service.ledger.ledger import Ledger
from service.ledger.migrate import migrate
from service.ledger.store import ROLE, LedgerStore
from service.postgres import Embedded
from service.resources import acting, views

UNSAFE_BUT_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
numbers = count(1)


@pytest.fixture(scope="session")
def pgbin() -> Path | None:
    """The PostgreSQL programs to test on: SHANGHUI_TEST_PGBIN, or whatever the service itself would find."""
    chosen = os.environ.get("SHANGHUI_TEST_PGBIN")
    return Path(chosen) if chosen else None


@pytest.fixture(scope="session")
def session_folder() -> Iterator[Path]:
    """A folder with a short path that the server's account can enter, even when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="shanghui-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_uri(session_folder: Path, pgbin: Path | None) -> Iterator[str]:
    """The URI of one PostgreSQL for the whole session, each xdist worker its own; tests use `database` instead."""
    with Embedded(session_folder / "server", pgbin, UNSAFE_BUT_FAST) as uri:
        yield uri


@pytest.fixture
def database(postgres_uri: str) -> Iterator[str]:
    """The URI of a new, empty database that is dropped after the test, its connections with it."""
    name = f"test_{next(numbers)}"
    _execute(postgres_uri, "CREATE DATABASE {} STRATEGY wal_log", name)
    yield make_conninfo(postgres_uri, dbname=name)
    _execute(postgres_uri, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
def with_views(postgres_uri: str) -> str:
    """The name of a database of this release, its views built and empty, for others to begin as copies of."""
    _execute(postgres_uri, "CREATE DATABASE {} STRATEGY wal_log", "with_views")
    uri = make_conninfo(postgres_uri, dbname="with_views")
    migrate(uri)
    ensure(acting(uri), views())
    return "with_views"


@pytest.fixture
def ready_database(postgres_uri: str, with_views: str) -> Iterator[str]:
    """The URI of a new database that a service can begin to work on at once; it is dropped after the test."""
    name = f"test_{next(numbers)}"
    _execute(postgres_uri, "CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log", name, with_views)
    _execute(postgres_uri, "GRANT CREATE ON DATABASE {} TO {}", name, ROLE)  # a copy has no grants of its own
    yield make_conninfo(postgres_uri, dbname=name)
    _execute(postgres_uri, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
def city(postgres_uri: str) -> Iterator[str]:
    """The URI of a database with the whole demonstration city and its views: to be read, not to be written."""
    _execute(postgres_uri, "CREATE DATABASE {} STRATEGY wal_log", "city")
    uri = make_conninfo(postgres_uri, dbname="city")
    migrate(uri)
    asyncio.run(_build(uri))
    ensure(acting(uri), views())
    yield uri
    _execute(postgres_uri, "DROP DATABASE {} WITH (FORCE)", "city")


async def _build(uri: str) -> None:
    clock = DemoClock()
    ledger = Ledger(LedgerStore(uri), clock)
    try:
        await build(ledger, clock, schedule())
    finally:
        await ledger.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that did not run has failed: CI installs what it needs."""
    return _without_skip((yield), item)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself whole."""
    return _without_skip((yield), collector)


def _without_skip(report: Report, node: pytest.Item | pytest.Collector) -> Report:
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{node.nodeid} was skipped in CI: {report.longrepr}"
    return report


def _execute(uri: str, statement: LiteralString, *databases: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, databases)))
