"""How is one page of a list written in SQL: its items, its cursors, where it stands, how many there are?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

from graphql import GraphQLObjectType

from schema.compiled.bindings import Argument
from schema.compiled.columns import printed, quoted
from schema.compiled.moments import At
from schema.compiled.predicates import beyond, size_of
from schema.compiled.selections import Selected
from schema.connections import DEFAULT_SIZE, Cursors
from schema.statement import Order
from schema.views import View

if TYPE_CHECKING:
    from schema.compiled.compiler import Compiler

Given = Mapping[str, Argument]


class Wanted(NamedTuple):
    """The rows of a list: of which view, under which name, which of them, in which order, at which moment."""

    kind: type[View]
    alias: str
    tests: tuple[str, ...]
    order: tuple[Order, ...]
    at: At


class Chosen(NamedTuple):
    """An order as a caller chose it."""

    field: Any
    direction: Any


def chosen(argument: Argument | None) -> Chosen | None:
    """The order in an argument, if there is one."""
    return Chosen(**argument.value) if argument and argument.value else None


class Page:
    """One page of a list: the rows that its parts are made from."""

    def __init__(self, compiler: Compiler, wanted: Wanted, given: Given) -> None:
        self._compiler, placeholders = compiler, compiler.placeholders
        self._kind, self._alias, self._tests, self._order, self._at = wanted
        size, self._backwards = size_of(given.get("first"), given.get("last"), DEFAULT_SIZE)
        self._size = placeholders.bind(size, "bigint")
        flipped = tuple(each.flipped() for each in self._order)
        self._pages = list(self._tests)
        for name, way in (("after", self._order), ("before", flipped)):
            cursor = given.get(name)
            if cursor is not None and cursor.value is not None:
                self._pages.append(beyond(self._alias, self._kind.table, self._order, way, cursor, placeholders))
        self._way = flipped if self._backwards else self._order
        end = given.get("before" if self._backwards else "after")
        self._bounded = end is not None and end.value is not None

    def part(self, part: Selected) -> str:
        """One field of the connection, as an expression."""
        if part.name == "__typename":
            return f"'{part.parent.name}'::text"
        if part.name == "totalCount":
            return f"(SELECT count(*) FROM {self._at.source(self._kind)} AS {self._alias} WHERE {_all(self._tests)})"
        kind, fields = self._compiler.selections.beneath(part)
        if part.name == "nodes":
            return self._listed(
                self._compiler.objects(self._kind, self._rows(), self._alias, fields, self._at, self._by())
            )
        if part.name == "edges":
            return self._edges(kind, fields)
        return self._info(kind, fields)

    def _objects(self, rows: str, alias: str, fields: Mapping[str, Selected], by: str = "") -> str:
        return self._compiler.objects(self._kind, rows, alias, fields, self._at, by)

    def _rows(self, more: int = 0) -> str:
        """The rows of the page as a FROM item; `more` looks beyond its end."""
        limit = self._size if not more else f"{self._size} + {more}"
        where = f"WHERE {_all(self._pages)} ORDER BY {_by(self._alias, self._way)} LIMIT {limit}"
        return f"(SELECT {self._alias}.* FROM {self._at.source(self._kind)} AS {self._alias} {where})"

    def _edges(self, kind: GraphQLObjectType, fields: Mapping[str, Selected]) -> str:
        cells, joins = [], ""
        for key, each in fields.items():
            if each.name == "__typename":
                cells.append(f"'{kind.name}'::text AS {quoted(key)}")
            elif each.name == "cursor":
                cells.append(f"{self._cursor(self._alias)} AS {quoted(key)}")
            else:
                _, beneath = self._compiler.selections.beneath(each)
                row = self._compiler.objects(
                    self._kind, f"(SELECT {self._alias}.*)", self._compiler.alias(), beneath, self._at
                )
                name = f"n{len(cells)}_{self._alias}"
                joins += f" LEFT JOIN LATERAL (SELECT to_json(r) FROM ({row}) AS r) AS {name}(v) ON true"
                cells.append(f"{name}.v AS {quoted(key)}")
        return self._listed(f"SELECT {', '.join(cells)} FROM {self._rows()} AS {self._alias}{joins}{self._by()}")

    def _info(self, kind: GraphQLObjectType, fields: Mapping[str, Selected]) -> str:
        more = f"(SELECT count(*) FROM {self._rows(1)} AS {self._alias}) > {self._size}"
        bounded = str(self._bounded).lower()
        ends = {"start": self._order, "end": tuple(each.flipped() for each in self._order)}
        cells = {
            "__typename": f"'{kind.name}'::text",
            "hasNextPage": bounded if self._backwards else more,
            "hasPreviousPage": more if self._backwards else bounded,
            **{f"{end}Cursor": self._end(way) for end, way in ends.items()},
        }
        listed = ", ".join(f"{cells[each.name]} AS {quoted(key)}" for key, each in fields.items())
        return f"(SELECT to_json(r) FROM (SELECT {listed}) AS r)"

    def _end(self, way: Sequence[Order]) -> str:
        first = f"ORDER BY {_by(self._alias, way)} LIMIT 1"
        return f"(SELECT {self._cursor(self._alias)} FROM {self._rows()} AS {self._alias} {first})"

    def _cursor(self, alias: str) -> str:
        """The cursor of a row, as Cursors writes it."""
        table, order, placeholders = self._kind.table, self._order, self._compiler.placeholders
        inner = placeholders.bind(
            lambda r: Cursors(r.cursor_key, table, order).inner, "bytea", once=(table.name, order, 0)
        )
        outer = placeholders.bind(
            lambda r: Cursors(r.cursor_key, table, order).outer, "bytea", once=(table.name, order, 1)
        )
        hints = get_type_hints(table.row)
        parts = ", ".join(f"{printed(hints[each.column], _of(alias, each.column))}::text" for each in order)
        plain = f"convert_to(concat_ws(E'\\x1f', {parts}), 'UTF8')"
        tag = f"substring(sha256({outer} || sha256({inner} || {plain})) FROM 1 FOR 4)"
        return f"translate(encode({tag} || {plain}, 'base64'), E'+/=\\n', '-_')"

    def _by(self) -> str:
        return f" ORDER BY {_by(self._alias, self._order)}"

    @staticmethod
    def _listed(rows: str) -> str:
        return f"(SELECT coalesce(json_agg(r), '[]') FROM ({rows}) AS r)"


def _of(alias: str, column: str) -> str:
    return f'{alias}."{column}"'


def _by(alias: str, order: Sequence[Order]) -> str:
    return ", ".join(f"{_of(alias, each.column)} {'DESC' if each.descending else 'ASC'}" for each in order)


def _all(tests: Sequence[str]) -> str:
    return " AND ".join(tests) or "true"
