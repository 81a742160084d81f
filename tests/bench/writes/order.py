"""Does a reader that follows the log ever miss an event because an earlier one became visible after a later one?"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import psycopg

from tests.bench.measured import Benchmark, Measured, Note, summary
from tests.bench.writes.server import durable
from tests.ledger.faults.crowd import Crowd

SECONDS = 5.0
PROCESSES, WRITERS = 2, 4


def benchmark(name: str) -> Benchmark:
    """What measures `order.late`: events that came late, of all that two processes with four writers each record."""

    def measure(rounds: int, note: Note) -> Measured:
        return summary(name, [_late(note) for _ in range(rounds)])

    return measure


def _late(note: Note) -> float:
    """Whoever follows the log by position never sees what becomes visible behind him: so many are missing."""
    with durable() as uri, tempfile.TemporaryDirectory() as folder, Crowd(uri, Path(folder)) as crowd:
        for _ in range(PROCESSES):
            crowd.writer(WRITERS)
        crowd.progress()
        time.sleep(SECONDS)
        crowd.end()
        with psycopg.connect(uri) as connection:
            stored = {p for (p,) in connection.execute("SELECT notification_id FROM ledger.shanghui_events")}
        crowd.catch_up(len(stored))
        note(f"order.late: {len(stored - set(crowd.seen))} of {len(stored)}")
        return float(len(stored - set(crowd.seen)))
