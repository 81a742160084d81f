"""When may the garbage collector rest? While many rows are made: they hold no cycles, yet it would visit them all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collector() -> Iterator[None]:
    """Keep it from running, in the whole process, until the block ends: half of the time of folding many events."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
