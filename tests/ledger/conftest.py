"""A ledger on a fresh database, and the people who write to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.domain.decision import Request
from service.domain.record import RECORDS, Source
from service.domain.roles import Actor, Grant, Role
from service.ledger.ledger import Ledger
from service.ledger.migrate import migrate
from service.ledger.store import LedgerStore

CITY_FIC = Actor("city-fic", (Grant(Role.CITY_FIC),))


def ask(
    topic: str, record: UUID | None = None, *, by: Actor = CITY_FIC, key: UUID | None = None, **more: Any
) -> Request:
    """A request for the command with this topic; keywords that no request knows are the command's input."""
    kind, name = topic.split(".")
    known = {k: more.pop(k) for k in ("effective_on", "expected_version", "reason", "basis") if k in more}
    command = RECORDS[kind].commands[name]
    return Request(command=command, actor=by, key=key or uuid4(), source=Source.API, record=record, input=more, **known)


def define(code: str, name: str = "某乡", kind: str = "TOWNSHIP", **more: Any) -> Request:
    return ask("division.define", code=code, name=name, kind=kind, **more)


@asynccontextmanager
async def opened(uri: str) -> AsyncIterator[Ledger]:
    """A ledger on this database, as one process has it."""
    ledger = Ledger(LedgerStore(uri))
    try:
        yield ledger
    finally:
        await ledger.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def ledger_uri(database: str) -> str:
    """A migrated database."""
    migrate(database)
    return database


@pytest.fixture
async def ledger(ledger_uri: str) -> AsyncIterator[Ledger]:
    async with opened(ledger_uri) as ledger:
        yield ledger
