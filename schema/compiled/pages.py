"""How is one page of a list written in SQL: its items, its cursors, where it stands, how many there are?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from psycopg.sql import Composable

from projections.engine.table import Table
from schema.compiled.bindings import Getter, getter
from schema.compiled.columns import hints_of, plain
from schema.compiled.moments import PLACE
from schema.compiled.selections import Selected, members
from schema.compiled.stand_ins import Given, Placed, Row, present, text
from schema.compiled.texts import Json, Known, list_of, optional, quoted, sql
from schema.connections import PageArguments, cursors, window
from schema.statement import Order, Select, ordering

if TYPE_CHECKING:
    from schema.compiled.compiler import Compiler

Way = tuple[Order, ...]


class Page:
    """One page of a list: the rows that its parts are made from. There is none of BadInput.

    With `scattered`, many rows may have to be looked at for it.
    """

    def __init__(self, compiler: Compiler, select: Select, given: Given, row: Row, *, scattered: bool) -> None:
        self._compiler, self._row, self._all = compiler, row, select
        arguments = PageArguments(present(given.first), given.after, present(given.last), given.before)
        self._window = window(select, arguments, self._marked)
        self._rows = replace(self._window.select, limit=self._window.size)
        self._sorted = scattered and _is_sorted(select)

    def part(self, part: Selected) -> Json:
        """One field of the connection."""
        if part.name == "totalCount":
            return (f"({self._all.all(text('count(*)'), self._row).as_string()})::text",)
        fields = self._compiler.selections.beneath(part)
        if part.name == "pageInfo":
            return members(fields, self._info)
        item = self._node(fields) if part.name == "nodes" else members(fields, self._side)
        return list_of(self._each(sql(item), self._all.order))

    def _node(self, fields: Mapping[str, Selected]) -> Json:
        return self._compiler.object(fields, self._row)

    def _side(self, each: Selected) -> Json:
        """The one or the other side of an edge."""
        return quoted(self._cursor()) if each.name == "cursor" else self._node(self._compiler.selections.beneath(each))

    def _each(self, wanted: str, way: Way) -> str:
        """A statement for something of each row of the page, called `v`, going this way."""
        if self._sorted and self._is_far(wanted):
            return self._each_by_place(wanted, way)
        if way == self._rows.order:
            return self._rows.part(text(f"{wanted} AS v"), self._row).as_string()
        cut = self._rows.part(text(f"{self._row.rows}.*"), self._row).as_string()
        return f"SELECT {wanted} AS v FROM ({cut}) AS {self._row.rows}{ordering(way, self._row).as_string()}"

    def _is_far(self, wanted: str) -> bool:
        """Whether it is slow to read what is wanted of every row that has to be sorted.

        In the past there are more of them than hold, and nobody may have looked at them for long. And what stands
        apart has to be joined to each.
        """
        apart = (self._row.sql(column.name) for column in self._all.table.apart)
        return self._row.at.position is not None or any(each in wanted for each in apart)

    def _each_by_place(self, wanted: str, way: Way) -> str:
        """The same, the rows being sorted first: only those of the page are then read as a whole."""
        found, table = Placed.of(self._row), self._all.table
        sought = dict.fromkeys((PLACE, *(each.column for each in way)))
        cut = self._rows.part(text(", ".join(map(found.sql, sought))), found).as_string()
        rows = f"({cut}) AS {found.rows}, LATERAL {self._row.at.lying(table, found.sql(PLACE))} AS {self._row.rows}"
        return f"SELECT {wanted} AS v FROM {rows}{ordering(way, found).as_string()}"

    def _info(self, each: Selected) -> Json:
        order = self._all.order
        if each.name.endswith("Cursor"):
            return self._end(order if each.name == "startCursor" else tuple(each.flipped() for each in order))
        onwards = each.name == "hasNextPage"
        return (Known(str(self._window.bounded).lower()),) if onwards == self._window.backwards else self._more()

    def _more(self) -> Json:
        beyond, size = self._window.select.part(text("1"), self._row).as_string(), self._row.bind(self._window.size)
        return (f"((SELECT count(*) FROM ({beyond}) AS r) > {size.as_string()})::text",)

    def _end(self, way: Way) -> Json:
        """The cursor of the row of the page that comes first, going this way."""
        return optional(quoted(f"(SELECT v FROM ({self._each(self._cursor(), way)}) AS r LIMIT 1)"))

    def _cursor(self) -> str:
        """The cursor of a row, as Cursors writes it."""
        table, order = self._all.table, self._all.order
        keys = (_key(table, order, part) for part in ("inner", "outer"))
        inner, outer = (self._compiler.placeholders.bind(each, "bytea") for each in keys)
        hints = hints_of(table)
        parts = ", ".join(plain(hints[each.column], self._row.sql(each.column)) for each in order)
        row = f"convert_to(concat_ws(E'\\x1f', {parts}), 'UTF8')"
        tag = f"substring(sha256({outer} || sha256({inner} || {row})) FROM 1 FOR 4)"
        return f"translate(encode({tag} || {row}, 'base64'), E'+/=\\n', '-_')"

    def _marked(self, cursor: Any) -> list[Composable]:
        """The values in a cursor, which has to fit even where none of the rows is selected."""
        table, order, find = self._all.table, self._all.order, getter(cursor)

        def value(n: int) -> Getter:
            return lambda request: cursors(request.cursor_key, table, order).read(find(request))[n]

        return [self._row.bind(value(n)) for n in range(len(order))]


def _is_sorted(select: Select) -> bool:
    """Whether rows must be sorted, since no index has them in their order."""
    one_way = len({each.descending for each in select.order}) == 1
    indexed = one_way and select.table.sorts([each.column for each in select.order])
    return not (select.table.log or indexed)


@lru_cache(maxsize=1_000)
def _key(table: Table[Any], order: Way, part: str) -> Getter:
    """One of the two things that PostgreSQL has to know of the key of these cursors."""
    return lambda request: getattr(cursors(request.cursor_key, table, order), part)
