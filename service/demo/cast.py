"""Which chamber does what in the demonstration, and when?

The plan says how many chambers of each unit are registered or on their way; here is which, and what befalls them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from operator import itemgetter

from service.demo import endings, founding, turns
from service.demo.diary import Diary, chamber_id
from service.demo.divisions import NEWS, origins
from service.demo.invented import number
from service.demo.journal import Journal
from service.demo.life import Course, inspect, is_inspected, registered_on, renew_members
from service.demo.papers import FIRST_CHAMBER
from service.demo.places import Place, Plan, plans, townships, units
from service.domain.chamber_terms import ChamberState

Story = Callable[[Diary], Diary]
Event = tuple[date, Story]
FIRST_DAY = date(2023, 3, 6)
COHORTS, COHORT_DAYS = 13, 84
YEARS = (2023, 2024, 2025)
"""The years that are inspected, and in whose autumn members come and go."""

UNDER_OLD_NAME = "410202008"
"""金明池街道, called 宋城街道 until the summer of 2023: its chamber was founded before that."""
TURNS: Mapping[str, Sequence[Event]] = {
    UNDER_OLD_NAME: [(date(2023, 12, 4), turns.follow_the_rename)],
    "410202001": [(date(2025, 9, 1), turns.be_lost_and_found)],
    "410204001": [(date(2025, 8, 4), turns.be_suspended), (date(2026, 6, 8), turns.renew_leadership)],
    "410205001": [(date(2025, 9, 8), turns.replace_representative)],
    "410212101": [(date(2024, 8, 5), turns.be_refused_a_purpose), (date(2025, 11, 10), turns.elect_nobody)],
    "410221001": [(date(2024, 8, 19), turns.replace_representative)],
    "410222001": [(date(2024, 8, 26), turns.move), (date(2025, 11, 3), turns.gain_a_vice_president)],
    "410223001": [(date(2024, 8, 12), turns.be_refused_a_name), (date(2025, 8, 18), turns.move_late)],
}
COURSES: Mapping[tuple[str, int], Course] = {
    ("410203001", 2024): Course.MISSED_THEN_REPORTED,
    ("410212102", 2024): Course.UNQUALIFIED,
    ("410221101", 2025): Course.MISSED,
    ("410225001", 2024): Course.SENT_BACK,
}
LEADERS = {FIRST_CHAMBER, *TURNS, *(code for code, _ in COURSES)}
"""Those who come first in their unit, to have a life to tell."""
GIVEN_UP_BEFORE = "410203002"
"""铁塔街道, where a first attempt came to nothing."""

SUBMITTED = (founding.prepare, founding.submit)
FILED = (*SUBMITTED, founding.approve, founding.assemble, founding.file)
JOURNEYS: Mapping[ChamberState, Sequence[Story]] = {
    ChamberState.PREPARING: SUBMITTED[:1],
    ChamberState.SUPERVISOR_REVIEW: SUBMITTED,
    ChamberState.RETURNED: (*SUBMITTED, founding.send_back),
    ChamberState.APPROVED_TO_FOUND: FILED[:-1],
    ChamberState.UNDER_REGISTRATION: FILED,
    ChamberState.RETURNED_BY_REGISTRAR: (*FILED, founding.send_back_from_registrar),
}
UNDER_WAY: Sequence[tuple[ChamberState, date]] = (
    (ChamberState.PREPARING, date(2026, 8, 24)),
    (ChamberState.UNDER_REGISTRATION, date(2026, 6, 8)),
    (ChamberState.SUPERVISOR_REVIEW, date(2026, 8, 3)),
    (ChamberState.RETURNED, date(2026, 7, 20)),
    (ChamberState.APPROVED_TO_FOUND, date(2026, 6, 1)),
    (ChamberState.UNDER_REGISTRATION, date(2026, 3, 16)),  # overdue at the end: nobody has decided for 60 days
    (ChamberState.RETURNED_BY_REGISTRAR, date(2026, 5, 4)),
    (ChamberState.PREPARING, date(2026, 8, 10)),
    (ChamberState.APPROVED_TO_FOUND, date(2026, 5, 11)),
    (ChamberState.SUPERVISOR_REVIEW, date(2026, 7, 27)),
    (ChamberState.RETURNED_BY_REGISTRAR, date(2026, 4, 20)),
    (ChamberState.PREPARING, date(2026, 8, 31)),
)
"""How far those in preparation have come, and when they began, in the order of the plan's units."""
ENDED: Sequence[tuple[Story, date] | None] = (
    (endings.abandon, date(2024, 3, 4)),
    None,
    (endings.be_refused_by_registrar, date(2025, 2, 10)),
    (endings.be_refused_by_supervisor, date(2024, 9, 2)),
    (endings.deregister, date(2023, 8, 21)),
    None,
)
"""What became of the chambers of those townships that have none; two never had one."""
MENTORED_UNFINISHED = date(2026, 9, 14)
MENTORING_DAYS = 364


def diaries() -> Iterator[Diary]:
    """All chambers, whole, unit by unit."""
    under_way, ended = iter(UNDER_WAY), iter(ENDED)
    for plan in plans():
        unit = units()[plan.unit]
        registered, unfinished, without = fates(plan)
        yield from _registered(unit, registered, unfinished)
        for township in unfinished:
            yield _unfinished(township, unit, *next(under_way))
        for township in without:
            yield from _ended(township, unit, next(ended))


def journals() -> Iterator[Journal]:
    """All chambers, and all whom they put forward for an office."""
    for diary in diaries():
        yield diary
        yield from diary.candidacies


def fates(plan: Plan) -> tuple[list[Place], list[Place], list[Place]]:
    """The townships of a unit by what the plan has for them."""
    places = sorted(townships(plan.unit), key=lambda place: place.code not in LEADERS)
    rest = places[plan.registered :]
    return places[: plan.registered], rest[: plan.in_progress], rest[plan.in_progress :]


def _registered(unit: Place, registered: Sequence[Place], unfinished: Sequence[Place]) -> Iterator[Diary]:
    starts = [_start(township, COHORTS * n // len(registered)) for n, township in enumerate(registered)]
    middle = len(registered) // 2
    helping = _helping(registered[middle], starts[middle], unfinished[0])
    for township, start in zip(registered, starts, strict=True):
        *given_up, diary = _founded(township, unit, start)
        yield from given_up
        yield _live(diary, helping if township is registered[0] else ())


def _founded(township: Place, unit: Place, start: date) -> list[Diary]:
    """A chamber that came to be registered, after an attempt that was given up if there was one."""
    if township.code == GIVEN_UP_BEFORE:
        first = endings.abandon(Diary(township, unit, start))
        return [first, founding.found(Diary(township, unit, first.day + timedelta(30), number=2))]
    diary = founding.found(Diary(_as_it_was(township), unit, start))
    diary.township = township
    return [diary]


def _start(township: Place, cohort: int) -> date:
    """When a chamber's preparation begins: in cohorts, but not before the township is what it is."""
    start = FIRST_DAY + timedelta(COHORT_DAYS * cohort + 7 * number(f"start/{township.code}", 3))
    changed = any(each.place == township and (each.name != township.name or each.change) for each in origins())
    return max(start, NEWS + timedelta(7)) if changed and township.code != UNDER_OLD_NAME else start


def _as_it_was(township: Place) -> Place:
    if township.code != UNDER_OLD_NAME:
        return township
    return township._replace(name=next(each.name for each in origins() if each.place == township))


def _helping(registered: Place, start: date, unfinished: Place) -> Sequence[Event]:
    """What the first chamber of a unit does for two others."""
    younger, youngest = chamber_id(registered), chamber_id(unfinished)
    begun = start + timedelta(28)
    return (
        (begun, partial(turns.help_along, mentee=younger)),
        (begun + timedelta(MENTORING_DAYS), partial(turns.stop_helping, mentee=younger)),
        (MENTORED_UNFINISHED, partial(turns.help_along, mentee=youngest)),
    )


def _live(diary: Diary, helping: Sequence[Event]) -> Diary:
    """All that befalls a registered chamber, in order."""
    special = TURNS.get(diary.township.code, ())
    for day, story in sorted([*_inspections(diary), *_autumns(diary), *special, *helping], key=itemgetter(0)):
        story(diary.on(day))
    return diary


def _inspections(diary: Diary) -> Iterator[Event]:
    for year in YEARS:
        if is_inspected(diary, year):
            course = COURSES.get((diary.township.code, year), Course.ORDINARY)
            yield date(year + 1, 1, 15), partial(inspect, year=year, course=course)


def _autumns(diary: Diary) -> Iterator[Event]:
    for year in YEARS:
        if date(year, 10, 14) > registered_on(diary):
            yield date(year, 10, 14), partial(renew_members, year=year)


def _unfinished(township: Place, unit: Place, state: ChamberState, start: date) -> Diary:
    diary = Diary(township, unit, start)
    for story in JOURNEYS[state]:
        story(diary)
    return diary


def _ended(township: Place, unit: Place, ending: tuple[Story, date] | None) -> Iterator[Diary]:
    if ending is not None:
        story, start = ending
        yield story(Diary(township, unit, start))
