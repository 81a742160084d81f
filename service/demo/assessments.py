"""Who is assessed in the demonstration, when, and how does it end?

Presidents in office, the ten units by two schemes, the townships of one county: for two years each. A few cases do not
go the ordinary way: appeals, a veto, one that is given up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import Enum, auto
from functools import cache
from typing import Any, NamedTuple, Self
from uuid import UUID

from service.demo import offices
from service.demo.candidacy import Candidacy
from service.demo.cast import diaries
from service.demo.divisions import ids
from service.demo.invented import digest
from service.demo.journal import Journal
from service.demo.places import Place, townships, units
from service.demo.schemes import drafts_claim, edition_on, editions
from service.domain.assessment import Assessment
from service.domain.assessment_record import assessment_id
from service.domain.chamber_terms import OfficerPost
from service.domain.roles import Actor
from service.domain.scheme_terms import SchemeKind

YEARS = (2024, 2025)
ASSESSING_COUNTY = "410225"
"""The county whose townships are assessed, with their own federation as the assessor."""
BEFORE_THE_CHANGE = 5
"""So many units open the presidents' assessments of 2025 while the first edition is still in force."""
FIRST_DAYS: Mapping[SchemeKind, tuple[date, ...]] = {
    SchemeKind.PRESIDENT_ANNUAL: (date(2024, 11, 4), date(2025, 10, 13)),
    SchemeKind.TWO_HEALTHS_COUNTY: (date(2024, 11, 11), date(2025, 11, 10)),
    SchemeKind.UNITED_FRONT_ANNUAL: (date(2024, 11, 12), date(2025, 11, 11)),
    SchemeKind.TOWNSHIP_ANNUAL: (date(2024, 12, 2), date(2025, 12, 1)),
}
AFTER_THE_CHANGE = date(2025, 11, 24)
REPORT, SCORE, PUBLISH, APPEAL, REVIEW, RESCORE, REPUBLISH = 7, 14, 7, 3, 7, 7, 7
CONFIRM = 28
"""Days from one step to the next; in four weeks there are ten working days whatever holidays fall into them."""
WEEK, WORKDAYS = 7, 5
NEVER_THERE = "该会长全年驻外，未实际履职 | The president was away all year and did not serve"
COUNTED_TOO_LITTLE = "漏计佐证属实 | Evidence had indeed been overlooked"
WELL_FOUNDED = "评分依据充分 | The scores are well founded"
GROUNDS = "佐证材料未计入 | Evidence was not counted"


class Course(Enum):
    """How an assessment goes."""

    ORDINARY = auto()
    UPHELD = auto()
    DISMISSED = auto()
    VETOED = auto()
    CANCELLED = auto()


COURSES: Mapping[tuple[SchemeKind, str, int], Course] = {
    (SchemeKind.TWO_HEALTHS_COUNTY, "410212", 2024): Course.UPHELD,
    (SchemeKind.TOWNSHIP_ANNUAL, "410225103", 2025): Course.DISMISSED,
    (SchemeKind.UNITED_FRONT_ANNUAL, "410204", 2025): Course.VETOED,
    (SchemeKind.PRESIDENT_ANNUAL, "410221001", 2025): Course.CANCELLED,
}


class Sides(NamedTuple):
    """Who acts: for the assessed, as assessor, as the leader who publishes."""

    assessed: Actor
    assessor: Actor
    leader: Actor


class Assessing(Journal):
    """The steps of one assessment; `place` is the county or township it belongs to."""

    def __init__(self, kind: SchemeKind, year: int, assessed: UUID, place: Place, sides: Sides, opened: date) -> None:
        self.kind, self.year, self.place, self.sides = kind, year, place, sides
        self.edition = edition_on(kind, opened)
        above = [ids()[code] for code in (place.code, place.managed_by) if code]
        known = [each.id for each in editions() if each.kind is kind]
        id = assessment_id(kind, assessed, year)
        reads = (assessed, drafts_claim(kind), *above, *known)
        super().__init__(Assessment, f"assessment/{id}", opened, id=id, reads=reads)

    def take(self, course: Course, **subject: str) -> Self:
        """The whole of it."""
        self._settling(self.sides.assessor, "open", kind=self.kind.value, year=self.year, **subject)
        if course is Course.CANCELLED:
            return self.after(REPORT)._settling(offices.CITY_FIC, "cancel", reason=NEVER_THERE)
        if self.kind is SchemeKind.PRESIDENT_ANNUAL:
            report = digest(f"{self.id}/self-report")
            self.after(REPORT).write(self.sides.assessed, "submit_self_report", self_report=report)
        vetoes = [*self.edition.vetoes][:1] if course is Course.VETOED else []
        self.after(SCORE).write(self.sides.assessor, "score", marks=self._marks(), vetoes=vetoes)
        self.after(PUBLISH).write(self.sides.leader, "publish_result")
        self._appeal(course)
        return self.after(CONFIRM)._settling(self.sides.leader, "confirm")

    def _appeal(self, course: Course) -> None:
        if course not in (Course.UPHELD, Course.DISMISSED):
            return
        self.after(APPEAL).write(self.sides.assessed, "appeal", grounds=GROUNDS)
        if course is Course.DISMISSED:
            self.after(REVIEW).write(offices.APPEALS, "dismiss_appeal", reason=WELL_FOUNDED)
            return
        self.after(REVIEW).write(offices.APPEALS, "uphold_appeal", reason=COUNTED_TOO_LITTLE)
        marks, reason = self._marks(more=1), COUNTED_TOO_LITTLE
        self.after(RESCORE).write(self.sides.assessor, "rescore", marks=marks, reason=reason)
        self.after(REPUBLISH).write(self.sides.leader, "publish_result")

    def _settling(self, actor: Actor, command: str, **given: Any) -> Self:
        """A step that the scheme counts."""
        return self.write(actor, command, writes=(self.edition.id,), **given)

    def _marks(self, more: int = 0) -> list[dict[str, str]]:
        """Between two thirds and all of the points of each aspect, in halves."""
        return [
            {"aspect": code, "score": self._points(code, most, more), "evidence": digest(f"{self.id}/{code}/{more}")}
            for code, _, _, most in self.edition.aspects
        ]

    def _points(self, code: str, most: int, more: int) -> str:
        lost = self.dice(f"{code} {self.year}", 2 * most // 3 + 1)
        return str(min(most, most - lost / 2 + more))


def assessments() -> Iterator[Journal]:
    """All of them."""
    for nth, year in enumerate(YEARS):
        yield from _of_counties(nth, year)
        yield from _of_townships(nth, year)
        yield from _of_presidents(nth, year)


def _of_counties(nth: int, year: int) -> Iterator[Journal]:
    assessors = {
        SchemeKind.TWO_HEALTHS_COUNTY: offices.JOINT_MEETING_OFFICE,
        SchemeKind.UNITED_FRONT_ANNUAL: offices.CITY_UNITED_FRONT,
    }
    for kind, assessor in assessors.items():
        for unit in units().values():
            sides = Sides(offices.reviewer(unit), assessor, offices.CITY_SECRETARY)
            yield _divisions(kind, nth, year, unit, sides)


def _of_townships(nth: int, year: int) -> Iterator[Journal]:
    unit = units()[ASSESSING_COUNTY]
    for township in townships(ASSESSING_COUNTY):
        sides = Sides(offices.commissioner(township), offices.reviewer(unit), offices.party_secretary(unit))
        yield _divisions(SchemeKind.TOWNSHIP_ANNUAL, nth, year, township, sides)


def _divisions(kind: SchemeKind, nth: int, year: int, place: Place, sides: Sides) -> Journal:
    assessing = Assessing(kind, year, ids()[place.code], place, sides, FIRST_DAYS[kind][nth])
    return assessing.take(COURSES.get((kind, place.code, year), Course.ORDINARY), division=place.code)


def _of_presidents(nth: int, year: int) -> Iterator[Journal]:
    kind, order = SchemeKind.PRESIDENT_ANNUAL, [*units()]
    for president in _presidents():
        unit, township = president.diary.unit, president.diary.township
        day = _unit_day(FIRST_DAYS[kind][nth], order.index(unit.code))
        if year == YEARS[-1] and order.index(unit.code) >= BEFORE_THE_CHANGE:
            day = _unit_day(AFTER_THE_CHANGE, order.index(unit.code) - BEFORE_THE_CHANGE)
        if _serves(president, day):
            sides = Sides(president.diary.secretariat, offices.reviewer(unit), offices.party_secretary(unit))
            course = COURSES.get((kind, township.code, year), Course.ORDINARY)
            yield Assessing(kind, year, president.id, township, sides, day).take(course, appointment=str(president.id))


@cache
def _presidents() -> tuple[Candidacy, ...]:
    """Whoever was put forward as president of a chamber."""
    found = (each for diary in diaries() for each in diary.candidacies)
    return tuple(each for each in found if isinstance(each, Candidacy) and each.post is OfficerPost.PRESIDENT)


def _serves(president: Candidacy, day: date) -> bool:
    """Whether somebody was elected before a day and has not left by the end of it."""
    given = {step.request.command.name: step for step in president.steps}
    elected, left = given.get("record_election"), given.get("end_term")
    if elected is None or elected.day >= day or (left is not None and left.day <= day):
        return False
    votes = elected.request.input
    return bool(2 * votes["votes_for"] > votes["present"])


def _unit_day(first: date, nth: int) -> date:
    """The nth working day from a Monday on: each unit has a day of its own, for each takes turns on the scheme."""
    return first + timedelta(WEEK * (nth // WORKDAYS) + nth % WORKDAYS)
