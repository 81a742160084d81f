"""Does a chamber come to be registered as the law wants it (scenario 4), and is every refusal one of its articles?"""

from typing import Any

import pytest

from tests.schema.conftest import AUDITOR, Api
from tests.schema.journey import FIC, REGISTRAR, TOWN, Chamber, divisions, person, registered, uscc

pytestmark = pytest.mark.anyio
REGULATION = "社会团体登记管理条例第{}条"


@pytest.fixture
async def lankao(api: Api) -> Api:
    await divisions(api)
    return api


async def approved(api: Api, **more: object) -> Chamber:
    chamber = await (await Chamber(api).prepare()).approve()
    return await chamber.complete(**more)  # type: ignore[arg-type]  # what a test leaves out or changes


async def test_a_chamber_with_thirty_units_and_thirty_thousand_yuan_is_registered(lankao: Api) -> None:
    chamber = await registered(lankao)
    found = await lankao.ask(
        """query($code: DivisionCode!) { chamber(by: {division: $code}) {
             id name state uscc certificateNo funds unitMembers individualMembers
             division { code } registrar { code } members(first: 3) { totalCount nodes { name kind } }
             officers { post name } pipeline { state } } coverage { townships registered inProgress none } }""",
        code=TOWN,
    )
    assert found["chamber"]["id"] == chamber.id
    assert found["chamber"]["state"] == "REGISTERED"
    assert found["chamber"]["uscc"].startswith("51410225")
    assert found["chamber"]["funds"] == "30000.00"
    assert found["chamber"]["members"]["totalCount"] == found["chamber"]["unitMembers"] == 30
    assert found["chamber"]["registrar"]["code"] == "410225"
    assert found["chamber"]["pipeline"] is None
    assert found["coverage"] == {"townships": 2, "registered": 1, "inProgress": 0, "none": 1}


@pytest.mark.parametrize(
    ("file", "article"),
    [
        ({"units": 29}, "十"),
        ({"units": 30, "persons": 5}, "十"),
        ({"units": 0, "persons": 49}, "十"),
        ({"funds": "29999.99"}, "十"),
        ({"meeting": False}, "十"),
    ],
)
async def test_an_incomplete_application_is_refused_with_its_article(
    lankao: Api, file: dict[str, object], article: str
) -> None:
    refusal = await (await approved(lankao, **file)).refused("FileForRegistration")
    assert (refusal["code"], refusal["basis"]) == ("GUARD_FAILED", REGULATION.format(article))


@pytest.mark.parametrize("file", [{"units": 30, "persons": 20}, {"units": 0, "persons": 50}])
async def test_fifty_members_of_any_kind_are_enough(lankao: Api, file: dict[str, object]) -> None:
    await (await approved(lankao, **file)).register()


@pytest.mark.parametrize(
    "code",
    [
        uscc(1, kind="91"),
        uscc(1)[:-1] + ("0" if uscc(1)[-1] != "0" else "1"),
        "000000000000000000",
        "51410225MJ00000",
    ],
)
async def test_a_credit_code_that_is_no_societys_is_refused(lankao: Api, code: str) -> None:
    chamber = await approved(lankao)
    await chamber.do("FileForRegistration")
    refusal = await chamber.refused("GrantRegistration", REGISTRAR, uscc=code, certificateNo="1")
    assert refusal["code"] in ("GUARD_FAILED", "BAD_USER_INPUT")
    assert refusal["path"] == ["uscc"]


async def test_a_used_credit_code_is_refused(lankao: Api) -> None:
    await registered(lankao)
    other = await (await Chamber(lankao, "410225104", "兰考县红庙镇商会").prepare()).approve()
    await (await other.complete()).do("FileForRegistration")
    refusal = await other.refused("GrantRegistration", REGISTRAR, uscc=uscc(1), certificateNo="2")
    assert refusal["code"] == "DUPLICATE"


async def test_a_legal_representative_of_another_chamber_is_refused(lankao: Api) -> None:
    first = await registered(lankao)
    other = Chamber(lankao, "410225104", "兰考县红庙镇商会")
    other.president = first.president
    await (await (await other.prepare()).approve()).complete()
    await other.do("FileForRegistration")
    refusal = await other.refused("GrantRegistration", REGISTRAR, uscc=uscc(2), certificateNo="2")
    assert (refusal["code"], refusal["basis"]) == ("DUPLICATE", REGULATION.format("十二"))


async def test_a_second_living_chamber_in_the_township_is_refused(lankao: Api) -> None:
    await registered(lankao)
    refusal = await lankao.refused(
        "chamberPrepare", Chamber(lankao).secretary, division=TOWN, name="兰考县考城镇第二商会"
    )
    assert refusal["code"] == "DUPLICATE"


async def test_a_farm_needs_no_chamber(lankao: Api) -> None:
    refusal = await lankao.refused("chamberPrepare", FIC, division="410225401", name="仪封园艺场商会")
    assert refusal["code"] in ("GUARD_FAILED", "OUT_OF_SCOPE")


async def test_the_registrar_may_not_be_the_supervisor(lankao: Api) -> None:
    chamber = await approved(lankao)
    await chamber.do("FileForRegistration")
    refusal = await chamber.refused("GrantRegistration", FIC, uscc=uscc(1), certificateNo="1")
    assert refusal["code"] == "OUT_OF_SCOPE"


async def test_a_wrong_state_names_the_allowed_commands(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    refusal = await chamber.refused("ApproveBySupervisor", FIC)
    assert refusal["__typename"] == "NotAllowedInStateError"
    assert "submitToSupervisor" in refusal["allowedCommands"]


async def test_return_on_day_40_stops_the_clock_and_refiling_starts_it_anew(lankao: Api) -> None:
    chamber = await approved(lankao)
    due = "{ registrationPipeline { nodes { state dueOn filedOn returned } } }"
    await chamber.do("FileForRegistration", effectiveOn="2024-02-01")
    assert (await lankao.ask(due))["registrationPipeline"]["nodes"][0]["dueOn"] == "2024-04-01"
    await chamber.do(
        "ReturnForCorrection", REGISTRAR, corrections=["验资报告"], reason="材料不全", effectiveOn="2024-03-12"
    )
    assert (await lankao.ask(due))["registrationPipeline"]["nodes"][0]["dueOn"] is None
    await chamber.do("FileForRegistration", effectiveOn="2024-03-20")
    assert (await lankao.ask(due))["registrationPipeline"]["nodes"] == [
        {"state": "UNDER_REGISTRATION", "dueOn": "2024-05-19", "filedOn": "2024-03-20", "returned": 1}
    ]


async def test_the_registrar_on_day_61_is_overdue(lankao: Api) -> None:
    chamber = await approved(lankao)
    await chamber.do("FileForRegistration", effectiveOn="2024-02-01")
    overdue = "query($on: Date!) { registrationPipeline(where: {dueOn: {lt: $on}}) { totalCount } }"
    assert (await lankao.ask(overdue, on="2024-04-01"))["registrationPipeline"]["totalCount"] == 0
    assert (await lankao.ask(overdue, on="2024-04-02"))["registrationPipeline"]["totalCount"] == 1


async def test_what_may_be_done_depends_on_who_asks_and_when(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    text = (
        "query($id: ID!) { node(id: $id) { ... on Chamber { availableCommands { name mutation label needsReason } } } }"
    )
    mine = (await lankao.ask(text, chamber.secretary, id=chamber.id))["node"]["availableCommands"]
    assert {"name": "submitToSupervisor", "mutation": "chamberSubmitToSupervisor",
            "label": "报业务主管单位审查", "needsReason": False} in mine  # fmt: skip
    assert (await lankao.ask(text, AUDITOR, id=chamber.id))["node"]["availableCommands"] == []


async def test_the_same_key_is_answered_with_the_same_change(lankao: Api) -> None:
    key = "6fa459ea-ee8a-3ca4-894e-db77e160355e"
    chamber = await Chamber(lankao).prepare()
    given: dict[str, Any] = {"idempotencyKey": key, "person": person("x"), "name": "丙某"}
    first, before = await chamber.do("AddInitiator", **given), await lankao.head()
    assert await chamber.do("AddInitiator", **given) == first
    assert await lankao.head() == before
    refusal = await chamber.refused("AddInitiator", **given | {"name": "丁某"})
    assert refusal["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_stale_version_is_told_the_actual_one(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    refusal = await chamber.refused("AddInitiator", person=person("x"), name="丙某", expectedVersion=1)
    assert (refusal["code"], refusal["actualVersion"]) == ("VERSION_CONFLICT", 6)
