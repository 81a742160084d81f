"""任期 | How is an approved candidate elected, how long is the term, and how does it end?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from service.domain.appointment_record import OFFICE_HOLDER, SINGLE_POSTS, TERM, AppointmentRecord, Election
from service.domain.appointment_terms import AppointmentState, TermEnding
from service.domain.chamber_officers import LeftOffice, TookOffice
from service.domain.chamber_record import STANDING, ChamberRecord, Officer
from service.domain.chamber_terms import ChamberState, OfficerPost
from service.domain.claim import Claims, Records
from service.domain.command import command
from service.domain.identifiers import Count
from service.domain.policy import MODEL_CHARTER, appointment_policy, registration_policy
from service.domain.record import Fact, Occasion, leads_to
from service.domain.refusal import require
from service.domain.roles import Role

FOUNDING = (ChamberState.APPROVED_TO_FOUND, ChamberState.UNDER_REGISTRATION, ChamberState.RETURNED_BY_REGISTRAR)
"""The states in which a chamber's founding meeting may have elected those whom it proposed."""


@leads_to(AppointmentState.IN_OFFICE)
class Elected(Fact):
    """当选 | The candidate was elected for a term."""

    election: Election
    term_from: date
    term_until: date


@leads_to(AppointmentState.REJECTED)
class NotElected(Fact):
    """落选 | The candidate did not find a majority."""

    election: Election


class TermExtended(Fact):
    """延长任期 | The term was extended, the change of term being put off."""

    term_until: date

    def apply(self, record: AppointmentRecord, _: Occasion, /) -> None:
        """A term is extended once."""
        record.extended = True


@leads_to(AppointmentState.ENDED)
class TermEnded(Fact):
    """离任 | The person left office."""

    ending: TermEnding

    def apply(self, record: AppointmentRecord, occasion: Occasion, /) -> None:
        """Remember the day."""
        record.ended_on = occasion.effective_on


class Tenure(AppointmentRecord):
    """The commands from the election to the end of the term."""

    @command(by=Role.CHAMBER_SECRETARIAT, when=AppointmentState.APPROVED, basis=MODEL_CHARTER)
    def record_election(
        self,
        held_on: date,
        entitled: Count,
        present: Count,
        votes_for: Count,
        votes_against: Count,
        abstentions: Count,
        term_from: date | None = None,
        term_until: date | None = None,
        *,
        claims: Claims,
        records: Records,
        on: date,
    ) -> Elected | NotElected:
        """选举结果 | Record how the members voted: a majority of those present elects, for the term that is given."""
        election = Election(held_on, entitled, present, votes_for, votes_against, abstentions)
        self._require_valid(election, on)
        policy = registration_policy(held_on)
        if votes_for <= present * policy.majority.value:
            return NotElected(election)
        first, last = _term(held_on, term_from, term_until)
        self._take_office(claims, records)
        return Elected(election, first, last)

    @command(by=Role.COUNTY_FIC, when=AppointmentState.IN_OFFICE, basis=MODEL_CHARTER, reason=True)
    def extend_term(self, term_until: date) -> TermExtended:
        """延长任期 | Extend the term once, where the change of term has to be put off."""
        planned = self.term_until
        assert planned is not None, "whoever is in office has a term"
        most = appointment_policy(planned).extension_years
        require(not self.extended, EXTENDED_ALREADY)
        require(term_until > planned, NO_EXTENSION, path=("termUntil",))
        short = _within_years(planned, term_until, most.value)
        require(short, EXTENDED_TOO_LONG, path=("termUntil",), basis=most.basis, most=most.value)
        return TermExtended(term_until)

    @command(by=Role.CHAMBER_SECRETARIAT, when=AppointmentState.IN_OFFICE, basis=MODEL_CHARTER)
    def end_term(self, ending: TermEnding, *, claims: Claims, records: Records, on: date) -> TermEnded:
        """离任 | End the term; a legal representative's only after a financial audit of the chamber."""
        assert self.term_until is not None, "whoever is in office has a term"
        require(ending is not TermEnding.EXPIRED or on >= self.term_until, NOT_EXPIRED, path=("ending",))
        chamber = self._chamber(records)
        if chamber.state in STANDING and chamber.legal_representative == self.person:
            chamber.require_recent_audit(on)
        self._leave_office(chamber, claims, records)
        return TermEnded(ending)

    def _require_valid(self, election: Election, on: date) -> None:
        """Refuse a meeting that cannot have elected anybody."""
        assert self.approved_on is not None, "an election comes after the approval"
        require(election.held_on <= on, HELD_LATER, path=("heldOn",))
        require(election.held_on >= self.approved_on, HELD_TOO_EARLY, path=("heldOn",), approved=self.approved_on)
        cast = election.votes_for + election.votes_against + election.abstentions
        require(cast == election.present <= election.entitled, MISCOUNTED, path=("present",))
        share = registration_policy(election.held_on).attendance
        quorate = election.present > 0 and election.present >= election.entitled * share.value
        require(quorate, NO_QUORUM, path=("present",), basis=share.basis)

    def _take_office(self, claims: Claims, records: Records) -> None:
        """Take the post, and show the officer on the chamber.

        Raises Duplicate when the post is held, or the person holds another, GuardFailed when the chamber cannot elect.
        """
        chamber, (post, person) = self._chamber(records), self._seat()
        proposed = any((each.post, each.person) == (post, person) for each in chamber.officers)
        require(chamber.state in STANDING or chamber.state in FOUNDING, CANNOT_ELECT)
        require(chamber.state in STANDING or proposed, NOT_PROPOSED)
        claims.take(OFFICE_HOLDER, f"{chamber.id}/{person}", self.id, ONE_POST_EACH)
        if post in SINGLE_POSTS:
            claims.take(TERM, f"{chamber.id}/{post}", self.id, POST_HELD)
        if chamber.state in STANDING:
            _show(chamber, Officer(post, person, self.name), records)

    def _leave_office(self, chamber: ChamberRecord, claims: Claims, records: Records) -> None:
        post, person = self._seat()
        claims.release(OFFICE_HOLDER, f"{chamber.id}/{person}", self.id)
        claims.release(TERM, f"{chamber.id}/{post}", self.id)
        if chamber.is_officer(person):
            records.add(chamber, LeftOffice(person))

    def _chamber(self, records: Records) -> ChamberRecord:
        assert self.chamber is not None, "an appointment begins with its chamber"
        return records.get(ChamberRecord, self.chamber)

    def _seat(self) -> tuple[OfficerPost, UUID]:
        assert self.post is not None, "an appointment begins with its post"
        assert self.person is not None, "an appointment begins with its person"
        return self.post, self.person


def _show(chamber: ChamberRecord, officer: Officer, records: Records) -> None:
    """Let the officer be seen on the chamber, in place of whoever was there before appointments were recorded."""
    if officer.post in SINGLE_POSTS:
        for each in chamber.officers:
            if each.post is officer.post and each.person != officer.person:
                records.add(chamber, LeftOffice(each.person))
    records.add(chamber, TookOffice(officer))


def _term(held_on: date, first: date | None, last: date | None) -> tuple[date, date]:
    """The first and the last day of a term that somebody elected on a day may have."""
    require(first is not None and last is not None, NO_TERM, path=("termFrom",))
    assert first is not None
    assert last is not None
    require(held_on <= first < last, TERM_BACKWARDS, path=("termFrom",))
    most = appointment_policy(first).years
    short = _within_years(first, last, most.value)
    require(short, TERM_TOO_LONG, path=("termUntil",), basis=most.basis, most=most.value)
    return first, last


def _within_years(first: date, last: date, years: int) -> bool:
    """Whether no more than so many years lie between two days."""
    return (last.year - years, last.month, last.day) <= (first.year, first.month, first.day)


HELD_LATER = "选举日期不能晚于生效日期 | The election cannot be later than the effective date"
HELD_TOO_EARLY = "选举须在 {approved} 审核同意之后 | The election comes after the approval of {approved}"
MISCOUNTED = "票数不符：赞成＋反对＋弃权＝到会≤应到 | For + against + abstentions = present ≤ entitled does not hold"
NO_QUORUM = "到会人数不足 | Too few of those entitled were present"
NO_TERM = "当选须填任期起止日期 | Whoever is elected needs the dates of the term"
TERM_BACKWARDS = "任期须始于选举之日或其后，止于开始之后 | A term begins on election day or later and ends after that"
TERM_TOO_LONG = "每届任期最长 {most} 年 | A term lasts {most} years at most"
CANNOT_ELECT = "商会未获同意成立或已终止，不能选举 | The chamber may not elect: not approved to be founded, or ended"
NOT_PROPOSED = "须先在商会筹备中提名其任该职 | The chamber in preparation must propose the person for this post first"
ONE_POST_EACH = "此人在本会已任一职，须先离任 | The person holds a post of this chamber: end that term first"
POST_HELD = "该职务现有人任职，须先离任 | The post is held: its holder's term must end first"
EXTENDED_ALREADY = "任期已延长过一次 | The term has been extended once already"
NO_EXTENSION = "新的截止日期须晚于原任期 | The new last day must be later than the present one"
EXTENDED_TOO_LONG = "任期延长不得超过 {most} 年 | A term is extended by {most} year at most"
NOT_EXPIRED = "任期未满，请选择其他原因 | The term has not run out: name another reason"
