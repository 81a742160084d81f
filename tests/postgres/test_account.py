"""Can root and an ordinary account both run the server, wherever the programs lie?"""

import os
import pwd
import shutil
from pathlib import Path

import pytest

from service.postgres import Embedded, EmbeddedError
from service.postgres.account import KEEPING_MEMORY, UNPRIVILEGED, server_environment
from service.postgres.binaries import copy_programs, find_bindir
from service.postgres.postmaster import Postmaster
from tests.postgres.processes import answer, in_a_fork

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can take another account")


@pytest.fixture(scope="module")
def programs(session_folder: Path, pgbin: Path | None) -> Path:
    """The programs where every account can run them."""
    return copy_programs(pgbin or find_bindir(), session_folder / "programs")


@pytest.fixture(scope="module")
def folder(session_folder: Path) -> Path:
    return session_folder / "by-root"


def test_run_by_root_the_server_belongs_to_an_unprivileged_account(folder: Path, programs: Path) -> None:
    with Embedded(folder, programs) as uri:
        postmaster = Postmaster.of(folder / "pgdata")
        assert postmaster
        assert Path(f"/proc/{postmaster.pid}").stat().st_uid == pwd.getpwnam(UNPRIVILEGED).pw_uid
        assert answer(uri) == 1


def test_programs_that_it_cannot_reach_are_copied(folder: Path, programs: Path, session_folder: Path) -> None:
    closed = session_folder / "closed"
    shutil.copytree(programs.parents[2], closed / "venv")
    closed.chmod(0o700)
    with Embedded(folder, closed / "venv" / programs.relative_to(programs.parents[2])) as uri:
        assert answer(uri) == 1
    assert len(list((folder / "programs").glob("*/*/*/bin/postgres"))) == 1


def test_a_folder_that_it_cannot_enter_is_refused_in_a_sentence(session_folder: Path, programs: Path) -> None:
    closed = session_folder / "private"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedError, match=r"无法进入 .* \| .* cannot enter"):
        Embedded(closed / "data", programs).start()


def test_an_ordinary_account_runs_it_as_itself(session_folder: Path, programs: Path) -> None:
    def start_as_ordinary_account() -> None:
        become(UNPRIVILEGED)
        with Embedded(home / "data", programs) as uri:
            assert answer(uri) == 1

    home = session_folder / "home"
    home.mkdir(mode=0o700)
    shutil.chown(home, UNPRIVILEGED)
    assert in_a_fork(start_as_ordinary_account)
    assert (home / "data" / "pgdata").owner() == UNPRIVILEGED


def test_another_accounts_folder_is_refused_in_a_sentence(folder: Path, programs: Path) -> None:
    def start_as_ordinary_account() -> None:
        become(UNPRIVILEGED)
        with pytest.raises(EmbeddedError, match="belongs to another account"):
            Embedded(folder, programs).start()

    with Embedded(folder, programs):
        assert in_a_fork(start_as_ordinary_account)


def become(account: str) -> None:
    entry = pwd.getpwnam(account)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def test_the_callers_libpq_variables_do_not_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "1")
    assert "PGPORT" not in server_environment()


def test_the_server_keeps_memory_between_statements_unless_the_caller_says_how_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "1")
    assert server_environment()["MALLOC_TRIM_THRESHOLD_"] == "1"
    assert server_environment()["MALLOC_MMAP_THRESHOLD_"] == KEEPING_MEMORY["MALLOC_MMAP_THRESHOLD_"]
