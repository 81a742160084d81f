"""How is one page of a list written in SQL: its items, its cursors, where it stands, how many there are?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

from graphql import GraphQLObjectType

from schema.compiled.bindings import Argument
from schema.compiled.columns import plain
from schema.compiled.moments import At
from schema.compiled.predicates import beyond, size_of
from schema.compiled.selections import Selected
from schema.compiled.texts import Json, Known, list_of, named, object_of, optional, quoted, sql
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

    def part(self, part: Selected) -> Json:
        """One field of the connection."""
        if part.name == "__typename":
            return named(part.parent.name)
        if part.name == "totalCount":
            where = f"{self._at.source(self._kind)} AS {self._alias} WHERE {_all(self._tests)}"
            return (f"(SELECT count(*) FROM {where})::text",)
        kind, fields = self._compiler.selections.beneath(part)
        if part.name == "nodes":
            return list_of(self._rows(f"{sql(self._object(fields))} AS v"))
        if part.name == "edges":
            return list_of(self._rows(f"{sql(self._edge(kind, fields))} AS v"))
        return self._info(kind, fields)

    def _object(self, fields: Mapping[str, Selected]) -> Json:
        return self._compiler.object(self._kind, self._alias, fields, self._at)

    def _rows(self, wanted: str) -> str:
        """A statement for something of each row of the page, in the order of the list."""
        if not self._backwards:
            return self._cut(wanted)
        return f"SELECT {wanted} FROM ({self._cut(f'{self._alias}.*')}) AS {self._alias}{_by(self._alias, self._order)}"

    def _cut(self, wanted: str, more: str = "") -> str:
        """The same, in the order by which the page is cut off; `more` looks beyond its end."""
        where = f"{self._at.source(self._kind)} AS {self._alias} WHERE {_all(self._pages)}"
        return f"SELECT {wanted} FROM {where}{_by(self._alias, self._way)} LIMIT {self._size}{more}"

    def _edge(self, kind: GraphQLObjectType, fields: Mapping[str, Selected]) -> Json:
        members: dict[str, Json] = {}
        for key, each in fields.items():
            if each.name == "__typename":
                members[key] = named(kind.name)
            elif each.name == "cursor":
                members[key] = quoted(self._cursor(self._alias))
            else:
                _, beneath = self._compiler.selections.beneath(each)
                members[key] = self._object(beneath)
        return object_of(members)

    def _info(self, kind: GraphQLObjectType, fields: Mapping[str, Selected]) -> Json:
        more: Json = (f"((SELECT count(*) FROM ({self._cut('1', ' + 1')}) AS r) > {self._size})::text",)
        bounded: Json = (Known(str(self._bounded).lower()),)
        parts = {
            "__typename": named(kind.name),
            "hasNextPage": bounded if self._backwards else more,
            "hasPreviousPage": more if self._backwards else bounded,
            "startCursor": self._end(self._order),
            "endCursor": self._end(tuple(each.flipped() for each in self._order)),
        }
        return object_of({key: parts[each.name] for key, each in fields.items()})

    def _end(self, way: Sequence[Order]) -> Json:
        """The cursor of the row of the page that comes first, going this way."""
        rows = f"({self._cut(f'{self._alias}.*')}) AS {self._alias}"
        return optional(quoted(f"(SELECT {self._cursor(self._alias)} FROM {rows}{_by(self._alias, way)} LIMIT 1)"))

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
        parts = ", ".join(plain(hints[each.column], _of(alias, each.column)) for each in order)
        row = f"convert_to(concat_ws(E'\\x1f', {parts}), 'UTF8')"
        tag = f"substring(sha256({outer} || sha256({inner} || {row})) FROM 1 FOR 4)"
        return f"translate(encode({tag} || {row}, 'base64'), E'+/=\\n', '-_')"


def _of(alias: str, column: str) -> str:
    return f'{alias}."{column}"'


def _by(alias: str, order: Sequence[Order]) -> str:
    columns = (f"{_of(alias, each.column)} {'DESC' if each.descending else 'ASC'}" for each in order)
    return f" ORDER BY {', '.join(columns)}"


def _all(tests: Sequence[str]) -> str:
    return " AND ".join(tests) or "true"
