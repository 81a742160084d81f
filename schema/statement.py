"""How is a question about rows put to PostgreSQL: now or at a past position, the same shape?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, LiteralString, NamedTuple

from psycopg.sql import SQL, Composable, Identifier, Placeholder

from projections.engine.table import Table
from schema.errors import BadInput

Predicate = Callable[["Values"], Composable]
"""A condition on the columns of rows; it binds its values to placeholders of the statement it becomes part of."""


NOT_DATED = (
    "此处没有按生效日期的数据，请去掉 effectiveOn | "
    "This is known as recorded only: leave effectiveOn out, or ask for single records and for dated facts"
)


class Order(NamedTuple):
    """A column to sort by."""

    column: str
    descending: bool = False

    def flipped(self) -> Order:
        """The same, from the other end."""
        return Order(self.column, not self.descending)


class Values(dict[str, Any]):
    """The named values of one statement, and how far into the past it looks.

    `reads` are the tables that it reads as of a position, which their projections must have reached.
    """

    rows: LiteralString = "t"
    """What the rows are called that conditions speak of."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given or {})
        self.reads: dict[str, int] = {}

    def source(self, table: Table[Any], position: int | None = None, on: date | None = None) -> Composable:
        """Where the rows of a table are at a moment, its values bound.

        Raises BadInput when they are asked for by effective date but are not dated.
        """
        if on is not None and table.dated is None:
            raise BadInput(NOT_DATED)
        if position is not None:
            assert self.get("position", position) == position, "a statement speaks of one moment"
            self.reads[table.name] = position
        found, named = table.source(position, on=on)
        self.update(named)
        return found

    def column(self, name: str) -> Composable:
        """A column of the rows."""
        return Identifier(self.rows, name)

    def bind(self, value: Any) -> Composable:
        """A new placeholder for a value; what is SQL already stands as it is.

        Raises BadInput for text that PostgreSQL cannot hold.
        """
        if isinstance(value, Composable):
            return value
        for text in value if isinstance(value, list | tuple) else (value,):
            if isinstance(text, str) and ("\0" in text or (not text.isprintable() and not _encodable(text))):
                raise BadInput("文本含有不允许的字符 | The text holds characters that cannot be stored")
        name = f"v{len(self)}"
        self[name] = list(value) if isinstance(value, tuple) else value  # psycopg takes a tuple for a row
        return Placeholder(name)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Statement(NamedTuple):
    """SQL with its named values."""

    sql: Composable
    values: Values


@dataclass(frozen=True)
class Select:
    """Rows of one view at one moment; with `parents`, those of each parent, each with its own limit.

    `parents` are a column and the values it is to have; `on` is the effective date up to which dated rows count.
    """

    table: Table[Any]
    position: int | None = None
    where: tuple[Predicate, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    parents: tuple[str, Sequence[Any]] | None = None
    on: date | None = None

    def matching(self, *predicates: Predicate) -> Select:
        """The same question with more conditions."""
        return replace(self, where=(*self.where, *predicates))

    def rows(self) -> Statement:
        """The rows; of each parent, with its value as the first column."""
        values = Values()
        columns = SQL(", ").join(values.column(name) for name in self.table.names)
        if self.parents is None:
            return Statement(self.part(columns, values), values)
        column, keys = self.parents
        each = self.matching(equals(column, Identifier("p", "parent"))).part(columns, values)
        lateral = SQL("SELECT p.parent, c.* FROM unnest({}) AS p(parent) CROSS JOIN LATERAL ({}) AS c")
        return Statement(lateral.format(values.bind(list(keys)), each), values)

    def count(self) -> Statement:
        """How many rows there are in all; with `parents`, for each that has any."""
        values = Values()
        if self.parents is None:
            return Statement(self.all(SQL("count(*)"), values), values)
        column, keys = self.parents
        by = values.column(column)
        counted = self.matching(among(column, keys)).all(SQL("{}, count(*)").format(by), values)
        return Statement(SQL("{} GROUP BY {}").format(counted, by), values)

    def sums(self, columns: Sequence[str], by: Sequence[str] = ()) -> Statement:
        """The number of rows and the sums of columns, in all or for each group; groups in their order."""
        values = Values()
        groups = [values.column(name) for name in by]
        summed = [SQL("coalesce(sum({}), 0)").format(values.column(name)) for name in columns]
        found = self.all(SQL(", ").join([*groups, SQL("count(*)"), *summed]), values)
        grouped = SQL(" GROUP BY {0} ORDER BY {0}").format(SQL(", ").join(groups)) if groups else SQL("")
        return Statement(found + grouped, values)

    def part(self, columns: Composable, values: Values) -> Composable:
        """These columns of the rows, in their order and up to their limit."""
        found = SQL("{}{}").format(self.all(columns, values), ordering(self.order, values))
        return found if self.limit is None else SQL("{} LIMIT {}").format(found, values.bind(self.limit))

    def source(self, values: Values) -> Composable:
        """Where the rows are."""
        return values.source(self.table, self.position, self.on)

    def all(self, columns: Composable, values: Values) -> Composable:
        """These columns of all rows, in no order."""
        source = self.source(values)
        condition = SQL(" AND ").join(each(values) for each in self.where) if self.where else SQL("true")
        return SQL("SELECT {} FROM {} AS {} WHERE {}").format(columns, source, SQL(values.rows), condition)


def ordering(order: Sequence[Order], values: Values) -> Composable:
    """The ORDER BY clause, with its leading blank."""
    if not order:
        return SQL("")
    parts = [SQL("{} {}").format(values.column(o.column), SQL("DESC" if o.descending else "ASC")) for o in order]
    return SQL(" ORDER BY ") + SQL(", ").join(parts)


def compares(operation: str, column: str, value: Any) -> Predicate:
    """The column stands to this value as the operation says, such as `{} = {}`."""
    return lambda values: SQL(operation).format(values.column(column), values.bind(value))


def equals(column: str, value: Any) -> Predicate:
    """The column has this value."""
    return compares("{} = {}", column, value)


def among(column: str, options: Sequence[Any]) -> Predicate:
    """The column has one of these values."""
    return compares("{} = ANY({})", column, [str(o) if isinstance(o, StrEnum) else o for o in options])


def after(order: Sequence[Order], row: Sequence[Any]) -> Predicate:
    """The row comes after the one with these values in this order."""

    def condition(values: Values) -> Composable:
        steps = []
        for last, (by, _) in enumerate(zip(order, row, strict=True)):
            equal = [equals(each.column, row[n])(values) for n, each in enumerate(order[:last])]
            beyond = compares("{} < {}" if by.descending else "{} > {}", by.column, row[last])(values)
            steps.append(SQL("({})").format(SQL(" AND ").join([*equal, beyond])))
        return SQL("({})").format(SQL(" OR ").join(steps))

    return condition
