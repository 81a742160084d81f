"""What stands in for a request while the ordinary path's own functions make a statement for many requests?

They narrow, sort and cut lists, and say what may be read, with whatever values they are given: with getters as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache, reduce
from operator import getitem
from typing import Any

from psycopg.sql import SQL, Composable

from projections.engine.table import Table
from schema.compiled.bindings import Placeholders, Seen, decides
from schema.compiled.moments import PRESENT, At
from schema.context import Reach, Reading
from schema.moment import Moment
from schema.names import camel
from schema.statement import Values
from schema.views import View
from service.domain.roles import Role


def variable(value: Any, *path: str) -> Any:
    """What stands in for a variable, or for a field of one: its getter, but for what decides of the plan."""
    if isinstance(value, Mapping):
        return {name: variable(each, *path, name) for name, each in value.items()}
    return value if decides(value) else Seen(value, lambda request: reduce(getitem, path, request.variables))


def present(value: Any) -> Any:
    """A value as the plan is made with it."""
    return value.value if isinstance(value, Seen) else value


class Given:
    """Arguments, or the fields of an input object, by their Python names; None for those that were left out."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        found = self._fields.get(camel(name.rstrip("_")))
        return Given(found) if isinstance(found, Mapping) else found

    def __iter__(self) -> Iterator[str]:
        """The names of those that were not left out, as GraphQL has them."""
        return (name for name, value in self._fields.items() if value is not None)


class Viewer(Reading):
    """Whoever reads as far as somebody does, so far as a statement depends on it: divisions and chambers are told."""

    @classmethod
    def like(cls, reading: Reading) -> Viewer:
        """Whoever reads as far as this."""
        codes: Any = None if reading.codes is None else Seen(reading.codes, lambda request: request.reading.codes)
        return cls(*reading)._replace(codes=codes)

    def reach(self, roles: Collection[Role]) -> Reach:
        """How far the grants of these roles reach."""
        return Reach(_reached(tuple(roles), "codes"), _reached(tuple(roles), "chambers"))


@cache
def _reached(roles: tuple[Role, ...], part: str) -> Any:
    return lambda request: getattr(request.reading.reach(roles), part)


class Row(Values):
    """A row of a view under its name in a statement, and what stands in there for values: their placeholders."""

    def __init__(self, kind: type[View], at: At, placeholders: Placeholders, name: str) -> None:
        super().__init__()
        self.kind, self.at, self._placeholders, self.rows = kind, at, placeholders, name
        position: Any = at
        self.moment = Moment(position)

    def source(self, table: Table[Any], position: Any = None, on: date | None = None) -> Composable:
        """Where the rows of a table are: at a moment, which stands in for a position, or now."""
        at: At = position or PRESENT
        return text(at.table(table))

    def bind(self, value: Any) -> Composable:
        """The placeholder of a value or of a getter; what is SQL already stands as it is."""
        return value if isinstance(value, Composable) else text(self._placeholders.bind(value))

    def column(self, name: str) -> Composable:
        """A column of the row."""
        return text(self.sql(name))

    def sql(self, column: str) -> str:
        """The same as text."""
        return f'{self.rows}."{column}"'


class Placed(Row):
    """A row that is looked for: by which columns, and where it lies."""

    def source(self, table: Table[Any], position: Any = None, on: date | None = None) -> Composable:
        """Where the rows of a table are: with their places, if they are the row's own."""
        at: At = position or PRESENT
        return text(at.places(table) if (table, at) == (self.kind.table, self.at) else at.table(table))

    @classmethod
    def of(cls, row: Row) -> Placed:
        """The same row while it is looked for, under a name of its own."""
        return cls(row.kind, row.at, row._placeholders, f"{row.rows}p")


def text(sql: str) -> Composable:
    """What the compiler wrote, for the ordinary path's functions to put together."""
    return SQL(sql)
