"""When a list is sorted, are only the rows of its page read as a whole where that is slow, and the right ones?"""

from random import Random
from typing import Any

import pytest
from graphql import GraphQLEnumType

from schema.compiled.moments import PLACE
from schema.context import Reading
from schema.schema import build
from tests.schema.conftest import AUDITOR
from tests.schema.paths import at, query, walked

SORTS: Any = build()._schema.type_map["ChamberOrderField"]
assert isinstance(SORTS, GraphQLEnumType)
FIELDS = (
    "{ edges { cursor node { id name state officers { person } } } pageInfo { hasNextPage startCursor endCursor } }"
)
WHERE = (
    "",
    ', where: {within: "410200"}',
    ', where: {businessScope: {contains: "服务"}}',
    ", where: {state: {eq: PREPARING}}",
)


def chambers(field: str, rest: str = "", direction: str = "DESC") -> str:
    return f"{{ chambers(orderBy: {{field: {field}, direction: {direction}}}{rest}) {FIELDS} }}"


def by_place(text: str) -> bool:
    """Whether the statement of a question finds where rows lie before it reads them."""
    found = query(text).learn({}, Reading.of(AUDITOR))
    assert found is not None
    return PLACE in found.sql


@pytest.mark.parametrize("field", ["STATE", "POSITION", "UNIT_MEMBERS"])
def test_rows_of_the_past_that_are_sorted_are_found_before_they_are_read(field: str) -> None:
    assert by_place(at(chambers(field), 5))


@pytest.mark.parametrize("field", ["ID", "NAME"])
def test_rows_that_an_index_has_in_order_are_read_as_they_come(field: str) -> None:
    assert not by_place(at(chambers(field), 5))


def test_rows_of_the_present_are_found_first_if_what_stands_apart_has_to_be_joined_to_them() -> None:
    assert by_place(chambers("POSITION"))
    assert not by_place(chambers("POSITION").replace("officers { person }", ""))


def test_the_few_rows_beneath_another_are_read_at_once() -> None:
    assert not by_place(at("{ chambers { nodes { assessments { nodes { year } } } } }", 5))


def test_a_log_is_read_as_it_comes() -> None:
    assert not by_place(at("{ changes(orderBy: {field: RECORDED_AT, direction: ASC}) { nodes { position } } }", 5))


def test_every_sort_of_the_past_has_the_rows_in_their_order(city: str) -> None:
    random = Random(16)
    with walked(city) as paths:
        head = paths.runner.run(paths.api.head())
        for field in SORTS.values:
            for direction, way in (("ASC", "first"), ("DESC", "last")):
                rest = f", {way}: {random.randint(1, 6)}{random.choice(WHERE)}"
                text = chambers(field, rest, direction)
                for each in (text, at(text, random.randint(head // 4, head))):
                    assert paths.compare(each) == "equal", each
