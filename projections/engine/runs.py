"""Which replays and rebuilds were started here, how far are they, and what did they come to?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from enum import auto
from typing import Any, LiteralString, NamedTuple
from uuid import UUID, uuid4

import msgspec
import structlog
from psycopg import sql
from psycopg.types.json import Jsonb

from projections.engine.build import Progress
from projections.engine.connection import Connection, Cursor, connect
from projections.engine.rebuild import rebuild
from projections.engine.replay import replay
from projections.engine.store import Store
from projections.engine.table import VIEWS
from projections.engine.verdict import Verdict
from service.domain.vocabulary import Term

RUNS = VIEWS.beside("runs")
TELL_SECONDS = 0.25
"""How often a run says how far it is."""

CREATE_SCHEMA = "CREATE SCHEMA IF NOT EXISTS {schema}"
CREATE = """
CREATE TABLE IF NOT EXISTS {run} (
    id uuid PRIMARY KEY, kind text NOT NULL, projection text, account text NOT NULL, upto bigint NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(), position bigint NOT NULL DEFAULT 0, rate int NOT NULL DEFAULT 0,
    seconds_left int, ended_at timestamptz, verdict text, digests jsonb NOT NULL DEFAULT '{{}}', differs_in text,
    found jsonb, folded jsonb, error text
)"""
COLUMNS = """
id, kind, projection, account, upto, started_at, position, rate, seconds_left, ended_at, verdict, digests, differs_in,
found, folded, error"""
START = "INSERT INTO {run} (id, kind, projection, account, upto) VALUES (%s, %s, %s, %s, %s)"
TELL = "UPDATE {run} SET position = %s, upto = %s, rate = %s, seconds_left = %s WHERE id = %s"
END = """
UPDATE {run} SET ended_at = clock_timestamp(), seconds_left = 0, position = upto, verdict = %s, digests = %s,
    differs_in = %s, found = %s, folded = %s WHERE id = %s"""
FAIL = "UPDATE {run} SET ended_at = clock_timestamp(), seconds_left = NULL, verdict = %s, error = %s WHERE id = %s"
LATEST = "SELECT {columns} FROM {run} ORDER BY started_at DESC, id LIMIT %s"
FIND = "SELECT {columns} FROM {run} WHERE id = %s"
log = structlog.get_logger()


class RunKind(Term):
    """运行种类 | What is done with the views."""

    REBUILD = auto()
    REPLAY = auto()


class RunVerdict(Term):
    """核对结论 | What a replay or a rebuild came to."""

    EQUAL = auto()
    DIFFERENT = auto()
    FAILED = auto()


class Run(NamedTuple):
    """A replay or a rebuild. While it has no verdict it is under way, or was cut off with its process."""

    id: UUID
    kind: RunKind
    projection: str | None
    account: str
    upto: int
    started_at: datetime
    position: int
    rate: int
    seconds_left: int | None
    ended_at: datetime | None
    verdict: RunVerdict | None
    digests: dict[str, str]
    differs_in: str | None
    found: dict[str, Any] | None
    folded: dict[str, Any] | None
    error: str | None


class Stopped(Exception):
    """The program is told to end; a rebuild goes on from here when it is started again."""


class Runs:
    """Starts replays and rebuilds, each in a thread of its own, and keeps what is to be known of them."""

    def __init__(self, uri: str, views: Callable[[], Store]) -> None:
        self._uri, self._views = uri, views
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, kind: RunKind, account: str, upto: int | None = None, projection: str | None = None) -> Run:
        """Begin one: to a position, or to the end of the log; of one projection, or of all.

        Raises LookupError when there is no projection of this name.
        """
        id, store = uuid4(), self._views()
        if projection is not None and projection not in store.projections:
            raise LookupError(projection)
        with connect(self._uri) as connection:
            _prepare(connection)
            end = store.events.head(connection) if upto is None else upto
            _run(connection, START, id, kind, projection, account, end)
        work = threading.Thread(target=self._work, args=(id, kind, store, end, projection), name=f"run {id}")
        self._threads = [*(each for each in self._threads if each.is_alive()), work]
        work.start()
        found = self.find(id)
        assert found is not None, "it was just written"
        return found

    def find(self, id: UUID) -> Run | None:
        """The run of this id."""
        return next(iter(self._read(FIND, id)), None)

    def latest(self, count: int) -> list[Run]:
        """The runs that began last, the last one first."""
        return self._read(LATEST, count)

    def stop(self) -> None:
        """Let those that are under way end soon, and wait for them."""
        self._stopping.set()
        for each in self._threads:
            each.join()

    def _read(self, text: LiteralString, value: object) -> list[Run]:
        with connect(self._uri) as connection:
            _prepare(connection)
            return [msgspec.convert(row, Run) for row in _run(connection, text, value)]

    def _work(self, id: UUID, kind: RunKind, store: Store, upto: int, projection: str | None) -> None:
        with connect(self._uri) as connection:
            tell = self._teller(connection, id)
            try:
                if kind is RunKind.REPLAY:
                    verdict = replay(self._uri, store, upto, check=True, report=tell)
                else:
                    verdict = rebuild(self._uri, store, tell, projection)
            except Exception as error:
                log.exception("run.failed", id=str(id))
                _run(connection, FAIL, RunVerdict.FAILED, repr(error), id)
            else:
                _end(connection, id, verdict)

    def _teller(self, connection: Connection, id: UUID) -> Callable[[Progress], None]:
        last = 0.0

        def tell(progress: Progress) -> None:
            nonlocal last
            if self._stopping.is_set():
                raise Stopped
            if time.monotonic() - last > TELL_SECONDS:
                last, (position, upto, rate, left) = time.monotonic(), progress
                _run(connection, TELL, position, upto, round(rate), round(left), id)

        return tell


def _end(connection: Connection, id: UUID, verdict: Verdict) -> None:
    table, found, folded = verdict.difference or (None, None, None)
    word = RunVerdict.DIFFERENT if verdict.difference else RunVerdict.EQUAL
    _run(connection, END, word, Jsonb(verdict.tables), table, found and Jsonb(found), folded and Jsonb(folded), id)


def _prepare(connection: Connection) -> None:
    exists = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [RUNS.name("run").as_string()]).fetchone()
    if exists != (True,):
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('views_runs', 0))")
            connection.execute(sql.SQL(CREATE_SCHEMA).format(schema=sql.Identifier(RUNS.schema)))
            _run(connection, CREATE)


def _run(connection: Connection, text: LiteralString, *values: object) -> Cursor:
    return connection.execute(sql.SQL(text).format(run=RUNS.name("run"), columns=sql.SQL(COLUMNS)), values)
