"""Are settings found where they may stand, and is what cannot be refused in one sentence?"""

from pathlib import Path

import pytest

from service import config
from service.access.tokens import DevelopmentTokens
from service.config import SettingsError, documentation, load
from service.domain.roles import Grant, Role
from tests.cli.conftest import SECRET, Cli

DOCUMENTED = Path(__file__).parents[2] / "deploy" / "settings.md"


def test_the_documented_settings_are_those_that_there_are() -> None:
    assert documentation() in DOCUMENTED.read_text(encoding="utf-8")


def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGHUI_PROT", "1")
    with pytest.raises(SettingsError, match="SHANGHUI_PROT"):
        load()


@pytest.mark.parametrize("name", sorted(config.ELSEWHERE))
def test_variables_read_elsewhere_are_known(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "/usr/bin")
    load()


@pytest.mark.parametrize("setting", ["PORT=x", "PORT=70000", "LOG_LEVEL=LOUD", "SECRET=hunter2"])
def test_a_value_that_does_not_fit_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    name, value = f"SHANGHUI_{setting}".split("=")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as refused:
        load()
    assert f" {value}" not in str(refused.value)


def test_an_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGHUI_PORT", "1")
    assert load(port=2).port == 2
    assert load(port=None).port == 1


def test_our_own_name_for_the_database_goes_before_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///common")
    monkeypatch.setenv("SHANGHUI_DATABASE_URL", "postgresql:///own")
    found = load().database_url
    assert found
    assert found.get_secret_value() == "postgresql:///own"


@pytest.mark.parametrize("by", ["variable", "credential"])
def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, by: str) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    if by == "variable":
        monkeypatch.setenv("SHANGHUI_SECRET_FILE", str(tmp_path / "secret"))
    else:
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    found = load().secret
    assert found
    assert found.get_secret_value() == SECRET


def test_a_secret_is_given_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHANGHUI_SECRET", SECRET)
    monkeypatch.setenv("SHANGHUI_SECRET_FILE", str(tmp_path))
    with pytest.raises(SettingsError, match="not both"):
        load()


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGHUI_SECRET_FILE", "/nowhere/secret")
    with pytest.raises(SettingsError, match="/nowhere/secret"):
        load()


def test_config_masks_secrets(cli: Cli, external: str) -> None:
    ran = cli("config", "--json")
    assert (ran.json["secret"], ran.json["database_url"], ran.json["port"]) == ("********", "********", 8000)
    assert SECRET not in ran.out
    assert external not in ran.out


def test_a_wrong_setting_ends_a_command_in_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGHUI_PROT", "1")
    ran = cli("config")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert ran.err.startswith("SETTINGS: 未知的环境变量 | ")


@pytest.mark.usefixtures("external")
def test_a_token_says_who_bears_it(cli: Cli) -> None:
    ran = cli("token", "dev", "--role", "REGISTRAR", "--role", "AUDITOR", "--division", "410225", "--json")
    actor = DevelopmentTokens(SECRET.encode()).authenticate(ran.json["token"])
    assert actor.account == "registrar-410225"
    assert actor.grants == (Grant(Role.REGISTRAR, "410225"), Grant(Role.AUDITOR, "410225"))


@pytest.mark.parametrize(
    "wrong", [["--role", "KING"], [], ["--role", "AUDITOR", "--division", "4"], ["--role", "AUDITOR", "--chamber", "x"]]
)
@pytest.mark.usefixtures("external")
def test_a_token_for_nobody_is_a_wrong_question(cli: Cli, wrong: list[str]) -> None:
    assert cli("token", "dev", *wrong).code == 2


def test_a_secret_of_its_own_is_made_once_and_kept_private(cli: Cli, session_folder: Path) -> None:
    data = session_folder / "own-secret"
    tokens = [cli("token", "dev", "--role", "AUDITOR", "--data", data).out.strip() for _ in range(2)]
    secret = data / "secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    reader = DevelopmentTokens(secret.read_bytes())
    assert [reader.authenticate(token).account for token in tokens] == ["auditor", "auditor"]


@pytest.mark.usefixtures("external")
def test_an_external_database_needs_a_secret_that_is_set(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHANGHUI_SECRET")
    ran = cli("token", "dev", "--role", "AUDITOR")
    assert (ran.code, "SHANGHUI_SECRET" in ran.err) == (2, True)


def test_the_schema_is_printed_and_compared(cli: Cli, tmp_path: Path) -> None:
    printed = tmp_path / "schema.graphql"
    printed.write_text(cli("schema", "print").out)
    assert cli("schema", "diff", printed).code == 0


def test_a_lost_field_is_a_breaking_change(cli: Cli, tmp_path: Path) -> None:
    older = tmp_path / "older.graphql"
    older.write_text(cli("schema", "print").out + "\nextend type Query { lost: Int }\n")
    ran = cli("schema", "diff", older, "--json")
    assert (ran.code, ran.json["same"]) == (1, False)
    assert any("lost" in each for each in ran.json["breaking"])
