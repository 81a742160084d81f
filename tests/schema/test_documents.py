"""Are documents issued, found, amended and repealed over GraphQL, and who answers for what by them?"""

from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import AUDITOR, CITY, Api
from tests.schema.journey import COUNTY, DIGEST, FIC, divisions

pytestmark = pytest.mark.anyio
PUBLIC = Actor("public", (Grant(Role.PUBLIC_API),))
ISSUE: dict[str, Any] = {
    "division": "410200",
    "number": "汴联发〔2024〕1号",
    "title": "关于商会登记管理工作的通知",
    "level": "CITY",
    "kind": "NOTICE",
    "issuers": ["FIC", "CIVIL_AFFAIRS"],
    "sha256": DIGEST,
    "responsibilities": [
        {"level": "COUNTY", "organ": "CIVIL_AFFAIRS", "duty": "审查登记"},
        {"level": "TOWNSHIP", "organ": "FIC", "duty": "指导筹备"},
    ],
    "targets": [{"goal": "商会全覆盖", "due": "2030-12-31"}],
}
MATRIX = "{ responsibilities { nodes { level organ duty document { number } } } }"


@pytest.fixture
async def kaifeng(api: Api) -> Api:
    await divisions(api)
    return api


async def issued(api: Api, **more: Any) -> str:
    payload = await api.done("documentIssue", CITY, "document { id }", **ISSUE | more)
    return str(payload["document"]["id"])


async def test_a_joint_document_says_who_answers_for_what(kaifeng: Api) -> None:
    await issued(kaifeng)
    await issued(kaifeng, number="汴联发〔2024〕2号", issuers=["FIC"], responsibilities=[])
    text = """{ documents(where: {joint: {eq: true}, issuers: {has: CIVIL_AFFAIRS}}) { totalCount nodes {
        number level kind issuers joint state targets { goal due } duties { nodes { duty } } division { name } } } }"""
    found = (await kaifeng.ask(text))["documents"]
    assert found["totalCount"] == 1
    assert found["nodes"][0]["issuers"] == ["FIC", "CIVIL_AFFAIRS"]
    assert found["nodes"][0]["targets"] == [{"goal": "商会全覆盖", "due": "2030-12-31"}]
    duties = [(each["level"], each["organ"], each["duty"]) for each in (await _matrix(kaifeng))]
    assert duties == [("COUNTY", "CIVIL_AFFAIRS", "审查登记"), ("TOWNSHIP", "FIC", "指导筹备")]


async def test_an_amendment_divides_the_labour_anew_and_a_repeal_ends_it(kaifeng: Api) -> None:
    id = await issued(kaifeng)
    anew = [{"level": "CITY", "organ": "FIC", "duty": "统筹"}]
    await kaifeng.done("documentAmend", CITY, id=id, sha256="cd" * 32, responsibilities=anew, reason="调整分工")
    assert [each["duty"] for each in await _matrix(kaifeng)] == ["统筹"]
    repealed = await kaifeng.done(
        "documentRepeal", CITY, "document { state duties { totalCount } }", id=id, reason="已有新文件"
    )
    assert repealed["document"] == {"state": "REPEALED", "duties": {"totalCount": 0}}
    assert await _matrix(kaifeng) == []


async def test_the_past_keeps_the_old_division_of_labour(kaifeng: Api) -> None:
    id = await issued(kaifeng)
    before = (await kaifeng.ask("{ position }"))["position"]
    await kaifeng.done("documentAmend", CITY, id=id, sha256="cd" * 32, responsibilities=[], reason="调整分工")
    found = await kaifeng.ask("query($p: Position!) { asOf(at: {position: $p}) " + MATRIX + " }", p=before)
    assert len(found["asOf"]["responsibilities"]["nodes"]) == 2


async def test_a_repealed_document_gives_no_basis_to_another_repeal(kaifeng: Api) -> None:
    first, second = await issued(kaifeng), await issued(kaifeng, number="汴联发〔2024〕2号")
    await kaifeng.done("documentRepeal", CITY, id=first, reason="废止")
    error = await kaifeng.refused("documentRepeal", CITY, id=second, replacedBy=first, reason="由前者替代")
    assert (error["code"], error["path"]) == ("GUARD_FAILED", ["replacedBy"])


async def test_a_number_is_given_once(kaifeng: Api) -> None:
    await issued(kaifeng)
    assert (await kaifeng.refused("documentIssue", CITY, **ISSUE))["code"] == "DUPLICATE"


@pytest.mark.parametrize("viewer", [FIC, PUBLIC, AUDITOR], ids=lambda viewer: viewer.account)
async def test_what_the_city_issued_is_read_everywhere(kaifeng: Api, viewer: Actor) -> None:
    id = await issued(kaifeng)
    text = "query($id: ID!) { document(id: $id) { number duties { totalCount } availableCommands { name } } }"
    found = (await kaifeng.ask(text, viewer, id=id))["document"]
    assert found == {"number": ISSUE["number"], "duties": {"totalCount": 2}, "availableCommands": []}


async def test_a_county_does_not_issue_for_the_city(kaifeng: Api) -> None:
    assert (await kaifeng.refused("documentIssue", FIC, **ISSUE))["code"] == "OUT_OF_SCOPE"
    own = ISSUE | {"division": COUNTY, "level": "COUNTY"}
    payload = await kaifeng.done("documentIssue", FIC, "document { availableCommands { name } }", **own)
    commands = {each["name"] for each in payload["document"]["availableCommands"]}
    assert commands == {"setTarget", "amend", "repeal"}


async def test_organs_follow_from_the_divisions(kaifeng: Api) -> None:
    text = """{ all: organs { totalCount } townships: organs(where: {level: {eq: TOWNSHIP}}) { totalCount }
        fic: organs(where: {kind: {eq: FIC}, within: "410225103"}) { nodes { id name division { code } } } }"""
    found = await kaifeng.ask(text)
    assert found["townships"]["totalCount"] == 2 * 5
    assert found["all"]["totalCount"] == 2 * 5 + 9 + 10
    (fic,) = found["fic"]["nodes"]
    assert fic["name"] == "考城镇工商联工作站"
    read = await kaifeng.ask("query($id: ID!) { node(id: $id) { ... on Organ { name } } }", id=fic["id"])
    assert read["node"]["name"] == fic["name"]


async def test_an_organ_takes_the_new_name_of_its_division(kaifeng: Api) -> None:
    found = (await kaifeng.ask('{ division(by: {code: "410225103"}) { id } }'))["division"]
    await kaifeng.done("divisionRename", CITY, id=found["id"], name="考城街道", kind="STREET")
    text = '{ organs(where: {kind: {eq: GOVERNMENT}, within: "410225103"}) { nodes { name } } }'
    assert (await kaifeng.ask(text))["organs"]["nodes"] == [{"name": "考城街道办事处"}]


async def _matrix(api: Api) -> list[Any]:
    found: list[Any] = (await api.ask(MATRIX))["responsibilities"]["nodes"]
    return found
