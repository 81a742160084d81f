"""How do rows and their versions get into a table and out of it? All SQL of one table, composed once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, LiteralString, NamedTuple, TypeVar

import msgspec
from psycopg import sql

from projections.engine.connection import Cursor, Teller
from projections.engine.content import Contents
from projections.engine.row import CONTENT_ID, Column, Key, Row, laid, picker
from projections.engine.sent import received, sent
from projections.engine.sheet import Ended, Place, Sheet
from projections.engine.table import OPEN, Index, Layout, Table

R = TypeVar("R", bound=Row)
ENDED = (Column("began", "bigint", True), Column("to_position", "bigint", False), Column("gone", "boolean", True))
HELD = (Column("from_position", "bigint", False), Column("to_position", "bigint", False))

LOOK_UP = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)"
"""Until the end of the transaction no plan reads a whole table. Statistics know nothing of the segment that is being
written: plans for its very number have read all of it for each of its rows."""
CREATE = "CREATE TABLE {table} ({definitions}) WITH (autovacuum_enabled = off)"
CREATE_HISTORY = """
CREATE TABLE {history} (
    from_position bigint NOT NULL, to_position bigint NOT NULL, segment int NOT NULL, {definitions}
) WITH (autovacuum_enabled = off)"""
UNKNOWN_SEGMENTS = "ALTER TABLE {history} ALTER segment SET STATISTICS 0"
"""Before anybody analyses it: if PostgreSQL knew that segments stand one after the other, it would take any index for
one in the order of the rows, and read a whole segment row by row rather than page by page."""
SELDOM = "ALTER TABLE {history} ALTER {column} SET (n_distinct = -1)"
"""Of one segment PostgreSQL can but guess how many rows a value has, from how many versions there are in all. The
longer a history grew, the more it would expect, and make room for many at each of hundreds of look-ups in vain."""
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
    SELECT found.* FROM {sent_keys}, LATERAL (SELECT * FROM {rows} AS row WHERE {same_key} OFFSET 0) AS found
) AS rows"""  # OFFSET: a few keys are looked for, whatever the planner expects, never all rows read
KEYFRAME = """
INSERT INTO {history} (segment, {columns}, from_position, to_position)
SELECT $1::int, {row_columns}, $1::bigint << {bits}, coalesce(known.to_position, {open})
FROM {table} AS row LEFT JOIN {sent_ended} ON {same_key}
WHERE (SELECT count(*) FROM {table}) <= 2 * (
    SELECT count(*) FROM {history} WHERE segment = {segment} AND from_position > segment::bigint << {bits}
) ORDER BY {row_order}"""
SAVE = """
WITH version AS (
    SELECT * FROM {sent_versions}
), known AS MATERIALIZED (
    SELECT *, CASE WHEN began IS NOT NULL THEN greatest(began, {segment}::bigint << {bits}) ELSE (
        SELECT from_position FROM {history} AS row WHERE segment = {segment} AND {same_key} ORDER BY 1 DESC LIMIT 1
    ) END AS latest
    FROM {sent_ended}
), closed AS (
    UPDATE {history} AS row SET to_position = found.to_position
    FROM (SELECT place, known.to_position FROM known, LATERAL (
        SELECT row.ctid AS place FROM {history} AS row
        WHERE segment = {segment} AND {same_key} AND from_position >= known.latest AND to_position = {open}
        ORDER BY from_position LIMIT 1
    ) AS version) AS found WHERE row.ctid = found.place
), added AS (
    INSERT INTO {history} (segment, {columns}, from_position, to_position)
    SELECT {segment}, {columns}, from_position, to_position FROM version
), deleted AS (
    DELETE FROM {table} AS row USING known WHERE gone AND {same_key}
)
INSERT INTO {table} ({columns}) SELECT {columns} FROM version WHERE to_position = {open}
ON CONFLICT ({key}) DO {replace}"""
"""The version that ends is sought from its position on, without a look at those before it, in the index of the key:
for the one version that begins *at* a position the planner would rather go by an index of positions, where it would
meet all versions of a keyframe, which begin at the same one."""
ADD_CONTENT = "INSERT INTO {content} SELECT * FROM {sent_contents} ON CONFLICT DO NOTHING"
ADD = "INSERT INTO {table} ({columns}) SELECT * FROM {sent_rows}"
COPY = "COPY {table} ({columns}) FROM STDIN (FORMAT binary)"


class Statement(NamedTuple):
    """A statement of the live path, and the values that `$1` and so on stand for."""

    text: bytes
    values: tuple[object, ...] = ()

    def tell(self, cursor: Teller) -> Teller:
        """Send it, prepared."""
        return cursor.execute(self.text, self.values, prepare=True)


class Storage(Generic[R]):
    """One table of a layout: its current rows and their history, or a log's rows."""

    def __init__(self, layout: Layout, table: Table[R]) -> None:
        self.layout, self.table = layout, table
        self.types = [column.sent_as for column in table.stored[table.name]]
        self._own_values, self._apart_values = (picker([c.name for c in each]) for each in (table.own, table.apart))
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
            for name in self.table.seldom:
                cursor.execute(sql.SQL(SELDOM).format(**self.parts, column=sql.Identifier(name)))
        if self.table.apart:
            self.run(cursor, CREATE_CONTENT)

    def index(self, cursor: Cursor) -> None:
        """Add indexes and keys, and let the planner know what is there.

        Keys come last: of indexes that cost the same the planner takes the newest. In a table without rows all do, and
        whatever looks for a key there would keep its plan, by another index, when the table has long grown.
        """
        for names in filter(None, self.table.indexes):
            method = "gin" if self._is_array(names) else "btree"
            cursor.execute(_index(self.parts["table"], names, method))
        self.run(cursor, KEY)
        self.run(cursor, "ANALYZE {table}")
        if self.table.apart:
            self.run(cursor, CONTENT_KEY)
            self.run(cursor, "ANALYZE {content}")
        if not self.table.log:
            self._index_history(cursor)

    def _index_history(self, cursor: Cursor) -> None:
        for names in self.table.indexes:
            # Core PostgreSQL has no GIN over a segment and an array: such a search in the past reads its segment.
            # By from_position a version that began later is passed over without a look at it. The index has no
            # to_position, since closing a version would have to move it in every index.
            if not self._is_array(names):
                cursor.execute(_index(self.parts["history"], ("segment", *names, "from_position")))
        self.run(cursor, HISTORY_KEY)
        self.run(cursor, "ANALYZE {history}")

    def fetch(self, cursor: Teller, keys: Collection[Key]) -> Sheet[R]:
        """A sheet with the current rows of these keys."""
        if not keys:
            return Sheet()
        found = self.statement(FETCH, sent(keys)).tell(cursor).fetchone()
        sheet: Sheet[R] = Sheet()
        for row in self._rows(found[0]) if found and found[0] else ():
            sheet.add(Place(self.table.key_of(row), row))
        return sheet

    def saving(self, sheet: Sheet[R], segment: int | None = None) -> Iterator[Statement]:
        """Write what happened on a sheet, all of it within one segment: a new one perhaps, of which this is the number.

        It begins with a keyframe of the rows as they were, if half as many versions came since the last one. What ends
        on the sheet has ended in the keyframe too: to close it afterwards would write it once more, to every index.
        """
        ended = sent(
            [(*each.key, each.began or None, each.position, self._gone(each, sheet)) for each in sheet.replaced]
        )
        if segment is not None and not self.table.log:
            yield self.statement(KEYFRAME, segment, ended)
        if sheet.changes:
            contents = self._known_contents(sheet)
            versions = sent([(*self._own(row, contents), began, end) for row, began, end in sheet.versions()])
            yield from self._adding_content(contents)
            yield self.statement(SAVE, versions, ended)

    @staticmethod
    def _gone(ended: Ended[R], sheet: Sheet[R]) -> bool | None:
        return sheet.at(ended.key).row is None or None

    def _known_contents(self, sheet: Sheet[R]) -> Contents[R]:
        """What is known of the content that stands apart: that of the versions which ended."""
        contents = Contents(self.table)
        for each in sheet.replaced if self.table.apart else ():
            contents.seen(each.row)
        return contents

    def _own(self, row: R, contents: Contents[R]) -> tuple[Any, ...]:
        """What a row's own table keeps of it."""
        own = self._own_values(row)
        return (*own, contents.id_of(row)) if self.table.apart else own

    def _adding_content(self, contents: Contents[R]) -> Iterator[Statement]:
        if new := contents.taken():
            yield self.statement(ADD_CONTENT, sent([(id, *self._apart_values(row)) for id, row in new.items()]))

    def adding(self, rows: Iterable[R]) -> Statement:
        """Add rows to a log."""
        return self.statement(ADD, sent(map(self._own_values, rows)))

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

    def statement(self, text: LiteralString, *values: object) -> Statement:
        """A statement of the live path on this table."""
        return Statement(self._compose(text), values)

    def _compose(self, text: LiteralString) -> bytes:
        if text not in self._texts:
            self._texts[text] = sql.SQL(text).format(**self.parts).as_bytes()
        return self._texts[text]

    def _is_array(self, names: Index) -> bool:
        return bool(names) and self.table.column[names[0]].type.endswith("[]")


def _parts(layout: Layout, table: Table[Any]) -> dict[str, sql.Composable]:
    """What stands for the names in the statements above."""
    key, stored = _comma(map(sql.Identifier, table.key)), table.stored[table.name]
    keys = [table.column[name] for name in table.key]
    ended = [*keys, *ENDED]
    same = (sql.SQL("row.{0} = known.{0}").format(sql.Identifier(name)) for name in table.key)
    return {
        "table": layout.name(table.name),
        "history": layout.name(table.history),
        "content": layout.name(table.content),
        "content_id": sql.Identifier(CONTENT_ID.name),
        "content_definitions": _comma(map(_definition, (CONTENT_ID, *table.apart))),
        "names": _comma(map(sql.Identifier, table.names)),
        "rows": table.rows(layout, [], past=False),
        "definitions": _comma(map(_definition, laid(stored, table.key))),
        "columns": _comma(sql.Identifier(column.name) for column in stored),
        "key": key,
        "row_columns": _comma(map(_of_row, (column.name for column in stored))),
        "row_order": _comma(map(_of_row, reading_order(table))),
        "sent_rows": received("$1", "each", stored),
        "sent_contents": received("$1", "each", (CONTENT_ID, *table.apart)),
        "sent_keys": received("$1", "known", keys),
        "sent_versions": received("$1", "each", (*stored, *HELD)),
        "sent_ended": received("$2", "known", ended),
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


def _of_row(name: str) -> sql.Composable:
    return sql.Identifier("row", name)


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
