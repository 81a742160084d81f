"""How is JSON written in SQL: what is known beforehand as it stands, and between it what the rows hold?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from schema.compiled.bindings import NotPlannable

LONGEST = 63
"""Of longer response names, which nobody needs, no plan is made: it would keep them, and each answer repeat them."""


class Known(str):
    """Text that stands in every answer as it is."""

    __slots__ = ()


Json = tuple[str, ...]
"""JSON in parts, in their order: known text, and SQL for text. No part is ever null: that would undo all of it."""


def sql(json: Json) -> str:
    """JSON as one SQL expression, of type text."""
    runs = groupby(json, lambda part: isinstance(part, Known))
    return " || ".join(_literal(parts) if known else " || ".join(parts) for known, parts in runs)


def named(name: str) -> Json:
    """The string of a name that is declared."""
    return (Known(f'"{name}"'),)


def quoted(text: str) -> Json:
    """A string: SQL for text in which nothing needs an escape."""
    return Known('"'), text, Known('"')


def optional(json: Json) -> Json:
    """The same where its SQL may be null."""
    return (f"coalesce({sql(json)}, 'null')",)


def object_of(members: Mapping[str, Json]) -> Json:
    """An object.

    Raises NotPlannable for a name that is too long.
    """
    if any(len(name) > LONGEST for name in members):
        raise NotPlannable(f"a response name of more than {LONGEST} bytes")
    parts = [(Known(f'{"," if n else ""}"{name}":'), *json) for n, (name, json) in enumerate(members.items())]
    return Known("{"), *(part for each in parts for part in each), Known("}")


def list_of(rows: str) -> Json:
    """A list: the column `v` of a statement, in its order."""
    return Known("["), f"(SELECT coalesce(string_agg(v, ','), '') FROM ({rows}) AS r)", Known("]")


def _literal(texts: Iterable[str]) -> str:
    return "'" + "".join(texts).replace("'", "''") + "'"
