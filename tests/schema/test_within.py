"""Is the first page of what lies within a division found without reading all there is, however large it is?"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from schema.compiled.bindings import Request
from schema.compiled.reader import encoded
from schema.context import Reading
from service.resources import READ_ONLY, acting
from tests.schema.conftest import AUDITOR, KEY
from tests.schema.paths import query

CHANGES = "query($code: DivisionCode!) { changes(first: 5, where: {within: $code}) { nodes { position } } }"
AT_MOST = 1_500
"""Of 16,000 changes."""


@pytest.mark.parametrize("code", ["410200", "410225"])
def test_the_first_changes_within_a_division_are_found_without_reading_all(city: str, code: str) -> None:
    assert 0 < read(city, code) < AT_MOST


def test_of_a_division_that_there_never_was_nothing_is_read(city: str) -> None:
    assert read(city, "990000") == 0


def test_a_township_and_a_county_are_asked_for_by_statements_of_their_own() -> None:
    assert statement("410225100") != statement("410225") == statement("410200")


def statement(code: str) -> str:
    """The statement that finds the changes within a division."""
    found = query(CHANGES).learn({"code": code}, Reading.of(AUDITOR))
    assert found is not None
    return found.sql


def plan(uri: str, code: str) -> dict[str, Any]:
    """How it was carried out, by a plan for whatever values may come."""
    reading, operation = Reading.of(AUDITOR), query(CHANGES)
    found = operation.learn({"code": code}, reading)
    assert found is not None
    values = [encoded(find(Request({"code": code}, reading, KEY))) for find in found.getters]
    given = ", ".join("NULL" if each is None else f"'{each.decode()}'" for each in values)
    with psycopg.connect(acting(uri, f"{READ_ONLY} -c plan_cache_mode=force_generic_plan")) as connection:
        connection.execute(f"PREPARE asked AS {found.sql}".encode())
        row = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked ({given})".encode()).fetchone()
    assert row is not None
    return dict(row[0][0]["Plan"])


def read(uri: str, code: str) -> float:
    """How many changes are looked at for the first few within a division."""
    return sum(rows_read(node) for node in nodes_of(plan(uri, code)) if node.get("Relation Name") == "change")


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes_of(below)


def rows_read(node: dict[str, Any]) -> float:
    """How many rows a node of a plan looked at."""
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float(rows * node["Actual Loops"])
