"""Where are the rows of a table, now or at a moment of the past?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from projections.change_history import ChangeRow
from projections.engine.table import BEGUN, HELD, VIEWS, Table
from schema.compiled.bindings import Getter, Placeholders, Request, Unfit
from schema.compiled.texts import Json
from schema.scalars import id_tail
from schema.segments import Sought


def now(table: Table[Any]) -> str:
    """Where the present rows of a table are."""
    return f"views.{table.name}"


@cache
def _present(table: Table[Any]) -> str:
    return table.rows(VIEWS, [], past=False).as_string()


@cache
def _select(table: Table[Any], *, past: bool) -> str:
    return table.select(VIEWS, past=past).as_string()


CHANGES = now(ChangeRow.table)
LATEST = f"(SELECT coalesce(max(position), 0) FROM {CHANGES})"
"""How far the views have come."""
AT_TIME = (
    "(SELECT CASE WHEN 1 / sure::int = 1 THEN position END AS position"
    f" FROM (SELECT found.position, (found.position < seen.position OR seen.position >= head.position)"
    " AND found.position <= least.position AS sure FROM"
    f" (SELECT coalesce((SELECT position FROM {CHANGES} WHERE recorded_at <= {{time}}"
    " ORDER BY recorded_at DESC, position DESC LIMIT 1), 0)) AS found(position),"
    f" {LATEST} AS seen(position),"
    " (SELECT coalesce(max(notification_id), 0) FROM ledger.shanghui_events) AS head(position),"
    " (SELECT min(position) FROM views.projection) AS least(position)) AS moment)"
)
"""The last position recorded by a time; fails while the views do not show all that there may be of it."""
PLACE = "~place"
"""Where PostgreSQL keeps a row, as long as a statement lasts. No column that is declared can have such a name."""
SEGMENT = f"(({{position}} - 1) >> {VIEWS.segment_bits})"
"""The last segment that may have begun by a position."""
LOOK_UP = re.compile(
    re.escape(BEGUN)
    .replace(r"\{history\}", r"(views\.\w+)")
    .replace(r"\{segment\}", re.escape(SEGMENT).replace(r"\{position\}", r"\$(\d+)::bigint"))
    .replace(r"\{key\}", r"(\"\w+\")")
)
"""A look-up of the segment of a position that is among the values of a statement."""
SAME = "'{history}'::regclass::oid = ${place}::oid"
"""Whether a history is the table of which a segment is known."""
TAIL = "translate(encode(('@' || {position})::bytea, 'base64'), '=', '')"
"""What `id_tail` makes of a position."""


class At(NamedTuple):
    """The moment a selection is read at: SQL for a position and its ids' end, or none."""

    position: str | None = None
    tail: Json = ()
    """What the ids of this moment end with."""

    def table(self, table: Table[Any]) -> str:
        """Where the rows of a table are at this moment."""
        return _present(table) if self.position is None else f"({self._all(table)}{self._held(table)})"

    def places(self, table: Table[Any]) -> str:
        """The same, with the place of each row."""
        columns = f'{self._place(table)} AS "{PLACE}", {self._all(table).removeprefix("SELECT ")}'
        return f"(SELECT {columns}{self._held(table)})"

    def lying(self, table: Table[Any], place: str) -> str:
        """The row that lies in a place; OFFSET, since otherwise all rows may be read to find it."""
        return f"({self._all(table)} WHERE {self._place(table)} = {place} OFFSET 0)"

    def _all(self, table: Table[Any]) -> str:
        return _select(table, past=self.position is not None)

    def _place(self, table: Table[Any]) -> str:
        return f'"{table.name if self.position is None else table.history}".ctid'

    def _held(self, table: Table[Any]) -> str:
        """The condition that the rows of this moment meet, if not all of them do."""
        if self.position is None:
            return ""
        if table.log:
            return f" WHERE position <= {self.position}"
        names = {"history": f"{now(table)}_history", "key": f'"{table.key[0]}"'}
        return " WHERE " + HELD.format(**names, segment=SEGMENT.format(position=self.position), position=self.position)

    def recorded(self) -> str:
        """When the last event of this moment was recorded."""
        return f"(SELECT recorded_at FROM {CHANGES} WHERE position <= {self.position} ORDER BY position DESC LIMIT 1)"


PRESENT = At()


def at_position(position: Getter, placeholders: Placeholders) -> At:
    """The moment of a position among the values of a request."""
    tail = placeholders.bind(lambda request: id_tail(position(request)), "text")
    return At(placeholders.bind(position, "bigint"), (tail,))


def at_time(time: Getter, placeholders: Placeholders, name: str) -> tuple[At, str]:
    """The moment of a time among the values of a request; and the FROM item, of this name, that finds it."""

    def past(request: Request) -> datetime:
        found: datetime = time(request)
        if found > request.now():
            raise Unfit("a time to come")
        return found

    source = AT_TIME.format(time=placeholders.bind(past, "timestamptz"))
    position = f"{name}.position"
    return At(position, (TAIL.format(position=position),)), f"{source} AS {name}"


def told(sql: str, values: int) -> tuple[str, Sequence[Sought]]:
    """A statement of so many values, told the segments that it looks for as further ones; and which these are.

    The tables that these are known of come after each. HAVING, since with or without a FROM there is no row then if one
    of them is another: no answer.
    """
    places: dict[Sought, int] = {}

    def segment(match: re.Match[str]) -> str:
        sought = Sought(match[1], match[3], int(match[2]))
        return f"${places.setdefault(sought, values + 1 + 2 * len(places))}::int"

    text = LOOK_UP.sub(segment, sql)
    same = [SAME.format(history=each.history, place=place + 1) for each, place in places.items()]
    return f"{text} HAVING {' AND '.join(same)}" if same else text, tuple(places)
