"""How do rows travel within a statement? As JSON objects named by numbers: that is short, and nulls are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, LiteralString

import msgspec
from psycopg import sql
from psycopg.types.json import Json

from projections.engine.row import Column

ENCODE = msgspec.json.Encoder().encode
RECEIVED = sql.SQL("(SELECT * FROM json_to_recordset({value}::json) AS sent ({types})) AS {name} ({columns})")


def sent(rows: Iterable[Sequence[Any]]) -> Json:
    """Rows as a statement's value; each has the values of the same columns, in the same order."""
    return Json(ENCODE([_shape(len(row))(*row) for row in rows]), dumps=bytes)


def received(value: LiteralString, name: LiteralString, columns: Sequence[Column]) -> sql.Composed:
    """A FROM item with the rows that a statement's value brings."""
    types = (sql.SQL("{} {}").format(sql.Identifier(str(n)), sql.SQL(each.type)) for n, each in enumerate(columns))
    names = (sql.Identifier(column.name) for column in columns)
    comma = sql.SQL(", ").join
    return RECEIVED.format(value=sql.SQL(value), types=comma(types), name=sql.SQL(name), columns=comma(names))


@cache
def _shape(width: int) -> type[msgspec.Struct]:
    """What is encoded with less ado than a dictionary."""
    fields = [(f"_{n}", Any, None) for n in range(width)]
    return msgspec.defstruct("Sent", fields, rename=lambda name: name[1:], omit_defaults=True, gc=False)
