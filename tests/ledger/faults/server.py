"""How is a PostgreSQL server hurt?"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from service.postgres import Embedded
from service.postgres.postmaster import Postmaster


class Server:
    """A running embedded server, its processes, and what one can do to them."""

    def __init__(self, embedded: Embedded) -> None:
        self.embedded = embedded

    @property
    def uri(self) -> str:
        return self.embedded.start()

    @property
    def postmaster(self) -> int:
        found = Postmaster.of(self.embedded.data)
        assert found is not None
        return found.pid

    def children(self) -> list[int]:
        """Every process of the server but the first: backends, walwriter, checkpointer and so on."""
        found = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
        return [pid for pid in found if _parent(pid) == self.postmaster]

    def kill_one(self, index: int) -> None:
        """Kill -9 one child of a server that is up: the postmaster ends the others and recovers from the log."""
        self.embedded.start()
        if children := self.children():
            _signal(children[index % len(children)], signal.SIGKILL)

    def kill(self) -> None:
        """Kill -9 the whole server, then start it again as a supervisor would."""
        processes = [self.postmaster, *self.children()]
        for pid in processes:
            _signal(pid, signal.SIGKILL)
        while any(_parent(pid) is not None for pid in processes):
            time.sleep(0.01)
        self.embedded.start()

    def restart(self) -> None:
        """An orderly fast restart, which ends all connections."""
        self.embedded.stop()
        self.embedded.start()

    def disconnect(self) -> None:
        """Terminate every other backend of the database."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """No process of the server moves, as when its disk hangs."""
        stopped = [self.postmaster, *self.children()]
        for pid in stopped:
            _signal(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                _signal(pid, signal.SIGCONT)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it ended of itself just now
        os.kill(pid, number)


def _parent(pid: int) -> int | None:
    """The parent of a living process; None for one that has ended, reaped or not."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else int(parent)
