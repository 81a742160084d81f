"""Is every command listed where it is, and does the demonstration end on the disk?"""

from importlib import import_module

import psycopg
import pytest
import typer
from typer.main import get_group

from service.cli import MODULES
from service.cli.demo import FLUSH, UNHURRIED
from service.ledger.migrate import migrate
from service.resources import acting


@pytest.mark.parametrize("module", sorted(set(MODULES.values())))
def test_a_module_has_just_the_commands_that_are_listed_for_it(module: str) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    import_module(f"service.cli.{module}").register(app)
    assert set(get_group(app).commands) == {name for name, of in MODULES.items() if of == module}


def test_the_last_commit_of_a_demonstration_takes_all_before_it_to_the_disk(database: str) -> None:
    migrate(database)
    with psycopg.connect(acting(database, UNHURRIED), autocommit=True) as building:
        building.execute("CREATE TEMP TABLE made (n int)")
        (made,) = building.execute("SELECT pg_current_wal_insert_lsn()").fetchone() or ()
        with psycopg.connect(acting(database, "-c synchronous_commit=on"), autocommit=True) as last:
            last.execute(FLUSH)
        on_disk = building.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [made]).fetchone()
    assert on_disk == (True,)
