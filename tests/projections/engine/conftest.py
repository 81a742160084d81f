"""A database with a log, a town that writes to it, and views that follow it."""

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from projections.engine import Store
from projections.engine.rebuild import ensure
from service.ledger.log import EventLog
from service.ledger.migrate import migrate
from tests.projections.engine.town import ALL, SMALL, Town


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[Any]]:
    """What the engine would have said."""
    with capture_logs() as said:
        yield said


@pytest.fixture
def uri(database: str) -> str:
    """A migrated database."""
    migrate(database)
    return database


@pytest.fixture
def town(uri: str) -> Iterator[Town]:
    """Writes to the log."""
    town = Town(uri)
    with town.connection:
        yield town


@pytest.fixture
def store(uri: str) -> Store:
    """Views that were built when the log was empty."""
    store = Store(EventLog(), ALL, SMALL)
    ensure(uri, store)
    return store
