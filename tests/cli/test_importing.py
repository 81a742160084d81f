"""Can an operator bring a file of divisions in from the command line?"""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli

DIVISIONS = """\
code,name,kind,parent_code,managed_by,villages
410225103,考城镇,town,410225,410225,20
410225,兰考县,county,410200,410200,
410200,开封市,prefecture,,,
"""
pytestmark = pytest.mark.usefixtures("migrated")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "divisions.csv"
    path.write_text(DIVISIONS, encoding="utf-8")
    return path


def test_a_file_is_brought_in_once(cli: Cli, file: Path) -> None:
    first, again = (cli("import", "divisions", file, "--json") for _ in range(2))
    assert (first.code, first.json["defined"]) == (0, 3)
    assert (again.code, again.json["defined"], again.json["unchanged"]) == (0, 0, 3)


def test_a_dry_run_writes_nothing(cli: Cli, file: Path) -> None:
    assert cli("import", "divisions", file, "--dry-run", "--json").json["defined"] == 3
    assert cli("events", "tail").out == ""


def test_a_wrong_row_is_named_and_nothing_is_written(cli: Cli, file: Path) -> None:
    file.write_text(DIVISIONS + "410226,,castle,410200,410200,\n", encoding="utf-8")
    ran = cli("import", "divisions", file)
    assert (ran.code, f"{file}:5" in ran.out) == (1, True)
    assert cli("events", "tail").out == ""


def test_the_effective_date_may_lie_in_the_past(cli: Cli, file: Path) -> None:
    cli("import", "divisions", file, "--effective-on", "2020-01-01", "--account", "clerk")
    envelope = cli("events", "tail", "--limit", 1, "--json").json["envelope"]
    assert (envelope["effective_on"], envelope["account"], envelope["source"]) == ("2020-01-01", "clerk", "IMPORT")


def test_a_file_that_is_not_there_is_a_wrong_question(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", "divisions", tmp_path / "none.csv").code == 2
