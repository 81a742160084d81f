"""Where are the rows of a table, now or at a moment of the past?"""

from __future__ import annotations

from typing import Any, NamedTuple

from projections.engine.table import Table
from schema.compiled.predicates import now
from schema.views import View


class At(NamedTuple):
    """The moment a selection is read at: the placeholders of a position, its segment and its ids' end, or none."""

    position: str | None = None
    segment: str | None = None
    tail: str = "''"
    """What the ids of this moment end with."""

    def source(self, kind: type[View]) -> str:
        """Where the rows of a view are at this moment."""
        return self.table(kind.table)

    def table(self, table: Table[Any]) -> str:
        """Where the rows of a table are at this moment."""
        if self.position is None:
            return now(table)
        columns = ", ".join(f'"{name}"' for name in table.names)
        if table.log:
            return f"(SELECT {columns} FROM {now(table)} WHERE position <= {self.position})"
        held = f"segment = {self.segment} AND from_position <= {self.position} AND to_position > {self.position}"
        return f"(SELECT {columns} FROM {now(table)}_history WHERE {held})"


PRESENT = At()
