"""Is a question by effective date ever answered as if nobody had named a date?

The date is one before anything happened: whoever heeds it answers as the empty log does; who cannot, must refuse.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from schema.context import Reading
from schema.schema import build
from schema.statement import NOT_DATED
from tests.schema.conftest import AUDITOR, Api, opened
from tests.schema.paths import query

pytestmark = pytest.mark.anyio
BEFORE_ALL = "1900-01-01"
ECHOES = {"position", "recordedAt", "fromPosition", "toPosition"}
"""What repeats the recorded moment that was asked about."""
GIVEN = {
    "chamber": 'by: {division: "410225103"}',
    "division": 'by: {code: "410225"}',
    "cityDiff": 'from: {position: "0"}',
    "ranking": 'schemeKind: PRESIDENT_ANNUAL, within: "410200", year: 2024',
}
"""The arguments of the questions that need more than an id."""
DATED_CLAIMS = '{ claims(ids: ["donation", "investment", "training_classes"]) { derived events { totalCount } } }'


@pytest.fixture
async def kaifeng(city: str) -> AsyncIterator[Api]:
    async with opened(city) as api:
        yield api


def of_type(field: GraphQLField) -> GraphQLObjectType | Any:
    return get_named_type(field.type)


ROOT: Any = build()._schema.type_map["Snapshot"]


def selections(kind: Any) -> Iterator[str]:
    """What to select: of a list its objects and their number, of an object its own fields, else each by itself."""
    if "nodes" in kind.fields:
        yield f"{{ totalCount nodes {leaves(of_type(kind.fields['nodes']))} }}"
    elif "id" in kind.fields or all(is_leaf_type(of_type(field)) for field in kind.fields.values()):
        yield leaves(kind)
    else:
        for name, field in kind.fields.items():
            if name not in ECHOES:
                inner = "" if is_leaf_type(of_type(field)) else next(selections(of_type(field)))
                yield f"{{ {name} {inner} }}"


def leaves(kind: Any) -> str:
    free = [n for n, f in kind.fields.items() if not any(map(is_required_argument, f.args.values()))]
    return f"{{ {' '.join(['__typename', *(n for n in free if is_leaf_type(of_type(kind.fields[n])))])} }}"


async def arguments(api: Api, name: str, field: GraphQLField) -> str:
    """The arguments with which a question has an answer in the city of today."""
    if name in GIVEN:
        return f"({GIVEN[name]})"
    if not any(map(is_required_argument, field.args.values())):
        return ""
    listed = "chambers" if name.startswith("node") else await listing(of_type(field).name)
    id = (await api.ask(f"{{ {listed}(first: 1) {{ nodes {{ id }} }} }}"))[listed]["nodes"][0]["id"]
    return f'(ids: ["{id}"])' if name == "nodes" else f'(id: "{id}")'


async def listing(kind: str) -> str:
    return next(str(name) for name, field in ROOT.fields.items() if of_type(field).name == f"{kind}Connection")


async def questions(api: Api) -> list[str]:
    """Every question at the root, with what may be selected of it."""
    found = []
    for name, field in ROOT.fields.items():
        if name not in ECHOES:
            asked = await arguments(api, name, field)
            found += [f"{name}{asked} {selection}" for selection in selections(of_type(field))]
    return found


async def test_every_question_heeds_the_effective_date_or_refuses_it(kaifeng: Api) -> None:
    head, heeded, ignored = await kaifeng.head(), list[str](), list[str]()
    for question in await questions(kaifeng):
        moment = f'asOf(at: {{position: "{head}"}}, effectiveOn: "{BEFORE_ALL}")'
        dated = await kaifeng.run(f"{{ {moment} {{ {question} }} }}")
        if dated.errors:
            assert dated.errors[0].message == NOT_DATED, question
            continue
        nothing = await kaifeng.ask(f'{{ asOf(at: {{position: "0"}}) {{ {question} }} }}')
        (ignored if dated.data != nothing else heeded).append(question)
    assert ignored == []
    names = {question.split("(")[0].split()[0] for question in heeded}
    assert {"contributions", "contributionTotals", "changes", "chamber", "node", "mediationStatistics"} < names


async def test_every_question_has_another_answer_today_than_before_anything_happened(kaifeng: Api) -> None:
    """Otherwise the test above would say nothing of it."""
    asked, answered = set(), set()
    for question in await questions(kaifeng):
        then = await kaifeng.ask(f'{{ asOf(at: {{position: "0"}}) {{ {question} }} }}')
        asked.add(name := question.split("(")[0].split()[0])
        if (await kaifeng.ask(f"{{ {question} }}")) != then["asOf"]:
            answered.add(name)
    assert asked == answered


async def test_figures_of_dated_facts_are_told_by_effective_date_with_their_events(kaifeng: Api) -> None:
    head = await kaifeng.head()
    past = f'query($on: Date) {{ asOf(at: {{position: "{head}"}}, effectiveOn: $on) {DATED_CLAIMS} }}'
    now = (await kaifeng.ask(DATED_CLAIMS))["claims"]
    assert (await kaifeng.ask(past, on="2999-01-01"))["asOf"]["claims"] == now
    for day in ("2024-06-30", "2024-12-31"):
        earlier = (await kaifeng.ask(past, on=day))["asOf"]["claims"]
        behind = [sum(each["events"]["totalCount"] for each in claims) for claims in (earlier, now)]
        assert 0 < behind[0] < behind[1]


def test_no_plan_is_made_for_a_question_by_effective_date() -> None:
    text = 'query($on: Date) { asOf(at: {position: "9"}, effectiveOn: $on) { contributions { totalCount } } }'
    operation, reading = query(text), Reading.of(AUDITOR)
    for none in ({}, {"on": None}):
        assert operation.learn(none, reading)
    assert operation.learn({"on": BEFORE_ALL}, reading) is None
