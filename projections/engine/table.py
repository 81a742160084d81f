"""Which table keeps the rows of a view, and where does one read it: now, or as of a position?

Current rows stand in `X`, all versions in `X_history`. History is cut into segments of 2^segment_bits positions; each
opens with a keyframe, a copy of all rows of that moment, and a row still open at its end keeps OPEN as `to_position`.
So the past is read from one segment, by indexes that begin with it, as quickly as the present.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from psycopg import sql

from projections.engine.row import Column, Key, LogRow, Row, columns_of, to_values

R = TypeVar("R", bound=Row)
Index = tuple[str, ...]

OPEN = 2**63 - 1
"""The `to_position` of a version that still holds."""
RESERVED = frozenset({"segment", "from_position", "to_position"})


class Layout(NamedTuple):
    """In which schema a set of views stands, and how long the segments of its history are."""

    schema: str = "views"
    segment_bits: int = 12

    def beside(self, suffix: str) -> Layout:
        """The same views in another schema."""
        return self._replace(schema=f"{self.schema}_{suffix}")

    def segment(self, position: int) -> int:
        """The segment that a position lies in."""
        return position >> self.segment_bits

    def start(self, segment: int) -> int:
        """The first position of a segment."""
        return segment << self.segment_bits

    def name(self, table: str) -> sql.Identifier:
        """A table's full name."""
        return sql.Identifier(self.schema, table)


VIEWS = Layout()


class Source(NamedTuple):
    """A FROM item without an alias, and the values of its named parameters."""

    sql: sql.Composable
    parameters: dict[str, int]


class Table(Generic[R]):
    """The declaration of a table: what its rows are, what tells them apart, how they are looked for."""

    def __init__(self, name: str, row: type[R], key: Index, indexes: tuple[Index, ...], log: bool) -> None:
        self.name, self.row, self.key, self.indexes, self.log = name, row, key, indexes, log
        self.columns = columns_of(row)
        self.values = to_values(self.columns)
        _check(self)

    def __repr__(self) -> str:
        return f"Table({self.name})"

    @cached_property
    def column(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.column)

    @property
    def history(self) -> str:
        """The name of the table that keeps the versions."""
        return f"{self.name}_history"

    @property
    def declaration(self) -> tuple[object, ...]:
        """All of it that PostgreSQL sees: when this changes, the table is another one."""
        return (self.name, self.columns, self.key, self.indexes, self.log)

    def key_of(self, row: R) -> Key:
        """What tells this row from the others."""
        return tuple([getattr(row, name) for name in self.key])  # a list: half the time of a generator

    def source(self, position: int | None = None, layout: Layout = VIEWS) -> Source:
        """Where to read the rows now, or as of a position: the same columns, in the same order.

        The text is the same for every position, which must not be beyond the projection's own.
        """
        if position is None:
            return Source(layout.name(self.name), {})
        columns = sql.SQL(", ").join(map(sql.Identifier, self.names))
        if self.log:
            return Source(LOG_AS_OF.format(columns=columns, log=layout.name(self.name)), {"position": position})
        past = HISTORY_AS_OF.format(columns=columns, history=layout.name(self.history))
        return Source(past, {"position": position, "segment": layout.segment(position)})


LOG_AS_OF = sql.SQL("(SELECT {columns} FROM {log} WHERE position <= %(position)s)")
HISTORY_AS_OF = sql.SQL(
    "(SELECT {columns} FROM {history}"
    " WHERE segment = %(segment)s AND from_position <= %(position)s AND to_position > %(position)s)"
)


def table(
    name: str, *, key: Index = (), indexes: tuple[Index, ...] = (), log: bool = False
) -> Callable[[type[R]], type[R]]:
    """Declare which table keeps a row type. A log's rows need no key: their position and ordinal tell them apart.

    An index over one array column serves the search within arrays (GIN), any other the order of its columns.
    Raises TypeError when key or indexes do not fit the columns.
    """

    def declare(row: type[R]) -> type[R]:
        row.table = Table(name, row, ("position", "ordinal") if log else key, indexes, log)
        return row

    return declare


def _check(table: Table[R]) -> None:
    if table.log and not issubclass(table.row, LogRow):
        raise TypeError(f"{table.name}: the rows of a log are LogRows")
    missing = {name for names in (table.key, *table.indexes) for name in names} - set(table.names)
    if missing:
        raise TypeError(f"{table.name}: key or index of unknown columns {sorted(missing)}")
    if not table.key or any(table.column[name].nullable for name in table.key):
        raise TypeError(f"{table.name}: a key needs columns, none of them nullable")
    if RESERVED.intersection(table.names):
        raise TypeError(f"{table.name}: {sorted(RESERVED)} are the history's own columns")
