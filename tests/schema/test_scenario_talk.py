"""Does everybody talk to whom the rule says, and is it known what came of it (scenario 10)?"""

from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import CITY, Api
from tests.schema.journey import COUNTY, DIGEST, TOWN, divisions

pytestmark = pytest.mark.anyio
XIANGFU, QIXIAN = "410212", "410221"
SECRETARY = Actor("city-secretary", (Grant(Role.CITY_FIC_PARTY_SECRETARY, "410200"),))
QIXIAN_HEAD = Actor("qixian-head", (Grant(Role.COUNTY_UFWD_HEAD, QIXIAN),))
LANKAO_HEAD = Actor("lankao-head", (Grant(Role.COUNTY_UFWD_HEAD, COUNTY),))
TALK = {"cause": "INADEQUATE_PROGRESS", "demands": ["年底前完成筹备"], "dueOn": "2099-12-31"}


@pytest.fixture
async def kaifeng(api: Api) -> Api:
    await divisions(api)
    for code, name, kind in ((XIANGFU, "祥符区", "DISTRICT"), (QIXIAN, "杞县", "COUNTY")):
        await api.done("divisionDefine", CITY, code=code, name=name, kind=kind, parent="410200")
    return api


async def ordered(api: Api, by: Actor, subject: str, **more: Any) -> str:
    done = await api.done("talkOrder", by, "talk { id }", subject=subject, **TALK, **more)
    return str(done["talk"]["id"])


async def held(api: Api, subject: str = TOWN, by: Actor = LANKAO_HEAD) -> str:
    talk = await ordered(api, by, subject)
    await api.done("talkHoldTalk", by, id=talk, minutes=DIGEST)
    return talk


async def test_the_citys_secretary_talks_to_xiangfu(kaifeng: Api) -> None:
    done = await kaifeng.done(
        "talkOrder", SECRETARY, "talk { level talker talkee division { name } state }", subject=XIANGFU, **TALK
    )
    assert done["talk"] == {
        "level": "COUNTY",
        "talker": "CITY_FIC_PARTY_SECRETARY",
        "talkee": "COUNTY_FIC_PARTY_SECRETARY",
        "division": {"name": "祥符区"},
        "state": "ORDERED",
    }


async def test_the_head_of_qixian_does_not_talk_to_a_township_of_lankao(kaifeng: Api) -> None:
    refusal = await kaifeng.refused("talkOrder", QIXIAN_HEAD, subject=TOWN, **TALK)
    assert refusal["code"] == "OUT_OF_SCOPE"


async def test_the_citys_secretary_does_not_talk_to_a_township(kaifeng: Api) -> None:
    refusal = await kaifeng.refused("talkOrder", SECRETARY, subject=TOWN, **TALK)
    assert (refusal["code"], refusal["basis"]) == ("GUARD_FAILED", "乡镇（街道）商会建设约谈机制")


async def test_only_the_talker_is_offered_the_talk(kaifeng: Api) -> None:
    talk = await ordered(kaifeng, LANKAO_HEAD, TOWN)
    text = "query($id: ID!) { talk(id: $id) { availableCommands { name } } }"
    for viewer, commands in ((LANKAO_HEAD, {"holdTalk", "cancelTalk"}), (SECRETARY, set())):
        found = await kaifeng.ask(text, viewer=viewer, id=talk)
        assert {each["name"] for each in found["talk"]["availableCommands"]} == commands


async def test_a_talk_that_did_not_help_leads_to_the_next(kaifeng: Api) -> None:
    first = await held(kaifeng)
    nothing = await kaifeng.refused("talkRecordNoImprovement", LANKAO_HEAD, id=first, outcome="未完成")
    assert (nothing["code"], nothing["path"]) == ("GUARD_FAILED", ["nextTalk"])
    following = await ordered(kaifeng, LANKAO_HEAD, TOWN, escalatedFrom=first)
    await kaifeng.done("talkRecordNoImprovement", LANKAO_HEAD, id=first, outcome="未完成", nextTalk=following)
    text = """query($code: DivisionCode!) { division(by: {code: $code}) {
        talks { nodes { id state nextTalk { id } escalatedFrom { id } } } } }"""
    found = (await kaifeng.ask(text, viewer=LANKAO_HEAD, code=TOWN))["division"]["talks"]["nodes"]
    assert {(each["id"], each["state"], (each["nextTalk"] or {}).get("id")) for each in found} == {
        (first, "NOT_IMPROVED", following),
        (following, "ORDERED", None),
    }


async def test_the_talks_board_tells_of_level_and_outcome_now_and_then(kaifeng: Api) -> None:
    talk = await held(kaifeng)
    await held(kaifeng, XIANGFU, SECRETARY)
    before = await kaifeng.head()
    await kaifeng.done("talkConfirmImprovement", LANKAO_HEAD, id=talk, outcome="已完成", evidence=[DIGEST])
    board = """talks(where: {level: {eq: TOWNSHIP}, state: {eq: IMPROVED}}) { totalCount nodes { outcome } }
        everywhere: talks { totalCount }"""
    found = await kaifeng.ask(f"{{ {board} }}")
    assert found == {"talks": {"totalCount": 1, "nodes": [{"outcome": "已完成"}]}, "everywhere": {"totalCount": 2}}
    text = f"query($at: AsOfInput!) {{ asOf(at: $at) {{ {board} }} }}"
    then = (await kaifeng.ask(text, at={"position": before}))["asOf"]
    assert then == {"talks": {"totalCount": 0, "nodes": []}, "everywhere": {"totalCount": 2}}
