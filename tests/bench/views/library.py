"""How does the library follow the log? Its own runner, one transaction an event, over our very folds and tables."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.projection import BaseProjectionRunner, Projection
from eventsourcing.utils import Environment
from psycopg import RawCursor

from projections import ALL
from projections.engine.connection import connect
from projections.engine.rebuild import build
from projections.engine.recall import Recall
from projections.engine.step import StoredSheets
from projections.engine.storage import LOOK_UP
from projections.engine.store import Store
from projections.engine.table import Layout
from projections.engine.view import Batch
from service.domain.record import Recorded
from service.ledger.log import EventLog
from service.ledger.store import LedgerStore

LAYOUT = Layout("library")


class Follower(TrackingRecorder):
    """The views as one transaction an event keeps them, tracked as the library tracks."""

    def __init__(self, uri: str, start: int) -> None:
        self.connection = connect(uri)
        self._store = build(uri, Store(EventLog(), ALL, LAYOUT), LAYOUT, start)
        self._recall, self._position = Recall(EventLog(), 10_000), start

    @property
    def position(self) -> int:
        """How far it is."""
        return self._position

    def insert_tracking(self, tracking: Tracking) -> None:
        """Move on."""
        self._position = tracking.notification_id

    def max_tracking_id(self, application_name: str) -> int | None:
        """How far it is."""
        return self._position

    def has_tracking_id(self, application_name: str, notification_id: int | None) -> bool:
        """Whether it is so far, as `wait` asks every so often."""
        return notification_id is None or self._position >= notification_id

    def take_in(self, event: Recorded, tracking: Tracking) -> None:
        """Fold one event into all views."""
        layout, tables = self._store.layout, self._store.storages
        segment = layout.segment(self._position) + 1
        begun = segment if segment <= layout.segment(event.position) else None
        batch = Batch([event], partial(self._recall.moments, self.connection))
        with self.connection.transaction(), RawCursor(self.connection) as cursor:
            cursor.execute("UPDATE library.projection SET position = $1", [event.position])
            cursor.execute(LOOK_UP)
            for projection in self._store.projections.values():
                sheets = StoredSheets(tables, cursor)
                projection.advance(batch, sheets)
                for statement in sheets.saving(projection.tables, begun):
                    statement.tell(cursor)
        self.insert_tracking(tracking)


class OneByOne(Projection[Follower]):
    """The projection, as the library wants it."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Process one event."""
        e: Recorded = domain_event
        at = tracking.notification_id
        event = Recorded(e.originator_id, e.originator_version, e.fact, e.envelope, at)
        self.view.take_in(event, tracking)


@contextmanager
def followed(uri: str, start: int) -> Iterator[Follower]:
    """The library's views as they stand at a position, until the block ends."""
    follower = Follower(uri, start)
    try:
        yield follower
    finally:
        follower.connection.execute("DROP SCHEMA library CASCADE")
        follower.connection.close()


@contextmanager
def following(uri: str, follower: Follower) -> Iterator[Any]:
    """The library's runner, at work from where its views stand, until the block ends."""

    class Opened(LedgerStore):
        name = "shanghui"  # else the library looks for the events of an application called like this class

        def __init__(self, _: Any = None) -> None:
            super().__init__(uri)

        def construct_env(self, name: str, env: Any = None) -> Environment:
            """With a connection more than ours: the library's subscription keeps one to listen on."""
            return Environment(name, super().construct_env(name, env) | {"POSTGRES_POOL_SIZE": "2"})

    runner: Any = BaseProjectionRunner(
        projection=OneByOne(follower), application_class=Opened, tracking_recorder=follower, topics=()
    )
    try:
        yield runner
    finally:
        runner.stop()
        for thread in (each for each in vars(runner).values() if isinstance(each, threading.Thread)):
            thread.join()
        runner.app.close()


def rate(uri: str, follower: Follower, seconds: float) -> float:
    """How many events a second the library's runner takes in, from the first one on."""
    start = follower.position
    with following(uri, follower) as runner:
        while follower.position == start and not runner.is_interrupted.is_set():
            time.sleep(0.001)
        began, first = time.monotonic(), follower.position
        runner.run_forever(seconds)  # raises what went wrong
        return (follower.position - first) / (time.monotonic() - began)
