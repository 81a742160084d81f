"""Which firms of the demonstration represent their chamber, and which posts are arranged for them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from service.demo import offices
from service.demo.cast import diaries
from service.demo.diary import Diary
from service.demo.divisions import ids
from service.demo.invented import COMPANY, credit_code, firm
from service.demo.journal import Journal
from service.demo.life import registered_on
from service.demo.papers import applicant
from service.demo.places import CITY_CODE, units
from service.domain.enterprise import Enterprise
from service.domain.enterprise_terms import ArrangementKind
from service.domain.identifiers import name_id

REPRESENTATIVE = 7
"""Which founding member represents its chamber: one that never leaves."""
ENDED = frozenset({"deregister", "revoke", "abandon"})
POSTS: Sequence[tuple[ArrangementKind, str]] = (
    (ArrangementKind.POLITICAL, "县（区）政协委员"),
    (ArrangementKind.POLITICAL, "县（区）人大代表"),
    (ArrangementKind.SOCIAL, "县（区）工商联执委"),
    (ArrangementKind.SOCIAL, "县（区）工商联常委"),
)
DECLINED = "名额已满 | No seat is left"
EXPIRED = "届满 | The term is over"
OUTSIDE = 900_000
"""Serials of firms that belong to no chamber."""


def enterprises() -> Iterator[Journal]:
    """The representative firm of each registered chamber, and one firm of each unit that is no member."""
    standing = [each for each in diaries() if _stands(each)]
    for n, diary in enumerate(standing):
        yield _arranged(_representative(diary), diary, n)
    firsts = {diary.unit.code: diary for diary in reversed(standing)}
    for n, diary in enumerate(firsts.values()):
        yield _outsider(diary, n)


def _stands(diary: Diary) -> bool:
    given = {step.request.command.name for step in diary.steps}
    return "grant_registration" in given and not given & ENDED


def _representative(diary: Diary) -> Journal:
    """A member becomes representative some weeks after the registration."""
    member, fic = applicant(diary, REPRESENTATIVE), offices.reviewer(diary.unit)
    journal = _journal(diary, member["uscc"], 14)
    division = diary.township.code
    journal.write(fic, "record", uscc=member["uscc"], name=member["unit_name"], division=division)
    chamber = str(diary.chamber)
    return journal.after(14).write(fic, "designate_representative", reads=(diary.chamber,), chamber=chamber)


def _arranged(journal: Journal, diary: Diary, n: int) -> Journal:
    """Two of three get a post; now and then none is left, and some terms end."""
    if n % 3 == 2:
        return journal
    _recommend(journal, diary, n)
    if n % 8 == 0:
        return _decide(journal.after(28), diary, "decline_arrangement", DECLINED)
    _decide(journal.after(28), diary, "confirm_arrangement")
    return _decide(journal.after(182), diary, "end_arrangement", EXPIRED) if n % 11 == 0 else journal


def _outsider(diary: Diary, n: int) -> Journal:
    """A firm that has a post though it is in no chamber."""
    region = diary.unit.code if diary.unit.code.isdigit() else CITY_CODE
    uscc = credit_code(COMPANY, region, OUTSIDE + list(units()).index(diary.unit.code))
    journal = _journal(diary, uscc, 28)
    name = firm(diary.township.name, f"outside/{uscc}")
    division = diary.township.code
    journal.write(offices.reviewer(diary.unit), "record", uscc=uscc, name=name, division=division)
    return _decide(_recommend(journal, diary, n).after(28), diary, "confirm_arrangement")


def _recommend(journal: Journal, diary: Diary, n: int) -> Journal:
    kind, post = POSTS[n % len(POSTS)]
    fic = offices.approver(diary.unit)
    return journal.after(28).write(fic, "recommend_arrangement", kind=kind.value, post=post)


def _decide(journal: Journal, diary: Diary, command: str, reason: str | None = None) -> Journal:
    """What the United Front department decides on the firm's one post."""
    arrangement = str(name_id(f"arrangement/{journal.id}/1"))
    return journal.write(offices.united_front(diary.unit), command, arrangement=arrangement, reason=reason)


def _journal(diary: Diary, uscc: str, days: int) -> Journal:
    opened = registered_on(diary) + timedelta(days)
    place = ids()[diary.township.code]
    return Journal(Enterprise, f"enterprise/{uscc}", opened, id=name_id(f"enterprise/{uscc}"), reads=(place,))
