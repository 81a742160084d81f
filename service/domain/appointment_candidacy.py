"""任前程序 | How does a candidate come to be approved: nomination, evaluation, inspection, talk, public notice?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from service.domain.appointment_record import (
    FIRST_TERM,
    NOMINATORS,
    AppointmentRecord,
    CandidateInspection,
    Evaluation,
    PreAppointmentTalk,
    appointment_id,
)
from service.domain.appointment_terms import AppointmentState
from service.domain.chamber_record import FINAL, STANDING, ChamberRecord
from service.domain.chamber_terms import OfficerPost
from service.domain.claim import Records
from service.domain.command import NEW, command
from service.domain.deadline import PUBLIC_NOTICE
from service.domain.identifiers import ChamberId, Digest, Line, Paragraph, PersonName
from service.domain.policy import APPOINTMENT_RULES, appointment_policy
from service.domain.record import Fact, Occasion, leads_to
from service.domain.refusal import NotFound, require
from service.domain.roles import Role

TermNumber = Annotated[int, Meta(ge=1, le=99)]
Inspectors = Annotated[list[UUID], Meta(min_length=1, max_length=20)]
Commitments = Annotated[list[Line], Meta(min_length=1, max_length=20)]
OPEN = (
    AppointmentState.NOMINATED,
    AppointmentState.EVALUATED,
    AppointmentState.INSPECTED,
    AppointmentState.TALKED,
)
"""The states in which the candidate is still being looked at."""
SERVED = (AppointmentState.IN_OFFICE, AppointmentState.ENDED)


@leads_to(AppointmentState.NOMINATED)
class Nominated(Fact):
    """提名 | A person was put forward for a post."""

    chamber: UUID
    division: UUID
    post: OfficerPost
    person: UUID
    name: str
    term: int
    nominator: str


@leads_to(AppointmentState.EVALUATED)
class EvaluationRecorded(Fact):
    """综合评价 | The United Front department evaluated the candidate."""

    evaluation: Evaluation


@leads_to(AppointmentState.INSPECTED)
class InspectionRecorded(Fact):
    """组织考察 | The federation inspected the candidate on site."""

    inspection: CandidateInspection


@leads_to(AppointmentState.TALKED)
class PreAppointmentTalkHeld(Fact):
    """任前谈话 | The federation's leader talked with the candidate."""

    talk: PreAppointmentTalk


class PublicNoticeOpened(Fact):
    """任前公示 | The candidate was made public, so that anybody may object."""

    noticed_on: date
    published_in: str


class UnitedFrontConsented(Fact):
    """统战部门同意 | The United Front department agreed to the candidate."""

    def apply(self, record: AppointmentRecord, _: Occasion, /) -> None:
        """Remember the consent."""
        record.united_front_consented = True


@leads_to(AppointmentState.APPROVED)
class CandidateApproved(Fact):
    """审核同意 | The candidate was approved and may stand for election."""

    def apply(self, record: AppointmentRecord, occasion: Occasion, /) -> None:
        """Remember the day: no election comes before it."""
        record.approved_on = occasion.effective_on


@leads_to(AppointmentState.REJECTED)
class CandidateRejected(Fact):
    """审核不同意 | The candidate was rejected."""


@leads_to(AppointmentState.WITHDRAWN)
class NominationWithdrawn(Fact):
    """撤回提名 | The nomination was withdrawn."""


class Candidacy(AppointmentRecord):
    """The commands from nomination to approval."""

    @command(by=NOMINATORS, when=NEW, basis=APPOINTMENT_RULES)
    def nominate(
        self,
        chamber: ChamberId,
        post: OfficerPost,
        person: UUID,
        name: PersonName,
        nominator: Line,
        term: TermNumber,
        *,
        records: Records,
        on: date,
    ) -> Nominated:
        """提名 | Put a person forward for a post of a chamber and for one of its terms."""
        kept = records.get(ChamberRecord, chamber)
        if not kept.exists or kept.division is None:
            raise NotFound(NO_CHAMBER, path=("chamber",))
        require(kept.state not in FINAL, CHAMBER_ENDED, path=("chamber",))
        require(term == FIRST_TERM or kept.state in STANDING, FOUNDED_ONCE, path=("term",))
        _require_another(records, chamber, post, person, term, on)
        return Nominated(chamber, kept.division, post, person, name, term, nominator)

    @command(by=Role.COUNTY_UFWD_HEAD, when=AppointmentState.NOMINATED, basis=APPOINTMENT_RULES, unlike="nominated")
    def record_evaluation(self, summary: Paragraph, sha256: Digest) -> EvaluationRecorded:
        """综合评价 | Record the comprehensive evaluation, with the digest of its report."""
        return EvaluationRecorded(Evaluation(summary, sha256))

    @command(by=Role.COUNTY_FIC, when=AppointmentState.EVALUATED, basis=APPOINTMENT_RULES, unlike="nominated")
    def record_inspection(
        self, inspectors: Inspectors, inspected_on: date, findings: Paragraph, *, on: date
    ) -> InspectionRecorded:
        """组织考察 | Record the inspection on site by at least two people, none of them the candidate."""
        require(inspected_on <= on, IN_THE_FUTURE, path=("inspectedOn",))
        require(self.person not in inspectors, OWN_INSPECTOR, path=("inspectors",))
        needed, team = appointment_policy(on).inspectors, tuple(dict.fromkeys(inspectors))
        enough = len(team) >= needed.value
        require(enough, TOO_FEW_INSPECTORS, path=("inspectors",), basis=needed.basis, needed=needed.value)
        return InspectionRecorded(CandidateInspection(team, inspected_on, findings))

    @command(
        by=Role.COUNTY_FIC_PARTY_SECRETARY,
        when=AppointmentState.INSPECTED,
        basis=APPOINTMENT_RULES,
        unlike="nominated",
    )
    def record_pre_appointment_talk(
        self, talker: UUID, held_on: date, commitments: Commitments, *, on: date
    ) -> PreAppointmentTalkHeld:
        """任前谈话 | Record the talk: who held it, when, and what the candidate committed himself to."""
        require(held_on <= on, IN_THE_FUTURE, path=("heldOn",))
        require(talker != self.person, OWN_TALK, path=("talker",))
        return PreAppointmentTalkHeld(PreAppointmentTalk(talker, held_on, tuple(commitments)))

    @command(by=Role.COUNTY_FIC, when=AppointmentState.TALKED, basis=PUBLIC_NOTICE.basis)
    def open_public_notice(self, noticed_on: date, published_in: Line, *, on: date) -> PublicNoticeOpened:
        """任前公示 | Make the candidate public, for the period in which anybody may object."""
        assert self.talk is not None, "the notice comes after the talk"
        require(noticed_on <= on, IN_THE_FUTURE, path=("noticedOn",))
        require(noticed_on >= self.talk.held_on, BEFORE_THE_TALK, path=("noticedOn",))
        require(self.noticed_on is None, NOTICED_ALREADY)
        return PublicNoticeOpened(noticed_on, published_in)

    @command(by=Role.COUNTY_UFWD_HEAD, when=AppointmentState.TALKED, basis=APPOINTMENT_RULES, unlike="nominated")
    def consent_to_candidate(self) -> UnitedFrontConsented:
        """统战部门同意 | Agree, as United Front department, to the candidate."""
        require(not self.united_front_consented, CONSENTED_ALREADY)
        return UnitedFrontConsented()

    @command(
        by=Role.COUNTY_FIC,
        when=AppointmentState.TALKED,
        basis=APPOINTMENT_RULES,
        unlike=("nominated", "inspection_recorded", "united_front_consented"),
    )
    def approve_candidate(self, *, on: date) -> CandidateApproved:
        """审核同意 | Approve the candidate once the United Front department agrees and the public notice is over."""
        require(self.united_front_consented, NO_CONSENT)
        noticed = self.noticed_on
        require(noticed is not None, NO_NOTICE, basis=PUBLIC_NOTICE.basis)
        assert noticed is not None
        over = PUBLIC_NOTICE.due(noticed)
        require(on > over, NOTICE_RUNS, basis=PUBLIC_NOTICE.basis, over=over)
        return CandidateApproved()

    @command(by=(Role.COUNTY_FIC, Role.COUNTY_UFWD_HEAD), when=OPEN, basis=APPOINTMENT_RULES, reason=True)
    def reject_candidate(self) -> CandidateRejected:
        """审核不同意 | Reject the candidate."""
        return CandidateRejected()

    @command(by=NOMINATORS, when=(*OPEN, AppointmentState.APPROVED), basis=APPOINTMENT_RULES, reason=True)
    def withdraw_nomination(self) -> NominationWithdrawn:
        """撤回提名 | Withdraw the nomination."""
        return NominationWithdrawn()


def _require_another(records: Records, chamber: UUID, post: OfficerPost, person: UUID, term: int, on: date) -> None:
    """Refuse whoever has held the post for as many terms in a row as the charter allows."""
    most = appointment_policy(on).terms_in_a_row
    before = range(term - most.value, term) if term > most.value else ()
    held = [records.get(AppointmentRecord, appointment_id(chamber, post, person, each)) for each in before]
    served = bool(held) and all(each.state in SERVED for each in held)
    require(not served, TOO_MANY_TERMS, path=("term",), basis=most.basis, most=most.value)


NO_CHAMBER = "没有该商会 | There is no such chamber"
CHAMBER_ENDED = "该商会已终止，不能提名 | That chamber has ended: nobody can be nominated"
FOUNDED_ONCE = "商会登记前只能提名第一届 | Before its registration a chamber elects its first term only"
TOO_MANY_TERMS = "同一职务连任不得超过 {most} 届 | Nobody holds a post for more than {most} terms in a row"
IN_THE_FUTURE = "日期不能晚于生效日期 | The day cannot be later than the effective date"
OWN_INSPECTOR = "考察人员不得为拟任人选本人 | The candidate cannot be among the inspectors"
TOO_FEW_INSPECTORS = "考察人员不得少于 {needed} 人 | At least {needed} people must inspect the candidate"
OWN_TALK = "谈话人不得为拟任人选本人 | The candidate cannot hold the talk"
BEFORE_THE_TALK = "公示须在任前谈话之后 | The public notice comes after the talk"
NOTICED_ALREADY = "已开始公示 | The candidate has been made public already"
CONSENTED_ALREADY = "统战部门已同意 | The United Front department has agreed already"
NO_CONSENT = "须先经统战部门同意 | The United Front department must agree first"
NO_NOTICE = "须先进行任前公示 | The candidate must be made public first"
NOTICE_RUNS = "公示期至 {over} 届满，其后方可审核 | The public notice runs until {over}: approve after that day"
