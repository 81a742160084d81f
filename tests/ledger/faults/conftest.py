"""A durable PostgreSQL that may be killed, and processes that write to it.

`pytest tests/ledger/faults --soak 20` does everything twenty times as often.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.ledger.migrate import migrate
from service.postgres import Embedded
from tests.ledger.faults.crowd import Crowd
from tests.ledger.faults.server import Server

NEEDS_ROOT = "test_disk.py"
"""Mounts a disk of its own. Elsewhere it is not collected: what is skipped would fail CI."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", type=int, default=1, help="do every fault so many times as often")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return True if collection_path.name == NEEDS_ROOT and os.geteuid() != 0 else None


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> int:
    """How many times as often as in CI."""
    return int(request.config.getoption("--soak", default=1))


@pytest.fixture
def server(session_folder: Path, pgbin: Path | None, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A migrated server that loses nothing when the machine does: fsync and synchronous_commit are on."""
    embedded = Embedded(session_folder / f"fault-{request.node.name[:30]}", pgbin)
    with embedded as uri:
        migrate(uri)
        yield Server(embedded)
        embedded.start()  # PostgreSQL 18 does not end when it is told to in the middle of its recovery


@pytest.fixture
def crowd(server: Server, tmp_path: Path) -> Iterator[Crowd]:
    """Writers in processes of their own, and a reader that follows the log."""
    with Crowd(server.uri, tmp_path) as crowd:
        yield crowd
