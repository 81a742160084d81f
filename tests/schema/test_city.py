"""Does the demonstration city answer as its plan and the real divisions say, over GraphQL?"""

import csv
from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

import pytest

from tests.schema.conftest import Api, opened

pytestmark = pytest.mark.anyio
DATA = files("service.demo") / "data"


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


def code_of(division: dict[str, str] | None) -> str:
    return division["code"] if division else ""


@pytest.fixture
async def kaifeng(city: str) -> AsyncIterator[Api]:
    async with opened(city) as api:
        yield api


async def test_every_unit_has_the_chambers_of_the_plan(kaifeng: Api) -> None:
    text = """{ coverage { townships registered inProgress none
        units { townships registered inProgress none division { code } } } }"""
    found = (await kaifeng.ask(text))["coverage"]
    plan = {row["unit"]: row for row in rows("demo_plan.csv") if row["unit"]}
    assert {key: found[key] for key in ("townships", "registered", "inProgress", "none")} == {
        "townships": 116, "registered": 98, "inProgress": 12, "none": 6,
    }  # fmt: skip
    assert len(found["units"]) == len(plan) == 10
    for unit in found["units"]:
        planned = plan[unit["division"]["code"]]
        shown = [unit[key] for key in ("townships", "registered", "inProgress", "none")]
        assert [str(each) for each in shown] == [planned[k] for k in ("townships", "registered", "in_progress", "none")]


async def test_farms_and_parks_are_not_counted(kaifeng: Api) -> None:
    text = (
        "{ divisions(where: {kind: {eq: SPECIAL}, state: {eq: OPEN}}) { totalCount } townshipCoverage { totalCount } }"
    )
    assert await kaifeng.ask(text) == {"divisions": {"totalCount": 8}, "townshipCoverage": {"totalCount": 116}}


async def test_the_open_divisions_are_those_of_the_file(kaifeng: Api) -> None:
    text = """query($after: String) { divisions(where: {state: {eq: OPEN}}, first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { code name kind villages parent { code } managedBy { code } } } }"""
    found: list[Any] = []
    page: Any = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        divisions = (await kaifeng.ask(text, after=page["endCursor"]))["divisions"]
        found, page = found + divisions["nodes"], divisions["pageInfo"]
    assert {
        (
            d["code"],
            d["name"],
            d["kind"].lower(),
            code_of(d["parent"]),
            code_of(d["managedBy"]),
            str(d["villages"] or ""),
        )
        for d in found
    } == {
        (r["code"], r["name"], r["kind"], r["parent_code"], r["managed_by"], r["villages"])
        for r in rows("kaifeng_divisions.csv")
    }


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("410212", "2013-06-01", "开封县"),
        ("410212", "2015-06-01", "祥符区"),
        ("410224", "2013-06-01", "开封县"),
        ("410202008", "2021-06-01", "宋城街道"),
        ("410202008", "2023-12-31", "金明池街道"),
        ("410205", "2005-01-01", "南关区"),
        ("410205", "2006-01-01", "禹王台区"),
    ],
)
async def test_a_place_is_called_as_it_was_on_the_day(kaifeng: Api, code: str, on: str, name: str) -> None:
    text = """query($at: AsOfInput!, $on: Date!, $code: DivisionCode!) {
        asOf(at: $at, effectiveOn: $on) { division(by: {code: $code}) { name } } }"""
    head = (await kaifeng.ask("{ position }"))["position"]
    found = await kaifeng.ask(text, at={"position": head}, on=on, code=code)
    assert found["asOf"]["division"] == {"name": name}


async def test_a_merged_district_says_into_which(kaifeng: Api) -> None:
    text = '{ division(by: {code: "410211"}) { name state mergedInto { name } } }'
    found = (await kaifeng.ask(text))["division"]
    assert found == {"name": "金明区", "state": "MERGED", "mergedInto": {"name": "龙亭区"}}


async def test_a_years_diff_of_any_chamber_is_the_sum_of_its_changes(kaifeng: Api) -> None:
    text = """query($start: AsOfInput!, $end: AsOfInput!) { chambers(first: 20, where: {within: "410225"}) { nodes { id
        diff(from: $start, to: $end) { path before after }
        history(first: 100) { nodes { recordedAt fields { path before after } } } } } }"""
    start, end = "2024-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"
    found = await kaifeng.ask(text, start={"time": start}, end={"time": end})
    for chamber in found["chambers"]["nodes"]:
        net: dict[str, list[Any]] = {}
        for event in chamber["history"]["nodes"]:
            for change in event["fields"] if start < event["recordedAt"] <= end else ():
                net.setdefault(change["path"], [change["before"], None])[1] = change["after"]
        expected = {path: pair for path, pair in net.items() if pair[0] != pair[1]}
        assert {c["path"]: [c["before"], c["after"]] for c in chamber["diff"]} == expected


async def test_the_past_fills_up_over_three_years(kaifeng: Api) -> None:
    text = "query($at: AsOfInput!) { asOf(at: $at) { coverage { registered } } }"
    moments = [
        "2023-06-30T00:00:00+08:00",
        "2024-06-30T00:00:00+08:00",
        "2025-06-30T00:00:00+08:00",
        "2026-09-30T00:00:00+08:00",
    ]
    counts = [(await kaifeng.ask(text, at={"time": each}))["asOf"]["coverage"]["registered"] for each in moments]
    assert counts == sorted(counts)
    assert counts[0] < counts[1] < counts[2] <= counts[3] == 98


async def test_kaocheng_has_thirty_units_and_thirty_thousand_yuan(kaifeng: Api) -> None:
    text = '{ chamber(by: {division: "410225103"}) { state funds unitMembers individualMembers uscc } }'
    found = (await kaifeng.ask(text))["chamber"]
    assert (found["state"], found["funds"]) == ("REGISTERED", "30000.00")
    assert (found["unitMembers"], found["individualMembers"]) == (30, 0)
    assert found["uscc"].startswith("51")


async def test_the_units_solved_186_issues_and_36_of_them_on_site(kaifeng: Api) -> None:
    """Scenario 15: what was solved on service days is among all that was solved."""
    text = """{ unitIssues { nodes { solved solvedOnSite } }
        solved: issues(where: {state: {in: [SOLVED, CLOSED]}}) { totalCount }
        onSite: issues(where: {onSite: {eq: true}, channel: {eq: OFFLINE}}) { totalCount } }"""
    found = await kaifeng.ask(text)
    units = found["unitIssues"]["nodes"]
    assert [sum(unit[name] for unit in units) for name in ("solved", "solvedOnSite")] == [186, 36]
    assert (found["solved"]["totalCount"], found["onSite"]["totalCount"]) == (186, 36)
