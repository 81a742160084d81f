"""Does what the ledger asks of its tables stay a look-up, however much they have grown since it was planned?"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from service.ledger.appender import APPEND, EARLIER, GROUNDS
from service.ledger.recorder import EVENTS_OF
from service.ledger.store import LedgerStore

STATEMENTS = {
    "append": APPEND,
    "earlier": EARLIER,
    "grounds": GROUNDS,
    "events_of": EVENTS_OF.format(events="ledger.shanghui_events").replace("%(ids)s", "$1"),
}
GROWN = """
INSERT INTO ledger.shanghui_events (originator_id, originator_version, topic, state)
SELECT gen_random_uuid(), 1, 'x', 'x' FROM generate_series(1, 5000);
INSERT INTO ledger.command_key SELECT gen_random_uuid(), 'x', gen_random_uuid(), 1, 1 FROM generate_series(1, 5000)"""
LIVES = {"new": "", "analysed_while_empty": "VACUUM ANALYZE", "grown": GROWN, "grown_and_analysed": f"{GROWN};ANALYZE"}


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("name", STATEMENTS)
def test_nothing_ever_reads_a_whole_table(ledger_uri: str, name: str, life: str) -> None:
    with psycopg.connect(ledger_uri, autocommit=True) as owner:
        owner.execute(LIVES[life].encode())
    scans = list(scans_of(plan(ledger_uri, STATEMENTS[name])))
    assert scans
    assert [scan for scan in scans if "Index Cond" not in scan] == []


def plan(uri: str, statement: str) -> dict[str, Any]:
    """The plan that a ledger's connection makes of a statement for whatever values may come."""
    store = LedgerStore(uri)
    with psycopg.connect(store.uri) as connection:
        connection.execute(f"PREPARE asked AS {statement}".encode())
        values = ", ".join("NULL" for n in range(1, 9) if f"${n}" in statement)
        row = connection.execute(f"EXPLAIN (FORMAT JSON) EXECUTE asked ({values})".encode()).fetchone()
    store.close()
    assert row is not None
    return dict(row[0][0]["Plan"])


def scans_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of a plan that read a table, through an index or whole."""
    if node["Node Type"] == "Seq Scan" or "Index Name" in node:
        yield node
    for below in node.get("Plans", ()):
        yield from scans_of(below)
