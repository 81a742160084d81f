"""Who keeps the views up to date? In each process one thread with two connections; of all of them, one leads."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import datetime
from typing import NamedTuple

import psycopg
import structlog
from psycopg import sql

from projections.engine.connection import Connection, connect, try_lock
from projections.engine.progress import Progress, Report
from projections.engine.rebuild import RebuildRunning, ensure
from projections.engine.store import Outdated, Store
from projections.engine.tracking import Tracked, groups
from projections.engine.waiting import Bell, Waiters

SAFETY_POLL = 1.0
"""Seconds after which the runner looks of itself: a notification may be lost, a leader may be gone."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
log = structlog.get_logger()


class Status(NamedTuple):
    """How a projection is: `lag` counts the positions between it and the end of the log.

    A parked one stands before the event that its `error` names.
    """

    position: int
    lag: int
    parked_at: datetime | None
    error: str | None


class Stopping(Exception):
    """The runner was told to stop in the middle of a rebuild."""


class Runner:
    """Follows the log while it leads; otherwise watches how far the leader is, and takes over when that one is gone.

    `reached` and `wake` may be called from any event loop or thread. `trouble` says why it is not at work, if so;
    `shown` up to which position every view shows the log, whether it is at work or parked.
    """

    def __init__(self, uri: str, store: Store, report: Report | None = None) -> None:
        self._uri, self._store, self._report = uri, store, report
        self._thread = threading.Thread(target=self._run, name="projections", daemon=True)
        self._bell, self._waiters = Bell(), Waiters()
        self._stopping = threading.Event()
        self._prepared = False
        self._status: dict[str, Status] = {}
        self.shown = 0
        self._owner = {t.name: p.name for p in store.projections.values() for t in p.tables}
        self.leads = False
        self.trouble: str | None = None
        self.wake, self.reached = self._bell.ring, self._waiters.reached

    def start(self) -> None:
        """Begin. The views are first rebuilt if they are not those that the code declares."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch in hand; at once when it never began."""
        self._stopping.set()
        self._bell.ring()
        if self._thread.is_alive():
            self._thread.join()
        self._bell.close()

    def status(self) -> dict[str, Status]:
        """Each projection as it was when the runner last looked, a second ago at most."""
        return self._status

    def parked(self, table: str) -> int | None:
        """Where the projection of a table is parked; None while it is at work."""
        status = self._status.get(self._owner.get(table, ""))
        return status.position if status and status.parked_at else None

    def resume(self, name: str) -> None:
        """Let a parked projection try again. Raises LookupError when there is none of this name."""
        with connect(self._uri) as connection:
            self._store.tracking.resume(connection, name)
        self._bell.ring()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                self._prepare()
                self._serve()
            except (psycopg.OperationalError, RebuildRunning, Outdated, Stopping) as error:
                log.warning("projections.interrupted", error=repr(error))
                pause = self._rest(pause, error)
            except Exception as error:
                log.exception("projections.failed")
                pause = self._rest(pause, error)

    def _prepare(self) -> None:
        """Rebuild at start-up only: later it is this program that is out of date, and stands aside."""
        if not self._prepared:
            ensure(self._uri, self._store, self._tell)
        self._prepared = True

    def _rest(self, pause: float, error: Exception) -> float:
        """Wait before the next attempt, longer each time in vain."""
        pause = FIRST_PAUSE if self.trouble is None else min(2 * pause, LONGEST_PAUSE)
        self.leads, self.trouble = False, repr(error)
        self._stopping.wait(pause)
        return pause

    def _tell(self, progress: Progress) -> None:
        if self._stopping.is_set():
            raise Stopping
        if self._report is not None:
            self._report(progress)

    def _serve(self) -> None:
        """Listen first, then look: what is committed in between is not lost."""
        with connect(self._uri) as listener, connect(self._uri) as worker:
            for channel in (self._store.events.CHANNEL, self._store.channel):
                listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            worker.execute("SET synchronous_commit = off")  # tables and positions go together, and are made again
            while not self._stopping.is_set():
                self._try_to_lead(worker, listener)
                self._work(worker, listener)
                self.trouble = None
                self._bell.wait(SAFETY_POLL, listener)

    def _try_to_lead(self, worker: Connection, listener: Connection) -> None:
        if not self.leads and try_lock(worker, f"{self._store.layout.schema}.leader"):
            self.leads = True
            listener.execute(sql.SQL("UNLISTEN {}").format(sql.Identifier(self._store.channel)))  # its own news

    def _work(self, worker: Connection, listener: Connection) -> None:
        if self.leads:
            self._lead(worker, listener)
        self._store.look(worker)
        self._show(self._store.events.head(worker))

    def _lead(self, worker: Connection, listener: Connection) -> None:
        """Whoever waits is told after each batch, before anything else is looked at.

        The listener also reads while the log is far ahead. What it hears of meanwhile the worker sees, who looks last.
        """
        with closing(self._store.follow(worker, listener)) as batches:
            for position in batches:
                self._show(position)
                if self._stopping.is_set():
                    break

    def _show(self, head: int) -> None:
        tracked = self._store.tracked
        self._status = {each.name: _status(each, head) for each in tracked}
        self.shown = min((each.position for each in tracked), default=0)
        if at_work := groups(tracked):
            self._waiters.advance(at_work[-1].position)


def _status(tracked: Tracked, head: int) -> Status:
    return Status(tracked.position, head - tracked.position, tracked.parked_at, tracked.error)
