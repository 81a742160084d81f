"""Which disputes do the mediation bodies of the demonstration settle, and which do they not?

The plan says how many chambers of a unit have a body and how many disputes they settled; the rest is invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle, groupby

from service.demo import disputes, mediators
from service.demo.cast import diaries
from service.demo.diary import Diary
from service.demo.disputes import LAST_DAY, UNSETTLED, Dispute
from service.demo.invented import number
from service.demo.journal import Journal
from service.demo.life import registered_on
from service.demo.mediators import Body
from service.demo.places import plans

LAST_SETTLED = date(2026, 7, 20)
"""On which the last dispute that is settled comes in."""
RENEWED = "410222"
"""通许县, where the first body was dissolved and set up anew."""
PAUSED, STILL_PAUSED, GIVEN_UP, PLANNED = "410212", "410221", "410223", "410225"
"""Units with a body that was suspended for a while, one that still is, a plan that was dropped, one that stands."""
EVERY_SECOND = 2


def mediation() -> Iterator[Journal]:
    """All bodies and all their cases, unit by unit, as far as they come by the last day."""
    standing = groupby(filter(_registered, diaries()), key=lambda diary: diary.unit.code)
    chambers = {unit: list(found) for unit, found in standing}
    unsettled = cycle(UNSETTLED)
    for plan in plans():
        found = chambers[plan.unit]
        bodies = [Body(diary) for diary in found[: plan.mediation_chambers]]
        yield from map(_cut, _bodies(plan.unit, bodies))
        yield from map(_cut, _others(plan.unit, found[plan.mediation_chambers :]))
        last = [_current(body, bodies) for body in bodies]
        yield from map(_cut, _settled(last, plan.disputes_resolved))
        for body in last[::EVERY_SECOND]:
            story = next(unsettled)
            opened = story.opened or _day(body, "unsettled", 1, 3)
            yield _cut(story.story(Dispute(body, "unsettled", opened)))


def _registered(diary: Diary) -> bool:
    given = {step.request.command.name for step in diary.steps}
    return "grant_registration" in given and "deregister" not in given


def _bodies(unit: str, bodies: Sequence[Body]) -> Iterator[Journal]:
    """The bodies that the plan counts, one of them set up twice, one suspended for a month."""
    for body in bodies:
        journal = mediators.establish(body, _established(body))
        if body is bodies[-1] and unit == PAUSED:
            mediators.suspend(journal, body, date(2026, 8, 3))
            mediators.resume(journal, body, date(2026, 8, 31))
        if body is bodies[0] and unit == RENEWED:
            mediators.dissolve(journal, body, journal.day + timedelta(300))
            yield disputes.withdraw(Dispute(body, "first", _established(body) + timedelta(60)))
            yield disputes.change_hands(Dispute(body, "last", journal.day - timedelta(30)), bodies[1])
            yield mediators.establish(body._replace(number=2), journal.day + timedelta(30))
        yield journal


def _others(unit: str, without: Sequence[Diary]) -> Iterator[Journal]:
    """Bodies that the plan does not count: suspended at the end, dropped, or merely proposed."""
    if unit == STILL_PAUSED:
        body = Body(without[0])
        yield mediators.suspend(mediators.establish(body, _established(body)), body, date(2026, 6, 8))
    if unit == GIVEN_UP:
        yield mediators.drop(Body(without[0]), _established(Body(without[0])))
    if unit == PLANNED:
        yield mediators.propose(Body(without[0]), date(2026, 9, 14))


def _settled(bodies: Sequence[Body], count: int) -> Iterator[Journal]:
    """As many disputes as the plan has settled in a unit, over its bodies in turn."""
    for n in range(count):
        body = bodies[n % len(bodies)]
        rounds = -(-count // len(bodies))
        yield disputes.settle(Dispute(body, f"settled/{n}", _day(body, f"settled/{n}", n // len(bodies), rounds)))


def _current(body: Body, bodies: Sequence[Body]) -> Body:
    return body._replace(number=2) if body is bodies[0] and body.unit.code == RENEWED else body


def _established(body: Body) -> date:
    return registered_on(body.diary) + timedelta(45 + number(f"{body.chamber}/body", 60))


def _day(body: Body, what: str, n: int, count: int) -> date:
    """When a dispute comes in: one after the other, from a while after the body was set up."""
    first = _established(body) + timedelta(60 + 500 * (body.number - 1))
    share = (LAST_SETTLED - first) / count
    return first + share * n + timedelta(number(f"{body.id}/{what}/day", max(share.days, 1)))


def _cut(journal: Journal) -> Journal:
    """What would come after the last day has not happened yet."""
    journal.steps = [step for step in journal.steps if step.day <= LAST_DAY]
    return journal
