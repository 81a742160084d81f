"""Is the city the same each time, however often its building is cut off, and written in the order of its clock?"""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from service.demo.city import schedule
from service.demo.divisions import history
from service.domain.decision import Request
from service.domain.record import Recorded, Source
from service.domain.refusal import GuardFailed, IdempotencyKeyReused
from service.ledger.ledger import CHINA
from service.resources import ledger
from tests.demo.conftest import build_in, log

LATE = timedelta(30)


@pytest.mark.anyio
async def test_another_build_elsewhere_writes_the_same_log_byte_for_byte(city: str, empty: str) -> None:
    assert await build_in(empty)
    assert log(empty) == log(city)


@pytest.mark.anyio
async def test_a_build_that_is_cut_off_goes_on_as_if_nothing_had_happened(city: str, empty: str) -> None:
    for _ in range(5):
        await build_in(empty, random.uniform(0.3, 1.0))
    assert await build_in(empty)
    assert log(empty) == log(city)


@pytest.mark.anyio
async def test_a_second_build_adds_nothing(city: str) -> None:
    before = log(city)
    assert await build_in(city)
    assert log(city) == before


@pytest.mark.anyio
async def test_the_city_is_not_built_over_later_records(empty: str) -> None:
    first = history()[0].request
    async with ledger(empty) as opened:
        await opened.execute(asked(first, name="开封"))
    with pytest.raises(GuardFailed):
        await build_in(empty)


@pytest.mark.anyio
async def test_the_city_of_another_release_is_not_mixed_with_this_one(empty: str) -> None:
    wave = schedule()[0]
    async with ledger(empty, clock=lambda: wave.moment) as opened:
        await opened.execute(asked(wave.requests[0], name="开封", same_key=True))
    with pytest.raises(IdempotencyKeyReused):
        await build_in(empty)


def asked(request: Request, name: str, same_key: bool = False) -> Request:
    """A request of the demonstration with another name."""
    return Request(
        command=request.command,
        actor=request.actor,
        key=request.key if same_key else uuid4(),
        source=Source.DEMO,
        input={**request.input, "name": name},
    )


def test_recorded_times_rise_with_positions_and_lie_in_the_past(events: list[Recorded]) -> None:
    times = [event.envelope.recorded_at for event in events]
    assert all(one <= other for one, other in pairwise(times))
    assert times[-1] < datetime.now(UTC)
    assert times[-1] - times[0] > timedelta(3 * 365)


def test_the_commands_of_one_moment_are_told_apart(events: list[Recorded]) -> None:
    moments = {event.envelope.key: event.envelope.recorded_at for event in events}
    assert len(set(moments.values())) == len(moments)


def test_every_event_says_that_it_is_a_demonstration(events: list[Recorded]) -> None:
    assert {event.envelope.source for event in events} == {Source.DEMO}


def test_the_offices_keep_office_hours(events: list[Recorded]) -> None:
    local = [event.envelope.recorded_at.astimezone(CHINA) for event in events]
    assert all(moment.weekday() < 5 and 9 <= moment.hour < 18 for moment in local)


def test_most_is_recorded_within_days_and_something_late(events: list[Recorded]) -> None:
    chambers = [event for event in events if event.fact.topic.startswith("chamber.")]
    delays = [event.envelope.recorded_at.date() - event.envelope.effective_on for event in chambers]
    late = sum(delay > LATE for delay in delays)
    assert 0 < late < len(delays) / 100


def test_no_account_holds_two_offices(events: list[Recorded]) -> None:
    held = {(event.envelope.account, event.envelope.role, event.envelope.division) for event in events}
    assert len({account for account, _, _ in held}) == len(held)


def test_the_schedule_ends_before_the_demonstration_is_published() -> None:
    assert schedule()[-1].moment.date() <= date(2026, 9, 30)
