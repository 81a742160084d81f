"""What changed and when, in a record, a county, the city? Over the whole demonstration city, with its own sums."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import Api, opened

pytestmark = pytest.mark.anyio
LANKAO = "410225"
START, END = {"time": "2024-01-01T00:00:00+08:00"}, {"time": "2025-01-01T00:00:00+08:00"}
DIFF = """query($start: AsOfInput!, $end: AsOfInput, $within: DivisionCode, $after: String) {
    cityDiff(from: $start, to: $end, within: $within) { fromPosition toPosition
        fields(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor }
            nodes { recordId recordType path before after
                change { eventId position actor role basis reason effectiveOn recordedAt } } }
        figures { statistic path before after group division { code } } } }"""
CHANGES = """query($where: ChangeWhere, $after: String) {
    changes(where: $where, first: 100, after: $after, orderBy: {field: POSITION, direction: ASC}) { totalCount
        pageInfo { hasNextPage endCursor } nodes { recordId recordType position eventId kind actor role basis reason
            movement effectiveOn recordedAt fields { path before after } } } }"""


@pytest.fixture
async def kaifeng(city: str) -> AsyncIterator[Api]:
    async with opened(city) as api:
        yield api


async def pages(api: Api, text: str, *path: str, **variables: Any) -> list[Any]:
    """The items of all pages of a connection."""
    found: list[Any] = []
    after, more = None, True
    while more:
        page = await api.ask(text, after=after, **variables)
        for each in path:
            page = page[each]
        found += page["nodes"]
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    return found


def net(changes: list[Any]) -> dict[tuple[str, str], tuple[Any, Any, str]]:
    """What the changes come to: before, after and the last event of each field that they left another."""
    found: dict[tuple[str, str], tuple[Any, Any, str]] = {}
    for change in changes:
        for field in change["fields"]:
            key = (change["recordId"], field["path"])
            found[key] = (found.get(key, (field["before"],))[0], field["after"], change["eventId"])
    return {key: value for key, value in found.items() if value[0] != value[1]}


async def test_a_years_diff_of_a_county_is_the_sum_of_its_changes(kaifeng: Api) -> None:
    bounds = (await kaifeng.ask(DIFF, start=START, end=END, within=LANKAO))["cityDiff"]
    where = {
        "within": LANKAO,
        "position": {"gt": bounds["fromPosition"], "lte": bounds["toPosition"]},
        "recordType": {"in": ["CHAMBER", "DIVISION"]},
    }
    text = CHANGES.replace("{\n    changes(", "{ asOf(at: {position: $p}) { changes(").replace(
        "($where", "($p: Position!, $where"
    )
    changes = await pages(kaifeng, text + " }", "asOf", "changes", where=where, p=bounds["toPosition"])
    fields = await pages(kaifeng, DIFF, "cityDiff", "fields", start=START, end=END, within=LANKAO)
    shown = {
        (each["recordId"], each["path"]): (each["before"], each["after"], each["change"]["eventId"])
        for each in fields
        if each["recordType"] in ("CHAMBER", "DIVISION")
    }
    assert len(shown) > 100
    assert shown == net(changes)


async def test_each_difference_names_who_when_on_which_basis_and_which_event(kaifeng: Api) -> None:
    found = (await kaifeng.ask(DIFF, start=START, end=END, within=LANKAO))["cityDiff"]["fields"]
    assert found["totalCount"] > 100
    for each in found["nodes"]:
        change = each["change"]
        assert change["eventId"]
        assert change["actor"]
        assert change["effectiveOn"]
        assert change["recordedAt"]
    assert any(each["change"]["basis"] for each in found["nodes"])


async def test_the_figures_of_a_unit_differ_as_its_coverage_then_and_now(kaifeng: Api) -> None:
    text = """query($at: AsOfInput!) { asOf(at: $at) { coverage { units { registered inProgress none
        division { code } } } } }"""
    then, now = [(await kaifeng.ask(text, at=at))["asOf"]["coverage"]["units"] for at in (START, END)]
    expected = {
        (unit["division"]["code"], path): (str(before[path]), str(unit[path]))
        for before, unit in zip(then, now, strict=True)
        for path in ("registered", "inProgress", "none")
        if before[path] != unit[path]
    }
    found = (await kaifeng.ask(DIFF, start=START, end=END))["cityDiff"]["figures"]
    assert expected
    assert {
        (each["division"]["code"], each["path"]): (each["before"], each["after"])
        for each in found
        if each["statistic"] == "UnitCoverage"
    } == expected
    lankao = (await kaifeng.ask(DIFF, start=START, end=END, within=LANKAO))["cityDiff"]["figures"]
    assert {each["division"]["code"] for each in lankao if each["statistic"] == "UnitCoverage"} == {LANKAO}
    assert all(each["division"]["code"].startswith(LANKAO) for each in lankao)


async def test_a_diff_of_one_record_names_the_change_of_each_field(kaifeng: Api) -> None:
    text = """query($start: AsOfInput!, $end: AsOfInput!) { chambers(first: 5, where: {within: "410225"}) { nodes { id
        diff(from: $start, to: $end) { path before after recordId change { actor eventId basis } } } } }"""
    found = (await kaifeng.ask(text, start=START, end=END))["chambers"]["nodes"]
    assert any(chamber["diff"] for chamber in found)
    for chamber in found:
        for each in chamber["diff"]:
            assert each["recordId"].startswith(chamber["id"][:8])
            assert each["change"]["actor"]


async def test_moments_the_wrong_way_round_are_refused(kaifeng: Api) -> None:
    assert await kaifeng.fails(DIFF, start=END, end=START) == "BAD_USER_INPUT"
    inside = DIFF.replace("{\n    cityDiff", '{ asOf(at: {position: "100"}) { cityDiff') + " }"
    assert await kaifeng.fails(inside, start={"position": "50"}, end={"position": "101"}) == "BAD_USER_INPUT"
    assert (await kaifeng.ask(inside, start={"position": "50"}))["asOf"]["cityDiff"]["toPosition"] == "100"


async def test_differences_are_scoped_and_the_public_sees_none(kaifeng: Api) -> None:
    qi = Actor("qi", (Grant(Role.COUNTY_FIC, "410221"),))
    mine = (await kaifeng.ask(DIFF, qi, start=START, end=END))["cityDiff"]
    assert mine["fields"]["totalCount"] > 0
    other = (await kaifeng.ask(DIFF, qi, start=START, end=END, within=LANKAO))["cityDiff"]
    assert other["fields"]["totalCount"] == 0
    public = (await kaifeng.ask(DIFF, Actor("public", (Grant(Role.PUBLIC_API),)), start=START, end=END))["cityDiff"]
    assert (public["fields"]["totalCount"], public["figures"]) == (0, [])


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ({"recordType": {"eq": "DIVISION"}}, lambda c: c["recordType"] == "DIVISION"),
        ({"movement": {"eq": "STANDARDISE"}}, lambda c: c["movement"] == "STANDARDISE"),
        ({"paths": {"has": "uscc"}}, lambda c: any(field["path"] == "uscc" for field in c["fields"])),
        ({"role": {"eq": "REGISTRAR"}}, lambda c: c["role"] == "REGISTRAR"),
        ({"kind": {"eq": "CHAMBER_SUPERVISOR_APPROVED"}}, lambda c: c["kind"] == "CHAMBER_SUPERVISOR_APPROVED"),
        (
            {"effectiveOn": {"gte": "2024-03-01", "lt": "2024-04-01"}},
            lambda c: "2024-03-01" <= c["effectiveOn"] < "2024-04-01",
        ),
    ],
)
async def test_the_feed_is_narrowed_by_what_when_where_and_by_whom(kaifeng: Api, where: Any, kept: Any) -> None:
    found = await pages(kaifeng, CHANGES, "changes", where=where | {"within": LANKAO})
    everything = await pages(kaifeng, CHANGES, "changes", where={"within": LANKAO})
    assert found
    assert found == [each for each in everything if kept(each)]
    actor = found[0]["actor"]
    theirs = await pages(kaifeng, CHANGES, "changes", where={"within": LANKAO, "actor": {"eq": actor}})
    assert theirs == [each for each in everything if each["actor"] == actor]


async def test_the_feed_goes_on_from_its_cursor_and_a_bad_one_is_refused(kaifeng: Api) -> None:
    first = (await kaifeng.ask(CHANGES))["changes"]
    later = (await kaifeng.ask(CHANGES, after=first["pageInfo"]["endCursor"]))["changes"]
    assert int(later["nodes"][0]["position"]) > int(first["nodes"][-1]["position"])
    assert await kaifeng.fails(CHANGES, after="forged") == "BAD_USER_INPUT"
    other = (await kaifeng.ask("{ chambers(first: 1) { pageInfo { endCursor } } }"))["chambers"]["pageInfo"][
        "endCursor"
    ]
    assert await kaifeng.fails(CHANGES, after=other) == "BAD_USER_INPUT"


async def test_by_effective_date_the_feed_ends_with_the_day(kaifeng: Api) -> None:
    text = """query($at: AsOfInput!, $on: Date) { asOf(at: $at, effectiveOn: $on) {
        changes(first: 100, orderBy: {field: EFFECTIVE_ON, direction: DESC}) { totalCount nodes { effectiveOn } } } }"""
    at = {"position": (await kaifeng.ask("{ position }"))["position"]}
    all_of_it = (await kaifeng.ask(text, at=at))["asOf"]["changes"]["totalCount"]
    found = (await kaifeng.ask(text, at=at, on="2024-06-30"))["asOf"]["changes"]
    assert 0 < found["totalCount"] < all_of_it
    assert max(each["effectiveOn"] for each in found["nodes"]) <= "2024-06-30"
