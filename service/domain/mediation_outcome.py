"""协议与终结 | What comes of a case: an agreement and its performance, a court's word, or an end without one?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from service.domain.claim import Records
from service.domain.command import command
from service.domain.deadline import JUDICIAL_CONFIRMATION, MEDIATION_CONCLUSION
from service.domain.identifiers import Digest, Line, Paragraph, Yuan, money
from service.domain.mediation_body import CaseLeft
from service.domain.mediation_record import HANDLERS, SETTLED, UNDER_WAY, CaseRecord, Persons, Remedies, told
from service.domain.mediation_terms import AgreementForm, MediationCaseState, Performance, Remedy
from service.domain.policy import mediation_law
from service.domain.record import Fact, Occasion, leads_to
from service.domain.refusal import require
from service.domain.roles import Role

ENDED = (*SETTLED, MediationCaseState.TERMINATED, MediationCaseState.WITHDRAWN, MediationCaseState.DECLINED)


@leads_to(MediationCaseState.AGREED)
class AgreementReached(Fact):
    """达成调解协议 | The parties agreed, in writing (the digest of which is `agreement`) or orally (`content`)."""

    agreement_form: AgreementForm
    effect_on: date
    performance_due: date
    content: str | None = None
    agreement: str | None = None
    agreed_amount: Decimal | None = None


@leads_to(MediationCaseState.TERMINATED)
class MediationTerminated(Fact):
    """终止调解 | The mediation ended without an agreement; the parties were told which other remedies there are."""

    remedies: tuple[Remedy, ...]


@leads_to({each: each for each in SETTLED})
class FollowUpRecorded(Fact):
    """回访 | It was seen how far the agreement has been carried out; the body's chamber goes with it."""

    follow_up: int
    visited_on: date
    performance: Performance
    summary: str
    chamber: UUID

    def apply(self, record: CaseRecord, _: Occasion, /) -> None:
        """Count it."""
        record.follow_ups = self.follow_up


@leads_to(MediationCaseState.CONFIRMATION_PENDING)
class ConfirmationApplied(Fact):
    """申请司法确认 | The parties asked a court together to confirm the agreement."""

    court: str


@leads_to(MediationCaseState.CONFIRMED)
class JudiciallyConfirmed(Fact):
    """司法确认 | The court confirmed the agreement, which can now be enforced."""

    court: str
    document_no: str


@leads_to(MediationCaseState.AGREED)
class ConfirmationWithdrawn(Fact):
    """撤回司法确认申请 | The parties took their application to the court back; the agreement stands."""


class _Undone(Fact):
    """What leaves a case without its agreement: another month begins."""

    conclude_by: date

    def apply(self, record: CaseRecord, _: Occasion, /) -> None:
        """Forget the agreement and how it was carried out."""
        record.agreement_form = record.content = record.agreement = record.agreed_amount = None
        record.effect_on = record.performance_due = record.performance = record.visited_on = None


@leads_to(MediationCaseState.IN_MEDIATION)
class AgreementHeldInvalid(_Undone):
    """协议被认定无效 | The court held the agreement invalid: mediation goes on."""

    court: str
    document_no: str


@leads_to(MediationCaseState.IN_MEDIATION)
class CaseReopened(_Undone):
    """重新调解 | The parties want another agreement: mediation goes on."""


@leads_to(MediationCaseState.ARCHIVED)
class CaseArchived(Fact):
    """归档 | The file is complete and put away, under its SHA-256."""

    file_digest: str


class Outcome(CaseRecord):
    """The commands from the outcome on."""

    @command(by=Role.MEDIATOR, when=MediationCaseState.IN_MEDIATION, basis=mediation_law("二十八"))
    def record_agreement(
        self,
        agreement_form: AgreementForm,
        performance_due: date,
        content: Paragraph | None = None,
        agreement: Digest | None = None,
        agreed_amount: Yuan | None = None,
        signatures: Persons | None = None,
        signed_by: UUID | None = None,
        sealed_on: date | None = None,
        *,
        on: date,
    ) -> AgreementReached:
        """记录调解协议 | Record what the parties agreed, in writing with all signatures and the seal, or orally."""
        self.require_willing()
        effect_on = on
        if agreement_form is AgreementForm.WRITTEN:
            require(bool(agreement), DIGEST_NEEDED, path=("agreement",), basis=mediation_law("二十九"))
            effect_on = self._sealed(signatures, signed_by, sealed_on, on)
        else:
            require(bool(content), CONTENT_NEEDED, path=("content",), basis=mediation_law("二十八"))
        require(performance_due >= effect_on, DUE_BEFORE_EFFECT, path=("performanceDue",))
        amount = None if agreed_amount is None else money(agreed_amount, "agreedAmount")
        return AgreementReached(agreement_form, effect_on, performance_due, content, agreement, amount)

    @command(by=Role.MEDIATOR, when=UNDER_WAY, basis=mediation_law("二十六"), reason=True)
    def terminate(self, remedies: Remedies) -> MediationTerminated:
        """终止调解 | End the mediation and tell which other remedies there are; before it began, if a party refused."""
        begun = self.state is MediationCaseState.IN_MEDIATION
        require(begun or self.refused_by is not None, NOBODY_REFUSED, basis=mediation_law("十七"))
        return MediationTerminated(told(remedies))

    @command(by=Role.MEDIATOR, when=SETTLED, basis=mediation_law("三十一"))
    def follow_up(
        self, visited_on: date, performance: Performance, summary: Paragraph, *, on: date
    ) -> FollowUpRecorded:
        """回访 | Record how far the agreement has been carried out."""
        assert self.effect_on is not None, "an agreement has an effect"
        require(self.effect_on <= visited_on <= on, VISITED_WHEN, path=("visitedOn",))
        return FollowUpRecorded(self.follow_ups + 1, visited_on, performance, summary, self.belongs_to)

    @command(by=HANDLERS, when=MediationCaseState.AGREED, basis=mediation_law("三十三"))
    def apply_for_confirmation(self, court: Line, applicants: Persons, *, on: date) -> ConfirmationApplied:
        """申请司法确认 | Ask a court together, within 30 days of its effect, to confirm a written agreement."""
        require(self.agreement_form is AgreementForm.WRITTEN, WRITTEN_ONLY)
        self.require_everyone(applicants, JOINTLY, "applicants", mediation_law("三十三"))
        assert self.effect_on is not None, "an agreement has an effect"
        last = JUDICIAL_CONFIRMATION.due(self.effect_on)
        require(on <= last, TOO_LATE, last=last)
        return ConfirmationApplied(court)

    @command(by=HANDLERS, when=MediationCaseState.CONFIRMATION_PENDING, basis=mediation_law("三十三"))
    def record_confirmation(self, court: Line, document_no: Line) -> JudiciallyConfirmed:
        """记录司法确认 | Record that the court confirmed the agreement, and by which document."""
        return JudiciallyConfirmed(court, document_no)

    @command(by=HANDLERS, when=MediationCaseState.CONFIRMATION_PENDING, basis=mediation_law("三十三"))
    def record_confirmation_withdrawn(self) -> ConfirmationWithdrawn:
        """记录撤回确认申请 | Record that the parties took their application to the court back."""
        return ConfirmationWithdrawn()

    @command(by=HANDLERS, when=MediationCaseState.CONFIRMATION_PENDING, basis=mediation_law("三十三"))
    def record_invalid(self, court: Line, document_no: Line, *, on: date) -> AgreementHeldInvalid:
        """记录协议无效 | Record that the court held the agreement invalid: mediation begins anew."""
        return AgreementHeldInvalid(MEDIATION_CONCLUSION.due(on), court, document_no)

    @command(by=HANDLERS, when=MediationCaseState.AGREED, basis=mediation_law("三十三"))
    def reopen(self, consented: Persons, *, on: date) -> CaseReopened:
        """重新调解 | Mediate anew because all parties want another agreement."""
        self.require_everyone(consented, ALL_WANT, "consented", mediation_law("三十三"))
        return CaseReopened(MEDIATION_CONCLUSION.due(on))

    @command(by=HANDLERS, when=ENDED, basis=mediation_law("二十七"))
    def archive(self, file_digest: Digest, *, records: Records) -> CaseArchived:
        """归档 | Put the complete file away by its digest; after an agreement it tells of a session and a visit."""
        whole = self.state not in SETTLED or (self.sessions and self.follow_ups)
        require(bool(whole), FILE_INCOMPLETE)
        records.add(self.own_body(records), CaseLeft(self.id))
        return CaseArchived(file_digest)

    def _sealed(self, signatures: Persons | None, signed_by: UUID | None, sealed_on: date | None, on: date) -> date:
        """The day a written agreement takes effect: all have signed, a mediator too, and it was sealed."""
        law = mediation_law("二十九")
        self.require_everyone(signatures, ALL_SIGN, "signatures", law)
        require(signed_by in self.mediators, MEDIATOR_SIGNS, path=("signedBy",), basis=law)
        require(sealed_on is not None and sealed_on <= on, SEAL_NEEDED, path=("sealedOn",), basis=law)
        assert sealed_on is not None, "required above"
        return sealed_on


DIGEST_NEEDED = "书面协议须附协议书摘要 | A written agreement comes with the digest of its text"
CONTENT_NEEDED = "口头协议须记录协议内容 | Record what an oral agreement says"
DUE_BEFORE_EFFECT = "履行期限不能早于协议生效 | Performance cannot be due before the agreement takes effect"
ALL_SIGN = "须各方当事人签名 | All parties must have signed"
MEDIATOR_SIGNS = "须本案调解员签名 | A mediator of the case must have signed"
SEAL_NEEDED = "须注明不晚于生效日期的盖章日期 | Give the day of the seal, not later than the effective date"
NOBODY_REFUSED = (
    "调解开始前仅因当事人拒绝而终止 | Before it begins, mediation is terminated only because a party refused"
)
VISITED_WHEN = (
    "回访日期须在协议生效之后、记录之前 | The visit lies between the agreement's effect and the effective date"
)
WRITTEN_ONLY = "仅书面协议可申请司法确认 | Only a written agreement can be confirmed"
JOINTLY = "须双方当事人共同申请 | The parties must apply together"
TOO_LATE = "已超过申请期限（{last}） | The time to apply ended on {last}"
ALL_WANT = "重新调解须各方当事人同意 | Mediating anew takes the consent of all parties"
FILE_INCOMPLETE = "案卷须有调解记录和回访记录 | The file needs a session and a follow-up on record"
