"""What did the federation do to bring chambers about, and does the city show it as the working method tells it?"""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.domain.record import Movement
from tests.schema.conftest import Api, opened

pytestmark = pytest.mark.anyio
CLAIMS = """query($ids: [ID!]) { claims(ids: $ids) { figure derived holds
    events(first: 10) { totalCount nodes { kind movement recordId fields { path after } } } } }"""


@pytest.fixture
async def kaifeng(city: str) -> AsyncIterator[Api]:
    async with opened(city) as api:
        yield api


async def claim(api: Api, id: str) -> Any:
    (found,) = (await api.ask(CLAIMS, ids=[id]))["claims"]
    return found


async def test_all_six_movements_happened(kaifeng: Api) -> None:
    found = (await kaifeng.ask("{ statistics { byMovement { movement count } } }"))["statistics"]["byMovement"]
    assert [each["movement"] for each in found] == list(Movement)
    assert all(each["count"] for each in found)


@pytest.mark.parametrize(
    ("id", "count", "kind", "movement"),
    [
        ("local_documents", 6, "DOCUMENT_DOCUMENT_ISSUED", {"DRIVE", "COORDINATE", "STANDARDISE"}),
        ("joint_documents", 2, "DOCUMENT_DOCUMENT_ISSUED", {"COORDINATE"}),
        ("training_classes", 2, "ACTIVITY_ACTIVITY_HELD", {"COORDINATE"}),
    ],
)
async def test_a_figure_opens_to_exactly_its_events(
    kaifeng: Api, id: str, count: int, kind: str, movement: set[str]
) -> None:
    found = await claim(kaifeng, id)
    assert (found["derived"], found["holds"], found["events"]["totalCount"]) == (str(count), True, count)
    assert {each["kind"] for each in found["events"]["nodes"]} == {kind}
    assert {each["movement"] for each in found["events"]["nodes"]} == movement
    assert len({each["recordId"] for each in found["events"]["nodes"]}) == count


async def test_before_its_events_a_figure_does_not_hold(kaifeng: Api) -> None:
    text = """{ asOf(at: {time: "2023-04-01T00:00:00+08:00"}) { claims(ids: ["local_documents"]) {
        derived holds events { totalCount } } } }"""
    (found,) = (await kaifeng.ask(text))["asOf"]["claims"]
    assert found == {"derived": "2", "holds": False, "events": {"totalCount": 2}}


async def test_research_and_publicity_reached_all_three_audiences(kaifeng: Api) -> None:
    for audience in ("TOWNSHIP_GOVERNMENT", "COUNTY_FIC", "PRIVATE_FIRM"):
        text = "query($a: Audience!) { activities(where: {audience: {eq: $a}}) { totalCount } }"
        assert (await kaifeng.ask(text, a=audience))["activities"]["totalCount"] >= 10


async def test_every_unit_has_townships_that_were_visited_and_support_chambers(kaifeng: Api) -> None:
    text = "{ unitOutreach { nodes { townships visited supporting } } }"
    units = (await kaifeng.ask(text))["unitOutreach"]["nodes"]
    assert len(units) == 10
    assert all(each["townships"] > each["visited"] > each["supporting"] > 0 for each in units)
    assert sum(each["townships"] for each in units) == 116


async def test_visits_spoke_of_three_topics_mobilisation_of_four_effects_publicity_of_five_points(
    kaifeng: Api,
) -> None:
    text = "query($k: ActivityKind!) { activities(where: {kind: {eq: $k}}, first: 100) { nodes { topics } } }"
    spoken = {}
    for kind in ("VISIT", "MOBILISATION", "PUBLICITY"):
        nodes = (await kaifeng.ask(text, k=kind))["activities"]["nodes"]
        spoken[kind] = {topic for each in nodes for topic in each["topics"]}
    assert spoken["VISIT"] == {"RURAL_REVITALISATION", "SOCIAL_GOVERNANCE", "ECONOMIC_DEVELOPMENT"}
    assert len(spoken["MOBILISATION"]) == 4
    assert len(spoken["PUBLICITY"] - spoken["VISIT"]) == 5


async def test_service_days_belong_to_three_campaigns(kaifeng: Api) -> None:
    text = """{ activities(where: {campaigns: {has: ENTERPRISE_SERVICE_DAY}, state: {eq: HELD}}) { nodes {
        kind campaigns } } }"""
    days = (await kaifeng.ask(text))["activities"]["nodes"]
    assert len(days) == 5
    assert all(len(each["campaigns"]) == 3 for each in days)


async def test_the_matrix_says_who_answers_for_what_on_each_level(kaifeng: Api) -> None:
    text = "{ responsibilities(first: 50) { nodes { level organ duty document { number joint } } } }"
    duties = (await kaifeng.ask(text))["responsibilities"]["nodes"]
    assert {each["level"] for each in duties} == {"TOWNSHIP", "COUNTY", "CITY"}
    assert {"FIC", "CIVIL_AFFAIRS"} <= {each["organ"] for each in duties}
    assert all(each["document"]["joint"] for each in duties)


async def test_posts_lean_to_representative_members_of_chambers(kaifeng: Api) -> None:
    text = """{ statistics { arrangementShares { kind held heldByMembers share } }
        enterprises(where: {representative: {eq: true}}, first: 1) { totalCount nodes {
            representedChamber { state } memberships { totalCount } } } }"""
    found = await kaifeng.ask(text)
    shares = {each["kind"]: float(each["share"]) for each in found["statistics"]["arrangementShares"]}
    assert set(shares) == {"POLITICAL", "SOCIAL"}
    assert all(0.5 < share < 1 for share in shares.values())
    assert found["enterprises"]["totalCount"] == 98
    (first,) = found["enterprises"]["nodes"]
    assert first["memberships"]["totalCount"] == 1
    assert first["representedChamber"]["state"] == "REGISTERED"


async def test_policies_answer_what_enterprises_asked_for(kaifeng: Api) -> None:
    text = """{ documents(where: {kind: {eq: POLICY_MEASURE}}) { nodes {
        state replacement { state } fromIssues(first: 1) { totalCount nodes { issue { kind onSite } } } } } }"""
    newer, older = (await kaifeng.ask(text))["documents"]["nodes"]
    assert (newer["state"], older["state"], older["replacement"]["state"]) == ("ISSUED", "REPEALED", "ISSUED")
    for each in (newer, older):
        assert each["fromIssues"]["totalCount"] > 0
        assert each["fromIssues"]["nodes"] == [{"issue": {"kind": "ENTERPRISE_REQUEST", "onSite": True}}]


async def test_organs_stand_on_every_level(kaifeng: Api) -> None:
    text = """query($l: Level!) { organs(where: {level: {eq: $l}}) { totalCount } }"""
    counts = [(await kaifeng.ask(text, l=level))["organs"]["totalCount"] for level in ("CITY", "COUNTY", "TOWNSHIP")]
    assert counts == [10, 10 * 9, 116 * 5]
