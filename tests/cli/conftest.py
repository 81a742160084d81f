"""The command line, run in this process on a database of its own."""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
import pytest
import structlog

from service.cli import main
from service.config import PREFIX
from service.domain.decision import Request
from service.domain.division import Division
from service.domain.record import Source
from service.domain.roles import Actor, Grant, Role
from service.ledger.migrate import migrate
from service.resources import ledger

SECRET = "a secret of thirty-two bytes at least"
CITY_FIC = Actor("city-fic", (Grant(Role.CITY_FIC),))


async def define(uri: str, *divisions: tuple[str, str, str, str | None]) -> None:
    """Define divisions by code, name, kind and the code above."""
    async with ledger(uri) as opened:
        for code, name, kind, above in divisions:
            given = {"code": code, "name": name, "kind": kind, "parent": above}
            command = Division.commands["define"]
            await opened.execute(Request(command=command, actor=CITY_FIC, key=uuid4(), source=Source.API, input=given))


class Ran(NamedTuple):
    """What a command came to."""

    code: object
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object that it printed."""
        return orjson.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON objects that it printed, a line each."""
        return [orjson.loads(line) for line in self.out.splitlines()]


Cli = Callable[..., Ran]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of whoever runs the tests, and no logging left behind."""
    for name in [*os.environ]:
        if name.startswith(PREFIX) or name in ("DATABASE_URL", "CREDENTIALS_DIRECTORY"):
            monkeypatch.delenv(name)
    handlers = [*logging.getLogger().handlers]
    yield
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command."""

    def run(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        return Ran(ended.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def external(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database that DATABASE_URL names."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("SHANGHUI_SECRET", SECRET)
    return database


@pytest.fixture
def migrated(external: str) -> str:
    """The same with the tables of this release."""
    migrate(external)
    return external


@pytest.fixture
def recorded(migrated: str) -> str:
    """The same with three divisions, six events."""
    above = ("410200", "开封市", "PREFECTURE", None), ("410225", "兰考县", "COUNTY", "410200")
    asyncio.run(define(migrated, *above, ("410225103", "考城镇", "TOWN", "410225")))
    return migrated
