"""How is a column printed, so that its JSON is what GraphQL's own scalars would print?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin
from uuid import UUID

import msgspec

from projections.engine.row import Derived
from schema.compiled.bindings import NotPlannable
from schema.kinds import bare, extra, members
from schema.names import camel

LONGEST = 63
"""PostgreSQL cuts identifiers after so many bytes."""
IN_JSON = {int: "({})::bigint", bool: "({})::boolean", str: "{}", UUID: "{}", date: "{}", Decimal: "{}"}
"""How a value that is kept in a JSON document is taken from its text."""


def quoted(name: str) -> str:
    """A response name or a declared one as an identifier.

    Raises NotPlannable for one that PostgreSQL would cut.
    """
    if len(name) > LONGEST:
        raise NotPlannable("a response name of more than 63 bytes")
    return f'"{name}"'


def printed(annotation: Any, sql: str) -> str:
    """A column's value as its scalar prints it."""
    kind, _ = bare(annotation)
    if extra(annotation).get("scalar") == "Position" or kind is Decimal:
        return f"{sql}::text"
    if kind is datetime:
        return f"""to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return sql


def is_document(annotation: Any) -> bool:
    """Whether a column keeps structs in JSON, which have a selection of their own."""
    kind, _ = bare(annotation)
    element = get_args(kind)[0] if get_origin(kind) is tuple else kind
    return isinstance(element, type) and issubclass(element, msgspec.Struct)


def document(annotation: Any, sql: str, fields: Mapping[str, str], name: str) -> str:
    """The JSON of a column of structs: what is selected of each, in their order."""
    kind, _ = bare(annotation)
    if get_origin(kind) is not tuple:
        raise NotPlannable("a single struct")
    struct = get_args(kind)[0]
    if list(fields.items()) == [(member, member) for member in struct.__struct_fields__]:
        return sql  # just what is kept, as it is kept
    cells = [_cell(struct, key, field, name) for key, field in fields.items()]
    rows = f"SELECT {', '.join(cells)} FROM json_array_elements({sql}) WITH ORDINALITY AS e(v, n) ORDER BY e.n"
    return f"(SELECT coalesce(json_agg(r), '[]') FROM ({rows}) AS r)"


def _cell(struct: Any, key: str, field: str, name: str) -> str:
    if field == "__typename":
        return f"'{name}' AS {quoted(key)}"
    hints = members(struct)
    member = next(each for each in hints if camel(each) == field)
    derived: Mapping[str, Derived] = getattr(struct, "derived", {})
    if member in derived:
        return derived[member].sql.format(value="e.v") + f" AS {quoted(key)}"
    kind, _ = bare(hints[member])
    if kind in (Any, object):
        return f"e.v->'{member}' AS {quoted(key)}"
    plain = str if isinstance(kind, type) and issubclass(kind, str) else kind
    if plain not in IN_JSON:
        raise NotPlannable(f"a struct's {kind}")
    return IN_JSON[plain].format(f"e.v->>'{member}'") + f" AS {quoted(key)}"
