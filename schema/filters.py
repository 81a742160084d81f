"""By what may a list be narrowed and sorted? By every plain column of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry

from projections.engine.table import Table
from schema import kinds
from schema.scalars import DivisionCode, Position
from schema.statement import Order, Predicate, compares
from service.domain.vocabulary import Term

COMPARISONS = {
    "eq": "{} = {}",
    "in_": "{} = ANY({})",
    "lt": "{} < {}",
    "lte": "{} <= {}",
    "gt": "{} > {}",
    "gte": "{} >= {}",
    "contains": "strpos({}, {}) > 0",
    "starts_with": "starts_with({}, {})",
    "has": "{} @> ARRAY[{}]",
}
EQUALITY = ("eq", "in_")
MEMBERSHIP = ("has",)
RANGE = ("eq", "lt", "lte", "gt", "gte")
OPERATIONS: Mapping[Any, tuple[str, ...]] = {
    str: ("eq", "in_", "contains", "starts_with"),
    bool: ("eq",),
    int: RANGE,
    date: RANGE,
    datetime: RANGE,
    Decimal: RANGE,
}
NAMES = {str: "Text", bool: "Boolean", int: "Int", date: "Date", datetime: "DateTime", Decimal: "Decimal"}


class OrderDirection(Term):
    """排序方向 | In which direction a list is sorted."""

    ASC = "ASC"
    DESC = "DESC"


def where_type(owner: type[Any], table: Table[Any], hidden: frozenset[str], *, placed: bool) -> Any:
    """The input type that narrows a list: a filter for each column, and the division it lies in."""
    fields = {column: comparison(kind) for column, kind in _filterable(table, hidden)}
    if placed:
        fields["within"] = DivisionCode
    return _input(f"{owner.__name__}Where", fields, _text(owner, "的筛选条件 | By what a list is narrowed"))


def order_type(owner: type[Any], table: Table[Any], hidden: frozenset[str]) -> Any:
    """The input type that sorts a list, by one of its columns that are never null."""
    sortable = ((column, kind) for column, kind in _filterable(table, hidden) if element(kind) is None)
    columns = [column for column, kind in sortable if not kinds.bare(kind)[1]]
    name = owner.__name__
    members = Enum(f"{name}OrderField", {column.upper(): column for column in columns})  # type: ignore[misc]  # made at run time
    field = strawberry.enum(members, description=_text(owner, "的排序字段 | By what a list is sorted"))
    shape = {"field": field, "direction": kinds.enum(OrderDirection)}
    return _input(f"{name}Order", shape, _text(owner, "的排序 | How a list is sorted"), optional=False)


def _text(owner: type[Any], rest: str) -> str:
    return kinds.summary(owner).partition(" | ")[0] + rest


def predicates(where: Any, table: Table[Any]) -> Iterator[Predicate]:
    """The conditions that a `where` stands for; `within` is the caller's."""
    for column in table.names:
        comparisons = getattr(where, column, None)
        for operation, sql in COMPARISONS.items():
            value = getattr(comparisons, operation, None)
            if value is not None:
                yield compares(sql, column, value)


def ordered(order: Any, default: tuple[Order, ...], table: Table[Any]) -> tuple[Order, ...]:
    """The order asked for, or the list's own, made unique by the key."""
    chosen = default if order is None else (Order(order.field.value, order.direction is OrderDirection.DESC),)
    named = {each.column for each in chosen}
    down = chosen[0].descending if chosen else False
    return (*chosen, *(Order(column, down) for column in table.key if column not in named))


def comparison(kind: Any) -> Any:
    """The filter type of a column's type."""
    listed: Any = element(kind)
    if listed is not None:
        return _listing(listed)
    return _comparison(Position if kinds.extra(kind).get("scalar") == "Position" else kinds.bare(kind)[0])


@cache
def _comparison(plain: Any) -> Any:
    if plain is Position:
        return _comparisons("Position", Position, RANGE)
    if issubclass(plain, Enum):
        return _comparisons(plain.__name__, kinds.enum(plain), EQUALITY)
    if plain is UUID:
        return _comparisons("Uuid", UUID, EQUALITY)
    return _comparisons(NAMES[plain], plain, OPERATIONS[plain])


@cache
def _listing(member: Any) -> Any:
    if member is str:
        return _comparisons("TextList", str, MEMBERSHIP)
    return _comparisons(f"{member.__name__}List", kinds.enum(member), MEMBERSHIP)


def element(kind: Any) -> type[Any] | None:
    """What the entries of a column are, if it is a list of texts or of an enumeration's values."""
    plain = kinds.bare(kind)[0]
    first = get_args(plain)[0] if get_origin(plain) is tuple else None
    return first if isinstance(first, type) and (first is str or issubclass(first, Enum)) else None


def _comparisons(name: str, kind: Any, operations: tuple[str, ...]) -> Any:
    fields = {each: list[kind] if each == "in_" else kind for each in operations}
    return _input(f"{name}Filter", fields, f"{name} 比较 | How a {name} is compared")


def _input(name: str, fields: Mapping[str, Any], text: str, *, optional: bool = True) -> Any:
    annotations = {field: kind | None if optional else kind for field, kind in fields.items()}
    named = {field: strawberry.field(name=field.rstrip("_"), default=None) for field in fields if field.endswith("_")}
    defaults = {field: named.get(field, strawberry.field(default=None)) for field in fields} if optional else {}
    shape = type(name, (), {"__annotations__": annotations, "__module__": __name__, **defaults})
    return strawberry.input(shape, description=text)


def _filterable(table: Table[Any], hidden: frozenset[str]) -> Iterator[tuple[str, Any]]:
    for column, kind in get_type_hints(table.row, include_extras=True).items():
        plain = kinds.bare(kind)[0]
        known = isinstance(plain, type) and (plain in OPERATIONS or issubclass(plain, Enum | UUID))
        if column not in hidden and (known or element(kind)):
            yield column, kind
