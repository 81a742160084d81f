"""Does what the live path asks of a table stay a look-up, however much it has grown since it was planned?"""

from collections.abc import Iterator
from typing import Any, LiteralString

import pytest
from psycopg import RawCursor

from projections.engine import Store
from projections.engine.progress import Progress
from projections.engine.rebuild import rebuild
from projections.engine.share import Share
from projections.engine.storage import FETCH, LOOK_UP, SAVE
from tests.projections.engine.town import SMALL, TABLES, Town

STATEMENTS: dict[LiteralString, tuple[Any, ...]] = {FETCH: ("[]",), SAVE: ("[]", "[]")}
KNOWN = "SELECT attname FROM pg_stats WHERE schemaname = 'views' AND tablename = 'town_history'"
NEGLECTED = """
SELECT relname FROM pg_class WHERE relnamespace = 'views'::regnamespace AND reloptions::text LIKE '%autovacuum%'"""
INDEXED = """
SELECT tablename, substring(indexdef FROM '[(].*[)]') FROM pg_indexes WHERE schemaname = 'views'"""
EXPECTED = """
SELECT tablename, n_distinct = -1 FROM pg_stats
WHERE schemaname = 'views' AND attname = 'name' AND tablename IN ('name', 'name_history') ORDER BY 1"""
LAID = """
SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
WHERE attrelid = 'views.town_history'::regclass AND attnum > 0"""
STORED = [table for table in TABLES if not table.log]


@pytest.mark.parametrize("table", STORED, ids=repr)
@pytest.mark.parametrize("grown", [0, 60])
def test_no_statement_reads_a_whole_table(town: Town, store: Store, table: Any, grown: int) -> None:
    town.live(grown)
    store.catch_up(town.connection)
    town.connection.execute("ANALYZE")
    town.live(SMALL.start(1) * 2)
    store.catch_up(town.connection)
    plans = planned(town, store, table)
    assert [node for node in plans if node["Node Type"] == "Seq Scan"] == []
    assert [node for node in plans if "from_position = " in node.get("Index Cond", "")] == []


@pytest.mark.parametrize("table", STORED, ids=repr)
def test_keys_are_looked_for_in_their_own_index_from_the_first_row_on(town: Town, store: Store, table: Any) -> None:
    found = [node for node in planned(town, store, table) if "Index Cond" in node]
    assert len(found) > len(STATEMENTS)
    assert {node["Index Name"] for node in found if not node["Index Name"].endswith("_pkey")} == set()


@pytest.mark.parametrize("table", STORED, ids=repr)
def test_of_a_row_that_changed_often_only_its_last_version_is_met(town: Town, store: Store, table: Any) -> None:
    met = [node for node in planned(town, store, table) if "from_position >= " in node.get("Index Cond", "")]
    assert [node["Index Name"] for node in met] == [f"{table.history}_pkey"]


def planned(town: Town, store: Store, table: Any) -> list[dict[str, Any]]:
    """All parts of the plans of the statements on a table."""
    with town.connection.transaction(), RawCursor(town.connection) as cursor:
        cursor.execute(LOOK_UP)
        asked = [store.storages[table].statement(f"EXPLAIN (FORMAT JSON) {t}", *v) for t, v in STATEMENTS.items()]
        plans = [each.tell(cursor).fetchall() for each in asked]
    return [node for ((found,),) in plans for node in nodes(found[0]["Plan"])]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's parts."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def test_nobody_learns_how_segments_lie_while_they_are_written(
    uri: str, town: Town, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def analyse(_: Progress) -> None:
        town.connection.execute("ANALYZE views_next.town_history")

    monkeypatch.setattr(Share, "STRETCH", 0)
    town.live(120)
    rebuild(uri, store, analyse)
    known = town.connection.execute(KNOWN).fetchall()
    assert ("to_position",) in known
    assert ("segment",) not in known


def test_however_long_a_history_no_more_rows_are_expected_of_what_is_found_seldom(
    uri: str, town: Town, store: Store
) -> None:
    town.live(120)
    rebuild(uri, store)
    assert town.connection.execute(EXPECTED).fetchall() == [("name", False), ("name_history", True)]


def test_an_index_over_no_column_has_the_positions_of_the_history_alone(uri: str, town: Town, store: Store) -> None:
    rebuild(uri, store)
    found = town.connection.execute(INDEXED).fetchall()
    assert ("town_history", "(segment, from_position)") in found
    assert {definition for table, definition in found if table == "town"} == {
        "(id)",
        "(code)",
        "(kind, code)",
        "(names)",
    }


def test_what_rows_are_sorted_by_lies_before_what_is_merely_shown(uri: str, town: Town, store: Store) -> None:
    rebuild(uri, store)
    ((columns,),) = town.connection.execute(LAID).fetchall()
    positions = ["from_position", "to_position", "segment"]
    fixed = ["effective_on", "id", "recorded_at", "version", "position", "content_id"]
    assert columns == [*positions, *fixed, "code", "kind", "area", "names"]


def test_tables_that_are_built_are_looked_after_like_any_other(uri: str, town: Town, store: Store) -> None:
    rebuild(uri, store)
    assert town.connection.execute(NEGLECTED).fetchall() == []
