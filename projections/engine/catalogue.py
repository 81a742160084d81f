"""Are the stored tables what the code declares? Whoever answers from them alone relies on what PostgreSQL holds true.

A compiled answer never sees a null where the schema promises none only because the column cannot hold one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.engine.connection import Connection
from projections.engine.row import Column
from projections.engine.table import Layout, Table

COLUMNS = """
SELECT c.relname, a.attname, a.attnotnull
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"""


def amiss(connection: Connection, layout: Layout, tables: Iterable[Table[Any]]) -> set[str]:
    """The tables that lack a column, or may hold a null where none is declared; their histories count with them."""
    found = {(table, column): bool(required) for table, column, required in _columns(connection, layout)}
    return {table.name for table in tables if not all(_holds(found, *each) for each in table.stored.items())}


def _columns(connection: Connection, layout: Layout) -> list[tuple[Any, ...]]:
    return connection.execute(COLUMNS, [layout.schema]).fetchall()


def _holds(found: dict[tuple[str, str], bool], table: str, columns: Iterable[Column]) -> bool:
    """Whether each column is there, and cannot hold a null unless it may."""
    return all((table, each.name) in found and (each.nullable or found[table, each.name]) for each in columns)
