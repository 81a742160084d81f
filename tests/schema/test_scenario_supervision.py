"""Does a supervision reach all 116 townships of 10 units, and is nothing closed before it is put right by another
(scenario 11)?
"""

import csv
from importlib.resources import files
from typing import Any

import pytest

from service.domain.record import Source
from service.domain.roles import Actor, Grant, Role
from service.imports.divisions import import_divisions
from tests.schema.conftest import CITY, Api
from tests.schema.journey import COMMISSIONER, COUNTY, DIGEST, FIC, TOWN, divisions

pytestmark = pytest.mark.anyio
OFFICE = Actor("joint-meeting-office", (Grant(Role.JOINT_MEETING_OFFICE, "410200"),))
INSPECTOR = Actor("inspector", (Grant(Role.INSPECTOR, "410200"),))
PUBLIC = Actor("public", (Grant(Role.PUBLIC_API),))
KAIFENG = (files("service.demo") / "data" / "kaifeng_divisions.csv").read_bytes()
REAL = ("street", "town", "township")
TEAM = ["JOINT_MEETING_OFFICE", "UNITED_FRONT", "FIC", "CIVIL_AFFAIRS"]


class Supervision:
    """A supervision on its way."""

    def __init__(self, api: Api, townships: list[str]) -> None:
        self.api, self.townships, self.id, self.finding = api, townships, "", ""
        self.findings: set[str] = set()

    async def do(self, command: str, by: Actor = INSPECTOR, select: str = "position", **given: Any) -> Any:
        return await self.api.done(f"supervision{command}", by, select, id=self.id, **given)

    async def refused(self, command: str, by: Actor = INSPECTOR, **given: Any) -> dict[str, Any]:
        return await self.api.refused(f"supervision{command}", by, id=self.id, **given)

    async def start(self) -> "Supervision":
        planned = await self.api.done(
            "supervisionPlan", OFFICE, "supervision { id }", division="410200", title="商会建设专项督导", team=TEAM
        )
        self.id = planned["supervision"]["id"]
        await self.do("ListUnits", OFFICE, units=self.townships)
        await self.do("StartSupervision", OFFICE)
        return self

    async def visit(self, township: str) -> Any:
        return await self.do("RecordVisit", unit=township, visitors=4, observations="座谈、查阅档案")

    async def raise_finding(self, township: str = TOWN) -> "Supervision":
        raised = await self.do(
            "RaiseFinding", unit=township, cause="SLOW_PREPARATION", severity="ORDINARY", description="进度缓慢",
            select="supervision { findings { nodes { id } } }",
        )  # fmt: skip
        found = {each["id"] for each in raised["supervision"]["findings"]["nodes"]}
        (self.finding,) = found - self.findings
        self.findings = found
        return self

    async def rectify(self, by: Actor = COMMISSIONER) -> "Supervision":
        await self.do("PlanRectification", by, finding=self.finding, measure="月底前召开大会", dueOn="2099-12-31")
        await self.do("SubmitRectification", by, finding=self.finding, outcome="已召开", evidence=[DIGEST])
        return self


@pytest.fixture
async def lankao(api: Api) -> Supervision:
    await divisions(api)
    supervision = await Supervision(api, [TOWN, "410225104"]).start()
    await supervision.visit(TOWN)
    return supervision


async def test_116_visits_cover_all_townships_of_ten_units(api: Api) -> None:
    await import_divisions(api.ledger, KAIFENG, CITY, source=Source.IMPORT)
    rows = csv.DictReader(KAIFENG.decode().splitlines())
    supervision = await Supervision(api, [row["code"] for row in rows if row["kind"] in REAL]).start()
    await supervision.do("RecordVisit", unit=TOWN, visitors=4, observations="座谈")
    for township in supervision.townships:
        await supervision.visit(township)
    reported = await supervision.do("Report", summary="全覆盖", select="supervision { unitsVisited coverage }")
    assert reported["supervision"] == {"unitsVisited": 116, "coverage": "1.0000"}
    text = """query($id: ID!) {
        supervision(id: $id) { visits { totalCount } units { nodes { townships visited unit { code } } } }
        unitSupervision { nodes { townships visited } }
        unvisited: supervisedTownships(where: {visits: {eq: 0}}) { totalCount } }"""
    found = await api.ask(text, id=supervision.id)
    units = found["supervision"]["units"]["nodes"]
    assert sorted(each["townships"] for each in units) == [6, 7, 7, 8, 8, 13, 15, 15, 16, 21]
    assert all(each["townships"] == each["visited"] for each in (*units, *found["unitSupervision"]["nodes"]))
    assert sum(each["visited"] for each in found["unitSupervision"]["nodes"]) == 116
    assert found["supervision"]["visits"]["totalCount"] == 117  # one township was visited twice
    assert found["unvisited"]["totalCount"] == 0


async def test_a_supervision_with_one_open_finding_is_not_closed(lankao: Supervision) -> None:
    await (await lankao.raise_finding()).rectify()
    await lankao.do("Report", summary="报告")
    refusal = await lankao.refused("Close", OFFICE)
    assert (refusal["code"], refusal["basis"]) == ("GUARD_FAILED", "乡镇（街道）商会建设专项督导机制")
    assert "1 个问题" in refusal["message"]
    await lankao.do("VerifyRectification", finding=lankao.finding)
    closed = await lankao.do("Close", OFFICE, "supervision { state findingsOpen coverage }")
    assert closed["supervision"] == {"state": "CLOSED", "findingsOpen": 0, "coverage": "0.5000"}


async def test_whoever_put_a_finding_right_does_not_verify_it(lankao: Supervision) -> None:
    both = Actor("both", (*COMMISSIONER.grants, *INSPECTOR.grants))
    await (await lankao.raise_finding()).rectify(by=both)
    assert (await lankao.refused("VerifyRectification", both, finding=lankao.finding))["code"] == "FOUR_EYES"
    await lankao.do("VerifyRectification", finding=lankao.finding)


async def test_a_finding_is_put_right_where_it_is(lankao: Supervision) -> None:
    await lankao.raise_finding()
    plan = {"finding": lankao.finding, "measure": "措施", "dueOn": "2099-12-31"}
    neighbour = Actor("neighbour", (Grant(Role.TOWNSHIP_UF_COMMISSIONER, "410225104"),))
    assert (await lankao.refused("PlanRectification", neighbour, **plan))["code"] == "OUT_OF_SCOPE"
    assert (await lankao.refused("RecordVisit", FIC, unit=TOWN, visitors=1, observations="走访"))[
        "code"
    ] == "OUT_OF_SCOPE"
    planned = await lankao.do("PlanRectification", FIC, "change { kind division { code } }", **plan)
    assert planned["change"] == {"kind": "SUPERVISION_RECTIFICATION_PLANNED", "division": {"code": TOWN}}


async def test_the_findings_board_tells_what_is_open_how_grave_and_since_when(lankao: Supervision) -> None:
    await (await lankao.raise_finding()).rectify()
    await lankao.raise_finding()
    before = await lankao.api.head()
    await lankao.do("WithdrawFinding", finding=lankao.finding, reason="经核实不属实")
    text = """query($code: DivisionCode!) {
        findings(where: {within: $code, open: {eq: true}, severity: {eq: ORDINARY}, raisedOn: {gt: "2020-01-01"}}) {
            totalCount nodes { state cause evidence supervision { state } } }
        division(by: {code: $code}) { unitSupervision { findingsRaised findingsOpen } } }"""
    found = await lankao.api.ask(text, viewer=FIC, code=COUNTY)
    assert found["findings"]["nodes"] == [
        {
            "state": "SUBMITTED",
            "cause": "SLOW_PREPARATION",
            "evidence": [DIGEST],
            "supervision": {"state": "IN_PROGRESS"},
        }
    ]
    assert found["division"]["unitSupervision"] == {"findingsRaised": 2, "findingsOpen": 1}
    text = """query($at: AsOfInput!, $code: DivisionCode!) { asOf(at: $at) {
        findings(where: {open: {eq: true}}) { totalCount }
        division(by: {code: $code}) { findings { totalCount } supervision { findingsOpen } } } }"""
    then = (await lankao.api.ask(text, at={"position": before}, code=TOWN))["asOf"]
    assert then == {
        "findings": {"totalCount": 2},
        "division": {"findings": {"totalCount": 2}, "supervision": {"findingsOpen": 2}},
    }


async def test_the_public_and_other_counties_see_no_finding(lankao: Supervision) -> None:
    await lankao.raise_finding()
    other = Actor("other-county", (Grant(Role.COUNTY_FIC, "410221"),))
    for viewer in (PUBLIC, other):
        found = await lankao.api.ask("{ findings { totalCount } visits { totalCount } }", viewer=viewer)
        assert found == {"findings": {"totalCount": 0}, "visits": {"totalCount": 0}}
