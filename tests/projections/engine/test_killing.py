"""Does each event still count exactly once when projectors overlap and are killed in the middle of their batches?"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from random import Random
from typing import Any

import pytest

from projections.engine import Store
from projections.engine.rebuild import build
from tests.projections.engine.projector import run, step
from tests.projections.engine.town import SMALL, Town, everything

KILLS = int(os.environ.get("SHANGHUI_PROJECTOR_KILLS", "50"))
PROJECTORS = 3
SECONDS = 60.0
"""For a process to begin its work, at the very longest."""
Follow = Callable[[str, Event], None]
forks = get_context("forkserver")
forks.set_forkserver_preload(["tests.projections.engine.projector"])


def projector(uri: str, follow: Follow) -> Any:
    """A process that has begun to follow the log."""
    ready = forks.Event()
    process = forks.Process(target=follow, args=(uri, ready), daemon=True)
    process.start()
    assert ready.wait(SECONDS)
    return process


def kill(process: Any) -> None:
    process.kill()
    process.join()
    process.close()


@pytest.mark.parametrize("follow", [step, run])
def test_projectors_that_overlap_and_are_killed_count_every_event_once(
    uri: str, town: Town, store: Store, follow: Follow
) -> None:
    random, working = Random(1), [projector(uri, follow) for _ in range(PROJECTORS)]
    for _ in range(KILLS):
        town.live(40, gaps=True)
        time.sleep(random.random() * 0.02)
        kill(working.pop(random.randrange(PROJECTORS)))
        working.append(projector(uri, follow))
    for each in working:
        kill(each)
    assert min(each.position for each in store.tracking.read(town.connection)) > 0, "they did follow"
    store.catch_up(town.connection)
    build(uri, store, SMALL.beside("check"), town.position)
    assert everything(town.connection, SMALL) == everything(town.connection, SMALL.beside("check"))
