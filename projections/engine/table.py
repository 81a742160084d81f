"""Which table keeps the rows of a view, and where does one read it: now, or as of a position?

Current rows stand in `X`, all versions in `X_history`. History is cut into segments; each opens with a keyframe, a copy
of all rows of that moment, and a row still open at its end keeps OPEN as `to_position`. So the past is read from one
segment, by indexes that begin with it, as quickly as the present. A segment may begin after every 2^segment_bits
positions, and does in a table that changed enough since its last one: no past is read from many more rows than it has,
and what hardly changes is hardly copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from typing import Generic, LiteralString, NamedTuple, TypeVar

from psycopg import sql

from projections.engine.row import Column, Key, LogRow, Row, columns_of, to_values

R = TypeVar("R", bound=Row)
Index = tuple[str, ...]

OPEN = 2**63 - 1
"""The `to_position` of a version that still holds."""
RESERVED = frozenset({"segment", "from_position", "to_position"})
ENDINGS = ("_history", "_version", "_standing")
"""What the tables beside a view's own are called by: another view's name may not look like one of them."""


class Layout(NamedTuple):
    """In which schema a set of views stands, and how long the segments of its history are at least."""

    schema: str = "views"
    segment_bits: int = 11

    def beside(self, suffix: str) -> Layout:
        """The same views in another schema."""
        return self._replace(schema=f"{self.schema}_{suffix}")

    def segment(self, position: int) -> int:
        """The last segment that may have begun before a position."""
        return (position - 1) >> self.segment_bits

    def start(self, segment: int) -> int:
        """The last position before a segment, which is that of its keyframe."""
        return segment << self.segment_bits

    def name(self, table: str) -> sql.Identifier:
        """A table's full name."""
        return sql.Identifier(self.schema, table)


VIEWS = Layout()


class Source(NamedTuple):
    """A FROM item without an alias, or a condition, and the values of its named parameters."""

    sql: sql.Composable
    parameters: dict[str, int | date]


class Table(Generic[R]):
    """The declaration of a table: what its rows are, what tells them apart, how they are looked for."""

    def __init__(
        self, name: str, row: type[R], key: Index, indexes: tuple[Index, ...], log: bool, dated: str | None = None
    ) -> None:
        self.name, self.row, self.key, self.indexes, self.log, self.dated = name, row, key, indexes, log, dated
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

    def source(self, position: int | None = None, layout: Layout = VIEWS, on: date | None = None) -> Source:
        """Where to read the rows now, or as of a position: the same columns, in the same order.

        The text is the same for every position, which must not be beyond the projection's own. With `on`, only what
        had happened by that day; raises ValueError when the rows are not dated.
        """
        past = position is not None and not self.log
        conditions = [*self._recorded(position, layout), *self._happened(on)]
        if not conditions:
            return Source(layout.name(self.name), {})
        rows = ROWS.format(
            columns=sql.SQL(", ").join(map(sql.Identifier, self.names)),
            table=layout.name(self.history if past else self.name),
            conditions=sql.SQL(" AND ").join(each.sql for each in conditions),
        )
        return Source(rows, {name: value for each in conditions for name, value in each.parameters.items()})

    def _recorded(self, position: int | None, layout: Layout) -> Iterator[Source]:
        if position is not None:
            if self.log:
                yield Source(LOGGED, {"position": position})
            else:
                held = sql.SQL(HELD).format(history=layout.name(self.history), segment=SEGMENT, position=POSITION)
                yield Source(held, {"position": position, "segment": layout.segment(position)})

    def _happened(self, on: date | None) -> Iterator[Source]:
        if on is not None:
            if self.dated is None:
                raise ValueError(f"{self.name}: its rows have no day on which they happened")
            yield Source(HAPPENED.format(sql.Identifier(self.dated)), {"on": on})


ROWS = sql.SQL("(SELECT {columns} FROM {table} WHERE {conditions})")
SEGMENT, POSITION = sql.Placeholder("segment"), sql.Placeholder("position")
LOGGED = sql.SQL("position <= %(position)s")
HELD: LiteralString = (
    "segment = (SELECT max(segment) FROM {history} WHERE segment <= {segment})"
    " AND from_position <= {position} AND to_position > {position}"
)
"""Which versions held at a position; `segment` is the last one that may have begun before it."""
HAPPENED = sql.SQL("{} <= %(on)s")


def table(
    name: str, *, key: Index = (), indexes: tuple[Index, ...] = (), log: bool = False, dated: str | None = None
) -> Callable[[type[R]], type[R]]:
    """Declare which table keeps a row type. A log's rows need no key: their position and ordinal tell them apart.

    An index over one array column serves the search within arrays (GIN), any other the order of its columns.
    `dated` names the column with the day on which the fact of a row happened; such rows, and sums that have the day
    among their key, can be asked for by effective date. Whatever is learnt of such a fact later, counts from that day.
    Raises TypeError when key, indexes or day do not fit the columns.
    """

    def declare(row: type[R]) -> type[R]:
        row.table = Table(name, row, ("position", "ordinal") if log else key, indexes, log, dated)
        return row

    return declare


def _check(table: Table[R]) -> None:
    if table.name.endswith(ENDINGS):
        raise TypeError(f"{table.name}: {ENDINGS} end the names of the engine's own tables")
    if table.log and not issubclass(table.row, LogRow):
        raise TypeError(f"{table.name}: the rows of a log are LogRows")
    missing = {name for names in (table.key, *table.indexes) for name in names} - set(table.names)
    if missing:
        raise TypeError(f"{table.name}: key or index of unknown columns {sorted(missing)}")
    if not table.key or any(table.column[name].nullable for name in table.key):
        raise TypeError(f"{table.name}: a key needs columns, none of them nullable")
    if table.dated is not None and (
        table.dated not in table.column or table.column[table.dated][1:] != ("date", False)
    ):
        raise TypeError(f"{table.name}: {table.dated} is no day that every row has")
    if RESERVED.intersection(table.names):
        raise TypeError(f"{table.name}: {sorted(RESERVED)} are the history's own columns")
