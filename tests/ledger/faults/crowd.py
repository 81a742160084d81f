"""Who writes and who reads while things break, and did anything get lost, doubled or late?"""

from __future__ import annotations

import threading
import time
from collections import Counter
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self
from uuid import UUID

import psycopg

from service.ledger.log import EventLog
from tests.ledger.faults.writing import acknowledged, write

NURSERY = get_context("forkserver")
NURSERY.set_forkserver_preload(["tests.ledger.faults.writing"])
PATIENCE = 30.0

KEYS = "SELECT key FROM ledger.command_key"
HALF = """
SELECT count(*) FROM ledger.command_key k WHERE k.last_version - k.first_version + 1 <> (
    SELECT count(*) FROM ledger.shanghui_events e
    WHERE e.originator_id = k.record AND e.originator_version BETWEEN k.first_version AND k.last_version)"""
FOREIGN = """
SELECT count(*) FROM ledger.shanghui_events e WHERE topic LIKE 'division.%' AND NOT EXISTS (
    SELECT FROM ledger.command_key k
    WHERE e.originator_id = k.record AND e.originator_version BETWEEN k.first_version AND k.last_version)"""
TOPICS = "SELECT topic, count(*) FROM ledger.shanghui_events GROUP BY topic"
HOLES = """
SELECT count(*) FROM (
    SELECT FROM ledger.shanghui_events GROUP BY originator_id HAVING max(originator_version) <> count(*)) AS record"""


class Crowd:
    """Writing processes, and one reader that follows the log: what came late it would never see."""

    def __init__(self, uri: str, folder: Path) -> None:
        self._uri, self._folder = uri, folder
        self._notes: list[Path] = []
        self._processes: list[BaseProcess] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._stopping = threading.Event()
        self.seen: list[int] = []

    def __enter__(self) -> Self:
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            self.kill(process)
        self._stopping.set()
        self._reader.join()

    def writer(self, writers: int = 4, stale: float = 0) -> BaseProcess:
        """A new process that writes with so many clients."""
        notes = self._folder / f"writer-{len(self._notes)}"
        notes.touch()
        process = NURSERY.Process(target=write, args=(self._uri, notes, writers, stale), daemon=True)
        self._notes.append(notes)
        self._processes.append(process)
        process.start()
        return process

    def kill(self, process: BaseProcess) -> None:
        """Kill -9 a writing process."""
        process.kill()
        process.join()

    def acknowledged(self) -> int:
        """How many commands were acknowledged so far, to all processes."""
        return sum(len(acknowledged(notes)) for notes in self._notes)

    def progress(self, commands: int = 1, patience: float = PATIENCE) -> None:
        """Wait until so many more commands have been acknowledged: whoever was hurt has come back by itself."""
        wanted, until = self.acknowledged() + commands, time.monotonic() + patience
        while self.acknowledged() < wanted:
            assert time.monotonic() < until, "nothing was acknowledged any more"
            time.sleep(0.005)

    def check(self) -> None:
        """Everything acknowledged is there once, nothing is there in part, and the reader missed nothing."""
        self.end()
        with psycopg.connect(self._uri, autocommit=True) as connection:
            known = Counter(key for (key,) in connection.execute(KEYS))
            assert set(self._acknowledged()) <= set(known), "an acknowledged command is lost"
            assert not _count(connection, HALF), "a command is there in part"
            assert not _count(connection, FOREIGN), "an event belongs to no command"
            assert not _count(connection, HOLES), "a record has a hole"
            topics: dict[str, int] = dict(connection.execute(TOPICS).fetchall())
            assert topics["claim.taken"] == topics["division.defined"], "a claim is there without its division"
            self._check_reader(connection)

    def end(self) -> None:
        """Kill every writer, and wait until no backend is at work for one any more."""
        for process in self._processes:
            self.kill(process)
        with _answering(self._uri) as connection:
            _quiet(connection)

    def catch_up(self, events: int) -> None:
        """Wait until the reader has seen so many events, or does not get there."""
        until = time.monotonic() + PATIENCE
        while len(self.seen) < events and time.monotonic() < until:
            time.sleep(0.01)

    def _acknowledged(self) -> list[UUID]:
        return [key for notes in self._notes for key in acknowledged(notes)]

    def _check_reader(self, connection: psycopg.Connection) -> None:
        stored = [p for (p,) in connection.execute("SELECT notification_id FROM ledger.shanghui_events ORDER BY 1")]
        self.catch_up(len(stored))
        assert self.seen == stored, "the reader saw other events than there are"

    def _read(self) -> None:
        """Follow the log as the projections do, from the last position seen, through every loss of connection."""
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._uri, autocommit=True, connect_timeout=3) as connection:
                    self._follow(connection)
            except psycopg.OperationalError:
                time.sleep(0.02)

    def _follow(self, connection: psycopg.Connection) -> None:
        log = EventLog()
        while not self._stopping.is_set():
            events = log.read(connection, self.seen[-1] if self.seen else 0, 2_000)
            self.seen += [event.position for event in events]
            if not events:
                time.sleep(0.002)


def _answering(uri: str) -> psycopg.Connection:
    """A connection, as soon as the server has recovered from the last blow."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(uri, autocommit=True)
        except psycopg.OperationalError:
            assert time.monotonic() < until, "the server did not come back"
            time.sleep(0.02)


def _quiet(connection: psycopg.Connection) -> None:
    """Wait until no backend of a killed process is still at work."""
    query = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
               AND pid <> pg_backend_pid() AND query LIKE '%%ledger%%' AND state <> 'idle'"""
    until = time.monotonic() + PATIENCE
    while _count(connection, query) and time.monotonic() < until:
        time.sleep(0.01)


def _count(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])
