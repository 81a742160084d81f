"""How is a share of a build made by another process, so that two cores are at it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection as Pipe
from typing import Self

from projections.engine.apart import SPAWN, Apart
from projections.engine.hands import one_at_a_time
from projections.engine.progress import Progress
from projections.engine.share import Share
from projections.engine.store import Store
from projections.engine.table import Layout


class ShareFailed(Exception):
    """The process that built the other share ended before its share was built; the message says why."""


class Elsewhere:
    """The share with this number of a build, at which a process of its own has begun."""

    def __init__(
        self, uri: str, made_by: Callable[[], Store], layout: Layout, number: int, names: Sequence[str], upto: int
    ) -> None:
        self._pipe, theirs = SPAWN.Pipe(duplex=False)
        self._process = Apart(_build, uri, made_by, layout, number, names, upto, theirs)
        theirs.close()  # theirs alone is open now: when they end, we are told
        self._error = ""
        self.progress = Progress(0, upto, 0.0, None)

    def look(self, seconds: float = 0.0) -> bool:
        """Take in what it says, after waiting so long for it, and tell whether it is still at work.

        Raises ShareFailed when it ended too early.
        """
        while self._pipe.poll(seconds):
            try:
                self._hear(self._pipe.recv())
            except EOFError:
                return self._ended()
            seconds = 0.0
        return True

    def _hear(self, said: Progress | str) -> None:
        if isinstance(said, str):
            self._error = said
        else:
            self.progress = said

    def _ended(self) -> bool:
        if code := self._process.wait():
            raise ShareFailed(self._error or f"进程已终止 | its process ended with {code}")
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()
        self._pipe.close()


def _build(
    uri: str, made_by: Callable[[], Store], layout: Layout, number: int, names: Sequence[str], upto: int, pipe: Pipe
) -> None:
    try:
        share = Share(number, made_by().placed(layout).part(names), uri, pipe.send)
        share.run(upto, one_at_a_time, last=True)  # the heaviest projection has most to be indexed
    except Exception as error:
        pipe.send(repr(error))
        raise
