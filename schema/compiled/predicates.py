"""Which rows does a statement want: those the viewer may read, and those the caller asked for?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from projections.divisions import DivisionRow
from projections.engine.table import Table
from schema.compiled.bindings import Argument, Getter, Placeholders, Request, Unfit
from schema.connections import LARGEST_SIZE, Cursors
from schema.errors import BadInput
from schema.filters import COMPARISONS
from schema.names import camel
from schema.scope import ENTRUSTED_SQL, TOLD_SQL, WITHIN_SQL, withheld
from schema.statement import Order
from schema.views import View

OPERATIONS = {camel(operation.rstrip("_")): sql for operation, sql in COMPARISONS.items()}


def readable(kind: type[View], alias: str, placeholders: Placeholders) -> Iterator[str]:
    """What the viewer may read: his divisions are values; whether he needs any, or is the public, is a plan's own."""
    reading = placeholders.reading
    if kind.place is not None and reading.codes is not None and not kind.shared:
        codes = placeholders.bind(lambda request: request.reading.codes, "text[]", once="codes")
        yield _below(f"{alias}.{kind.place}", now(DivisionRow.table), codes)
    if reading.public and (kind.place or kind.public):
        column, values = kind.public or ("", ())
        listed = ", ".join(f"'{each}'" for each in values)
        yield f"{alias}.{column} IN ({listed})" if values else "false"
    if kind.readers and not reading.everywhere(kind.readers):
        yield entrusted(kind, alias, placeholders)
    if kind.tells:
        type_, id_ = kind.tells
        for name, of in withheld(reading):
            yield TOLD_SQL.format(
                type=f"{alias}.{type_}",
                named=f"'{name}'",
                id=f"{alias}.{id_}",
                records=now(of.table),
                entrusted=entrusted(of, "c", placeholders),
            )


def entrusted(kind: type[View], alias: str, placeholders: Placeholders) -> str:
    """What the viewer may read of a view that is not for every role: how far his grants reach is all values."""
    roles = tuple(kind.readers)

    def bound(part: str, type: str) -> str:
        return placeholders.bind(lambda r: getattr(r.reading.reach(roles), part), type, once=(part, roles))

    codes, division = bound("codes", "text[]"), now(DivisionRow.table)
    return ENTRUSTED_SQL.format(
        chamber=f"{alias}.chamber_id",
        chambers=bound("chambers", "uuid[]"),
        within=_below(f"{alias}.{kind.place}", division, codes),
    )


def within(
    kind: type[View], alias: str, where: Argument | None, division: str, placeholders: Placeholders
) -> Iterator[str]:
    """The division that a caller's `where` narrows a list to, by the tree of the moment."""
    code = where.fields().get("within") if where else None
    if kind.place is not None and code is not None and code.value is not None:
        codes = placeholders.bind(lambda request: [code.getter(request)], "text[]")
        yield _below(f"{alias}.{kind.place}", division, codes)


def _below(column: str, division: str, codes: str) -> str:
    return WITHIN_SQL.format(column=column, division=division, today=now(DivisionRow.table), codes=codes)


def narrowed(alias: str, table: Table[Any], where: Argument | None, placeholders: Placeholders) -> Iterator[str]:
    """The comparisons that a caller's `where` asks for."""
    given = where.fields() if where and where.value else {}
    columns = {camel(name): name for name in table.names}
    for name, comparisons in given.items():
        if name in columns and comparisons.value is not None:
            for operation, value in comparisons.fields().items():
                if value.value is not None:
                    bound = placeholders.bind(value.getter, _type(table, columns[name], operation))
                    yield OPERATIONS[operation].format(f"{alias}.{columns[name]}", bound)


def size_of(first: Argument | None, last: Argument | None, default: int) -> tuple[Getter, bool]:
    """The size of a page, checked each time, and whether it is counted from the end."""
    ends = [each for each in (first, last) if each is not None and each.value is not None]
    if len(ends) > 1:
        raise Unfit("first and last")
    if not ends:
        return (lambda _: default), False
    return _checked(ends[0].getter), ends[0] is last


def beyond(
    alias: str,
    table: Table[Any],
    order: Sequence[Order],
    way: Sequence[Order],
    cursor: Argument,
    placeholders: Placeholders,
) -> str:
    """The rows that come after the one that a cursor of this order marks, going this way."""
    bound = [placeholders.bind(_part(table, order, cursor, n), type_of(table, o.column)) for n, o in enumerate(order)]
    steps = []
    for last, by in enumerate(way):
        equal = [f"{alias}.{o.column} = {bound[n]}" for n, o in enumerate(way[:last])]
        sign = "<" if by.descending else ">"
        steps.append(f"({' AND '.join([*equal, f'{alias}.{by.column} {sign} {bound[last]}'])})")
    return f"({' OR '.join(steps)})"


def type_of(table: Table[Any], column: str) -> str:
    """The PostgreSQL type of a column."""
    return table.column[column].type


def now(table: Table[Any]) -> str:
    """Where the present rows of a table are."""
    return f"views.{table.name}"


def _type(table: Table[Any], column: str, operation: str) -> str:
    if operation == "has":
        return type_of(table, column).removesuffix("[]")
    return f"{type_of(table, column)}[]" if operation == "in" else type_of(table, column)


def _part(table: Table[Any], order: Sequence[Order], cursor: Argument, n: int) -> Getter:
    """The n-th value of a cursor."""
    plain = tuple(order)

    def get(request: Request) -> Any:
        try:
            return Cursors(request.cursor_key, table, plain).read(cursor.getter(request))[n]
        except BadInput as error:
            raise Unfit("cursor") from error

    return get


def _checked(getter: Getter) -> Getter:
    def get(request: Request) -> int:
        size = getter(request)
        if not isinstance(size, int) or not 0 <= size <= LARGEST_SIZE:
            raise Unfit("page size")
        return size

    return get


__all__ = ["beyond", "narrowed", "now", "readable", "size_of", "type_of", "within"]
