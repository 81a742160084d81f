"""Whom do the two supervisions of the demonstration visit, what do they find, and how is it put right?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, partial

from service.demo.cast import fates
from service.demo.invented import number, pick
from service.demo.journal import Journal
from service.demo.places import Place, plans, townships
from service.demo.rounds import Found, Round
from service.domain.supervision_terms import FindingCause, FindingSeverity

SPECIAL_PLANNED, SPECIAL_STARTED = date(2024, 9, 23), date(2024, 10, 14)
SPECIAL_REPORTED, SPECIAL_CLOSED = date(2024, 12, 30), date(2025, 2, 21)
LOOK_BACK_PLANNED, LOOK_BACK_STARTED = date(2026, 8, 17), date(2026, 9, 7)
VISITS_A_DAY, VISITED_AGAIN = 4, 12
"""How many townships the parties of the team visit in a day; how many the second supervision has visited by its end."""
COMMON = (FindingCause.SUPPORT_LACKING, FindingCause.RULES_NOT_FOLLOWED)
LIGHT = (FindingSeverity.MINOR, FindingSeverity.ORDINARY)
ONE_IN = 3
"""Which share of the townships with a chamber has something amiss."""
WITHDRAWN, SENT_BACK, SENT_BACK_OF = 5, 3, 7
"""The one finding that is taken back; which one of how many is not put right at the first attempt."""


def rounds() -> Iterator[Journal]:
    """Both supervisions."""
    yield special()[0]
    yield _look_back()


@cache
def special() -> tuple[Round, tuple[Found, ...]]:
    """The special supervision of all townships of the ten units, and what it found: put right in the end."""
    places = [place for plan in plans() for place in townships(plan.unit)]
    round = Round("special", "乡镇（街道）商会建设专项督导", SPECIAL_PLANNED, places).open(SPECIAL_STARTED)
    waiting = {place.code for place in _waiting()}
    found: list[Found] = []
    for n, place in enumerate(places):
        on = _working_day(SPECIAL_STARTED, n // VISITS_A_DAY)
        round.then(on, partial(round.visit, place))
        if place.code in waiting or number(f"finding/{place.code}", ONE_IN) == 0:
            found.append(_amiss(place, on, len(found) + 1, none=place.code in waiting))
            _put_right(round, found[-1])
    round.then(SPECIAL_REPORTED, partial(round.report, "督导覆盖全部乡镇（街道），发现的问题均已交办"))
    round.then(SPECIAL_CLOSED, round.close)
    return round.told(), tuple(found)


def sent_back(found: Found) -> bool:
    """Whether a finding was not put right at the first attempt."""
    return found.number % SENT_BACK_OF == SENT_BACK


def _put_right(round: Round, found: Found) -> None:
    """The way of a finding: planned in five days, done in four weeks, looked at in five days."""
    round.then(found.on, partial(round.raise_finding, found))
    if found.number == WITHDRAWN:
        return round.then(found.on + timedelta(3), partial(round.withdraw, found))
    round.then(found.on + timedelta(5), partial(round.plan, found))
    done = found.on + timedelta(23 + round.dice(f"done/{found.number}", 8))
    round.then(done, partial(round.submit, found))
    if not sent_back(found):
        return round.then(done + timedelta(5), partial(round.verify, found))
    round.then(done + timedelta(5), partial(round.visit, found.place))
    round.then(done + timedelta(5), partial(round.reject, found))
    round.then(done + timedelta(19), partial(round.submit, found))
    return round.then(done + timedelta(26), partial(round.verify, found))


def _look_back() -> Round:
    """A second look, at the townships that still had no chamber: not over yet, with findings in every state."""
    places = [*_waiting(), *(place for plan in plans() for place in fates(plan)[2])]
    round = Round("look-back", "乡镇（街道）商会建设“回头看”督导", LOOK_BACK_PLANNED, places)
    round.open(LOOK_BACK_STARTED)
    for n, place in enumerate(places[:VISITED_AGAIN]):
        on = _working_day(LOOK_BACK_STARTED, n // 2)
        round.then(on, partial(round.visit, place))
        if n % 2 == 0:
            slow = Found(n // 2 + 1, place, on, FindingCause.SLOW_PREPARATION, LIGHT[n % 4 // 2])
            _put_right_so_far(round, slow)
    return round.told()


def _put_right_so_far(round: Round, found: Found) -> None:
    """How far the findings of the second look have come: the earlier, the further."""
    course = (round.raise_finding, round.plan, round.submit, round.reject, round.submit, round.verify)
    for step, act in enumerate(course[: len(course) + 1 - found.number]):
        round.then(found.on + timedelta(3 * step), partial(act, found))


def _waiting() -> list[Place]:
    """The townships whose chambers begin in 2026 only."""
    return [place for plan in plans() for place in fates(plan)[1]]


def _amiss(place: Place, on: date, number: int, *, none: bool) -> Found:
    """What is found in a township: that it has no chamber, or something lighter."""
    if none:
        return Found(number, place, on, FindingCause.NO_CHAMBER, FindingSeverity.SERIOUS)
    return Found(number, place, on, pick(f"cause/{place.code}", COMMON), pick(f"severity/{place.code}", LIGHT))


def _working_day(start: date, count: int) -> date:
    """So many working days after a Monday."""
    weeks, days = divmod(count, 5)
    return start + timedelta(7 * weeks + days)
