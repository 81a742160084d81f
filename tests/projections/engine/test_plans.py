"""Does what the live path asks of a table stay a look-up, however much it has grown since it was planned?"""

from collections.abc import Iterator
from typing import Any, LiteralString

import pytest
from psycopg import RawCursor

from projections.engine import Store
from projections.engine.storage import FETCH, LOOK_UP, SAVE
from tests.projections.engine.town import SMALL, TABLES, Town

STATEMENTS: dict[LiteralString, tuple[Any, ...]] = {FETCH: ("[]",), SAVE: ("[]", "[]")}
STORED = [table for table in TABLES if not table.log]


@pytest.mark.parametrize("table", STORED, ids=repr)
@pytest.mark.parametrize("grown", [0, 60])
def test_no_statement_reads_a_whole_table(town: Town, store: Store, table: Any, grown: int) -> None:
    town.live(grown)
    store.catch_up(town.connection)
    town.connection.execute("ANALYZE")
    town.live(SMALL.start(1) * 2)
    store.catch_up(town.connection)
    with town.connection.transaction(), RawCursor(town.connection) as cursor:
        cursor.execute(LOOK_UP)
        for text, values in STATEMENTS.items():
            ((found,),) = store.storages[table].tell(cursor, f"EXPLAIN (FORMAT JSON) {text}", *values).fetchall()
            assert [node for node in nodes(found[0]["Plan"]) if node["Node Type"] == "Seq Scan"] == []


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's parts."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)
