"""How do rows and their versions get into a table and out of it? All SQL of one table, composed once."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, LiteralString, TypeVar

import msgspec
from msgspec.structs import asdict
from psycopg import sql

from projections.engine.connection import Cursor, Teller
from projections.engine.content import Contents
from projections.engine.row import CONTENT_ID, Column, Key, Row
from projections.engine.sheet import Place, Sheet
from projections.engine.table import OPEN, Index, Layout, Table

R = TypeVar("R", bound=Row)
ENCODE = msgspec.json.Encoder().encode

LOOK_UP = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)"
"""Until the end of the transaction no plan reads a whole table. Statistics know nothing of the segment that is being
written: plans for its very number have read all of it for each of its rows."""
CREATE = "CREATE TABLE {table} ({definitions}) WITH (autovacuum_enabled = off)"
CREATE_HISTORY = """
CREATE TABLE {history} (
    segment int NOT NULL, from_position bigint NOT NULL, to_position bigint NOT NULL, {definitions}
) WITH (autovacuum_enabled = off)"""
UNKNOWN_SEGMENTS = "ALTER TABLE {history} ALTER segment SET STATISTICS 0"
"""Before anybody analyses it: if PostgreSQL knew that segments stand one after the other, it would take any index for
one in the order of the rows, and read a whole segment row by row rather than page by page."""
KEY = "ALTER TABLE {table} ADD PRIMARY KEY ({key}), RESET (autovacuum_enabled)"
"""Before that nothing is to be gained by looking after a table that only grows."""
HISTORY_KEY = """
ALTER TABLE {history} ADD PRIMARY KEY (segment, {key}, from_position),
    SET (fillfactor = 90), RESET (autovacuum_enabled)"""
"""From now on a page leaves room to close its versions in place; those that are there already are closed."""
CREATE_CONTENT = "CREATE TABLE {content} ({content_definitions})"
CONTENT_KEY = "ALTER TABLE {content} ADD PRIMARY KEY ({content_id})"
FETCH = """
SELECT json_agg(json_build_array({names}))::text FROM (
    SELECT found.* FROM json_to_recordset($1::json) AS known ({key_types}),
    LATERAL (SELECT * FROM {rows} AS row WHERE {same_key} OFFSET 0) AS found
) AS rows"""  # OFFSET: a few keys are looked for, whatever the planner expects, never all rows read
KEYFRAME = """
INSERT INTO {history} (segment, {columns}, from_position, to_position)
SELECT $1::int, {columns}, $1::bigint << {bits}, {open} FROM {table} WHERE (SELECT count(*) FROM {table}) <= 2 * (
    SELECT count(*) FROM {history} WHERE segment = {segment} AND from_position > segment::bigint << {bits}
) ORDER BY {order}"""
SAVE = """
WITH version AS (
    SELECT * FROM json_to_recordset($1::json) AS each ({types}, from_position bigint, to_position bigint)
), known AS MATERIALIZED (
    SELECT *, CASE WHEN began IS NOT NULL THEN greatest(began, {segment}::bigint << {bits}) ELSE (
        SELECT from_position FROM {history} AS row WHERE segment = {segment} AND {same_key} ORDER BY 1 DESC LIMIT 1
    ) END AS latest
    FROM json_to_recordset($2::json) AS known ({key_types}, began bigint, to_position bigint, gone boolean)
), closed AS (
    UPDATE {history} AS row SET to_position = found.to_position
    FROM (SELECT place, known.to_position FROM known, LATERAL (
        SELECT row.ctid AS place FROM {history} AS row
        WHERE segment = {segment} AND {same_key} AND from_position + 0 = known.latest AND to_position = {open} OFFSET 0
    ) AS version) AS found WHERE row.ctid = found.place
), added AS (
    INSERT INTO {history} (segment, {columns}, from_position, to_position)
    SELECT {segment}, {columns}, from_position, to_position FROM version
), deleted AS (
    DELETE FROM {table} AS row USING known WHERE gone AND {same_key}
)
INSERT INTO {table} ({columns}) SELECT {columns} FROM version WHERE to_position = {open}
ON CONFLICT ({key}) DO {replace}"""
"""The version that ends is found by its key alone, hence `+ 0`: in an index of positions the versions of a keyframe,
which begin at the same one, would all be looked at."""
ADD_CONTENT = """
INSERT INTO {content} SELECT * FROM json_to_recordset($1::json) AS each ({content_types}) ON CONFLICT DO NOTHING"""
ADD = "INSERT INTO {table} ({columns}) SELECT {columns} FROM json_to_recordset($1::json) AS each ({types})"
COPY = "COPY {table} ({columns}) FROM STDIN (FORMAT binary)"


class Storage(Generic[R]):
    """One table of a layout: its current rows and their history, or a log's rows."""

    def __init__(self, layout: Layout, table: Table[R]) -> None:
        self.layout, self.table = layout, table
        self.types = [column.sent_as for column in table.stored[table.name]]
        self.parts = _parts(layout, table)
        self._texts: dict[str, bytes] = {}
        self.row = partial(msgspec.convert, type=table.row)
        self._rows = msgspec.json.Decoder(list[table.row]).decode  # type: ignore[name-defined]  # known at run time

    def create(self, cursor: Cursor) -> None:
        """Make the tables, as yet without keys and indexes."""
        self.run(cursor, CREATE)
        if not self.table.log:
            self.run(cursor, CREATE_HISTORY)
            self.run(cursor, UNKNOWN_SEGMENTS)
        if self.table.apart:
            self.run(cursor, CREATE_CONTENT)

    def index(self, cursor: Cursor) -> None:
        """Add keys and indexes, and let the planner know what is there."""
        self.run(cursor, KEY)
        for names in filter(None, self.table.indexes):
            method = "gin" if self._is_array(names) else "btree"
            cursor.execute(_index(self.parts["table"], names, method))
        self.run(cursor, "ANALYZE {table}")
        if self.table.apart:
            self.run(cursor, CONTENT_KEY)
            self.run(cursor, "ANALYZE {content}")
        if not self.table.log:
            self._index_history(cursor)

    def _index_history(self, cursor: Cursor) -> None:
        self.run(cursor, HISTORY_KEY)
        for names in self.table.indexes:
            # Core PostgreSQL has no GIN over a segment and an array: such a search in the past reads its segment.
            # By from_position a version that began later is passed over without a look at it. The index has no
            # to_position, since closing a version would have to move it in every index.
            if not self._is_array(names):
                cursor.execute(_index(self.parts["history"], ("segment", *names, "from_position")))
        self.run(cursor, "ANALYZE {history}")

    def fetch(self, cursor: Teller, keys: Collection[Key]) -> Sheet[R]:
        """A sheet with the current rows of these keys."""
        if not keys:
            return Sheet()
        found = self.tell(cursor, FETCH, _json(map(self._key, keys))).fetchone()
        sheet: Sheet[R] = Sheet()
        for row in self._rows(found[0]) if found and found[0] else ():
            sheet.add(Place(self.table.key_of(row), row))
        return sheet

    def begin_segment(self, cursor: Teller, segment: int) -> None:
        """Begin this segment with a keyframe of the current rows, if half as many versions came since the last one."""
        if not self.table.log:
            self.tell(cursor, KEYFRAME, segment)

    def save(self, cursor: Teller, sheet: Sheet[R]) -> None:
        """Write what happened on a sheet, all of it within one segment."""
        if not sheet.changes:
            return
        closed = _json(
            {**self._key(key), "began": began or None, "to_position": position, "gone": sheet.at(key).row is None}
            for key, _, began, position in sheet.replaced
        )
        contents = Contents(self.table)
        for each in sheet.replaced if self.table.apart else ():
            contents.seen(each.row)
        versions = _json(
            {**self._own(row, contents), "from_position": began, "to_position": end}
            for row, began, end in sheet.versions()
        )
        if new := contents.taken():
            self.tell(cursor, ADD_CONTENT, _json({**asdict(row), CONTENT_ID.name: id} for id, row in new.items()))
        self.tell(cursor, SAVE, versions, closed)

    def _own(self, row: R, contents: Contents[R]) -> dict[str, Any]:
        """What a row's own table keeps of it."""
        if not self.table.apart:
            return asdict(row)
        own = {column.name: getattr(row, column.name) for column in self.table.own}
        return own | {CONTENT_ID.name: contents.id_of(row)}

    def add(self, cursor: Teller, rows: Iterable[R]) -> None:
        """Add rows to a log."""
        self.tell(cursor, ADD, _json(map(asdict, rows)))

    def append(self, cursor: Cursor, rows: Iterable[R]) -> None:
        """Add rows to a log, many at a time."""
        self.copy(cursor, COPY, self.types, map(self.table.cells, rows))

    def copy(self, cursor: Cursor, text: LiteralString, types: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Send rows of values with a COPY statement."""
        with cursor.copy(self._compose(text)) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def run(self, cursor: Cursor, text: LiteralString, *values: Any) -> Cursor:
        """Execute a statement on this table."""
        return cursor.execute(self._compose(text), values)

    def tell(self, cursor: Teller, text: LiteralString, *values: Any) -> Teller:
        """Execute a statement of the live path, prepared, its rows travelling as JSON."""
        return cursor.execute(self._compose(text), values, prepare=True)

    def _key(self, key: Key) -> dict[str, Hashable]:
        return dict(zip(self.table.key, key, strict=True))

    def _compose(self, text: LiteralString) -> bytes:
        if text not in self._texts:
            self._texts[text] = sql.SQL(text).format(**self.parts).as_bytes()
        return self._texts[text]

    def _is_array(self, names: Index) -> bool:
        return bool(names) and self.table.column[names[0]].type.endswith("[]")


def _parts(layout: Layout, table: Table[Any]) -> dict[str, sql.Composable]:
    """What stands for the names in the statements above."""
    key, stored = _comma(map(sql.Identifier, table.key)), table.stored[table.name]
    same = (sql.SQL("row.{0} = known.{0}").format(sql.Identifier(name)) for name in table.key)
    return {
        "table": layout.name(table.name),
        "history": layout.name(table.history),
        "content": layout.name(table.content),
        "content_id": sql.Identifier(CONTENT_ID.name),
        "content_definitions": _comma(map(_definition, (CONTENT_ID, *table.apart))),
        "content_types": _comma(map(_typed, (CONTENT_ID, *table.apart))),
        "names": _comma(map(sql.Identifier, table.names)),
        "rows": table.rows(layout, [], past=False),
        "definitions": _comma(map(_definition, stored)),
        "columns": _comma(sql.Identifier(column.name) for column in stored),
        "key": key,
        "order": _comma(map(sql.Identifier, reading_order(table))),
        "types": _comma(map(_typed, stored)),
        "key_types": _comma(_typed(table.column[name]) for name in table.key),
        "same_key": sql.SQL(" AND ").join(same),
        "replace": _replace([column.name for column in stored if column.name not in table.key]),
        "bits": sql.Literal(layout.segment_bits),
        "open": sql.Literal(OPEN),
        "segment": sql.SQL("(SELECT coalesce(max(segment), 0) FROM {})").format(layout.name(table.history)),
    }


def reading_order(table: Table[Any]) -> Index:
    """The order that a table is read in as a rule: a page of a list then lies together in a segment of history."""
    indexes = filter(None, table.indexes)
    first = next((names for names in indexes if not table.column[names[0]].type.endswith("[]")), ())
    return tuple(dict.fromkeys((*first, *table.key)))


def _comma(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(parts)


def _typed(column: Column) -> sql.Composed:
    return sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(column.type))


def _definition(column: Column) -> sql.Composed:
    return _typed(column) + sql.SQL("" if column.nullable else " NOT NULL")


def _replace(names: Sequence[str]) -> sql.Composable:
    if not names:
        return sql.SQL("NOTHING")
    return sql.SQL("UPDATE SET {}").format(
        _comma(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in names)
    )


def _index(table: sql.Composable, names: Index, method: LiteralString = "btree") -> sql.Composed:
    columns = _comma(map(sql.Identifier, names))
    return sql.SQL("CREATE INDEX ON {} USING {} ({})").format(table, sql.SQL(method), columns)


def _json(rows: Iterable[dict[str, Any]]) -> str:
    return ENCODE(list(rows)).decode()
