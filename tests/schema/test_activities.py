"""Are activities planned, held and found over GraphQL, and do visits show in what they reached?"""

from typing import Any

import pytest

from tests.schema.conftest import CITY, Api
from tests.schema.journey import COUNTY, FIC, TOWN, divisions

pytestmark = pytest.mark.anyio
VISIT: dict[str, Any] = {
    "kind": "VISIT",
    "title": "走访考城镇",
    "topics": ["RURAL_REVITALISATION", "SOCIAL_GOVERNANCE"],
    "counterpart": "TOWNSHIP_PARTY_SECRETARY",
    "campaigns": ["TWO_HEALTHS_IN_A_HUNDRED_COUNTIES"],
}
OUTREACH = """{ unitOutreach { nodes { townships visited supporting division { code } } }
    townshipOutreach(where: {supporting: {eq: true}}) { nodes { visits firstVisitedOn division { code } } } }"""


@pytest.fixture
async def lankao(api: Api) -> Api:
    await divisions(api)
    return api


async def held(api: Api, division: str = TOWN, **more: Any) -> str:
    payload = await api.done(
        "activityRecordHeld", CITY, "activity { id }", division=division, attendees=6, particulars=VISIT | more,
        effectiveOn="2024-03-04",
    )  # fmt: skip
    return str(payload["activity"]["id"])


async def test_a_planned_activity_is_held_on_its_day(lankao: Api) -> None:
    planned = await lankao.done(
        "activityPlan", CITY, "activity { id state day }", division=TOWN, plannedFor="2024-05-06", particulars=VISIT
    )
    assert (planned["activity"]["state"], planned["activity"]["day"]) == ("PLANNED", "2024-05-06")
    done = await lankao.done(
        "activityHold", CITY, "activity { state day attendees title }",
        id=planned["activity"]["id"], attendees=9, effectiveOn="2024-05-08",
    )  # fmt: skip
    assert done["activity"] == {"state": "HELD", "day": "2024-05-08", "attendees": 9, "title": "走访考城镇"}


async def test_a_visit_that_wins_support_shows_in_the_unit(lankao: Api) -> None:
    before = await lankao.ask(OUTREACH)
    assert before["unitOutreach"]["nodes"] == [
        {"townships": 2, "visited": 0, "supporting": 0, "division": {"code": COUNTY}}
    ]
    id = await held(lankao)
    await held(lankao)
    await lankao.done("activityObtainSupport", CITY, id=id, support="提供办公场所")
    found = await lankao.ask(OUTREACH)
    assert found["unitOutreach"]["nodes"] == [
        {"townships": 2, "visited": 1, "supporting": 1, "division": {"code": COUNTY}}
    ]
    assert found["townshipOutreach"]["nodes"] == [
        {"visits": 2, "firstVisitedOn": "2024-03-04", "division": {"code": TOWN}}
    ]


async def test_activities_are_found_by_topic_campaign_and_audience(lankao: Api) -> None:
    await held(lankao)
    await held(lankao, COUNTY, kind="RESEARCH", counterpart=None, audience="COUNTY_FIC", topics=["WIDER_RANGE"])
    text = """{
        topic: activities(where: {topics: {has: SOCIAL_GOVERNANCE}}) { nodes { kind } }
        campaign: activities(where: {campaigns: {has: TWO_HEALTHS_IN_A_HUNDRED_COUNTIES}}) { totalCount }
        none: activities(where: {campaigns: {has: ENTERPRISE_SERVICE_DAY}}) { totalCount }
        audience: activities(where: {audience: {eq: COUNTY_FIC}, within: "410225"}) { nodes { kind topics } } }"""
    found = await lankao.ask(text)
    assert found["topic"]["nodes"] == [{"kind": "VISIT"}]
    assert (found["campaign"]["totalCount"], found["none"]["totalCount"]) == (2, 0)
    assert found["audience"]["nodes"] == [{"kind": "RESEARCH", "topics": ["WIDER_RANGE"]}]


async def test_activities_are_those_of_a_day_when_asked_by_effective_date(lankao: Api) -> None:
    await held(lankao)
    text = """query($p: Position!, $on: Date!) {
        asOf(at: {position: $p}, effectiveOn: $on) { activities { totalCount } } }"""
    head = (await lankao.ask("{ position }"))["position"]
    counts = [await lankao.ask(text, p=head, on=on) for on in ("2024-03-03", "2024-03-04")]
    assert [each["asOf"]["activities"]["totalCount"] for each in counts] == [0, 1]


async def test_a_movement_is_that_of_the_activity(lankao: Api) -> None:
    text = """{ changes(first: 2, where: {recordType: {eq: ACTIVITY}}) { nodes { kind movement } }
        statistics(within: "410225") { byMovement { movement count } } }"""
    particulars = {"kind": "SERVICE_DAY", "title": "企业服务日", "campaigns": ["ENTERPRISE_SERVICE_DAY"]}
    await lankao.done("activityRecordHeld", FIC, division=COUNTY, attendees=40, particulars=particulars)
    found = await lankao.ask(text)
    assert {each["movement"] for each in found["changes"]["nodes"]} == {"SERVE"}
    counts = {each["movement"]: each["count"] for each in found["statistics"]["byMovement"]}
    assert counts["SERVE"] == 2
    assert len(counts) == 6


async def test_a_meeting_needs_those_it_is_held_with(lankao: Api) -> None:
    particulars = {"kind": "PROGRESS_MEETING", "title": "登记工作推进会"}
    error = await lankao.refused("activityRecordHeld", CITY, division="410200", attendees=20, particulars=particulars)
    assert (error["code"], error["path"]) == ("GUARD_FAILED", ["particulars", "coOrganisers"])
