"""In which segment of a history does a position lie, as far as this process knows for certain?

To look for it is what a question about the past costs most above one about the present, so statements are told it. What
has begun by a position that is shown stays so: no segment is added or taken away before it. Only a rebuild puts another
table, with segments of its own, in a history's place. So whatever is known belongs to the very table that it was read
from, and a statement that does not find that table fails.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

import orjson

from projections.engine.table import VIEWS

READ = f"""
SELECT json_build_array(
    min(shown.position), min(found.tableoid)::bigint, json_agg(each.number ORDER BY each.number)
)::text
FROM (SELECT min(position) AS position FROM views.projection) AS shown,
    LATERAL generate_series($1::int, (shown.position - 1) >> {VIEWS.segment_bits}) AS each(number),
    LATERAL (SELECT tableoid FROM {{history}} WHERE segment = each.number ORDER BY {{key}} LIMIT 1) AS found"""
"""How far all views have come, which table this is, and its segments until then, from one on. The table is named once,
for all of it to be said of the same; ordered, to be read by the index of the key. It may have columns of any name."""
PAUSE = 10.0
"""Seconds from one reading of a history to the next."""


class Sought(NamedTuple):
    """A history, its key, and which of a statement's values is the position whose segment is sought, from 1."""

    history: str
    key: str
    position: int


class Known(NamedTuple):
    """The segments of a table that had begun by a position: nothing can change about these."""

    upto: int
    table: int
    numbers: Sequence[int]

    def at(self, position: int) -> int | None:
        """The segment of a position; None before the first."""
        begun = bisect_right(self.numbers, VIEWS.segment(position))
        return self.numbers[begun - 1] if begun else None


NOTHING = Known(upto=-1, table=0, numbers=())


class Segments:
    """What this process knows of the segments of histories; `fetch` reads the one value of a statement."""

    def __init__(self, fetch: Callable[[str, Sequence[Any]], Awaitable[bytes]]) -> None:
        self._fetch = fetch
        self._known: dict[str, Known] = {}
        self._due: dict[str, float] = {}

    async def told(self, sought: Sequence[Sought], values: Sequence[Any]) -> list[int | None] | None:
        """The segment and the table of each that is sought; None where one of them is not known.

        Raises ReadFailed.
        """
        found: list[int | None] = []
        for each in sought:
            position = values[each.position - 1]
            known = self._known.get(each.history, NOTHING)
            if known.upto < position:
                known = await self._learnt(each)
            if known.upto < position:
                return None
            found += known.at(position), known.table
        return found

    def forget(self) -> None:
        """Know nothing: one of the tables may be another by now."""
        self._known.clear()

    async def _learnt(self, sought: Sought) -> Known:
        """What is known once it was read again, if it was not just now."""
        now, known = time.monotonic(), self._known.get(sought.history, NOTHING)
        if self._due.get(sought.history, now) > now:
            return known
        self._due[sought.history] = now + PAUSE  # before it is read: nobody else needs to
        self._known[sought.history] = found = await self._read(sought, known)
        return found

    async def _read(self, sought: Sought, known: Known) -> Known:
        """What is known once it was read from the last segment on, if that is still there; else nothing."""
        *before, last = known.numbers or [0]
        text = await self._fetch(READ.format(history=sought.history, key=sought.key), [last])
        upto, table, numbers = orjson.loads(text)
        same = table is not None and (known is NOTHING or table == known.table)
        return Known(upto, table, [*before, *numbers]) if same else NOTHING
