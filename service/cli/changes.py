"""What changed on one record between two positions, by whom and why?"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec
from psycopg import sql

from projections.chamber_rows import ChamberRow
from projections.change_history import ChangeRow
from projections.divisions import DivisionRow
from projections.engine.connection import Connection
from schema.scalars import decode_id
from service.domain.refusal import NotFound

CHANGES = """
SELECT {columns} FROM {changes} AS change
WHERE record_id = %s AND position > %s AND position <= %s ORDER BY position, ordinal"""
BY_CODE = """
SELECT id FROM (
    SELECT id, 1 AS choice FROM {divisions} AS division WHERE code = %(code)s
    UNION ALL SELECT id, 2 FROM {divisions} AS division WHERE former_codes @> ARRAY[%(code)s]
    UNION ALL SELECT id, 3 FROM {chambers} AS chamber WHERE uscc = %(code)s
) AS found ORDER BY choice, id LIMIT 1"""


def changes_of(connection: Connection, record: UUID, after: int, upto: int) -> Iterator[ChangeRow]:
    """The record's changes after a position, in order, and none after `upto`."""
    columns = sql.SQL(", ").join(map(sql.Identifier, ChangeRow.table.names))
    query = sql.SQL(CHANGES).format(columns=columns, changes=ChangeRow.table.source().sql)
    for row in connection.execute(query, [record, after, upto]):
        yield msgspec.convert(row, ChangeRow)


def find_record(connection: Connection, text: str) -> UUID:
    """The record that a GraphQL id, a UUID, a division's code (of today, else a former one) or a credit code names.

    Raises NotFound.
    """
    if opaque := decode_id(text):
        return opaque[1]
    try:
        return UUID(text)
    except ValueError:
        return _by_code(connection, text)


def _by_code(connection: Connection, code: str) -> UUID:
    tables = {"divisions": DivisionRow.table.source().sql, "chambers": ChamberRow.table.source().sql}
    row = connection.execute(sql.SQL(BY_CODE).format(**tables), {"code": code}).fetchone()
    if row is None:
        raise NotFound("没有 {code} 所指的记录 | No record has the id or code {code}", code=code)
    id: UUID = row[0]
    return id
