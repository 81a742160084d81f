"""Does an examination find what is wrong with a database?"""

import psycopg
import pytest

from projections.engine.connection import connect
from projections.engine.rebuild import ensure
from service.ledger.migrate import migrate
from service.resources import acting, views
from service.web.health import examine


@pytest.fixture
def fit(database: str) -> str:
    """A database with nothing wrong about it."""
    migrate(database)
    ensure(acting(database), views())
    return database


def execute(uri: str, statement: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement.encode())


def failed(uri: str) -> list[str]:
    return [check.name for check in examine(uri) if not check.ok]


def test_a_fit_database_has_no_failed_check(fit: str) -> None:
    names = [check.name for check in examine(fit)]
    assert failed(fit) == []
    assert {"database", "migrations", "append-only", "projection divisions", "clock"} <= set(names)


def test_a_database_that_is_not_there_is_found() -> None:
    (check,) = examine("postgresql://127.0.0.1:1/none")
    assert (check.name, check.ok, "127.0.0.1" in check.text) == ("database", False, False)


def test_a_new_database_lacks_its_migrations(database: str) -> None:
    assert failed(database) == ["migrations"]


def test_foreign_migrations_are_found(fit: str) -> None:
    execute(fit, "UPDATE ledger.migration SET digest = 'other' WHERE number = 1")
    assert failed(fit) == ["migrations"]


def test_a_read_only_database_is_found(fit: str) -> None:
    with connect(fit) as connection:
        connection.execute("SELECT 1")
        name = connection.info.dbname
    execute(fit, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    assert "database" in failed(fit)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER append_only ON ledger.shanghui_events",
        "ALTER TABLE ledger.command_key DISABLE TRIGGER append_only_table",
        "GRANT UPDATE ON ledger.shanghui_events TO shanghui_app",
        "GRANT TRUNCATE ON ledger.command_key TO PUBLIC",
    ],
)
def test_a_missing_guard_of_the_log_is_found(fit: str, statement: str) -> None:
    execute(fit, statement)
    assert failed(fit) == ["append-only"]


def test_views_that_were_never_built_are_found(database: str) -> None:
    migrate(database)
    assert failed(database) == ["projections"]


def test_a_parked_projection_is_found_and_its_error_kept_from_strangers(fit: str) -> None:
    execute(fit, "UPDATE views.projection SET parked_at = now(), error = 'a name' WHERE name = 'divisions'")
    (check,) = [check for check in examine(fit) if not check.ok]
    assert (check.name, check.detail, "a name" in check.text) == ("projection divisions", "a name", False)


def test_a_projection_far_behind_is_found(fit: str) -> None:
    execute(fit, "UPDATE views.projection SET position = -20000 WHERE name = 'divisions'")
    assert failed(fit) == ["projection divisions"]
