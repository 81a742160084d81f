"""Does the list of deadlines show a registrar on day 61 that he is late (scenario 5), and stop while he waits?"""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import Api, Calendar, opened
from tests.schema.journey import REGISTRAR, Chamber, divisions

pytestmark = pytest.mark.anyio
FILED = date(2026, 3, 2)
LIST = """query($before: Date!, $within: DivisionCode) {
  deadlines(where: {dueOn: {lt: $before}, within: $within}) { totalCount nodes {
    kind dueOn basis counted days defaultOfOurs command overdue recordId division { code } } } }"""


@pytest.fixture
def clock() -> Calendar:
    return Calendar(FILED)


@pytest.fixture
async def api(database: str, clock: Calendar) -> AsyncIterator[Api]:
    async with opened(database, clock) as api:
        yield api


@pytest.fixture
async def filed(api: Api) -> Chamber:
    """A chamber whose application was filed on day 0."""
    await divisions(api)
    chamber = await (await (await Chamber(api).prepare()).approve()).complete()
    await chamber.do("FileForRegistration")
    return chamber


async def due_before(api: Api, day: date, within: str | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.ask(LIST, before=str(day), within=within))["deadlines"]["nodes"]
    return found


async def test_a_decision_is_overdue_on_day_61_and_not_on_day_60(api: Api, clock: Calendar, filed: Chamber) -> None:
    clock.day = FILED + timedelta(60)
    assert await due_before(api, clock.day) == []
    clock.day = FILED + timedelta(61)
    (late,) = await due_before(api, clock.day)
    assert late == {
        "kind": "REGISTRATION_DECISION",
        "dueOn": str(FILED + timedelta(60)),
        "basis": "社会团体登记管理条例第十二条",
        "counted": "CALENDAR",
        "days": 60,
        "defaultOfOurs": False,
        "command": None,
        "overdue": True,
        "recordId": filed.id,
        "division": {"code": "410225103"},
    }


async def test_a_return_on_day_40_pauses_and_refiling_restarts_the_60(
    api: Api, clock: Calendar, filed: Chamber
) -> None:
    clock.day = FILED + timedelta(40)
    await filed.do("ReturnForCorrection", REGISTRAR, corrections=["住所证明"], reason="材料不齐")
    assert await due_before(api, date(2027, 1, 1)) == []
    clock.day = FILED + timedelta(55)
    await filed.do("FileForRegistration")
    (due,) = await due_before(api, date(2027, 1, 1))
    assert due["dueOn"] == str(FILED + timedelta(55 + 60))


@pytest.mark.usefixtures("filed")
async def test_deadlines_are_asked_for_by_division_and_by_whom_they_concern(api: Api) -> None:
    assert len(await due_before(api, date(2027, 1, 1), "410225")) == 1
    assert await due_before(api, date(2027, 1, 1), "410225104") == []
    elsewhere = Actor("registrar", (Grant(Role.REGISTRAR, "410225104"),))
    assert (await api.ask(LIST, elsewhere, before="2027-01-01"))["deadlines"]["totalCount"] == 0
    public = Actor("public", (Grant(Role.PUBLIC_API),))
    assert (await api.ask(LIST, public, before="2027-01-01"))["deadlines"]["totalCount"] == 0


async def test_the_past_had_the_deadlines_of_then(api: Api, clock: Calendar, filed: Chamber) -> None:
    then = (await api.ask("{ position }"))["position"]
    clock.day = FILED + timedelta(40)
    await filed.do("ReturnForCorrection", REGISTRAR, corrections=["住所证明"], reason="材料不齐")
    found = await api.ask(
        """query($at: Position!, $id: ID!) {
             asOf(at: {position: $at}) { deadlines { nodes { kind overdue(on: "2026-05-02") } } }
             chamber(by: {id: $id}) { deadlines { totalCount } } }""",
        at=then,
        id=filed.id,
    )
    assert found["asOf"]["deadlines"]["nodes"] == [{"kind": "REGISTRATION_DECISION", "overdue": True}]
    assert found["chamber"]["deadlines"]["totalCount"] == 0
