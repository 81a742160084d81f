"""Can an operator let the timer do its work once, from the command line?"""

import pytest

from service.ledger.migrate import migrate
from tests.cli.conftest import Cli


@pytest.mark.usefixtures("external")
def test_a_day_without_overdue_matters_is_said_to_be_one(cli: Cli, database: str) -> None:
    migrate(database)
    ran = cli("timer", "run", "--json")
    assert (ran.code, ran.json) == (0, {"done": [], "refused": []})


@pytest.mark.usefixtures("external")
def test_a_day_to_come_is_refused(cli: Cli, database: str) -> None:
    migrate(database)
    ran = cli("timer", "run", "--on", "2999-01-01")
    assert (ran.code, ran.err.splitlines()[-1].partition(":")[0]) == (1, "BAD_USER_INPUT")
