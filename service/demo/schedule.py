"""At which moment is each step of the demonstration recorded, and which steps can be recorded together?

A day's steps fall into waves. No step of a wave looks at what another one writes, so that the ledger commits a wave
whole or not at all, in the order given here: a build that was cut off goes on as if nothing had happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from service.demo.invented import number
from service.domain.decision import Request
from service.ledger.ledger import CHINA

OPENING = time(9, tzinfo=CHINA)
PACE = timedelta(minutes=15)


class Step(NamedTuple):
    """A request, the day on which it is recorded, the records it changes and those it only looks at."""

    day: date
    request: Request
    writes: frozenset[UUID]
    reads: frozenset[UUID] = frozenset()


class Wave(NamedTuple):
    """Requests that are recorded at one moment."""

    moment: datetime
    requests: list[Request]


def waves(steps: Iterable[Step]) -> list[Wave]:
    """All steps in the order of their moments; those of one day and one record stay in the order given."""
    by_day = groupby(sorted(steps, key=attrgetter("day")), key=attrgetter("day"))
    return [wave for day, on_day in by_day for wave in _waves(day, on_day)]


def _waves(day: date, steps: Iterable[Step]) -> list[Wave]:
    slots: dict[int, list[Request]] = defaultdict(list)
    written: dict[UUID, int] = {}
    read: dict[UUID, int] = {}
    for step in steps:
        before = [written.get(id, 0) for id in step.writes | step.reads] + [read.get(id, 0) for id in step.writes]
        slot = 1 + max(before)
        slots[slot].append(step.request)
        written |= dict.fromkeys(step.writes, slot)
        read |= {id: max(slot, read.get(id, 0)) for id in step.reads}
    return [Wave(_moment(day, slot), slots[slot]) for slot in sorted(slots)]


def _moment(day: date, slot: int) -> datetime:
    """A time of the day in a slot of its own, in UTC."""
    within = timedelta(seconds=number(f"{day}/{slot}", int(PACE.total_seconds())))
    return (datetime.combine(day, OPENING) + (slot - 1) * PACE + within).astimezone(UTC)
