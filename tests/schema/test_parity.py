"""Is the compiled answer to every question the ordinary one? Thousands of random questions say so."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema, parse, print_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from schema.compiled.bindings import Request
from schema.compiled.plans import Operation
from schema.compiled.reader import Reader
from schema.context import Reading
from schema.schema import build
from service.domain.roles import Actor, Grant, Role
from service.main import READ_ONLY, acting
from tests.schema.conftest import AUDITOR, KEY, Api, opened

HEALTH = list(HealthCheck)
QUESTIONS = int(os.environ.get("SHANGHUI_PARITY_QUESTIONS", "1000"))
VIEWERS = [AUDITOR, Actor("lankao", (Grant(Role.COUNTY_FIC, "410225"),)), Actor("public", (Grant(Role.PUBLIC_API),))]
RESOLVED = {
    "ranking",
    "availableCommands",
    "diff",
    "cityDiff",
    "current",
    "coverage",
    "mediationStatistics",
    "claims",
    "statistics",
    "chambersWithoutBranch",
    "contributionTotals",
    "partyBuilding",
    "recognitionTotals",
    "viewer",
    "vocabulary",
    "asOf",
    "node",
    "nodes",
    "position",
}
"""Fields with resolvers of their own, which the ordinary path answers, and those asked in another way below."""
ASKED = [
    "chambers", "divisions", "townshipCoverage", "registrationPipeline", "changes", "changeFilings",
    "annualInspections", "documents", "responsibilities", "activities", "townshipOutreach", "unitOutreach",
    "enterprises", "arrangements", "organs", "schemes", "assessments",
    "annualInspections", "mediationBodies", "mediationCases", "mediationSessions", "followUps",
]  # fmt: skip


def askable() -> str:
    """The part of the schema that is compiled, with page sizes as a type of their own and no cursors to be made up."""
    schema = build_schema(print_schema(build()._schema))
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            for name in RESOLVED & set(kind.fields) if kind.name not in ("Change", "Snapshot") else ():
                del kind.fields[name]
            for field in kind.fields.values():
                for argument in {"after", "before", "last"} & set(field.args):
                    del field.args[argument]
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


@asynccontextmanager
async def both(uri: str) -> AsyncIterator[tuple[Api, Reader]]:
    reader = Reader(acting(uri, READ_ONLY))
    async with opened(uri) as api:
        await reader.open()
        yield api, reader
        await reader.close()


@pytest.fixture(scope="module")
def paths(city: str) -> Iterator[tuple[asyncio.Runner, Api, Reader]]:
    """The ordinary path and the compiled one over the whole demonstration city."""
    with asyncio.Runner() as runner:
        opening = both(city)
        api, reader = runner.run(opening.__aenter__())
        yield runner, api, reader
        runner.run(opening.__aexit__(None, None, None))


async def compare(api: Api, reader: Reader, text: str, viewer: Actor, variables: dict[str, Any] | None = None) -> str:
    """Ask both paths and say how it went."""
    ordinary = await api.run(text, viewer, **(variables or {}))
    if ordinary.errors:
        return "refused"
    operation = Operation(build()._schema, parse(text), None)
    coerced = operation.variables(variables or {})
    reading = Reading.of(viewer)
    plan = operation.plan(coerced, reading, make=True)
    if plan is None:
        return "unplanned"
    request = Request(coerced, reading, KEY)
    answer = await reader.fetch(plan.sql, [getter(request) for getter in plan.getters])
    assert json.loads(answer) == json.loads(json.dumps(ordinary.data, default=str)), text
    return "equal"


async def ask_twice(api: Api, reader: Reader, text: str, viewer: Actor, position: int | None) -> str:
    """A random question, now or as of a position."""
    if position is not None:
        fields = text.strip().removeprefix("query").strip()
        text = f'{{ asOf(at: {{position: "{position}"}}) {fields} }}'
    return await compare(api, reader, text, viewer)


def test_random_questions_have_equal_answers_on_both_paths(paths: tuple[asyncio.Runner, Api, Reader]) -> None:
    runner, api, reader = paths
    outcomes: Counter[str] = Counter()
    moments = st.one_of(st.none(), st.integers(0, 7_800))

    @settings(max_examples=QUESTIONS, deadline=None, database=None, derandomize=True, suppress_health_check=HEALTH)
    @given(queries(askable(), fields=ASKED, custom_scalars=SCALARS), st.sampled_from(VIEWERS), moments)
    def ask(text: str, viewer: Actor, position: int | None) -> None:
        outcomes[runner.run(ask_twice(api, reader, text, viewer, position))] += 1

    ask()
    assert outcomes["equal"] > 0.7 * QUESTIONS, outcomes
    assert outcomes["unplanned"] < 0.1 * QUESTIONS, outcomes


NARROWED = """query($w: ChamberWhere, $o: ChamberOrder, $n: Int) { chambers(first: $n, where: $w, orderBy: $o) {
    totalCount nodes { name members(first: 10) { totalCount nodes { name } } inspections(first: 1) { nodes { year } } }
} }"""
FRAGMENTS = """query($code: DivisionCode) {
    a: chambers(where: {within: $code}) { ...names } b: chambers(last: 2) { ...names }
} fragment names on ChamberConnection { nodes { n: name ... on Audited { version } __typename } }"""
DIRECTIVES = """query($yes: Boolean!, $no: Boolean!) { chambers(first: 2) { totalCount @skip(if: $no)
    nodes { name @include(if: $yes) state @skip(if: $yes) officers @include(if: $no) { name } } } }"""
LANKAO = {"within": "410225", "state": {"in": ["REGISTERED"]}}
CHOSEN: list[tuple[str, dict[str, Any]]] = [
    ("{ chambers(first: 5) { totalCount nodes { id name state funds recordedAt position division { code } } } }", {}),
    ("{ changes(first: 100) { nodes { position kind recordId recordType fields { path label before after } } } }", {}),
    ("{ chambers(first: 2) { nodes { lastChange { kind position } history(last: 2) { nodes { kind } } } } }", {}),
    (NARROWED, {"w": LANKAO, "o": {"field": "SINCE", "direction": "DESC"}, "n": 9}),
    (FRAGMENTS, {"code": "4102X1"}),
    (DIRECTIVES, {"yes": True, "no": False}),
]


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.account)
@pytest.mark.parametrize(("text", "variables"), CHOSEN)
def test_chosen_questions_have_equal_answers_on_both_paths(
    paths: tuple[asyncio.Runner, Api, Reader], viewer: Actor, text: str, variables: dict[str, Any]
) -> None:
    runner, api, reader = paths
    assert runner.run(compare(api, reader, text, viewer, variables)) == "equal"


@pytest.mark.parametrize("order", ["NAME", "SINCE", "RECORDED_AT", "POSITION", "UNIT_MEMBERS"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_cursors_are_the_same_on_both_paths_and_lead_through_the_whole_list(
    paths: tuple[asyncio.Runner, Api, Reader], order: str, direction: str
) -> None:
    runner, api, reader = paths
    info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    by = f"orderBy: {{field: {order}, direction: {direction}}}"
    forwards = f"""query($a: String) {{ chambers(first: 40, after: $a, {by}) {{
        edges {{ cursor node {{ id name }} }} {info} }} }}"""
    backwards = forwards.replace("first: 40, after: $a", "last: 40, before: $a")
    for text, more, end in ((forwards, "hasNextPage", "endCursor"), (backwards, "hasPreviousPage", "startCursor")):
        cursor, found = None, []
        while True:
            assert runner.run(compare(api, reader, text, AUDITOR, {"a": cursor})) == "equal"
            page = runner.run(api.ask(text, a=cursor))["chambers"]
            found += [edge["node"]["id"] for edge in page["edges"]]
            cursor = page["pageInfo"][end]
            if not page["pageInfo"][more]:
                break
        assert len(found) == len(set(found)) == 115


@pytest.mark.parametrize("past", [None, "4000"])
def test_one_record_by_its_id_is_the_same_on_both_paths(
    paths: tuple[asyncio.Runner, Api, Reader], past: str | None
) -> None:
    runner, api, reader = paths
    listed = "query($p: Position!) { asOf(at: {position: $p}) { chambers(first: 1) { nodes { id } } } }"
    found = runner.run(api.ask(listed, p=past or "7000"))["asOf"]["chambers"]["nodes"][0]["id"]
    text = "query($id: ID!) { node(id: $id) { id __typename ... on Chamber { name state division { name } } } }"
    assert runner.run(compare(api, reader, text, AUDITOR, {"id": found})) == "equal"
    by = "query($id: ID!) { chamber(by: {id: $id}) { id name lastChange { position } } }"
    assert runner.run(compare(api, reader, by, VIEWERS[1], {"id": found})) == "equal"
