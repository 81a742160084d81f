"""Is the log safe to write to, and does it stay as it was written?"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from eventsourcing.application import Application
from psycopg.errors import InsufficientPrivilege

from service.ledger.ledger import Ledger
from service.ledger.mapper import LedgerMapper
from service.ledger.migrate import MigrationError, migrate, migrations, pending
from service.ledger.recorder import CommandRecorder
from service.ledger.store import ROLE, UNSAFE, LedgerStore, UnsafeSetting
from tests.ledger.conftest import ask, define

ROLES = Path(__file__).parents[2] / "deploy" / "roles.sql"
CHANGES = [
    "UPDATE ledger.shanghui_events SET topic = 'x'",
    "DELETE FROM ledger.shanghui_events",
    "TRUNCATE ledger.shanghui_events",
    "UPDATE ledger.command_key SET digest = ''",
    "DELETE FROM ledger.command_key",
    "TRUNCATE ledger.command_key",
]


@pytest.mark.parametrize("name", [*UNSAFE, "SHANGHUI_POSTGRES_ENABLE_DB_FUNCTIONS"])
def test_an_unsafe_setting_of_the_library_is_refused_at_start(
    database: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "y")
    with pytest.raises(UnsafeSetting, match=name):
        LedgerStore(database)


def test_the_library_chooses_our_recorder_by_its_own_configuration(ledger_uri: str) -> None:
    store = LedgerStore(ledger_uri)
    assert store.env["APPLICATION_RECORDER_TOPIC"] == "service.ledger.recorder:CommandRecorder"
    assert isinstance(store.recorder, CommandRecorder)
    store.close()


@pytest.mark.anyio
@pytest.mark.parametrize("change", CHANGES)
async def test_nobody_changes_the_log_not_even_its_owner(ledger: Ledger, ledger_uri: str, change: str) -> None:
    await ledger.execute(define("410225"))
    with psycopg.connect(ledger_uri) as owner, pytest.raises(InsufficientPrivilege, match="append-only"):
        owner.execute(change.encode())


@pytest.mark.parametrize("change", CHANGES)
def test_the_programs_own_role_may_not_even_try(ledger_uri: str, change: str) -> None:
    with psycopg.connect(ledger_uri, options=f"-c role={ROLE}") as app, pytest.raises(InsufficientPrivilege) as refused:
        app.execute(change.encode())
    assert "permission denied" in str(refused.value)


def test_migrations_are_applied_once_and_their_texts_are_watched(database: str) -> None:
    assert pending(database) == migrations()
    assert migrate(database) == migrations()
    assert migrate(database) == []
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE ledger.migration SET digest = 'x' WHERE number = 1")
    with pytest.raises(MigrationError):
        pending(database)


@pytest.mark.anyio
async def test_a_stock_eventsourcing_application_opens_our_tables(ledger: Ledger, ledger_uri: str) -> None:
    id = (await ledger.execute(define("410225", "兰考县"))).record
    await ledger.execute(ask("division.rename", id, name="新名"))
    login = psycopg.conninfo.conninfo_to_dict(ledger_uri)

    class Stock(Application):  # type: ignore[type-arg]  # as the library's own examples write it
        name = "shanghui"

        def construct_mapper(self) -> LedgerMapper:
            return LedgerMapper()

    app = Stock({
        "PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_SCHEMA": "ledger", "CREATE_TABLE": "n",
        "POSTGRES_DBNAME": str(login["dbname"]), "POSTGRES_HOST": str(login["host"]),
        "POSTGRES_USER": str(login["user"]), "POSTGRES_PASSWORD": "",
    })  # fmt: skip
    division = app.repository.get(id, projector_func=lambda _, events: _fold(events))
    assert (division.name, division.version) == ("新名", 2)
    assert [note.topic for note in app.notification_log.select(1, 10)][-1] == "division.renamed"
    app.close()


def _fold(events: Iterable[Any]) -> Any:
    record = None
    for event in events:
        record = event.mutate(record)
    return record


@pytest.fixture
def clerk(postgres_uri: str, database: str) -> Iterator[str]:
    """A login with no rights but to its database."""
    with psycopg.connect(postgres_uri, autocommit=True) as owner:
        owner.execute("CREATE ROLE clerk LOGIN")
        owner.execute(f'GRANT CREATE ON DATABASE "{psycopg.conninfo.conninfo_to_dict(database)["dbname"]}" TO clerk')
    yield psycopg.conninfo.make_conninfo(database, user="clerk")
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("DROP OWNED BY clerk CASCADE")
        owner.execute("DROP ROLE clerk")


def test_a_login_that_may_not_create_roles_is_told_what_to_do(clerk: str) -> None:
    with pytest.raises(MigrationError, match=r"deploy/roles\.sql"):
        migrate(clerk)


def test_after_the_administrators_part_such_a_login_migrates_and_appends(clerk: str, database: str) -> None:
    with psycopg.connect(database, autocommit=True, options="-c shanghui.login=clerk") as administrator:
        administrator.execute(ROLES.read_bytes())
    assert migrate(clerk) == migrations()
    with psycopg.connect(clerk, options=f"-c role={ROLE}") as app:
        assert app.execute("SELECT count(*) FROM ledger.shanghui_events").fetchone() == (0,)
