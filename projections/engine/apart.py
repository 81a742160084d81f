"""How does long work leave those alone whom this process serves? By a process of its own, which ends when this does."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context, parent_process
from threading import Thread

import structlog

SPAWN = get_context("spawn")
"""A fork would take open connections along."""
GRACE = 10.0
"""Seconds for a work that is told to end to have its statement cancelled and to say so."""
NOTED = 0.001
"""Seconds after which to look again whether another thread has noted how a process ended."""


class Apart:
    """Work that has begun in a process of its own; the function and what it is given are sent there."""

    def __init__(self, work: Callable[..., None], *given: object) -> None:
        self._process = SPAWN.Process(target=_work, args=(work, given))  # a daemon could have no process of its own
        self._process.start()

    def wait(self) -> int:
        """How it ended: 0 when all is well, less than that when a signal ended it.

        Whichever thread asks first is told by the system, and the others while it notes that down are told nothing.
        """
        self._process.join()
        while (code := self._process.exitcode) is None:
            time.sleep(NOTED)
        return code

    def stop(self) -> None:
        """Have it ended soon, if it has not."""
        self._process.terminate()
        self._process.join(GRACE)
        self._process.kill()


def _work(work: Callable[..., None], given: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever presses Ctrl-C means the parent, which tells us
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # psycopg cancels its statement when interrupted
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        work(*given)
    except KeyboardInterrupt:
        sys.exit(signal.SIGTERM)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None, "it was spawned"
    parent.join()
    os._exit(1)
