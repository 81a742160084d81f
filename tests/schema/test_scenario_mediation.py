"""Is a dispute mediated as the law wants it (scenario 13), counted when it is settled (14), and kept among the few?"""

from asyncio import gather
from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import AUDITOR, CITY, Api
from tests.schema.dispute import (
    APPLICANT,
    COMMITTEE,
    DIRECTOR,
    JUSTICE,
    MEDIATOR,
    OTHER,
    PARTIES,
    SECRETARY,
    Dispute,
    after,
    established,
    propose,
)
from tests.schema.journey import DIGEST, FIC, REGISTRAR, TOWN, as_uuid, divisions, registered

pytestmark = pytest.mark.anyio
LAW = "人民调解法第{}条"
PUBLIC = Actor("public", (Grant(Role.PUBLIC_API),))
COMMISSIONER = Actor("commissioner", (Grant(Role.TOWNSHIP_UF_COMMISSIONER, TOWN),))
STATE = "query($id: ID!) { mediationCase(id: $id) { state caseNo outcome effectOn court sessions { totalCount } } }"
RESOLVED = "mediationStatistics { accepted resolved terminated successRate amountResolved }"


@pytest.fixture
async def body(api: Api) -> str:
    """The mediation body of a registered chamber."""
    await divisions(api)
    return await established(api, (await registered(api)).id)


async def test_a_dispute_goes_from_application_to_archive(api: Api, body: str) -> None:
    case = await (await (await Dispute(api, body).begin()).meet(4)).meet(8)
    await case.agree(10)
    court: dict[str, Any] = {"court": "兰考县人民法院", "applicants": [APPLICANT, OTHER]}
    late = await case.refused("ApplyForConfirmation", 10 + 31, **court)
    assert (late["code"], late["basis"]) == ("GUARD_FAILED", LAW.format("三十三"))
    await case.do("ApplyForConfirmation", 10 + 30, **court)
    await case.do("RecordConfirmation", 45, court="兰考县人民法院", documentNo="（2024）豫0225民特1号")
    await case.do("FollowUp", 50, visitedOn=after(50), performance="FULL", summary="已付清")
    await case.do("Archive", 60, fileDigest=DIGEST)
    found = (await api.ask(STATE, id=case.id))["mediationCase"]
    assert found == {
        "state": "ARCHIVED", "caseNo": "调〔2024〕1", "outcome": "RESOLVED", "effectOn": after(10),
        "court": "兰考县人民法院", "sessions": {"totalCount": 2},
    }  # fmt: skip


async def test_after_a_party_refused_the_case_is_terminated_with_the_remedies_told(api: Api, body: str) -> None:
    case = await Dispute(api, body).begin()
    await case.do("RecordRefusal", 3, party=OTHER)
    session: dict[str, Any] = {"heldOn": after(4), "mode": "ONLINE", "attendees": [APPLICANT], "summary": "一方到场"}
    assert (await case.refused("HoldSession", 4, **session))["basis"] == LAW.format("十七")
    untold = await case.refused("Terminate", 4, remedies=[], reason="对方拒绝调解")
    assert (untold["basis"], untold["path"]) == (LAW.format("二十六"), ["remedies"])
    await case.do("Terminate", 4, remedies=["LITIGATION", "ARBITRATION"], reason="对方拒绝调解")


async def test_a_mediator_who_is_a_party_is_refused(api: Api, body: str) -> None:
    own = [{**PARTIES[0], "person": DIRECTOR}, PARTIES[1]]
    case = await Dispute(api, body).apply(own)
    await case.do("Accept", 1)
    await case.do("ExplainRights", 1, openness="OPEN")
    refusal = await case.refused("AssignMediators", 2, mediators=[DIRECTOR])
    assert (refusal["code"], refusal["basis"]) == ("GUARD_FAILED", LAW.format("十九"))


async def test_a_committee_of_two_or_ten_or_without_a_woman_is_refused(api: Api) -> None:
    await divisions(api)
    body = await propose(api, (await registered(api)).id)
    men = [each | {"gender": "MALE"} for each in COMMITTEE]
    ten = COMMITTEE + [COMMITTEE[1] | {"person": f"00000000-0000-0000-0000-00000000000{n}"} for n in range(7)]
    report = {"reportedOn": "2024-02-01", "reportNo": "考商调〔2024〕1号"}
    for wrong in (COMMITTEE[:2], ten, men):
        refusal = await api.refused("mediationBodyEstablish", SECRETARY, id=body, committee=wrong, **report)
        assert (refusal["code"], refusal["basis"]) == ("GUARD_FAILED", LAW.format("八"))


async def test_126_resolved_stay_126_when_a_127th_is_terminated_and_move_when_one_is_agreed(
    api: Api, body: str
) -> None:
    for _ in range(126):
        await (await Dispute(api, body).begin()).agree()
    given_up, settled = await Dispute(api, body).begin(), await Dispute(api, body).begin()
    await given_up.do("Terminate", 9, remedies=["LITIGATION"], reason="分歧过大")
    assert await resolved(api) == 126
    before = (await api.ask("{ position }"))["position"]
    await settled.agree(20)
    assert await resolved(api) == 127
    past = await api.ask(f"query($p: Position!) {{ asOf(at: {{position: $p}}) {{ {RESOLVED} }} }}", p=before)
    assert past["asOf"]["mediationStatistics"]["resolved"] == 126
    assert past["asOf"]["mediationStatistics"]["amountResolved"] == "10080000.00"
    assert past["asOf"]["mediationStatistics"]["successRate"] == "0.9921"


async def resolved(api: Api) -> int:
    """How many disputes are resolved now."""
    found = await api.ask(f"{{ {RESOLVED} mediationCases(where: {{outcome: {{eq: RESOLVED}}}}) {{ totalCount }} }}")
    assert found["mediationStatistics"]["resolved"] == found["mediationCases"]["totalCount"]
    return int(found["mediationStatistics"]["resolved"])


async def test_statistics_are_grouped_by_unit_kind_and_period(api: Api, body: str) -> None:
    await (await Dispute(api, body).begin()).agree()
    found = await api.ask(
        """{ mediationStatistics(groupBy: [UNIT, KIND, YEAR, MONTH], since: "2024-03-01", until: "2024-03-31") {
             accepted groups { unit { code } kind year month accepted resolved amountResolved successRate } }
             other: mediationStatistics(kind: MEMBER_MEMBER) { accepted } }"""
    )
    [group] = found["mediationStatistics"]["groups"]
    assert group == {
        "unit": {"code": "410225"}, "kind": "MEMBER_COUNTERPART", "year": 2024, "month": 3,
        "accepted": 1, "resolved": 1, "amountResolved": "80000.00", "successRate": "1.0000",
    }  # fmt: skip
    assert found["other"]["accepted"] == 0


async def test_the_public_sees_no_count_below_three(api: Api, body: str) -> None:
    for number in (1, 2, 3):
        await (await Dispute(api, body).begin()).agree()
        found = (await api.ask(f"{{ {RESOLVED} }}", PUBLIC))["mediationStatistics"]
        assert found["resolved"] == (number if number >= 3 else None)
        assert found["successRate"] is None


READERS = [MEDIATOR, SECRETARY, FIC, JUSTICE, CITY, AUDITOR, Actor("inspector", (Grant(Role.INSPECTOR),))]
OUTSIDERS = [PUBLIC, REGISTRAR, COMMISSIONER, Actor("another", (Grant(Role.COUNTY_FIC, "410221"),))]
EVERYTHING = """query($id: ID!) {
    mediationCase(id: $id) { dispute } mediationCases { totalCount } mediationSessions { totalCount }
    followUps { totalCount } node(id: $id) { id }
    changes(where: {recordType: {eq: MEDIATION_CASE}}) { totalCount }
    deadlines { nodes { kind } } chambers { nodes { mediationCases { totalCount } } } }"""


async def seen(api: Api, viewer: Actor, id: str) -> tuple[bool, ...]:
    """Of everything that tells of a case, what somebody sees."""
    found: dict[str, Any] = await api.ask(EVERYTHING, viewer, id=id)
    counts = [found[name]["totalCount"] for name in ("mediationCases", "mediationSessions", "changes")]
    due = {each["kind"] for each in found["deadlines"]["nodes"]} & {"MEDIATION_CONCLUSION"}
    below = sum(each["mediationCases"]["totalCount"] for each in found["chambers"]["nodes"])
    return (found["mediationCase"] is not None, found["node"] is not None, *map(bool, (*counts, due, below)))


async def test_only_those_who_are_to_know_of_a_case_read_it_or_anything_that_tells_of_it(api: Api, body: str) -> None:
    case = await (await Dispute(api, body).begin()).meet(4)
    for reader, views in zip(READERS, await gather(*(seen(api, each, case.id) for each in READERS)), strict=True):
        assert all(views), reader
    for outsider in OUTSIDERS:
        assert not any(await seen(api, outsider, case.id)), outsider


async def test_a_mediator_of_another_chamber_reads_nothing(api: Api, body: str) -> None:
    case = await Dispute(api, body).begin()
    chamber = (await api.ask("{ chambers { nodes { id mediationBody { id state openCases } } } }"))["chambers"]["nodes"]
    assert chamber[0]["mediationBody"] == {"id": body, "state": "ACTIVE", "openCases": 1}
    elsewhere = Actor("mediator-elsewhere", (Grant(Role.MEDIATOR, TOWN, "", as_uuid(APPLICANT)),))
    assert not any(await seen(api, elsewhere, case.id))


async def test_the_public_sees_bodies_but_not_who_mediates(api: Api, body: str) -> None:
    found = await api.ask("{ mediationBodies { nodes { id name state mediators { totalCount } } } }", PUBLIC)
    assert found["mediationBodies"]["nodes"] == [
        {"id": body, "name": "考城镇商会调委会", "state": "ACTIVE", "mediators": {"totalCount": 0}}
    ]
