"""How does a person of the demonstration come into an office of a chamber, and leave it again?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from service.demo import offices
from service.demo.diary import Diary, president
from service.demo.divisions import ids
from service.demo.invented import Person, digest, person, pick
from service.demo.journal import Journal
from service.domain.appointment import Appointment
from service.domain.appointment_record import FIRST_TERM, OFFICE_HOLDER, TERM, appointment_id
from service.domain.appointment_terms import TermEnding
from service.domain.chamber_terms import OfficerPost
from service.domain.deadline import PUBLIC_NOTICE
from service.domain.identifiers import name_id
from service.domain.roles import Actor

NOTICE_BOARD = "示范工商联公示栏"
COMMITMENTS = ("履行会长职责，不谋私利", "团结会员，服务发展", "遵守章程和财务制度", "支持商会党建工作")
FINDINGS = ("经营稳健，会员认可", "热心会务，群众基础好", "守法诚信，履行社会责任")
SUMMARY = "综合评价合格，无不良信用记录"
WITHDRAWN = "筹备工作终止，撤回提名 | The preparation has ended, and with it the nomination"
UNSUITABLE = "任职条件不成熟 | The time for this appointment has not come"
YEARS = 5
SHORTER_TERMS = {"410204001": 3, "410225001": 3}
"""Chambers whose charter has a shorter term: years by township."""


class Candidacy(Journal):
    """The steps of one person's way into a post of a chamber, from the nomination on."""

    def __init__(self, diary: Diary, who: Person, post: OfficerPost, opened: date, term: int = FIRST_TERM) -> None:
        self.diary, self.who, self.post, self.term = diary, who, post, term
        id = appointment_id(diary.chamber, post, who.id, term)
        places = (ids()[diary.township.code], ids()[diary.unit.code])
        super().__init__(Appointment, f"appointment/{id}", opened, id=id, reads=(diary.chamber, *places))
        diary.candidacies.append(self)

    def nominate(self, actor: Actor, nominator: str) -> Self:
        """Put the person forward."""
        given: dict[str, Any] = {"post": self.post.value, "person": str(self.who.id), "name": self.who.name}
        return self.write(
            actor, "nominate", chamber=str(self.diary.chamber), nominator=nominator, term=self.term, **given
        )

    def look_into(self) -> Self:
        """The department evaluates, the federation inspects with two people."""
        unit, sha256 = self.diary.unit, digest(f"{self.id}/evaluation")
        self.after(3).write(offices.united_front(unit), "record_evaluation", summary=SUMMARY, sha256=sha256)
        inspectors = [str(person(f"{unit.code}/inspector-{n}").id) for n in (1, 2)]
        findings, on = pick(f"{self.id}/findings", FINDINGS), str(self.after(7).day)
        given: dict[str, Any] = {"inspectors": inspectors, "inspected_on": on, "findings": findings}
        return self.write(offices.reviewer(unit), "record_inspection", **given)

    def clear(self) -> Self:
        """The talk, the public notice, the approval."""
        unit, board = self.diary.unit, NOTICE_BOARD
        talker, first = str(person(f"{unit.code}/party-secretary").id), self.dice("commitment", len(COMMITMENTS))
        given: dict[str, Any] = {"commitments": [COMMITMENTS[first], COMMITMENTS[first - 1]], "talker": talker}
        self.after(3).write(
            offices.party_secretary(unit), "record_pre_appointment_talk", held_on=str(self.day), **given
        )
        self.after(1).write(offices.reviewer(unit), "open_public_notice", noticed_on=str(self.day), published_in=board)
        self.write(offices.united_front(unit), "consent_to_candidate")
        return self.on(PUBLIC_NOTICE.due(self.day)).after(1).write(offices.approver(unit), "approve_candidate")

    def stand(self, held_on: date, entitled: int, present: int, votes_for: int) -> Self:
        """The members vote: a majority of those present elects, for a term from that day on."""
        years = SHORTER_TERMS.get(self.diary.township.code, YEARS)
        against = (present - votes_for) // 2
        votes = {"votes_against": against, "abstentions": present - votes_for - against}
        term = {"term_from": str(held_on), "term_until": str(held_on + timedelta(365 * years))}
        given: dict[str, Any] = {"entitled": entitled, "present": present, "votes_for": votes_for, **votes, **term}
        ago = (self.day - held_on).days
        secretariat, seats = self.diary.secretariat, self._seats()
        return self.write(secretariat, "record_election", ago=ago, writes=seats, held_on=str(held_on), **given)

    def leave(self, ending: TermEnding) -> Self:
        """The term ends."""
        return self.write(self.diary.secretariat, "end_term", writes=self._seats(), ending=ending.value)

    def _seats(self) -> Iterator[UUID]:
        """What an election and the end of a term change besides the appointment."""
        chamber = self.diary.chamber
        yield chamber
        yield name_id(f"claim/{TERM}/{chamber}/{self.post}")
        yield name_id(f"claim/{OFFICE_HOLDER}/{chamber}/{self.who.id}")


def put_forward(diary: Diary, actor: Actor) -> Candidacy:
    """The proposed president is nominated."""
    candidacy = Candidacy(diary, president(diary.chamber), OfficerPost.PRESIDENT, diary.day)
    return candidacy.nominate(actor, f"{diary.township.name}商会筹备组")


def first_president(diary: Diary) -> Candidacy:
    """Whom the chamber put forward first."""
    found = diary.candidacies[0]
    assert isinstance(found, Candidacy)
    return found


def elect(diary: Diary, who: Person, post: OfficerPost, *, votes_for: int = 25, term: int = FIRST_TERM) -> Candidacy:
    """Somebody goes through the whole procedure, so as to stand for election the day after this one."""
    candidacy = Candidacy(diary, who, post, diary.ago(60), term)
    candidacy.nominate(diary.secretariat, f"{diary.township.name}商会理事会").look_into().clear()
    day = candidacy.on(diary.day).after(2).day
    return candidacy.stand(day, entitled=30, present=28, votes_for=votes_for)
