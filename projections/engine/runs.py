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

from projections.engine.apart import Apart
from projections.engine.connection import Connection, Cursor, connect
from projections.engine.progress import Progress, Report
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
ALTER = """
ALTER TABLE {run} ADD COLUMN IF NOT EXISTS finished int NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS tables int NOT NULL DEFAULT 0"""
IS_WHOLE = "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'finished')"
COLUMNS = """
id, kind, projection, account, upto, started_at, position, rate, seconds_left, ended_at, verdict, digests, differs_in,
found, folded, error, finished, tables"""
START = "INSERT INTO {run} (id, kind, projection, account, upto) VALUES (%s, %s, %s, %s, %s)"
TELL = """
UPDATE {run} SET position = %s, upto = %s, rate = %s, seconds_left = %s, finished = %s, tables = %s WHERE id = %s"""
END = """
UPDATE {run} SET ended_at = clock_timestamp(), seconds_left = 0, position = upto, finished = tables,
    verdict = %s, digests = %s, differs_in = %s, found = %s, folded = %s, error = NULL WHERE id = %s"""
FAIL = """
UPDATE {run} SET ended_at = clock_timestamp(), seconds_left = NULL, verdict = %s, error = %s
WHERE id = %s AND verdict IS NULL"""
HOLD = "SELECT pg_advisory_lock(hashtextextended('views_runs ' || %s, 0))"
CUT_OFF = """
UPDATE {run} SET ended_at = clock_timestamp(), seconds_left = NULL, verdict = %s, error = %s
WHERE verdict IS NULL AND started_at < now() - interval '1 minute'
    AND pg_try_advisory_xact_lock(hashtextextended('views_runs ' || id, 0))"""
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
    """A replay or a rebuild. While it has no verdict it is under way.

    When all events are in, `finished` of its `tables` are; before that it tells of none.
    """

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
    finished: int
    tables: int


class Runs:
    """Starts replays and rebuilds, each in a process of its own, and keeps what is to be known of them.

    `views` is called there too: a function of some module.
    """

    def __init__(self, uri: str, views: Callable[[], Store]) -> None:
        self._uri, self._views = uri, views
        self._watched: dict[threading.Thread, Apart] = {}

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
        self._watch(id, Apart(fold, self._uri, self._views, id, kind, end, projection))
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
        """Have those that are under way end soon, and wait for them: they go on when they are started again."""
        for watcher, process in self._watched.items():
            process.stop()
            watcher.join()

    def _watch(self, id: UUID, process: Apart) -> None:
        watcher = threading.Thread(target=self._await, args=(id, process), name=f"run {id}")
        self._watched = {each: work for each, work in self._watched.items() if each.is_alive()} | {watcher: process}
        watcher.start()

    def _await(self, id: UUID, process: Apart) -> None:
        """See that a run has a verdict in the end, whatever becomes of its process."""
        if code := process.wait():
            log.error("run.failed", id=str(id), code=code)
            with connect(self._uri) as connection:
                _fail(connection, id, f"进程已终止 | its process ended with {code}")

    def _read(self, text: LiteralString, value: object) -> list[Run]:
        with connect(self._uri) as connection:
            _prepare(connection)
            _end_what_was_cut_off(connection)
            return [msgspec.convert(row, Run) for row in _run(connection, text, value)]


def fold(uri: str, views: Callable[[], Store], id: UUID, kind: RunKind, upto: int, projection: str | None) -> None:
    """Do what a run is there for, and write down how far it is and what it came to.

    Raises what it could not cope with, once that is written down too.
    """
    with connect(uri) as connection:
        _run(connection, HOLD, str(id))
        tell = _teller(connection, id)
        try:
            if kind is RunKind.REPLAY:
                verdict = replay(uri, views(), upto, check=True, report=tell)
            else:
                verdict = rebuild(uri, views(), tell, projection)
        except Exception as error:
            _fail(connection, id, repr(error))
            raise
        _end(connection, id, verdict)


def _teller(connection: Connection, id: UUID) -> Report:
    last = 0.0

    def tell(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last > TELL_SECONDS:
            last, (position, upto, rate, left, finished, tables) = time.monotonic(), progress
            _run(connection, TELL, position, upto, round(rate), left and round(left), finished, tables, id)

    return tell


def _fail(connection: Connection, id: UUID, error: str) -> None:
    _run(connection, FAIL, RunVerdict.FAILED, error, id)


def _end_what_was_cut_off(connection: Connection) -> None:
    """Give a verdict to what went with its service: nobody holds it any more, and a minute is enough to begin."""
    _run(connection, CUT_OFF, RunVerdict.FAILED, "服务中途停止 | its service was cut off")


def _end(connection: Connection, id: UUID, verdict: Verdict) -> None:
    table, found, folded = verdict.difference or (None, None, None)
    word = RunVerdict.DIFFERENT if verdict.difference else RunVerdict.EQUAL
    _run(connection, END, word, Jsonb(verdict.tables), table, found and Jsonb(found), folded and Jsonb(folded), id)


def _prepare(connection: Connection) -> None:
    if connection.execute(IS_WHOLE, [RUNS.name("run").as_string()]).fetchone() != (True,):
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('views_runs', 0))")
            connection.execute(sql.SQL(CREATE_SCHEMA).format(schema=sql.Identifier(RUNS.schema)))
            _run(connection, CREATE)
            _run(connection, ALTER)


def _run(connection: Connection, text: LiteralString, *values: object) -> Cursor:
    return connection.execute(sql.SQL(text).format(run=RUNS.name("run"), columns=sql.SQL(COLUMNS)), values)
