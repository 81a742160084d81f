"""Have chosen questions the same answer on all paths: pages, moments, roles, directives, single records?"""

from collections.abc import Iterator
from typing import Any

import pytest

from schema.compiled.bindings import Request, Unfit
from schema.context import Reading
from schema.errors import BadInput
from service.domain.roles import Actor
from tests.schema.conftest import AUDITOR, KEY
from tests.schema.paths import VIEWERS, Paths, at, narrowed, query, unplannable, walked


@pytest.fixture(scope="module")
def paths(city: str) -> Iterator[Paths]:
    """All paths over the whole demonstration city."""
    with walked(city) as paths:
        yield paths


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
    ("{ changes(first: 100) { nodes { fields { path before after } } } }", {}),
    ('{ query(minPosition: "5") { chambers(first: 2) { nodes { name } } } }', {}),
    ("{ chambers(first: 2) { nodes { lastChange { kind position } history(last: 2) { nodes { kind } } } } }", {}),
    ('query($a: String!) { chambers(where: {name: {in: [$a, "x"]}}) { totalCount } }', {"a": "兰考县商会"}),
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


CASES = """{
    mediationCases(first: 4) { totalCount nodes {
        id state body { name cases(first: 2) { totalCount nodes { id } } } lastChange { kind }
        sessions(first: 2) { totalCount nodes { heldOn case { id } } } followUps(first: 2) { totalCount }
        history(first: 2) { totalCount nodes { kind } } deadlines(first: 2) { totalCount nodes { kind } } } }
    changes(first: 3, where: {recordType: {eq: MEDIATION_CASE}}) { totalCount nodes { kind recordId } }
    deadlines(first: 3, where: {recordType: {eq: MEDIATION_CASE}}) { totalCount nodes { kind } } }"""
COUNT = "{ mediationCases { totalCount } }"


@pytest.mark.parametrize("position", [None, 9_000])
def test_what_is_for_some_roles_only_is_theirs_on_all_paths(paths: Paths, position: int | None) -> None:
    seen = set()
    for viewer in (*VIEWERS, *narrowed(paths)):
        assert paths.compare(at(CASES, position), viewer) == "equal"
        for place in range(0, 12, 3):
            assert paths.compare(at(unplannable(CASES, place), position), viewer) == "mixed"
        seen.add(paths.runner.run(paths.api.ask(COUNT, viewer))["mediationCases"]["totalCount"])
    assert len(seen) >= 4, "the viewers must differ in what they read"


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.account)
@pytest.mark.parametrize("asked", ["activities(first: 3) { totalCount nodes { day } }", "changes { totalCount }"])
def test_by_effective_date_only_the_ordinary_path_answers(paths: Paths, viewer: Actor, asked: str) -> None:
    text = f'{{ asOf(at: {{position: "7000"}}, effectiveOn: "2025-01-01") {{ {asked} }} }}'
    assert paths.compare(text, viewer) == "ordinary"
    assert paths.compare(text.replace("asOf(", "position asOf("), viewer) == "ordinary"


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


@pytest.mark.parametrize("selected", ["__typename", "totalCount", "nodes { name }"])
def test_a_bad_cursor_fits_no_plan_whatever_is_selected(paths: Paths, selected: str) -> None:
    operation = query(f"query($a: String) {{ chambers(after: $a) {{ {selected} }} }}")
    plan = operation.learn({"a": "x"}, Reading.of(AUDITOR))
    assert plan is not None
    with pytest.raises(BadInput):
        paths.runner.run(plan.read(Request({"a": "x"}, Reading.of(AUDITOR), KEY), paths))


@pytest.mark.parametrize(("given", "taken"), [("4000", 4000), ("0012", 12), (12, 12)])
def test_a_position_is_taken_as_its_scalar_takes_it(given: object, taken: int) -> None:
    operation = query("query($p: Position!) { asOf(at: {position: $p}) { chambers { totalCount } } }")
    assert operation.variables({"p": given}) == {"p": taken}


@pytest.mark.parametrize("given", ["x", "-1", "²", "9223372036854775808", None, True, ["1"]])
def test_what_is_no_position_fits_no_plan(given: object) -> None:
    operation = query("query($p: Position!) { asOf(at: {position: $p}) { chambers { totalCount } } }")
    with pytest.raises((Unfit, ValueError)):
        operation.variables({"p": given})


@pytest.mark.parametrize("past", [None, "4000"])
def test_one_record_by_its_id_is_the_same_on_all_paths(paths: Paths, past: str | None) -> None:
    listed = "query($p: Position!) { asOf(at: {position: $p}) { chambers(first: 1) { nodes { id } } } }"
    found = paths.runner.run(paths.api.ask(listed, p=past or "7000"))["asOf"]["chambers"]["nodes"][0]["id"]
    text = "query($id: ID!) { node(id: $id) { id __typename ... on Chamber { name state division { name } } } }"
    assert paths.compare(text, AUDITOR, {"id": found}) == "equal"
    by = "query($id: ID!) { chamber(by: {id: $id}) { id name lastChange { position } } }"
    assert paths.compare(by, VIEWERS[1], {"id": found}) == "equal"


def test_one_chamber_by_its_credit_code_is_the_same_on_all_paths_however_it_is_written(paths: Paths) -> None:
    code = paths.runner.run(paths.api.ask("{ chambers(last: 1) { nodes { uscc } } }"))["chambers"]["nodes"][0]["uscc"]
    text = "query($code: Uscc!) { chamber(by: {uscc: $code}) { id uscc division { name } } }"
    for written in (code, f"{code[:8]}-{code[8:]} ".lower(), "51"):
        assert paths.compare(text, AUDITOR, {"code": written}) == "equal"
