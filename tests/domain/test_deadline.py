"""Is the last day of a deadline the right one, and does a chamber know its own?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_closing import LiquidationEnded
from service.domain.chamber_registration import ReturnedForCorrection
from service.domain.chamber_terms import ChamberState
from service.domain.deadline import (
    ANNUAL_REPORT,
    CREDIT_ENTRY,
    DEREGISTRATION,
    DORMANCY,
    DORMANCY_ALERT,
    REGISTRATION_DECISION,
    DeadlineKind,
)
from service.domain.policy import POLICIES, registration_policy
from service.domain.record import Fact
from service.domain.workdays import is_workday
from tests.domain.chamber_life import (
    CHANGE,
    CHANGED_ON,
    CONSENTED,
    DUE,
    FILED,
    FILED_ON,
    LIQUIDATING,
    LIVES,
    REGISTERED,
    REGISTERED_ON,
    REPORTED,
)
from tests.domain.harness import CHAMBER, At, given


def chamber(*facts: Fact | At) -> Chamber:
    return given(*facts).world.find(Chamber, CHAMBER)


def due(*facts: Fact | At) -> list[tuple[str, date, str]]:
    found = chamber(*facts).deadlines()
    return [(each.rule.kind.name, each.by, each.part) for each in found if "DORMANCY" not in each.rule.kind]


def test_the_day_of_the_start_does_not_count() -> None:
    assert REGISTRATION_DECISION.due(date(2026, 1, 1)) == date(2026, 3, 2)
    assert not REGISTRATION_DECISION.missed(date(2026, 1, 1), date(2026, 3, 2))
    assert REGISTRATION_DECISION.missed(date(2026, 1, 1), date(2026, 3, 3))


def test_a_year_ends_on_its_anniversary_or_the_last_of_february() -> None:
    assert DORMANCY.due(date(2023, 3, 1)) == date(2024, 3, 1)
    assert DORMANCY.due(date(2024, 2, 29)) == date(2025, 2, 28)


def test_a_report_is_due_in_the_next_year() -> None:
    assert ANNUAL_REPORT.due(date(2025, 12, 31)) == date(2026, 3, 31)


def test_working_days_leave_out_weekends_and_what_a_calendar_says() -> None:
    friday = date(2026, 6, 26)
    assert CREDIT_ENTRY.due(friday) == date(2026, 7, 3)
    assert CREDIT_ENTRY.due(date(2026, 9, 30)) == date(2026, 10, 13)
    monday_off = date(2026, 6, 29)
    assert CREDIT_ENTRY.due(friday, lambda day: day.weekday() < 5 and day != monday_off) == date(2026, 7, 6)


def test_defaults_of_ours_say_so() -> None:
    assert DORMANCY_ALERT.default_of_ours
    assert not DEREGISTRATION.default_of_ours


def test_a_policy_holds_from_its_day_on_and_the_first_before_it() -> None:
    policy = registration_policy(date(2026, 1, 1))
    assert (policy.units.value, policy.individuals.value, policy.mixed.value) == (30, 50, 50)
    assert registration_policy(date(1990, 1, 1)) is POLICIES[0]


def test_the_registrars_60_days_stop_while_the_file_is_returned() -> None:
    assert due(*FILED) == [("REGISTRATION_DECISION", FILED_ON + timedelta(60), "")]
    assert due(*FILED, ReturnedForCorrection(("住所",))) == []


def test_an_overdue_decision_shows_on_day_61() -> None:
    (deadline,) = chamber(*FILED).deadlines()
    assert not deadline.overdue(FILED_ON + timedelta(60))
    assert deadline.overdue(FILED_ON + timedelta(61))


def test_a_consented_change_has_30_days() -> None:
    assert due(*CONSENTED) == [("CHANGE_FILING", CHANGED_ON + timedelta(30), str(CHANGE))]


def test_a_liquidated_chamber_has_15_days() -> None:
    assert due(*LIQUIDATING) == []
    assert due(*LIQUIDATING, LiquidationEnded(date(2026, 6, 1))) == [("DEREGISTRATION", date(2026, 6, 16), "")]


def test_a_report_is_due_in_march_and_at_the_registrar_in_may() -> None:
    assert due(*DUE) == [("ANNUAL_REPORT", date(2026, 3, 31), "2025"), ("ANNUAL_REVIEW", date(2026, 5, 31), "2025")]
    assert due(*REPORTED) == [("ANNUAL_REVIEW", date(2026, 5, 31), "2025")]


def test_a_chamber_without_activity_is_warned_before_its_year_is_over() -> None:
    kinds = [(each.rule.kind, each.by) for each in chamber(*REGISTERED).deadlines()]
    assert kinds == [
        (DeadlineKind.DORMANCY_ALERT, REGISTERED_ON + timedelta(300)),
        (DeadlineKind.DORMANCY, date(2026, 5, 20)),
    ]


@pytest.mark.parametrize("state", [ChamberState.ABANDONED, ChamberState.DEREGISTERED, ChamberState.REVOKED])
def test_an_ended_chamber_has_no_deadlines(state: ChamberState) -> None:
    assert [*chamber(*LIVES[state]).deadlines()] == []


def test_a_report_on_its_activities_shows_that_a_chamber_is_not_dormant() -> None:
    assert not any("DORMANCY" in each.rule.kind for each in chamber(*REPORTED).deadlines())


def test_the_timer_is_to_say_that_a_report_was_missed() -> None:
    commands = {each.rule.kind.name: each.command for each in chamber(*DUE).deadlines() if each.part}
    assert commands == {"ANNUAL_REPORT": None, "ANNUAL_REVIEW": "mark_missed"}


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 10), True),  # a Saturday that makes up for it
        (date(2026, 10, 11), False),
        (date(2026, 10, 12), True),
    ],
)
def test_working_days_are_those_of_the_state_council(day: date, works: bool) -> None:
    assert is_workday(day) is works


def test_days_of_years_not_yet_arranged_are_working_days_from_monday_to_friday() -> None:
    assert is_workday(date(2031, 10, 1))
    assert not is_workday(date(2031, 10, 4))
