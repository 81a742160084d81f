"""Does a served process answer, share its database, take over when the owner is killed, and end in order?"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from service.domain.roles import Role
from service.postgres.postmaster import Postmaster
from tests.cli.conftest import Cli

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


class Served(NamedTuple):
    """A process that serves, and where."""

    process: subprocess.Popen[str]
    url: str

    def ready(self) -> bool:
        """Whether it says that it is ready."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(json.load(answer)["ready"])
        except OSError:
            return False

    def divisions(self, token: str) -> Any:
        """What it answers to a question."""
        body = json.dumps({"query": "{ divisions { totalCount } }"}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/graphql", body, headers), timeout=5) as answer:
            return json.load(answer)


@contextmanager
def serve(data: Path, pgbin: Path | None) -> Iterator[Served]:
    """A process of its own that serves on a free port; killed at the end if it still runs."""
    command = [sys.executable, "-m", "service", "serve", "--port", "0", "--data", str(data), "--json"]
    environment = os.environ | ({"SHANGHUI_PGBIN": str(pgbin)} if pgbin else {})
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:  # type: ignore[call-overload]  # pipes
        try:
            assert process.stdout
            yield Served(process, json.loads(process.stdout.readline())["url"])
        finally:
            process.kill()


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold in time."""
    deadline = time.monotonic() + PATIENCE
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return held


def test_whoever_is_attached_takes_over_from_a_killed_owner_and_ends_in_order(
    cli: Cli, session_folder: Path, pgbin: Path | None
) -> None:
    data = session_folder / f"takeover-{'x' * 80}"  # so long that each server listens in a folder of its own
    with serve(data, pgbin) as owner, serve(data, pgbin) as attached:
        token = cli("token", "dev", "--role", "AUDITOR", "--data", data).out.strip()
        assert eventually(attached.ready)
        former = Postmaster.of(data / "pgdata")
        owner.process.kill()
        assert eventually(lambda: Postmaster.of(data / "pgdata") not in (None, former))
        assert eventually(lambda: attached.divisions(token) == {"data": {"divisions": {"totalCount": 0}}})
        attached.process.send_signal(signal.SIGTERM)
        assert attached.process.wait(PATIENCE) == -signal.SIGTERM
    assert Postmaster.of(data / "pgdata") is None


def test_a_port_that_is_taken_is_one_line(cli: Cli, session_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = cli("serve", "--port", taken.getsockname()[1], "--data", session_folder / "unused")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert ran.err.startswith("SETTINGS: ")
    assert not (session_folder / "unused").exists()


@pytest.mark.parametrize("port", ["-1", "70000", "x"])
def test_a_port_that_is_none_is_a_wrong_question(cli: Cli, port: str) -> None:
    assert cli("serve", f"--port={port}").code == 2


@pytest.mark.usefixtures("migrated")
def test_the_demonstration_is_built_once_and_shown_as_one_object(cli: Cli, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.json"
    first = cli("demo", "--exit", "--json", "--tokens", tokens)
    again = cli("demo", "--exit", "--json")
    coverage = {"units": 10, "townships": 116, "registered": 98, "in_progress": 12, "none": 6}
    assert (first.code, first.json["coverage"]) == (0, coverage)
    assert set(first.json) == {"coverage", "claims", "events", "position", "seconds"}
    assert (again.json["events"], again.json["position"]) == (first.json["events"], first.json["position"])
    assert set(json.loads(tokens.read_bytes())) == {role.value for role in Role}
    assert tokens.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("recorded")
def test_the_demonstration_does_not_mix_with_real_records(cli: Cli) -> None:
    ran = cli("demo", "--exit")
    assert (ran.code, ran.err.splitlines()[-1].startswith("GUARD_FAILED: ")) == (1, True)
