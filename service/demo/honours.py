"""Who is recognised as what in the demonstration?

Four-good chambers in two cycles, the older ones expired since; the plan's demonstration chambers; starred branches; a
few rated societies; thirteen commendations. One application is declined, one objected to in vain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from service.demo import offices
from service.demo.branches import Founding, branches
from service.demo.diary import Diary
from service.demo.divisions import ids
from service.demo.journal import Journal
from service.demo.life import registered_on
from service.demo.places import CITY_CODE, Place, plans, units
from service.demo.standing import standing
from service.domain.identifiers import name_id
from service.domain.recognition import Recognition
from service.domain.recognition_terms import CommendationLevel, DemonstrationModel, RecognitionKind
from service.domain.roles import Actor

FOUR_GOOD_CYCLES: Mapping[int, date] = {2024: date(2024, 3, 11), 2025: date(2025, 9, 8)}
ONE_GOOD_IN = 2
EXPIRING = 2024
DEMONSTRATIONS_FROM, STARS_FROM, RATINGS_FROM = date(2025, 3, 10), date(2025, 5, 12), date(2026, 3, 16)
STARRED, RATED = 25, 6
OLD_ENOUGH = timedelta(90)
DECLINED, OBJECTED = "410222", "410223"
"""The units whose first four-good application is declined, or objected to."""
TOO_LOW = "自律规范方面未达标 | It falls short in self-discipline"
UNFOUNDED = "经核实，异议不成立 | On inquiry the objection was without ground"
COMMENDED: Mapping[CommendationLevel, tuple[str, int]] = {
    CommendationLevel.NATIONAL: ("全国性表彰机关（示例）", 2),
    CommendationLevel.PROVINCIAL: ("省级表彰机关（示例）", 4),
    CommendationLevel.CITY: ("市级表彰机关（示例）", 7),
}
TITLES = ("商会建设先进单位", "服务民营经济先进集体", "乡村振兴先进集体")


class Honour(Journal):
    """The steps of one recognition of what lies in a place of a unit."""

    def __init__(self, kind: RecognitionKind, cycle: int, subject: UUID, places: tuple[str, ...], day: date) -> None:
        self.kind, self.cycle, self.subject = kind, cycle, subject
        reads = (subject, *(ids()[code] for code in places))
        id = name_id(f"recognition/{kind}/{subject}/{cycle}")
        super().__init__(Recognition, f"recognition/{id}", day, id=id, reads=reads)

    def titled(self, level: CommendationLevel, title: str) -> Self:
        """A commendation is told from others by its title."""
        self.id = name_id(f"recognition/{self.kind}/{self.subject}/{self.cycle}/{level}/{title}")
        return self

    def apply(self, actor: Actor, **what: Any) -> Self:
        """Applied for."""
        return self.write(actor, "apply", kind=self.kind.value, cycle=self.cycle, **what)

    def notice(self, reviewer: Actor) -> Self:
        """Reviewed and put on public notice."""
        score = f"{75 + self.dice('score', 250) / 10:.2f}"
        self.after(14).write(reviewer, "review", score=score)
        return self.after(7).write(offices.CITY_FIC, "give_notice")

    def confer(self, actor: Actor, **degree: Any) -> Self:
        """Conferred once the notice is over, holidays within it allowed for."""
        return self.after(21).write(actor, "confer", **degree)


def honours() -> Iterator[Honour]:
    """All recognitions."""
    for plan in plans():
        diaries = standing()[plan.unit]
        for cycle, day in FOUR_GOOD_CYCLES.items():
            yield from _four_good(diaries, cycle, day)
        yield from (_demonstration(diary) for diary in _lasting(diaries, DEMONSTRATIONS_FROM)[: plan.demonstrations])
    yield from _starred()
    yield from _rated()
    yield from _commended()


def _lasting(diaries: tuple[Diary, ...], day: date) -> list[Diary]:
    """Those that have been registered for a while."""
    return [diary for diary in diaries if registered_on(diary) + OLD_ENOUGH < day]


def _of(kind: RecognitionKind, cycle: int, diary: Diary, day: date) -> Honour:
    return Honour(kind, cycle, diary.chamber, (diary.township.code, diary.unit.code), day)


def _four_good(diaries: tuple[Diary, ...], cycle: int, day: date) -> Iterator[Honour]:
    for n, diary in enumerate(_lasting(diaries, day)):
        first = n == 0 and cycle == EXPIRING
        if not first and diary.dice(f"four-good/{cycle}", ONE_GOOD_IN):
            continue
        honour = _of(RecognitionKind.FOUR_GOOD, cycle, diary, day).apply(diary.secretariat, chamber=str(diary.chamber))
        yield _judged(honour, diary.unit, first)


def _judged(honour: Honour, unit: Place, first: bool) -> Honour:
    """How a four-good application ends."""
    if first and unit.code == DECLINED:
        return honour.after(14).write(offices.reviewer(unit), "decline", reason=TOO_LOW)
    honour.notice(offices.reviewer(unit))
    if first and unit.code == OBJECTED:
        honour.after(2).write(offices.approver(unit), "raise_objection", content="会员人数与实际不符（示例）")
        honour.after(7).write(offices.CITY_FIC, "dismiss_objection", number=1, reason=UNFOUNDED)
    honour.confer(offices.CITY_FIC)
    if honour.cycle == EXPIRING:
        honour.on(honour.day.replace(year=honour.day.year + 2) + timedelta(1)).write(offices.TIMER, "expire")
    return honour


def _demonstration(diary: Diary) -> Honour:
    """Chosen, reviewed and conferred by the county's federation."""
    cycle, model = DEMONSTRATIONS_FROM.year, DemonstrationModel.LANKAO_MODEL.value
    honour = _of(RecognitionKind.DEMONSTRATION, cycle, diary, DEMONSTRATIONS_FROM)
    honour.apply(offices.approver(diary.unit), chamber=str(diary.chamber), model=model)
    honour.notice(offices.reviewer(diary.unit)).after(21)
    quota = name_id(f"demo-quota/{ids()[diary.unit.code]}/{cycle}")
    return honour.write(offices.approver(diary.unit), "confer", writes=(quota,))


def _starred() -> Iterator[Honour]:
    """Party branches with one to five stars."""
    old = [each for each in branches().values() if each.approved_on and each.approved_on + OLD_ENOUGH < STARS_FROM]
    for n, branch in enumerate(old[:STARRED]):
        yield _star(branch, 1 + n % 5)


def _star(branch: Founding, stars: int) -> Honour:
    diary, places = branch.diary, (branch.diary.township.code, branch.diary.unit.code)
    honour = Honour(RecognitionKind.FIVE_STAR_BRANCH, STARS_FROM.year, branch.id, places, STARS_FROM)
    honour.apply(diary.secretariat, branch=str(branch.id)).notice(offices.reviewer(diary.unit))
    return honour.confer(offices.organisation(diary.unit), stars=stars)


def _rated() -> Iterator[Honour]:
    """The oldest chamber of some units is rated by their registrars."""
    for n, diaries in enumerate([*standing().values()][:RATED]):
        diary = diaries[0]
        honour = _of(RecognitionKind.SOCIAL_ORG_RATING, RATINGS_FROM.year, diary, RATINGS_FROM)
        honour.apply(diary.secretariat, chamber=str(diary.chamber)).notice(offices.reviewer(diary.unit))
        yield honour.confer(offices.registrar(diary.unit), rating=3 + n % 3)


def _commended() -> Iterator[Honour]:
    """The city by the nation, units by the province, chambers by the city: thirteen in all."""
    for level, (body, count) in COMMENDED.items():
        for n in range(count):
            title, day = TITLES[n % len(TITLES)], date(2024 + n % 3, 1, 15) + timedelta(30 * n)
            honour, subject = _commendable(level, n, day)
            award = {"level": level.value, "title": title, "awarding_body": body}
            honour.titled(level, title).apply(offices.CITY_FIC, award=award, **subject)
            yield honour.notice(offices.CITY_REVIEWER).confer(offices.CITY_FIC)


def _commendable(level: CommendationLevel, n: int, day: date) -> tuple[Honour, dict[str, str]]:
    kind = RecognitionKind.COMMENDATION
    if level is CommendationLevel.CITY:
        diary = [*standing().values()][n][0]
        return _of(kind, day.year, diary, day), {"chamber": str(diary.chamber)}
    code = CITY_CODE if level is CommendationLevel.NATIONAL else [*units()][n]
    return Honour(kind, day.year, ids()[code], (code, CITY_CODE), day), {"division": code}
