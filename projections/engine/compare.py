"""Do two tables hold the same rows, and if not, which row differs first?"""

from __future__ import annotations

from typing import Any, NamedTuple

from psycopg import sql

from projections.engine.connection import Connection
from projections.engine.table import VIEWS, Layout, Table

FINGERPRINT = """
SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(row::text, 'UTF8')), '' ORDER BY {key}), '')), 'hex')
FROM {rows} AS row"""
DIFFERENCE = """
SELECT to_jsonb(one), to_jsonb(other) FROM {rows} AS one FULL JOIN {others} AS other USING ({key})
WHERE one::text IS DISTINCT FROM other::text ORDER BY {key} LIMIT 1"""


class Difference(NamedTuple):
    """The rows of one key in two tables, by column; None where there is none."""

    one: dict[str, Any] | None
    other: dict[str, Any] | None


def fingerprint(connection: Connection, table: Table[Any], layout: Layout = VIEWS, at: int | None = None) -> str:
    """SHA-256 over a table's rows in the order of their keys, now or as of a position, in hexadecimal."""
    source = table.source(at, layout)
    query = sql.SQL(FINGERPRINT).format(rows=source.sql, key=_key(table))
    row = connection.execute(query, source.parameters).fetchone()
    return str(row[0]) if row else ""


def first_difference(
    connection: Connection, table: Table[Any], other: Layout, layout: Layout = VIEWS, at: int | None = None
) -> Difference | None:
    """The first key whose rows differ between a layout, now or as of a position, and the other one's current rows."""
    source = table.source(at, layout)
    query = sql.SQL(DIFFERENCE).format(rows=source.sql, others=table.source(None, other).sql, key=_key(table))
    row = connection.execute(query, source.parameters).fetchone()
    return Difference(*row) if row else None


def _key(table: Table[Any]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, table.key))
