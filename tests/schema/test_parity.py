"""Is the compiled answer to every question the ordinary one? Thousands of random questions say so."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    SelectionSetNode,
    Visitor,
    build_schema,
    parse,
    print_schema,
    visit,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from schema.compiled.bindings import Request
from schema.compiled.fragments import Subplans
from schema.compiled.pipeline import PipelinedReader
from schema.compiled.plans import Operation
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


@dataclass
class Paths:
    """The ordinary path, the same with compiled fields in it, and the compiled one."""

    api: Api
    reader: PipelinedReader
    runner: asyncio.Runner

    def __post_init__(self) -> None:
        self.mixed = replace(self.api, subplans=Subplans(build()._schema, self))

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        return await self.reader.fetch(sql, values)

    async def reached(self, position: int, seconds: float) -> bool:
        return await self.api.runner.reached(position, seconds)

    def compare(self, text: str, viewer: Actor = AUDITOR, variables: dict[str, Any] | None = None) -> str:
        """Ask all paths and say how it went: refused by the ordinary one, mixed or equal, which is compiled whole."""
        return self.runner.run(self._compare(text, viewer, variables or {}))

    async def _compare(self, text: str, viewer: Actor, variables: dict[str, Any]) -> str:
        ordinary = await self.api.run(text, viewer, **variables)
        context = self.mixed.context(viewer)
        mixed = await build().execute(text, variable_values=variables, context_value=context)
        if ordinary.errors:
            assert [str(each) for each in mixed.errors or ()] == [str(each) for each in ordinary.errors], text
            return "refused"
        assert mixed.errors is None, text
        expected = json.loads(json.dumps(ordinary.data, default=str))
        assert json.loads(orjson.dumps(mixed.data)) == expected, text
        whole = await self._whole(text, viewer, variables)
        assert whole is None or json.loads(whole) == expected, text
        return "equal" if whole else "mixed" if context.passed else "ordinary"

    async def _whole(self, text: str, viewer: Actor, variables: dict[str, Any]) -> bytes | None:
        """The compiled answer, if there is a plan."""
        operation, reading = Operation(build()._schema, parse(text), None), Reading.of(viewer)
        coerced = operation.variables(variables)
        plan = operation.plan(coerced, reading, make=True)
        return None if plan is None else await plan.read(Request(coerced, reading, KEY), self)


@asynccontextmanager
async def both(uri: str) -> AsyncIterator[tuple[Api, PipelinedReader]]:
    reader = PipelinedReader(acting(uri, READ_ONLY))
    async with opened(uri) as api:
        await reader.open()
        yield api, reader
        await reader.close()


@pytest.fixture(scope="module")
def paths(city: str) -> Iterator[Paths]:
    """All paths over the whole demonstration city."""
    with asyncio.Runner() as runner:
        opening = both(city)
        yield Paths(*runner.run(opening.__aenter__()), runner)
        runner.run(opening.__aexit__(None, None, None))


def at(text: str, position: int | None) -> str:
    """A question, now or as of a position."""
    fields = text.strip().removeprefix("query").strip()
    return text if position is None else f'{{ asOf(at: {{position: "{position}"}}) {fields} }}'


class Blocks(Visitor):
    """Finds where the selections of a document begin."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[int] = []

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        assert node.loc is not None
        self.found.append(node.loc.start + 1)


def unplannable(text: str, place: int) -> str:
    """The same question with a response name in one of its selections that no column of PostgreSQL can have."""
    blocks = Blocks()
    visit(parse(text), blocks)
    start = blocks.found[place % len(blocks.found)]
    return f"{text[:start]} {'n' * 64}: __typename {text[start:]}"


def test_random_questions_have_equal_answers_on_all_paths(paths: Paths) -> None:
    outcomes: Counter[str] = Counter()
    moments = st.one_of(st.none(), st.integers(0, 7_800))
    broken = st.one_of(st.none(), st.integers(0, 12))

    @settings(max_examples=QUESTIONS, deadline=None, database=None, derandomize=True, suppress_health_check=HEALTH)
    @given(queries(askable(), fields=ASKED, custom_scalars=SCALARS), st.sampled_from(VIEWERS), moments, broken)
    def ask(text: str, viewer: Actor, position: int | None, place: int | None) -> None:
        outcomes[paths.compare(at(text if place is None else unplannable(text, place), position), viewer)] += 1

    ask()
    assert outcomes["equal"] > 0.3 * QUESTIONS, outcomes
    assert outcomes["mixed"] > 0.2 * QUESTIONS, outcomes
    assert outcomes["ordinary"] < 0.2 * QUESTIONS, outcomes


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
def test_chosen_questions_have_equal_answers_on_all_paths(
    paths: Paths, viewer: Actor, text: str, variables: dict[str, Any]
) -> None:
    assert paths.compare(text, viewer, variables) == "equal"


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.account)
@pytest.mark.parametrize("time", ["2023-06-01T00:00:00Z", "2025-03-01T08:00:00+08:00", "2026-10-31T23:59:59Z"])
def test_a_time_is_the_same_moment_on_all_paths(paths: Paths, viewer: Actor, time: str) -> None:
    inner = "position recordedAt chambers(first: 3) { totalCount nodes { id name division { name } } }"
    assert (
        paths.compare(f"query($t: DateTime!) {{ asOf(at: {{time: $t}}) {{ {inner} }} }}", viewer, {"t": time})
        == "equal"
    )
    other = f'{{ position a: asOf(at: {{time: "{time}"}}) {{ {inner} }} b: asOf(at: {{position: 9}}) {{ {inner} }} }}'
    assert paths.compare(other, viewer) == "equal"


@pytest.mark.parametrize("order", ["NAME", "SINCE", "RECORDED_AT", "POSITION", "UNIT_MEMBERS"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_cursors_are_the_same_on_all_paths_and_lead_through_the_whole_list(
    paths: Paths, order: str, direction: str
) -> None:
    info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    by = f"orderBy: {{field: {order}, direction: {direction}}}"
    forwards = f"""query($a: String) {{ chambers(first: 40, after: $a, {by}) {{
        edges {{ cursor node {{ id name }} }} {info} }} }}"""
    backwards = forwards.replace("first: 40, after: $a", "last: 40, before: $a")
    for text, more, end in ((forwards, "hasNextPage", "endCursor"), (backwards, "hasPreviousPage", "startCursor")):
        cursor, found = None, []
        while True:
            assert paths.compare(text, AUDITOR, {"a": cursor}) == "equal"
            page = paths.runner.run(paths.api.ask(text, a=cursor))["chambers"]
            found += [edge["node"]["id"] for edge in page["edges"]]
            cursor = page["pageInfo"][end]
            if not page["pageInfo"][more]:
                break
        assert len(found) == len(set(found)) == 115


@pytest.mark.parametrize("past", [None, "4000"])
def test_one_record_by_its_id_is_the_same_on_all_paths(paths: Paths, past: str | None) -> None:
    listed = "query($p: Position!) { asOf(at: {position: $p}) { chambers(first: 1) { nodes { id } } } }"
    found = paths.runner.run(paths.api.ask(listed, p=past or "7000"))["asOf"]["chambers"]["nodes"][0]["id"]
    text = "query($id: ID!) { node(id: $id) { id __typename ... on Chamber { name state division { name } } } }"
    assert paths.compare(text, AUDITOR, {"id": found}) == "equal"
    by = "query($id: ID!) { chamber(by: {id: $id}) { id name lastChange { position } } }"
    assert paths.compare(by, VIEWERS[1], {"id": found}) == "equal"
