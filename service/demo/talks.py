"""Who is talked to in the demonstration, why, and what comes of it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum, auto
from typing import Any, NamedTuple, Self

from service.demo import offices
from service.demo.cast import fates
from service.demo.divisions import ids
from service.demo.invented import digest
from service.demo.journal import Journal
from service.demo.places import Place, plans, units
from service.demo.rounds import Found
from service.demo.supervising import sent_back, special
from service.domain.roles import Actor
from service.domain.talk import Talk
from service.domain.talk_rule import TalkCause

CALLED_OFF = "该县区已按计划完成阶段任务 | The county has caught up with its plan"
LAST_ORDER = date(2026, 8, 10)
TERM_DAYS = 60


class Course(Enum):
    """How a talk goes."""

    IMPROVED = auto()
    NOT_IMPROVED = auto()
    CANCELLED = auto()
    HELD = auto()
    ORDERED = auto()


class County(NamedTuple):
    """A talk of the city's secretary with a county's."""

    unit: str
    on: date
    course: Course


COUNTIES = (
    County("410223", date(2024, 3, 11), Course.IMPROVED),
    County("410212", date(2024, 3, 25), Course.IMPROVED),
    County("410205", date(2024, 4, 8), Course.CANCELLED),
    County("410221", date(2025, 3, 10), Course.NOT_IMPROVED),
    County("410222", date(2025, 3, 24), Course.IMPROVED),
)
TOWNSHIPS = (Course.HELD, Course.NOT_IMPROVED, Course.ORDERED)
"""How the talks with the slowest townships go, in the order of the plan's units."""


class Told(Journal):
    """The steps of one talk: who talks about which place, and because of what."""

    def __init__(self, place: Place, talker: Actor, ordered: date, earlier: Told | None = None) -> None:
        self.place, self.talker, self.earlier = place, talker, earlier
        super().__init__(Talk, f"talk/{place.code}/{ordered}", ordered, reads=(ids()[place.code],))

    def order(self, demands: list[str], cause: TalkCause = TalkCause.INADEQUATE_PROGRESS, **grounds: Any) -> Self:
        """It is ordered."""
        if self.earlier:
            grounds["escalated_from"] = str(self.earlier.id)
        looked_at = [self.earlier.id] if self.earlier else [special()[0].id] if "finding" in grounds else []
        input: dict[str, Any] = {
            "subject": self.place.code,
            "cause": cause.value,
            "demands": demands,
            "due_on": self._due,
        }
        return self.write(self.talker, "order", reads=looked_at, **input, **grounds)

    def hold(self) -> Self:
        """It takes place a week later."""
        minutes = digest(f"{self.id}/minutes")
        return self.after(7).write(self.talker, "hold_talk", minutes=minutes, due_on=self._due)

    def improve(self) -> Self:
        """It has helped."""
        proof = [digest(f"{self.id}/evidence")]
        return self.after(45).write(
            self.talker, "confirm_improvement", outcome="已按要求整改，任务按期完成", evidence=proof
        )

    def fail(self, following: Told) -> Self:
        """It has not, and the next talk is ordered."""
        outcome = "到期仍未完成主要任务，已再次约谈"
        reads = [following.id]
        return self.on(following.day).write(
            self.talker, "record_no_improvement", reads=reads, outcome=outcome, next_talk=str(following.id)
        )

    @property
    def _due(self) -> str:
        return str(self.day + timedelta(TERM_DAYS))


def talks() -> Iterator[Journal]:
    """All talks of the demonstration."""
    for county in COUNTIES:
        place = units()[county.unit]
        demands = [f"{place.name}未成立商会的乡镇（街道）全部启动筹备", "逐个乡镇（街道）明确责任人和时间表"]
        yield from _course(Told(place, offices.CITY_SECRETARY, county.on), demands, county.course)
    for found in special()[1]:
        if sent_back(found):
            yield _about(found)
    yield from _slowest()


def _course(talk: Told, demands: list[str], course: Course) -> Iterator[Told]:
    """A talk, and the next one if it does not help."""
    talk.order(demands)
    if course is Course.CANCELLED:
        talk.after(10).write(talk.talker, "cancel_talk", reason=CALLED_OFF)
    elif course is not Course.ORDERED:
        talk.hold()
    if course is Course.IMPROVED:
        talk.improve()
    if course is Course.NOT_IMPROVED:
        following = Told(talk.place, talk.talker, talk.day + timedelta(TERM_DAYS + 7), earlier=talk)
        talk.fail(following.order(demands))
        yield following.hold().improve()
    yield talk


def _about(found: Found) -> Told:
    """The county's head of the United Front talks to a township whose finding was not put right."""
    round = special()[0]
    talk = Told(found.place, offices.united_front(units()[found.place.managed_by]), found.on + timedelta(50))
    grounds = {"supervision": str(round.id), "finding": round.finding(found)}
    return talk.order(["两周内重新提交整改佐证材料"], TalkCause.FINDING, **grounds).hold().improve()


def _slowest() -> Iterator[Told]:
    """Talks with the townships whose chambers are slowest in coming about, the last of them still to be held."""
    slow = [place for plan in plans() for place in fates(plan)[1]]
    for n, (place, course) in enumerate(zip(slow, TOWNSHIPS, strict=False)):
        ordered = LAST_ORDER + timedelta(14 * n) if course is not Course.NOT_IMPROVED else date(2026, 3, 16)
        talk = Told(place, offices.united_front(units()[place.managed_by]), ordered)
        yield from _course(talk, [f"{place.name}商会按计划推进筹备"], course)
