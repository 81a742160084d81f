"""Is the house in order: style, types, import arrows, names, and nothing in it from any one machine?"""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("service", "projections", "schema")
TOP_LEVEL = {
    *ROOMS,
    *("deploy", "tests"),
    *("CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "requirements.lock", "run"),
}
INDEX_HOSTS = re.compile(
    rb"pypi[.]org|pythonhosted[.]org|npmjs[.](?:org|com)|yarnpkg[.]com|npmmirror[.]com|"
    rb"mirrors[.]aliyun[.]com|tuna[.]tsinghua[.]edu"
)
MACHINE_PATHS = re.compile(rb"(?<![\w.*-])/(?:work|root|Users|home/\w+|opt/(?:pypi|wheels))/")


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Every file that is in git or about to be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_the_lint_rules_hold() -> None:
    run(sys.executable, "-m", "ruff", "check", ".")


def test_the_format_is_ruffs() -> None:
    run(sys.executable, "-m", "ruff", "format", "--check", ".")


def test_the_types_hold() -> None:
    run(sys.executable, "-m", "mypy", *ROOMS, "tests", "run")


def test_knowledge_points_one_way() -> None:
    run(str(Path(sys.executable).with_name("lint-imports")))


@pytest.mark.parametrize("name", ROOMS)
def test_nobody_else_owns_our_top_level_names(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"shanghui"}


def test_only_the_known_names_stand_at_the_top(files: list[Path]) -> None:
    tops = {file.parts[0] for file in files}
    assert {top for top in tops if not top.startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("pattern", [INDEX_HOSTS, MACHINE_PATHS], ids=["index hosts", "machine paths"])
def test_no_file_speaks_of_one_machine(files: list[Path], pattern: re.Pattern[bytes]) -> None:
    assert {str(file): found for file in files if (found := pattern.findall((ROOT / file).read_bytes()))} == {}
