"""By when must something be done, and which rule says so? Deadlines are data, each with the rule it rests on."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import auto
from functools import lru_cache
from typing import NamedTuple

from service.domain.policy import (
    APPOINTMENT_RULES,
    CREDIT_RULES,
    MODEL_CHARTER,
    SUPERVISION_MECHANISM,
    TALK_MECHANISM,
    article,
    mediation_law,
    mediation_rules,
)
from service.domain.vocabulary import Term
from service.domain.workdays import is_workday

IsWorkday = Callable[[date], bool]


class DeadlineKind(Term):
    """期限类别 | What has to be done in time."""

    REGISTRATION_DECISION = auto()
    CHANGE_FILING = auto()
    DEREGISTRATION = auto()
    ANNUAL_REPORT = auto()
    ANNUAL_REVIEW = auto()
    DORMANCY_ALERT = auto()
    DORMANCY = auto()
    CREDIT_ENTRY = auto()
    PUBLIC_NOTICE = auto()
    CHANGE_OF_TERM = auto()
    ISSUE_HANDLING = auto()
    RECTIFICATION = auto()
    IMPROVEMENT = auto()
    APPEAL = auto()
    MEDIATION_ACCEPTANCE = auto()
    MEDIATION_CONCLUSION = auto()
    JUDICIAL_CONFIRMATION = auto()
    MEDIATION_FOLLOW_UP = auto()
    MEDIATION_BODY_TERM = auto()
    RECOGNITION_VALIDITY = auto()


class DayKind(Term):
    """日历日或工作日 | Whether every day counts, or working days only."""

    CALENDAR = auto()
    WORKING = auto()


@dataclass(frozen=True)
class DeadlineRule:
    """A number of days or of months from a start, or a day of the year after the start's.

    `default_of_ours` marks one that no rule prescribes.
    """

    kind: DeadlineKind
    basis: str
    days: int = 0
    months: int = 0
    counted: DayKind = DayKind.CALENDAR
    month_day: tuple[int, int] | None = None
    default_of_ours: bool = False

    def due(self, start: date, is_workday: IsWorkday = is_workday) -> date:
        """The last day in time. The day of the start does not count."""
        if self.month_day:
            return date(start.year + 1, *self.month_day)
        if self.months:
            return _after_months(start, self.months)
        if self.counted is DayKind.CALENDAR:
            return start + timedelta(self.days)
        return _after_workdays(start, self.days, is_workday)

    def missed(self, start: date, on: date) -> bool:
        """Whether `on` is too late."""
        return on > self.due(start)


class Due(NamedTuple):
    """Something to be done about a record by a day, the last one in time.

    `part` is the key of the part that it concerns; `command` the one that the timer gives once the day has passed.
    """

    rule: DeadlineRule
    by: date
    part: str = ""
    command: str | None = None

    def overdue(self, today: date) -> bool:
        """Whether its last day is past."""
        return today > self.by


@lru_cache(1_024)
def _after_months(day: date, count: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def _after_workdays(day: date, count: int, is_workday: IsWorkday) -> date:
    while count:
        day += timedelta(1)
        count -= is_workday(day)
    return day


# "Days" of the regulation are read as calendar days, the stricter reading for an office.
REGISTRATION_DECISION = DeadlineRule(DeadlineKind.REGISTRATION_DECISION, article("十二"), days=60)
CHANGE_FILING = DeadlineRule(DeadlineKind.CHANGE_FILING, article("十八"), days=30)
DEREGISTRATION = DeadlineRule(DeadlineKind.DEREGISTRATION, article("二十一"), days=15)
ANNUAL_REPORT = DeadlineRule(DeadlineKind.ANNUAL_REPORT, article("二十八"), month_day=(3, 31))
ANNUAL_REVIEW = DeadlineRule(DeadlineKind.ANNUAL_REVIEW, article("二十八"), month_day=(5, 31))
DORMANCY_ALERT = DeadlineRule(DeadlineKind.DORMANCY_ALERT, article("二十九"), days=300, default_of_ours=True)
DORMANCY = DeadlineRule(DeadlineKind.DORMANCY, article("二十九"), months=12)
CREDIT_ENTRY = DeadlineRule(DeadlineKind.CREDIT_ENTRY, CREDIT_RULES, days=5, counted=DayKind.WORKING)
PUBLIC_NOTICE = DeadlineRule(
    DeadlineKind.PUBLIC_NOTICE, APPOINTMENT_RULES, days=5, counted=DayKind.WORKING, default_of_ours=True
)
CHANGE_OF_TERM = DeadlineRule(DeadlineKind.CHANGE_OF_TERM, MODEL_CHARTER, days=-90, default_of_ours=True)
"""Counted back from the last day of a term."""
ISSUE_HANDLING = DeadlineRule(
    DeadlineKind.ISSUE_HANDLING,
    "商会登记堵点问题逐级沟通联动机制",
    days=10,
    counted=DayKind.WORKING,
    default_of_ours=True,
)
# These two have no days of their own: whoever plans or demands something names the day.
RECTIFICATION = DeadlineRule(DeadlineKind.RECTIFICATION, SUPERVISION_MECHANISM)
IMPROVEMENT = DeadlineRule(DeadlineKind.IMPROVEMENT, TALK_MECHANISM)
APPEAL = DeadlineRule(
    DeadlineKind.APPEAL, "考核办法（系统默认）", days=10, counted=DayKind.WORKING, default_of_ours=True
)

# The law leaves open how soon a body answers an application; a chamber's published rule gives itself five working days.
MEDIATION_ACCEPTANCE = DeadlineRule(
    DeadlineKind.MEDIATION_ACCEPTANCE, mediation_law("十七"), days=5, counted=DayKind.WORKING, default_of_ours=True
)
MEDIATION_CONCLUSION = DeadlineRule(DeadlineKind.MEDIATION_CONCLUSION, mediation_rules("三十三"), months=1)
JUDICIAL_CONFIRMATION = DeadlineRule(DeadlineKind.JUDICIAL_CONFIRMATION, mediation_law("三十三"), days=30)
MEDIATION_FOLLOW_UP = DeadlineRule(
    DeadlineKind.MEDIATION_FOLLOW_UP, mediation_law("三十一"), days=30, default_of_ours=True
)
MEDIATION_BODY_TERM = DeadlineRule(DeadlineKind.MEDIATION_BODY_TERM, mediation_law("九"), months=36)
