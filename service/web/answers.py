"""Has this been asked before, and has nothing changed since? Then the same bytes are the answer.

The position of the views is asked of PostgreSQL at every request, once for all that wait for it: an answer is given
again only if the views have not moved since a moment before it was computed, so it is never stale, however many
processes write.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import NamedTuple

POSITION = "SELECT max(tableoid)::text || '.' || sum(position) FROM projection"
"""It moves when any projection does, and when a rebuild puts new tables in their place."""
MOST_ASKED_ONCE = 2_000
OVERHEAD = 500
"""About how many bytes an entry takes beside its answer."""

Read = Callable[[], Awaitable[bytes]]
Compute = Callable[[], Awaitable[bytes | None]]


class Entry(NamedTuple):
    """An answer, and the position before it was computed."""

    position: bytes
    answer: bytes


class Answers:
    """The answers given last, by their question and how far the viewer reads, up to so many bytes."""

    def __init__(self, most_bytes: int, position: Read) -> None:
        self._most, self._freshness = most_bytes, Freshness(position)
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._asked_once: OrderedDict[Hashable, None] = OrderedDict()
        self._bytes = 0

    async def answer(self, question: Hashable, compute: Compute) -> bytes | None:
        """The answer, kept or computed. One is kept from the second time that its question is asked."""
        if question not in self._entries and not self._asked_again(question):
            return await compute()
        position = await self._freshness.position()
        entry = self._entries.get(question)
        if entry is not None and entry.position == position:
            self._entries.move_to_end(question)
            return entry.answer
        answer = await compute()
        if answer is not None:
            self._keep(question, Entry(position, answer))
        return answer

    def _asked_again(self, question: Hashable) -> bool:
        if not self._most:
            return False
        if question in self._asked_once:
            return True
        self._asked_once[question] = None
        if len(self._asked_once) > MOST_ASKED_ONCE:
            self._asked_once.popitem(last=False)
        return False

    def _keep(self, question: Hashable, entry: Entry) -> None:
        self._forget(question)
        if len(entry.answer) + OVERHEAD <= self._most:
            self._entries[question] = entry
            self._bytes += len(entry.answer) + OVERHEAD
        while self._bytes > self._most:
            self._forget(next(iter(self._entries)))

    def _forget(self, question: Hashable) -> None:
        entry = self._entries.pop(question, None)
        if entry is not None:
            self._bytes -= len(entry.answer) + OVERHEAD


class Freshness:
    """Where the views stand, read once for all who ask while another reading is under way."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._asking: list[asyncio.Future[bytes]] = []
        self._reading: asyncio.Task[None] | None = None

    async def position(self) -> bytes:
        """The position at a moment after this call. Raises what reading raises."""
        found: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asking.append(found)
        if self._reading is None:
            self._reading = asyncio.create_task(self._keep_reading())
        return await found

    async def _keep_reading(self) -> None:
        while self._asking:
            asking, self._asking = self._asking, []  # whoever comes from here on needs a later reading
            (found,) = await asyncio.gather(self._read(), return_exceptions=True)
            for each in asking:
                _tell(each, found)
        self._reading = None


def _tell(asking: asyncio.Future[bytes], found: bytes | BaseException) -> None:
    if asking.done():  # who asked has gone
        return
    if isinstance(found, BaseException):
        asking.set_exception(found)
    else:
        asking.set_result(found)
