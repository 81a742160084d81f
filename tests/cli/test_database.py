"""Can an operator migrate, rebuild, replay and diagnose from the command line?"""

import psycopg
import pytest

from service.ledger.migrate import migrations
from tests.cli.conftest import Cli


def execute(uri: str, statement: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.mark.usefixtures("external")
def test_migrate_applies_what_is_pending_once(cli: Cli) -> None:
    before = cli("migrate", "--check", "--json")
    assert (before.code, before.json["pending"]) == (1, [each.name for each in migrations()])
    assert cli("migrate", "--json").json["applied"] == before.json["pending"]
    assert cli("migrate", "--json").json["applied"] == []
    assert cli("migrate", "--check").code == 0


@pytest.mark.usefixtures("external")
def test_somebody_elses_database_is_not_migrated_unasked(cli: Cli) -> None:
    ran = cli("events", "tail")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert ran.err.startswith("MIGRATIONS: ")
    assert "shanghui migrate" in ran.err


@pytest.mark.usefixtures("external")
def test_a_database_that_is_down_is_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    ran = cli("events", "tail")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert ran.err.startswith("DATABASE_UNAVAILABLE: ")


@pytest.mark.usefixtures("external")
def test_an_unsafe_setting_of_the_library_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")
    ran = cli("migrate")
    assert (ran.code, ran.err.splitlines()[-1].startswith("UNSAFE_SETTING: ")) == (2, True)


def test_projections_are_listed_with_their_tables(cli: Cli) -> None:
    assert cli("projections", "list", "--json").json["divisions"] == ["division"]


@pytest.mark.usefixtures("recorded")
def test_a_rebuild_brings_every_projection_to_the_end_of_the_log(cli: Cli) -> None:
    assert cli("projections", "status").code == 1
    position = cli("projections", "rebuild", "--json").json["position"]
    status = cli("projections", "status", "--json")
    assert status.code == 0
    assert {each["position"] for each in status.json["projections"]} == {position}


def test_a_parked_projection_is_a_finding_until_it_is_resumed(cli: Cli, recorded: str) -> None:
    cli("projections", "rebuild")
    execute(recorded, "UPDATE views.projection SET parked_at = now(), error = 'poison' WHERE name = 'divisions'")
    assert cli("projections", "status").code == 1
    assert cli("projections", "resume", "divisions").code == 0
    assert cli("projections", "status").code == 0


@pytest.mark.usefixtures("recorded")
def test_a_projection_that_is_not_there_cannot_be_resumed(cli: Cli) -> None:
    cli("projections", "rebuild")
    ran = cli("projections", "resume", "nothing")
    assert (ran.code, ran.err.splitlines()[-1].startswith("NOT_FOUND: ")) == (1, True)


@pytest.mark.usefixtures("recorded")
def test_a_replay_agrees_with_the_views(cli: Cli) -> None:
    ran = cli("replay", "--check", "--json")
    assert (ran.code, ran.json["difference"]) == (0, None)
    assert ran.json["events"] == ran.json["position"] == 6


def test_a_replay_leaves_nothing_behind(cli: Cli, recorded: str) -> None:
    cli("replay")
    with psycopg.connect(recorded) as connection:
        assert connection.execute("SELECT to_regnamespace('views_replay')").fetchone() == (None,)


def test_a_replay_names_the_first_row_that_differs(cli: Cli, recorded: str) -> None:
    cli("projections", "rebuild")
    execute(recorded, "UPDATE views.division SET name = 'forged' WHERE code = '410225'")
    ran = cli("replay", "--check", "--json")
    found = ran.json["difference"]
    assert ran.code == 1
    assert (found["table"], found["live"]["name"], found["replayed"]["name"]) == ("division", "forged", "兰考县")


def test_a_forged_past_is_found_too(cli: Cli, recorded: str) -> None:
    cli("projections", "rebuild")
    execute(recorded, "UPDATE views.division_history SET name = 'forged' WHERE code = '410225'")
    assert cli("replay", "--check", "--json").json["difference"]["live"]["name"] == "forged"


@pytest.mark.parametrize(("to", "events"), [("2", 2), ("999", 6), ("2020-01-01", 0), ("2020-01-01T00:00:00+08:00", 0)])
@pytest.mark.usefixtures("recorded")
def test_a_replay_stops_where_it_is_told(cli: Cli, to: str, events: int) -> None:
    ran = cli("replay", "--to", to, "--check", "--json")
    assert (ran.code, ran.json["events"]) == (0, events)


@pytest.mark.parametrize("to", ["-1", "yesterday", "2020-01-01T00:00:00"])
@pytest.mark.usefixtures("recorded")
def test_a_moment_that_is_none_is_a_wrong_question(cli: Cli, to: str) -> None:
    assert cli("replay", f"--to={to}").code == 2


@pytest.mark.usefixtures("recorded")
def test_the_doctor_is_content_with_a_database_in_order(cli: Cli) -> None:
    cli("projections", "rebuild")
    ran = cli("doctor", "--json")
    assert (ran.code, {check["ok"] for check in ran.lines}) == (0, {True})


@pytest.mark.usefixtures("external")
def test_the_doctor_speaks_one_line_a_check(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    ran = cli("doctor")
    assert (ran.code, [line[0] for line in ran.out.splitlines()]) == (1, ["✓", "✓", "✓", "✗"])
