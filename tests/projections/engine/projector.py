"""A process that follows the log without asking who leads."""

from __future__ import annotations

import time
from multiprocessing.synchronize import Event

from projections.engine import Store
from projections.engine.connection import connect
from service.ledger.log import EventLog
from tests.projections.engine.town import ALL, SMALL


def step(uri: str, ready: Event) -> None:
    """Advance the views in small batches, for ever."""
    store = Store(EventLog(), ALL, SMALL)
    with connect(uri) as connection:
        ready.set()
        while True:
            if not store.turn(connection, 7):
                time.sleep(0.002)


def run(uri: str, ready: Event) -> None:
    """Advance the views with two hands, for ever."""
    store = Store(EventLog(), ALL, SMALL)
    with connect(uri) as connection, connect(uri) as reader:
        ready.set()
        while True:
            for _ in store.follow(connection, reader):
                pass
            time.sleep(0.002)
