"""Does the timer do what is overdue exactly once, however many there are and wherever one stops?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta

import pytest

from projections.deadlines import DeadlineRow
from service.domain.record import Source
from service.domain.refusal import GuardFailed
from service.timer import Refusal, Timer, key_of, overdue
from tests.schema.conftest import Api, opened
from tests.schema.journey import FIC, divisions
from tests.schema.test_scenario_issue import Issue

pytestmark = pytest.mark.anyio
DAY = date(2026, 3, 20)
EVENTS = """{ changes(where: {source: {eq: TIMER}}) { nodes { kind role actor organ source reason } } }"""


class Clock:
    """A time that stands still until a test moves it."""

    day = DAY

    def __call__(self) -> datetime:
        """Noon in China."""
        return datetime.combine(self.day, datetime.min.time(), UTC) + timedelta(hours=4)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def apis(ready_database: str, clock: Clock) -> AsyncIterator[tuple[Api, Api]]:
    """Two processes on one ready_database, as far as ledgers and views go."""
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(opened(ready_database, clock)),
            await stack.enter_async_context(opened(ready_database, clock)),
        )


@pytest.fixture
async def late(apis: tuple[Api, Api]) -> Issue:
    """An issue that should have been solved ten days ago."""
    api, _ = apis
    await divisions(api)
    issue = await Issue.raised(api)
    await issue.do("Assign", FIC, organ="FIC", effectiveOn="2026-03-03", dueOn="2026-03-10")
    return issue


async def rows(api: Api, on: date = DAY) -> list[DeadlineRow]:
    return await overdue(api.pool, on, 10)


async def test_an_overdue_issue_goes_one_level_up_once(apis: tuple[Api, Api], late: Issue) -> None:
    api, _ = apis
    came = await Timer().run(api.ledger, api.pool)
    assert [row.command for row in came.done] == ["escalate"]
    await api.runner.reached(await api.head(), 5)
    assert (await late.shown("level dueOn"))["level"] == "COUNTY"
    assert (await Timer().run(api.ledger, api.pool)).done == []
    (event,) = (await api.ask(EVENTS))["changes"]["nodes"]
    assert event == {
        "kind": "ISSUE_ISSUE_ESCALATED",
        "role": "TIMER",
        "actor": "timer",
        "organ": "定时任务",
        "source": Source.TIMER,
        "reason": "逾期未办，系统自动执行 | Nobody did it in time: done by the service",
    }


async def test_what_is_due_today_is_not_overdue(apis: tuple[Api, Api], late: Issue, clock: Clock) -> None:
    api, _ = apis
    clock.day = date(2026, 3, 10)
    assert await rows(api, clock.day) == []
    assert len(await rows(api, date(2026, 3, 11))) == 1
    assert (await late.shown("level"))["level"] == "TOWNSHIP"


@pytest.mark.usefixtures("late")
async def test_two_timers_at_once_make_one_event(apis: tuple[Api, Api]) -> None:
    one, other = apis
    before, found = await one.head(), await rows(one)
    both = (Timer().carry_out(each.ledger, found) for each in (one, other))
    first, second = await asyncio.gather(*both)
    assert await one.head() == before + 1
    assert (first.refused, second.refused) == ([], [])


@pytest.mark.usefixtures("late")
async def test_a_timer_that_died_after_its_command_leaves_nothing_to_be_done_twice(apis: tuple[Api, Api]) -> None:
    one, other = apis
    before, found = await one.head(), await rows(one)
    await Timer().carry_out(one.ledger, found)
    again = await Timer().carry_out(other.ledger, found)
    assert (await one.head(), again.done, again.refused) == (before + 1, found, [])


@pytest.mark.usefixtures("late")
async def test_what_was_refused_today_does_not_hold_up_the_others(
    apis: tuple[Api, Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    api, _ = apis
    (first,) = await rows(api)
    another = await Issue.raised(api)
    await another.do("Assign", FIC, organ="FIC", effectiveOn="2026-03-03", dueOn="2026-03-11")
    monkeypatch.setattr("service.timer.MOST_AT_ONCE", 1)
    timer = Timer()
    timer.refusals[key_of(first)] = Refusal(first, GuardFailed("尚有未决事项 | Something is still open"), DAY)
    came = await timer.run(api.ledger, api.pool)
    assert [str(row.due_on) for row in came.done] == ["2026-03-11"]
    assert [refusal.deadline for refusal in came.refused] == [first]


async def test_what_was_seen_to_in_the_meantime_is_refused_shown_and_not_tried_again_today(
    apis: tuple[Api, Api], late: Issue, clock: Clock
) -> None:
    api, _ = apis
    found, timer = await rows(api), Timer()
    await late.do("Transfer", FIC, organ="CIVIL_AFFAIRS", dueOn="2026-04-10")
    before = await api.head()
    (refusal,) = (await timer.carry_out(api.ledger, found)).refused
    assert (refusal.error.code, refusal.on) == ("GUARD_FAILED", DAY)
    assert (await timer.carry_out(api.ledger, found)).refused == [refusal]
    clock.day = DAY + timedelta(1)
    (later,) = (await timer.carry_out(api.ledger, found)).refused
    assert (later.on, await api.head()) == (clock.day, before)
    assert (await timer.carry_out(api.ledger, [])).refused == []
