"""Which table keeps the rows of a view, and where does one read it: now, or as of a position?

Current rows stand in `X`, all versions in `X_history`. History is cut into segments; each opens with a keyframe, a copy
of all rows of that moment, and a row still open at its end keeps OPEN as `to_position`. So the past is read from one
segment, by indexes that begin with it, as quickly as the present. A segment may begin after every 2^segment_bits
positions, and does in a table that changed enough since its last one: no past is read from many more rows than it has,
and what hardly changes is hardly copied. Columns that seldom change, and are long or hardly asked for, may stand apart,
in `X_content`: once for all versions that have the same, which name it by `content_id`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, Generic, LiteralString, NamedTuple, TypeVar

from psycopg import sql

from projections.engine.row import CONTENT_ID, UUID_TYPE, Column, Key, LogRow, Row, columns_of, laid, picker, to_cells

R = TypeVar("R", bound=Row)
Index = tuple[str, ...]

OPEN = 2**63 - 1
"""The `to_position` of a version that still holds."""
RESERVED = frozenset({"segment", "from_position", "to_position", CONTENT_ID.name})
ENDINGS = ("_history", "_content", "_version", "_standing")
"""What the tables beside a view's own are called by: another view's name may not look like one of them."""


class Layout(NamedTuple):
    """In which schema a set of views stands, and how long the segments of its history are at least."""

    schema: str = "views"
    segment_bits: int = 10

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
        self,
        name: str,
        row: type[R],
        key: Index,
        indexes: tuple[Index, ...],
        log: bool,
        dated: str | None = None,
        apart: Index = (),
        seldom: Index = (),
    ) -> None:
        self.name, self.row, self.key, self.indexes, self.log, self.dated = name, row, key, indexes, log, dated
        self.seldom = seldom
        """The columns in which most values that are looked for are found in no row, or in one."""
        self.columns = columns_of(row)
        self.apart = tuple(column for column in self.columns if column.name in apart)
        """The columns that stand apart."""
        self.own = tuple(column for column in self.columns if column.name not in apart)
        """The columns of the table itself, but for the one that tells what stands apart."""
        _check(self, apart)
        self.cells, self.apart_cells = to_cells(row, self.own), to_cells(row, self.apart)
        self.key_of: Callable[[R], Key] = picker(key)
        """What tells this row from the others."""

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
    def content(self) -> str:
        """The name of the table that keeps what stands apart, if anything does."""
        return f"{self.name}_content"

    @property
    def stored(self) -> dict[str, tuple[Column, ...]]:
        """All tables that keep these rows, and their columns, but for those that say when a version held."""
        if not self.apart:
            return dict.fromkeys((self.name,) if self.log else (self.name, self.history), self.columns)
        kept = (*self.own, CONTENT_ID)
        return {self.name: kept, self.history: kept, self.content: (CONTENT_ID, *self.apart)}

    @property
    def declaration(self) -> tuple[object, ...]:
        """All of it that PostgreSQL sees: when this changes, the table is another one."""
        apart = [("apart", *(column.name for column in self.apart))] if self.apart else []
        seldom = [("seldom", *self.seldom)] if self.seldom else []
        return (self.name, laid(self.columns, self.key), self.key, self.indexes, self.log, *apart, *seldom)

    def order(self, names: Index) -> Callable[[R], Any]:
        """By what to sort rows as PostgreSQL would order these columns, but for those that may hold nulls."""
        columns = [self.column[name] for name in names if not self.column[name].nullable]
        # A UUID's own comparison and hash are Python's.
        return attrgetter(*(column.name + ".int" * (column.type == UUID_TYPE) for column in columns))

    def sorts(self, columns: Sequence[str]) -> bool:
        """Whether an index, within a segment too, has all rows in the order of these columns."""
        return any(index[: len(columns)] == tuple(columns) for index in (self.key, *self.indexes))

    def source(self, position: int | None = None, layout: Layout = VIEWS, on: date | None = None) -> Source:
        """Where to read the rows now, or as of a position: the same columns, in the same order.

        The text is the same for every position, which must not be beyond the projection's own. With `on`, only what
        had happened by that day; raises ValueError when the rows are not dated.
        """
        conditions = [*self._recorded(position, layout), *self._happened(on)]
        rows = self.rows(layout, [each.sql for each in conditions], past=position is not None)
        return Source(rows, {name: value for each in conditions for name, value in each.parameters.items()})

    def rows(self, layout: Layout, conditions: Sequence[sql.Composable], *, past: bool) -> sql.Composable:
        """A FROM item without an alias: the present rows, or all that ever were, that meet the conditions.

        With their columns as declared: a table keeps them in another order.
        """
        where = sql.SQL(" WHERE ") + sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("")
        return sql.SQL("({}{})").format(self.select(layout, past=past), where)

    def select(self, layout: Layout, *, past: bool) -> sql.Composable:
        """A statement, as yet without conditions, that finds the present rows, or all that ever were."""
        table: sql.Composable = layout.name(self.history if past and not self.log else self.name)
        if self.apart:
            table = TOGETHER.format(table=table, content=layout.name(self.content), content_id=_identifier(CONTENT_ID))
        return SELECT.format(columns=sql.SQL(", ").join(map(_identifier, self.columns)), table=table)

    def _recorded(self, position: int | None, layout: Layout) -> Iterator[Source]:
        if position is not None:
            if self.log:
                yield Source(LOGGED, {"position": position})
            else:
                names = {"history": layout.name(self.history), "key": sql.Identifier(self.key[0])}
                held = sql.SQL(HELD).format(**names, segment=SEGMENT, position=POSITION)
                yield Source(held, {"position": position, "segment": layout.segment(position)})

    def _happened(self, on: date | None) -> Iterator[Source]:
        if on is not None:
            if self.dated is None:
                raise ValueError(f"{self.name}: its rows have no day on which they happened")
            yield Source(HAPPENED.format(sql.Identifier(self.dated)), {"on": on})


TOGETHER = sql.SQL("{table} LEFT JOIN {content} USING ({content_id})")
"""A LEFT JOIN, since PostgreSQL leaves that out where none of the columns apart is asked for."""
SELECT = sql.SQL("SELECT {columns} FROM {table}")
SEGMENT, POSITION = sql.Placeholder("segment"), sql.Placeholder("position")
LOGGED = sql.SQL("position <= %(position)s")
BEGUN: LiteralString = (
    "(SELECT segment FROM {history} WHERE segment <= {segment} ORDER BY segment DESC, {key} DESC LIMIT 1)"
)
"""The last segment that had begun by a position; `segment` is the last that may have. With the key it is found in the
index of the key, of which a page holds fewer entries than of one whose values recur: all of it is looked at."""
HELD: LiteralString = f"segment = {BEGUN} AND from_position <= {{position}} AND to_position > {{position}}"
"""Which versions held at a position."""
HAPPENED = sql.SQL("{} <= %(on)s")


def table(
    name: str,
    *,
    key: Index = (),
    indexes: tuple[Index, ...] = (),
    log: bool = False,
    dated: str | None = None,
    apart: Index = (),
    seldom: Index = (),
) -> Callable[[type[R]], type[R]]:
    """Declare which table keeps a row type. A log's rows need no key: their position and ordinal tell them apart.

    An index over one array column serves the search within arrays (GIN), any other the order of its columns; one over
    no column, in the history alone, whoever looks at all rows of a moment.
    `dated` names the column with the day on which the fact of a row happened; such rows, and sums that have the day
    among their key, can be asked for by effective date. Whatever is learnt of such a fact later, counts from that day.
    `apart` names columns that seldom change, to be kept once for all versions that have the same: what is read of rows
    that are sorted or narrowed is then less.
    `seldom` names columns that indexes begin with, of whose values most that are looked for are found in no row or one.
    Raises TypeError when key, indexes, day, what stands apart or what is found seldom do not fit the columns.
    """

    def declare(row: type[R]) -> type[R]:
        row.table = Table(name, row, ("position", "ordinal") if log else key, indexes, log, dated, apart, seldom)
        return row

    return declare


def _identifier(column: Column) -> sql.Identifier:
    return sql.Identifier(column.name)


def _check(table: Table[R], apart: Index) -> None:
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
    heads = {name for index in table.indexes for name in index[:1]}
    if not heads >= set(table.seldom) or (table.log and table.seldom):
        raise TypeError(f"{table.name}: {table.seldom} are not what an index of a history begins with")
    looked_for = {*chain(table.key, *table.indexes), table.dated}
    if apart and (table.log or not set(table.names) - looked_for >= set(apart)):
        raise TypeError(f"{table.name}: {apart} cannot stand apart: not in a log, nor what rows are looked for by")
