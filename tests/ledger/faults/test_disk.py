"""What if the disk is full? A disk of a few megabytes is mounted for the events, which only root can do."""

import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from service.domain.refusal import LedgerUnavailable
from service.ledger.ledger import Ledger
from service.postgres.account import Account
from tests.ledger.conftest import ask, define, opened
from tests.ledger.faults.crowd import Crowd
from tests.ledger.faults.server import Server

SIZE = 4 * 1024 * 1024


@pytest.fixture
def disk(server: Server, session_folder: Path) -> Iterator[Path]:
    """A small disk with the event table on it."""
    mount = Path(tempfile.mkdtemp(prefix="disk-", dir=session_folder))
    mount.chmod(0o711)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=777", "tmpfs", mount], check=True)
    try:
        space = mount / "events"
        Account.for_server().make_private_folder(space)
        with psycopg.connect(server.uri, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{space}'".encode())
            connection.execute("ALTER TABLE ledger.shanghui_events SET TABLESPACE small")
        yield mount
        server.embedded.stop()
    finally:
        subprocess.run(["umount", "--lazy", mount], check=True)


def fill(disk: Path) -> Path:
    """A file that leaves no room."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return filler
    raise AssertionError("the disk is larger than it should be")


@pytest.mark.anyio
async def test_a_full_disk_is_a_clear_refusal_and_its_end_is_noticed(server: Server, disk: Path) -> None:
    async with opened(server.uri) as ledger:
        id = (await ledger.execute(define("410225"))).record
        filler = fill(disk)
        with pytest.raises(LedgerUnavailable):
            await rename_for_ever(ledger, id)
        filler.unlink()
        assert (await ledger.execute(ask("division.rename", id, name="新名"))).version > 1


async def rename_for_ever(ledger: Ledger, id: UUID) -> None:
    for n in count():
        await ledger.execute(ask("division.rename", id, name=f"名{n}"))


def test_what_was_acknowledged_before_and_after_a_full_disk_is_there(crowd: Crowd, disk: Path) -> None:
    crowd.writer()
    for _ in range(3):
        crowd.progress(20)
        filler = fill(disk)
        with pytest.raises(AssertionError, match="nothing was acknowledged"):
            go_on_for_ever(crowd)
        filler.unlink()
    crowd.progress(20)
    crowd.check()


def go_on_for_ever(crowd: Crowd) -> None:
    while True:
        crowd.progress(patience=1.0)
