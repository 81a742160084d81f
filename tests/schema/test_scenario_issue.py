"""Does a blocker go up level by level until it is solved (scenario 6), and is on-site service counted (scenario 15)?"""

from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import CITY, Api
from tests.schema.journey import COMMISSIONER, FIC, REGISTRAR, TOWN, divisions

pytestmark = pytest.mark.anyio
PUBLIC = Actor("public", (Grant(Role.PUBLIC_API),))
BLOCKER = {
    "division": TOWN,
    "kind": "REGISTRATION_BLOCKER",
    "cause": "NAME_APPROVAL",
    "title": "名称核准受阻",
    "description": "名称三次未获核准",
}
REQUEST = {
    **BLOCKER,
    "kind": "ENTERPRISE_REQUEST",
    "cause": "FINANCING",
    "title": "流动资金紧张",
    "campaign": "ENTERPRISE_SERVICE_DAY",
}
STATISTICS = """{ unitIssues { nodes { division { code } raised open solved solvedOnSite solvedOnline
    blockersOpen blockersSolved medianDaysToUnblock } } }"""


@pytest.fixture
async def lankao(api: Api) -> Api:
    await divisions(api)
    return api


class Issue:
    """An issue on its way."""

    def __init__(self, api: Api, id: str) -> None:
        self.api, self.id = api, id

    @classmethod
    async def raised(cls, api: Api, on: str = "2026-03-02", **what: Any) -> "Issue":
        """Raised by the township's commissioner."""
        begun = await api.done(
            "issueRaiseIssue", COMMISSIONER, "issue { id }", **{**BLOCKER, "effectiveOn": on, **what}
        )
        return cls(api, begun["issue"]["id"])

    async def do(self, command: str, by: Actor, **given: Any) -> Any:
        """Carry out one command."""
        return await self.api.done(f"issue{command}", by, id=self.id, **given)

    async def refused(self, command: str, by: Actor, **given: Any) -> dict[str, Any]:
        """The refusal of one command."""
        return await self.api.refused(f"issue{command}", by, id=self.id, **given)

    async def shown(self, fields: str) -> dict[str, Any]:
        """What an auditor sees of it."""
        found = await self.api.ask(f"query($id: ID!) {{ issue(id: $id) {{ {fields} }} }}", id=self.id)
        shown: dict[str, Any] = found["issue"]
        return shown


async def test_a_blocker_climbs_to_the_city_and_six_organs_are_told(lankao: Api) -> None:
    issue = await Issue.raised(lankao)
    await issue.do("Assign", COMMISSIONER, organ="FIC", effectiveOn="2026-03-03")
    jump = await issue.refused("Escalate", COMMISSIONER, level="CITY")
    assert (jump["code"], jump["path"]) == ("GUARD_FAILED", ["level"])
    await issue.do("Escalate", COMMISSIONER, level="COUNTY", effectiveOn="2026-03-10")
    await issue.do("Escalate", FIC, effectiveOn="2026-03-20")
    await issue.do("Solve", CITY, result="名称已核准", channel="ONLINE", effectiveOn="2026-04-01")
    shown = await issue.shown(
        "level state solvedOn raisedOn daysToSolve told { organ level } heldIn { code } history { nodes { kind } }"
    )
    assert [(each["level"], each["organ"]) for each in shown["told"]] == [
        (level, organ) for level in ("TOWNSHIP", "COUNTY", "CITY") for organ in ("CIVIL_AFFAIRS", "FIC")
    ]
    assert (shown["level"], shown["heldIn"]["code"]) == ("CITY", "410200")
    assert shown["daysToSolve"] == 30
    assert [each["kind"] for each in shown["history"]["nodes"]] == [
        "ISSUE_ISSUE_RAISED",
        "ISSUE_ISSUE_ASSIGNED",
        "ISSUE_ISSUE_ESCALATED",
        "ISSUE_ISSUE_ESCALATED",
        "ISSUE_ISSUE_SOLVED",
    ]
    (unit,) = (await lankao.ask(STATISTICS))["unitIssues"]["nodes"]
    assert (unit["division"]["code"], unit["blockersSolved"], unit["medianDaysToUnblock"]) == ("410225", 1, 30.0)


async def test_solved_on_site_is_offline_and_counted_among_all_solved(lankao: Api) -> None:
    on_site, by_post, open_still = [await Issue.raised(lankao, **REQUEST) for _ in range(3)]
    refusal = await on_site.refused("Solve", FIC, result="当场对接银行", channel="ONLINE", onSite=True)
    assert (refusal["code"], refusal["path"]) == ("GUARD_FAILED", ["channel"])
    await on_site.do("Solve", FIC, result="当场对接银行", channel="OFFLINE", onSite=True)
    await by_post.do("Assign", FIC, organ="DEPARTMENT", level="COUNTY")
    await by_post.do("Solve", FIC, result="已放款", channel="ONLINE")
    await open_still.do("Assign", FIC, organ="DEPARTMENT", level="COUNTY")
    (unit,) = (await lankao.ask(STATISTICS))["unitIssues"]["nodes"]
    counted = {name: unit[name] for name in ("raised", "open", "solved", "solvedOnSite", "solvedOnline")}
    assert counted == {"raised": 3, "open": 1, "solved": 2, "solvedOnSite": 1, "solvedOnline": 1}
    assert unit["medianDaysToUnblock"] is None


async def test_what_is_reopened_is_no_longer_solved_but_was(lankao: Api) -> None:
    issue = await Issue.raised(lankao, **REQUEST)
    await issue.do("Solve", FIC, result="当场答复", channel="OFFLINE", onSite=True)
    then = (await lankao.ask("{ position }"))["position"]
    await issue.do("Reopen", COMMISSIONER, reason="问题仍在")
    now = await lankao.ask(
        """query($at: Position!) { unitIssues { nodes { solved open } }
             asOf(at: {position: $at}) { unitIssues { nodes { solved open } } } }""",
        at=then,
    )
    assert now["unitIssues"]["nodes"] == [{"solved": 0, "open": 1}]
    assert now["asOf"]["unitIssues"]["nodes"] == [{"solved": 1, "open": 0}]


async def test_the_board_groups_open_blockers_by_level_and_cause_with_their_ages(lankao: Api) -> None:
    first, second = await Issue.raised(lankao), await Issue.raised(lankao, on="2026-03-12")
    third = await Issue.raised(lankao, cause="FUNDS_LACKING")
    await third.do("Assign", FIC, organ="FIC")
    await third.do("Escalate", FIC)
    await Issue.raised(lankao, **REQUEST)
    board = """query($code: DivisionCode) { blockerBoard(within: $code, on: "2026-03-22") {
        level cause count oldestDays medianDays } blockers { nodes { daysOpen(on: "2026-03-22") issue { id } } } }"""
    found = await lankao.ask(board, code="410225")
    assert found["blockerBoard"] == [
        {"level": "COUNTY", "cause": "FUNDS_LACKING", "count": 1, "oldestDays": 20, "medianDays": 20.0},
        {"level": "TOWNSHIP", "cause": "NAME_APPROVAL", "count": 2, "oldestDays": 20, "medianDays": 15.0},
    ]
    assert {(each["daysOpen"], each["issue"]["id"]) for each in found["blockers"]["nodes"]} == {
        (20, first.id),
        (10, second.id),
        (20, third.id),
    }
    assert (await lankao.ask(board, code="410225104"))["blockerBoard"] == []


async def test_issues_are_found_by_what_they_are_and_hidden_from_the_public(lankao: Api) -> None:
    issue = await Issue.raised(lankao, **REQUEST)
    await issue.do("Comment", REGISTRAR, text="已转有关部门")
    query = """{ issues(where: {campaign: {eq: ENTERPRISE_SERVICE_DAY}, raisedOn: {lte: "2026-03-02"}},
        orderBy: {field: SINCE, direction: DESC}) { totalCount nodes { title comments { text } chamber { id } } } }"""
    assert (await lankao.ask(query))["issues"] == {
        "totalCount": 1,
        "nodes": [{"title": "流动资金紧张", "comments": [{"text": "已转有关部门"}], "chamber": None}],
    }
    assert (await lankao.ask(query, PUBLIC))["issues"]["totalCount"] == 0


async def test_who_raised_an_issue_may_confirm_it_and_who_solved_it_may_not(lankao: Api) -> None:
    issue = await Issue.raised(lankao, **REQUEST)
    await issue.do("Solve", FIC, result="当场答复", channel="OFFLINE", onSite=True)
    assert (await issue.refused("ConfirmSolved", FIC, satisfaction=5))["code"] == "FOUR_EYES"
    await issue.do("ConfirmSolved", COMMISSIONER, satisfaction=4)
    shown = await issue.shown("state satisfaction availableCommands { name }")
    assert shown == {"state": "CLOSED", "satisfaction": 4, "availableCommands": []}


async def test_an_issue_in_hand_has_a_deadline(lankao: Api) -> None:
    issue = await Issue.raised(lankao)
    await issue.do("Assign", FIC, organ="FIC", dueOn="2099-03-31")
    (due,) = (await issue.shown("deadlines { nodes { kind dueOn command defaultOfOurs } }"))["deadlines"]["nodes"]
    assert due == {"kind": "ISSUE_HANDLING", "dueOn": "2099-03-31", "command": "escalate", "defaultOfOurs": True}
