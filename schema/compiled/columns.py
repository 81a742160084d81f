"""How is a column printed, so that its JSON is what GraphQL's own scalars would print?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from projections.engine.row import Derived
from projections.engine.table import Table
from schema.compiled.bindings import NotPlannable
from schema.compiled.texts import Json, list_of, named, object_of, optional, quoted, sql
from schema.kinds import bare, extra, members
from schema.names import camel

TIME = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
BARE, QUOTED = (int, bool), (UUID, date, datetime, Decimal, Enum)
"""What PostgreSQL prints as JSON does, and what does so but for the quotes. All else may need escapes."""
KEPT = (*BARE, *QUOTED, str)
"""What is kept in a JSON document just as it is printed."""


@cache
def hints_of(table: Table[Any]) -> Mapping[str, Any]:
    """The annotations of a table's columns."""
    return get_type_hints(table.row, include_extras=True)


def plain(annotation: Any, column: str) -> str:
    """SQL for the text of a column's value, as its scalar has it between its quotes, if it has any."""
    kind, _ = bare(annotation)
    return TIME.format(column) if kind is datetime else f"{column}::text"


def printed(annotation: Any, column: str) -> Json:
    """A column's value as its scalar prints it."""
    kind, nullable = bare(annotation)
    json = _printed(kind, column, wide=extra(annotation).get("scalar") == "Position")
    return optional(json) if nullable else json


def _printed(kind: Any, column: str, *, wide: bool) -> Json:
    if wide or _is(kind, QUOTED):
        return quoted(plain(kind, column))
    if _is(kind, BARE):
        return (plain(kind, column),)
    return (f"ledger.json_text({column})" if kind is str else f"to_json({column})::text",)


def _is(kind: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(kind, type) and issubclass(kind, kinds)


def is_document(annotation: Any) -> bool:
    """Whether a column keeps structs in JSON, which have a selection of their own."""
    kind, _ = bare(annotation)
    return _is(get_args(kind)[0] if get_origin(kind) is tuple else kind, (msgspec.Struct,))


def document(annotation: Any, column: str, fields: Mapping[str, str], name: str) -> Json:
    """The JSON of a column of structs: what is selected of each, in their order."""
    kind, _ = bare(annotation)
    if get_origin(kind) is not tuple:
        raise NotPlannable("a single struct")
    struct = get_args(kind)[0]
    if list(fields.items()) == [(member, member) for member in struct.__struct_fields__]:
        return (f"{column}::text",)  # just what is kept, as it is kept
    each = object_of({key: _member(struct, field, name) for key, field in fields.items()})
    return list_of(
        f"SELECT {sql(each)} AS v FROM json_array_elements({column}) WITH ORDINALITY AS e(v, n) ORDER BY e.n"
    )


def _member(struct: Any, field: str, name: str) -> Json:
    if field == "__typename":
        return named(name)
    hints = members(struct)
    member = next(each for each in hints if camel(each) == field)
    derived: Mapping[str, Derived] = getattr(struct, "derived", {})
    if member in derived:
        return printed(derived[member].type, f"({derived[member].sql.format(value='e.v')})")
    kind, _ = bare(hints[member])
    if kind is datetime or not (kind in (Any, object) or _is(kind, KEPT)):
        raise NotPlannable(f"a struct's {kind}")
    return optional((f"(e.v -> '{member}')::text",))
