"""Is the compiled answer to every question the ordinary one? Thousands of random questions say so."""

import os
from collections import Counter
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema, print_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from schema.relations import Every, Identity, Many, One, relation_of
from schema.schema import build
from service.domain.roles import Actor
from tests.schema.paths import VIEWERS, at, narrowed, unplannable, walked

HEALTH = list(HealthCheck)
QUESTIONS = int(os.environ.get("SHANGHUI_PARITY_QUESTIONS", "1000"))
SCHEMA = build()._schema
ROOT: Any = SCHEMA.query_type
LISTS = [
    name
    for name, field in ROOT.fields.items()
    if isinstance(relation_of(field.extensions.get("strawberry-definition")), Every)
]


def compiled(kind: str, field: Any) -> bool:
    """Whether a field is a column or leads to rows; whatever else has a resolver is asked in other tests."""
    definition = field.extensions.get("strawberry-definition")
    plain = definition is None or definition.base_resolver is None or kind.endswith("Connection")
    return plain or isinstance(relation_of(definition), Every | Identity | Many | One)


def askable() -> str:
    """The part of the schema that is compiled, with page sizes as a type of their own and no cursors to be made up."""
    schema = build_schema(print_schema(SCHEMA))
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            declared: Any = SCHEMA.type_map[name]
            for field in [each for each in kind.fields if not compiled(name, declared.fields[each])]:
                del kind.fields[field]
            for each in kind.fields.values():
                for argument in {"after", "before", "last"} & set(each.args):
                    del each.args[argument]
    text = print_schema(schema).replace("first: Int", "first: PageSize")
    return text + "\nscalar PageSize\n"


SCALARS = {
    "PageSize": st.integers(0, 6).map(nodes.Int),
    "DateTime": st.sampled_from(["2024-01-01T00:00:00+08:00", "2025-06-01T12:00:00Z"]).map(nodes.String),
    "Date": st.sampled_from(["2023-06-01", "2024-06-01", "2025-06-01"]).map(nodes.String),
    "Decimal": st.sampled_from(["30000.00", "50000", "0"]).map(nodes.String),
    "UUID": st.uuids().map(str).map(nodes.String),
    "Position": st.integers(0, 8000).map(str).map(nodes.String),
    "DivisionCode": st.sampled_from(["410225", "4102X1", "410200", "410225103", "999999"]).map(nodes.String),
    "Uscc": st.just("51410225MJ0000001A").map(nodes.String),
    "JSON": st.just("x").map(nodes.String),
}


def test_random_questions_have_equal_answers_on_all_paths(city: str) -> None:
    outcomes: Counter[str] = Counter()
    with walked(city) as paths:
        asked = queries(askable(), fields=LISTS, custom_scalars=SCALARS)
        viewers = st.sampled_from([*VIEWERS, *narrowed(paths)])
        moments = st.one_of(st.none(), st.integers(0, paths.runner.run(paths.api.head())))
        broken = st.one_of(st.none(), st.integers(0, 12))

        @settings(max_examples=QUESTIONS, deadline=None, database=None, derandomize=True, suppress_health_check=HEALTH)
        @given(asked, viewers, moments, broken)
        def ask(text: str, viewer: Actor, position: int | None, place: int | None) -> None:
            outcomes[paths.compare(at(text if place is None else unplannable(text, place), position), viewer)] += 1

        ask()
    assert outcomes["equal"] > 0.3 * QUESTIONS, outcomes
    assert outcomes["mixed"] > 0.2 * QUESTIONS, outcomes
    assert outcomes["ordinary"] < 0.2 * QUESTIONS, outcomes
