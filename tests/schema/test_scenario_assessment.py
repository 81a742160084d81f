"""Are presidents assessed aspect by aspect, once a year, with appeal and ranking (scenario 8), by the edition that was
in force at the opening (scenario 9)?
"""

from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.assessing import REVIEWER, Assessing, appointment_of, marks, publish
from tests.schema.conftest import AUDITOR, CITY, Api
from tests.schema.journey import COUNTY, DIGEST, FIC, PARTY_SECRETARY, TOWN, Candidate, Chamber, divisions, registered

pytestmark = pytest.mark.anyio
PRESIDENTS, TOWNSHIPS, COUNTIES = "PRESIDENT_ANNUAL", "TOWNSHIP_ANNUAL", "TWO_HEALTHS_COUNTY"
SHOWN = """assessment { state total grade vetoed scores { aspect score evidence } scheme { edition }
    chamber { name } division { code } }"""
RANKING = """query($year: Int!, $within: DivisionCode!, $kind: SchemeKind!, $at: Position!) {
    now: ranking(schemeKind: $kind, year: $year, within: $within) { ...place }
    asOf(at: {position: $at}) { ranking(schemeKind: $kind, year: $year, within: $within) { ...place } }
} fragment place on RankedAssessment { rank outOf assessment { total division { code } } }"""


@pytest.fixture
async def chamber(api: Api) -> Chamber:
    await divisions(api)
    await publish(api, PRESIDENTS)
    chamber = await registered(api)
    president = Candidate(chamber)
    president.id = await appointment_of(chamber)
    await president.elect()
    return chamber


async def opened(chamber: Chamber, year: int = 2024) -> Assessing:
    assessing = Assessing(chamber.api, assessed=chamber.secretary)
    return await assessing.open(kind=PRESIDENTS, year=year, appointment=await appointment_of(chamber))


async def test_five_aspects_make_85_and_the_grade_follows_from_the_scheme(chamber: Chamber) -> None:
    assessing = await opened(chamber)
    scored = await assessing.score(18, 17, 16, 19, 15, select=f"position {SHOWN}")
    assert (scored["assessment"]["total"], scored["assessment"]["grade"]) == ("85.00", None)
    published = (await assessing.do("PublishResult", select=f"position {SHOWN}"))["assessment"]
    assert (published["state"], published["total"], published["grade"]) == ("PUBLISHED", "85.00", "良好")
    assert published["scores"][3] == {"aspect": "BUSINESS_ACTIVITY", "score": "19.00", "evidence": DIGEST}
    assert (published["chamber"]["name"], published["division"]["code"]) == (chamber.name, TOWN)


async def test_a_president_is_assessed_once_a_year(chamber: Chamber) -> None:
    await opened(chamber)
    again = {"kind": PRESIDENTS, "year": 2024, "appointment": await appointment_of(chamber)}
    assert (await chamber.api.refused("assessmentOpen", FIC, **again))["code"] == "DUPLICATE"


async def test_a_president_does_not_score_himself(chamber: Chamber) -> None:
    assessing = await opened(chamber)
    refusal = await assessing.refused("Score", chamber.secretary, marks=marks(20, 20, 20, 20, 20))
    assert refusal["code"] == "OUT_OF_SCOPE"


async def test_whoever_reported_for_the_president_does_not_score_him_in_another_office(chamber: Chamber) -> None:
    assessing = await opened(chamber)
    both = (Grant(Role.CHAMBER_SECRETARIAT, TOWN), Grant(Role.COUNTY_FIC, COUNTY))
    await assessing.do("SubmitSelfReport", Actor("in both", both), selfReport=DIGEST)
    refusal = await assessing.refused("Score", Actor("in both", both), marks=marks(20, 20, 20, 20, 20))
    assert refusal["code"] == "FOUR_EYES"


async def test_who_scored_does_not_publish(chamber: Chamber) -> None:
    scorer = Actor("a scorer", (Grant(Role.COUNTY_FIC, COUNTY), Grant(Role.COUNTY_FIC_PARTY_SECRETARY, COUNTY)))
    assessing = await opened(chamber)
    assessing.assessor = scorer
    await assessing.score(18, 17, 16, 19, 15)
    assert (await assessing.refused("PublishResult", scorer))["code"] == "FOUR_EYES"


async def township(api: Api, code: str, *points: int, year: int = 2024) -> Assessing:
    """A township's published result."""
    assessing = await Assessing(api).open(kind=TOWNSHIPS, year=year, division=code)
    await assessing.score(*points)
    await assessing.do("PublishResult")
    return assessing


async def ranking(api: Api, at: Any, kind: str = TOWNSHIPS, viewer: Actor = AUDITOR) -> tuple[Any, Any]:
    """The ranking in Lankao county, now and as of a position."""
    given = {"year": 2024, "within": COUNTY if kind != COUNTIES else "410200", "kind": kind, "at": at}
    found = await api.ask(RANKING, viewer, **given)
    placed = [
        [(each["rank"], each["assessment"]["division"]["code"], each["assessment"]["total"]) for each in listed]
        for listed in (found["now"], found["asOf"]["ranking"])
    ]
    return placed[0], placed[1]


async def test_an_appeal_that_is_upheld_changes_score_and_ranking_but_not_the_past(api: Api) -> None:
    await divisions(api)
    await publish(api, TOWNSHIPS)
    first = await township(api, TOWN, 18, 17, 16, 19, 15)
    await township(api, "410225104", 18, 17, 17, 19, 15)
    before = (await first.do("Appeal", first.assessed, grounds="业务活动漏计一项"))["position"]
    await first.do("UpholdAppeal", REVIEWER, reason="漏计属实")
    await first.score(18, 17, 16, 20, 18, command="Rescore", reason="申诉成立")
    await first.do("PublishResult")
    now, then = await ranking(api, before)
    assert then == [(1, "410225104", "86.00"), (2, TOWN, "85.00")]
    assert now == [(1, TOWN, "89.00"), (2, "410225104", "86.00")]
    text = """query($id: ID!) { assessment(id: $id) { history(first: 20) { nodes { kind fields { path after } } } } }"""
    events = (await api.ask(text, id=first.id))["assessment"]["history"]["nodes"]
    totals = [field["after"] for event in events for field in event["fields"] if field["path"] == "total"]
    assert totals == ["85.00", "89.00"]
    changed = next(each for each in events if each["kind"] == "ASSESSMENT_RESCORED")["fields"]
    assert {"scores.BUSINESS_ACTIVITY.score", "scores.SOCIAL_RESPONSIBILITY.score"} <= {f["path"] for f in changed}


async def test_a_dismissed_appeal_leaves_the_result_which_is_confirmed_once_the_appeal_is_waived(api: Api) -> None:
    await divisions(api)
    await publish(api, TOWNSHIPS)
    first = await township(api, TOWN, 18, 17, 16, 19, 15)
    await first.do("Appeal", first.assessed, grounds="评分偏低")
    await first.do("DismissAppeal", REVIEWER, reason="评分有据")
    assert (await first.refused("Confirm", PARTY_SECRETARY))["code"] == "GUARD_FAILED"
    await first.do("WaiveAppeal", first.assessed)
    confirmed = await first.do("Confirm", select="position assessment { state grade scheme { openAssessments } }")
    assert confirmed["assessment"] == {"state": "CONFIRMED", "grade": "良好", "scheme": {"openAssessments": 0}}


async def test_a_veto_comes_last_whatever_its_total(api: Api) -> None:
    await divisions(api)
    await publish(api, TOWNSHIPS)
    vetoed = await Assessing(api).open(kind=TOWNSHIPS, year=2024, division=TOWN)
    await vetoed.score(20, 20, 20, 20, 20, vetoes=["CRIME"])
    await vetoed.do("PublishResult")
    last = await township(api, "410225104", 1, 1, 1, 1, 1)
    now, _ = await ranking(api, await api.head())
    assert now == [(1, "410225104", "5.00"), (2, TOWN, "100.00")]
    assert last.id != vetoed.id


async def test_a_county_sees_its_own_place_among_all_counties(api: Api) -> None:
    await divisions(api)
    await api.done("divisionDefine", CITY, code="410221", name="杞县", kind="COUNTY", parent="410200")
    await publish(api, COUNTIES)
    office = Actor("joint-meeting", (Grant(Role.JOINT_MEETING_OFFICE, "410200"),))
    leader = Actor("city-secretary", (Grant(Role.CITY_FIC_PARTY_SECRETARY, "410200"),))
    for code, points in ((COUNTY, 18), ("410221", 19)):
        assessing = await Assessing(api, assessor=office).open(kind=COUNTIES, year=2024, division=code)
        await assessing.score(*[points] * 5)
        await assessing.do("PublishResult", leader)
    position = await api.head()
    assert (await ranking(api, position, COUNTIES))[0] == [(1, "410221", "95.00"), (2, COUNTY, "90.00")]
    assert (await ranking(api, position, COUNTIES, FIC))[0] == [(2, COUNTY, "90.00")]
    assert (await ranking(api, position, COUNTIES, Actor("public", (Grant(Role.PUBLIC_API),))))[0] == []


async def test_results_stay_under_the_edition_they_were_opened_with(chamber: Chamber) -> None:
    api, assessing = chamber.api, await opened(chamber)
    second = await publish(api, PRESIDENTS, weights=(10, 30, 20, 20, 20), from_year=2024)
    assert second["edition"] == 2
    scored = await assessing.score(18, 17, 16, 19, 15, select=f"position {SHOWN}")
    later = await (await opened(chamber, 2025)).score(18, 17, 16, 19, 15, select=f"position {SHOWN}")
    assert (scored["assessment"]["scheme"]["edition"], scored["assessment"]["total"]) == (1, "85.00")
    assert (later["assessment"]["scheme"]["edition"], later["assessment"]["total"]) == (2, "84.50")


async def test_a_scheme_shows_its_aspects_and_a_president_his_assessments(chamber: Chamber) -> None:
    assessing = await opened(chamber)
    text = """query($id: ID!) { schemes(where: {kind: {eq: PRESIDENT_ANNUAL}}) { nodes {
        edition defaultOfOurs aspects { code weight most } grades { name least } vetoes { code } } }
        appointment(id: $id) { assessments { nodes { id year } } } }"""
    found = await chamber.api.ask(text, id=await appointment_of(chamber))
    (scheme,) = found["schemes"]["nodes"]
    assert len(scheme["aspects"]) == 5
    assert sum(each["weight"] for each in scheme["aspects"]) == 100
    assert [each["name"] for each in scheme["grades"]] == ["优秀", "良好", "合格", "不合格"]
    assert found["appointment"]["assessments"]["nodes"] == [{"id": assessing.id, "year": 2024}]


async def test_who_may_do_what_next_depends_on_the_kind_of_scheme(api: Api) -> None:
    await divisions(api)
    await publish(api, COUNTIES)
    office = Actor("joint-meeting", (Grant(Role.JOINT_MEETING_OFFICE, "410200"),))
    assessing = await Assessing(api, assessor=office).open(kind=COUNTIES, year=2024, division=COUNTY)
    text = "query($id: ID!) { assessment(id: $id) { availableCommands { name } } }"
    seen = {
        viewer.account: {each["name"] for each in (await api.ask(text, viewer, id=assessing.id))["assessment"][
            "availableCommands"]}
        for viewer in (FIC, office)
    }  # fmt: skip
    assert seen["county-fic"] == {"submitSelfReport", "attachEvidence"}
    assert seen["joint-meeting"] == {"attachEvidence", "score"}
