"""Three demonstrations a county and cycle, also when two race for the last place; honours by kind; Party branches."""

import asyncio
from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import AUDITOR, CITY, Api, opened
from tests.schema.journey import COUNTY, FIC, Chamber, divisions, person, registered

pytestmark = pytest.mark.anyio
TOWNS = ("410225103", "410225104", "410225105", "410225106")
OTHER_FIC = Actor("county-fic-2", (Grant(Role.COUNTY_FIC, COUNTY),))
PARTY = Actor("organisation-department", (Grant(Role.ORGANISATION_DEPARTMENT, COUNTY),))
PUBLIC = Actor("public", (Grant(Role.PUBLIC_API),))
CYCLE = 2024
AWARDING = {"FIVE_STAR_BRANCH": PARTY, "DEMONSTRATION": OTHER_FIC}


async def registered_chambers(api: Api, count: int) -> list[Chamber]:
    """Registered chambers in as many townships of one county."""
    await divisions(api)
    names = ("考城", "红庙", "谷营", "东坝头")
    for code, name in zip(TOWNS[2:count], names[2:], strict=False):
        await api.done("divisionDefine", CITY, code=code, name=f"{name}镇", kind="TOWN", parent=COUNTY)
    found = []
    for serial, (town, name) in enumerate(zip(TOWNS[:count], names, strict=False), 1):
        chamber = await (await Chamber(api, town, f"兰考县{name}镇商会").prepare()).approve()
        found.append(await (await chamber.complete()).register(serial))
    return found


async def noticed(api: Api, kind: str, **subject: Any) -> str:
    """The id of a recognition whose notice is over."""
    given = {"kind": kind, "cycle": CYCLE, "effectiveOn": "2024-03-01", **subject}
    applied = await api.done("recognitionApply", CITY, "position recognition { id }", **given)
    id: str = applied["recognition"]["id"]
    await api.done("recognitionReview", FIC, id=id, score="92.5", effectiveOn="2024-03-11")
    await api.done("recognitionGiveNotice", CITY, id=id, effectiveOn="2024-03-18")
    return id


async def demonstration(api: Api, chamber: Chamber) -> str:
    """The id of a demonstration chamber that is to be."""
    return await noticed(api, "DEMONSTRATION", chamber=chamber.id, model="LANKAO_MODEL")


async def conferred(api: Api, id: str, kind: str, **more: Any) -> Any:
    """Conferred by the body that awards honours of this kind."""
    return await api.done(
        "recognitionConfer", AWARDING.get(kind, CITY), "position recognition { state }", id=id, **more
    )


async def held(api: Api) -> Any:
    """How many demonstrations each county has."""
    text = "{ recognitionTotals(by: [UNIT, KIND], kind: DEMONSTRATION) { unit { code } kind count } }"
    return (await api.ask(text))["recognitionTotals"]


async def test_scenario_12_the_fourth_demonstration_of_a_county_and_cycle_is_refused(api: Api) -> None:
    *three, fourth = [await demonstration(api, each) for each in await registered_chambers(api, 4)]
    for each in three:
        await conferred(api, each, "DEMONSTRATION")
    refusal = await api.refused("recognitionConfer", OTHER_FIC, id=fourth)
    assert (refusal["code"], refusal["basis"]) == ("GUARD_FAILED", "每县区重点培育 1—3 个示范商会")
    assert await held(api) == [{"unit": {"code": COUNTY}, "kind": "DEMONSTRATION", "count": 3}]
    await api.done("recognitionRevokeRecognition", OTHER_FIC, id=three[0], reason="不再符合条件")
    await conferred(api, fourth, "DEMONSTRATION")


async def test_scenario_12_of_two_that_race_for_the_last_place_exactly_one_wins(api: Api, database: str) -> None:
    first, second, *racing = [await demonstration(api, each) for each in await registered_chambers(api, 4)]
    for each in (first, second):
        await conferred(api, each, "DEMONSTRATION")
    async with opened(database) as elsewhere:
        ways = zip((api, elsewhere), racing, strict=True)
        payloads = await asyncio.gather(*(way.give("recognitionConfer", OTHER_FIC, id=id) for way, id in ways))
    assert sorted(len(payload["errors"]) for payload in payloads) == [0, 1]
    (refusal,) = [error for payload in payloads for error in payload["errors"]]
    assert refusal["code"] == "GUARD_FAILED"
    assert (await held(api))[0]["count"] == 3


async def test_a_four_good_chamber_is_valid_for_two_years(api: Api) -> None:
    await divisions(api)
    chamber = await registered(api)
    id = await noticed(api, "FOUR_GOOD", chamber=chamber.id)
    await conferred(api, id, "FOUR_GOOD", effectiveOn="2024-04-01")
    text = """query($id: ID!) { recognition(id: $id) {
        kind cycle state score noticeUntil conferredOn validUntil chamber { name } division { code }
        availableCommands { name } } }"""
    assert (await api.ask(text, CITY, id=id))["recognition"] == {
        "kind": "FOUR_GOOD", "cycle": CYCLE, "state": "CONFERRED", "score": "92.5", "noticeUntil": "2024-03-25",
        "conferredOn": "2024-04-01", "validUntil": "2026-04-01", "chamber": {"name": "兰考县考城镇商会"},
        "division": {"code": "410225103"}, "availableCommands": [{"name": "revokeRecognition"}],
    }  # fmt: skip


async def test_a_city_is_commended_and_the_public_reads_it(api: Api) -> None:
    await divisions(api)
    award = {"level": "NATIONAL", "title": "先进单位", "awardingBody": "示例机关"}
    given: dict[str, Any] = {
        "kind": "COMMENDATION",
        "cycle": CYCLE,
        "division": "410200",
        "award": award,
        "effectiveOn": "2024-03-01",
    }
    id = (await api.done("recognitionApply", CITY, "position recognition { id }", **given))["recognition"]["id"]
    text = "{ recognitions { nodes { kind level title awardingBody } } }"
    assert (await api.ask(text, PUBLIC))["recognitions"]["nodes"] == []
    reviewer = Actor("city-fic-2", (Grant(Role.CITY_FIC),))
    await api.done("recognitionReview", reviewer, id=id, score="100", effectiveOn="2024-03-11")
    await api.done("recognitionGiveNotice", CITY, id=id, effectiveOn="2024-03-18")
    await conferred(api, id, "COMMENDATION")
    assert (await api.ask(text, PUBLIC))["recognitions"]["nodes"] == [{"kind": "COMMENDATION", **award}]


async def test_an_objection_is_heard_before_anything_is_conferred(api: Api) -> None:
    await divisions(api)
    chamber = await registered(api)
    id = await noticed(api, "FOUR_GOOD", chamber=chamber.id)
    await api.done("recognitionRaiseObjection", OTHER_FIC, id=id, content="材料不实")
    assert (await api.refused("recognitionConfer", CITY, id=id))["code"] == "GUARD_FAILED"
    text = "query($id: ID!) { recognition(id: $id) { objections { nodes { number content dismissed } } } }"
    found = {"number": 1, "content": "材料不实", "dismissed": False}
    assert (await api.ask(text, id=id))["recognition"]["objections"]["nodes"] == [found]
    assert (await api.ask(text, PUBLIC, id=id))["recognition"]["objections"]["nodes"] == []
    await api.done("recognitionDismissObjection", CITY, id=id, number=1, reason="经核实不属实")
    await conferred(api, id, "FOUR_GOOD")


async def test_a_party_branch_closes_the_gap_and_is_starred(api: Api) -> None:
    await divisions(api)
    chamber = await registered(api)
    gap = "{ chambersWithoutBranch { totalCount nodes { name } } }"
    assert (await api.ask(gap))["chambersWithoutBranch"]["nodes"] == [{"name": "兰考县考城镇商会"}]
    proposed = await api.done(
        "partyBranchPropose", chamber.secretary, "position partyBranch { id }", chamber=chamber.id, partyMembers=3
    )
    branch = proposed["partyBranch"]["id"]
    await api.done("partyBranchApproveBranch", PARTY, id=branch, branchForm="SINGLE")
    secretary: dict[str, Any] = {
        "secretary": person("commissioner"),
        "secretaryName": "丙某",
        "concurrentCommissioner": True,
    }
    await api.done("partyBranchAppointSecretary", PARTY, id=branch, **secretary)
    assert (await api.ask(gap))["chambersWithoutBranch"]["totalCount"] == 0
    starred = await noticed(api, "FIVE_STAR_BRANCH", branch=branch)
    assert (await api.refused("recognitionConfer", CITY, id=starred, stars=5))["code"] == "OUT_OF_SCOPE"
    await conferred(api, starred, "FIVE_STAR_BRANCH", stars=5)
    text = """{ partyBuilding { unit { code } branches single joint liaison pilot }
        recognitionTotals(by: [KIND, STARS]) { kind stars count } }"""
    assert await api.ask(text) == {
        "partyBuilding": [{"unit": {"code": COUNTY}, "branches": 1, "single": 1, "joint": 0, "liaison": 0, "pilot": 1}],
        "recognitionTotals": [{"kind": "FIVE_STAR_BRANCH", "stars": 5, "count": 1}],
    }


async def test_the_names_of_secretaries_are_not_the_publics(api: Api) -> None:
    await divisions(api)
    chamber = await registered(api)
    await api.done("partyBranchPropose", chamber.secretary, chamber=chamber.id, partyMembers=3)
    text = "{ partyBranches { totalCount } }"
    assert (await api.ask(text, PUBLIC))["partyBranches"]["totalCount"] == 0
    assert (await api.ask(text, AUDITOR))["partyBranches"]["totalCount"] == 1
