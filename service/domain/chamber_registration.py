"""成立登记 | How does a prepared chamber become a registered one: supervisor, founding, registrar?

The supervisor consents, the initiators apply, the registrar decides within 60 days of the last complete filing: one
step, as the regulation of 2016 has it; there is no approval of preparation any more.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from service.domain.appointment_record import first_candidacy
from service.domain.chamber_founding import ARTICLE_11
from service.domain.chamber_membership import Membership
from service.domain.chamber_preparation import PRESIDENT_NOT_CLEARED
from service.domain.chamber_record import DRAFTING, PREPARERS, USCC, ChamberRecord
from service.domain.chamber_terms import ChamberState, FilingKind, RefusalGround, RegisteredItem
from service.domain.claim import Claims, Records
from service.domain.command import command
from service.domain.deadline import REGISTRATION_DECISION
from service.domain.identifiers import Line, UsccText
from service.domain.policy import NAMING_RULES, article, registration_policy
from service.domain.record import Fact, Occasion, leads_to
from service.domain.refusal import require
from service.domain.roles import Role
from service.domain.uscc import society_code

Items = Annotated[list[Line], Meta(min_length=1, max_length=50)]
RETURNING = {
    ChamberState.SUPERVISOR_REVIEW: Role.COUNTY_FIC,
    ChamberState.UNDER_REGISTRATION: Role.REGISTRAR,
}


@leads_to(ChamberState.SUPERVISOR_REVIEW)
class SubmittedToSupervisor(Fact):
    """报业务主管单位审查 | The file went to the supervisor."""


@leads_to(
    {
        ChamberState.SUPERVISOR_REVIEW: ChamberState.RETURNED,
        ChamberState.UNDER_REGISTRATION: ChamberState.RETURNED_BY_REGISTRAR,
    }
)
class ReturnedForCorrection(Fact):
    """退回补正 | The file came back with items to correct."""

    corrections: tuple[str, ...]

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """The registrar's time runs anew from the next complete filing."""
        record.filed_on = None


@leads_to(ChamberState.APPROVED_TO_FOUND)
class SupervisorApproved(Fact):
    """业务主管单位同意 | The supervisor consented to the founding."""


@leads_to(ChamberState.REFUSED)
class SupervisorRefused(Fact):
    """业务主管单位不同意 | The supervisor refused."""


@leads_to(ChamberState.UNDER_REGISTRATION)
class FiledForRegistration(Fact):
    """申请登记 | The complete application was filed with the registrar."""

    def apply(self, record: ChamberRecord, occasion: Occasion, /) -> None:
        """The 60 days begin."""
        record.filed_on = occasion.effective_on


@leads_to(ChamberState.REGISTERED)
class RegistrationGranted(Fact):
    """准予登记 | The chamber was registered and became a legal person; `late` after more than 60 days."""

    uscc: str
    certificate_no: str
    late: bool = False

    def apply(self, record: ChamberRecord, occasion: Occasion, /) -> None:
        """Remember the day of registration."""
        record.registered_on = occasion.effective_on


@leads_to(ChamberState.REFUSED)
class RegistrationRefused(Fact):
    """不予登记 | The registrar refused, on one of five grounds; `late` after more than 60 days."""

    ground: RefusalGround
    late: bool = False


@leads_to(ChamberState.ABANDONED)
class PreparationAbandoned(Fact):
    """放弃筹备 | The preparation was given up."""


class Registration(Membership):
    """The commands from preparation to registration."""

    @command(
        by={ChamberState.PREPARING: PREPARERS, ChamberState.RETURNED: Role.CHAMBER_SECRETARIAT}, basis=article("九")
    )
    def submit_to_supervisor(self) -> SubmittedToSupervisor:
        """报业务主管单位审查 | Submit the file to the supervisor."""
        require(self.checked_name == self.name, NAME_NOT_CHECKED, basis=NAMING_RULES)
        require(bool(self.initiators), NO_INITIATORS)
        self.require_on_file((FilingKind.CHARTER_DRAFT,), basis=article("十一"))
        return SubmittedToSupervisor()

    @command(by=RETURNING, basis=article("十二"), reason=True)
    def return_for_correction(self, corrections: Items) -> ReturnedForCorrection:
        """退回补正 | Return the file with the items to correct."""
        return ReturnedForCorrection(tuple(corrections))

    @command(
        by=Role.COUNTY_FIC,
        when=ChamberState.SUPERVISOR_REVIEW,
        basis=article("九"),
        unlike="submitted_to_supervisor",
    )
    def approve_by_supervisor(self, *, records: Records) -> SupervisorApproved:
        """业务主管单位同意 | Consent to the founding, once the proposed president has been through the procedure."""
        president = self.president
        cleared = president is not None and first_candidacy(self.id, president.person, records).cleared
        require(cleared, PRESIDENT_NOT_CLEARED)
        return SupervisorApproved()

    @command(
        by=Role.COUNTY_FIC,
        when=ChamberState.SUPERVISOR_REVIEW,
        basis=article("九"),
        unlike="submitted_to_supervisor",
        reason=True,
    )
    def refuse_by_supervisor(self, *, claims: Claims) -> SupervisorRefused:
        """业务主管单位不同意 | Refuse consent; the township's seat and the name become free."""
        self.give_up(claims)
        return SupervisorRefused()

    @command(
        by=Role.CHAMBER_SECRETARIAT,
        when=(ChamberState.APPROVED_TO_FOUND, ChamberState.RETURNED_BY_REGISTRAR),
        basis=article("十一"),
    )
    def file_for_registration(self, *, on: date) -> FiledForRegistration:
        """申请登记 | File the complete application with the registrar."""
        require(self.founding_meeting_on is not None, NO_MEETING, basis=article("十"))
        self.require_enough_members(on)
        self._require_means(on)
        self.require_on_file(ARTICLE_11)
        unstated = [item for item in RegisteredItem if not self.stated(item)]
        require(not unstated, ITEMS_MISSING, basis=article("十二"), missing="、".join(unstated))
        return FiledForRegistration()

    @command(
        by=Role.REGISTRAR,
        when=ChamberState.UNDER_REGISTRATION,
        basis=article("十二"),
        unlike=("supervisor_approved", "filed_for_registration"),
    )
    def grant_registration(
        self, uscc: UsccText, certificate_no: Line, *, claims: Claims, on: date
    ) -> RegistrationGranted:
        """准予登记 | Register the chamber under its credit code and issue the certificate."""
        code = society_code(uscc)
        claims.take(USCC, code, self.id, USCC_TAKEN)
        self.claim_legal_representative(self._representative(), claims)
        return RegistrationGranted(code, certificate_no, self._decided_late(on))

    @command(
        by=Role.REGISTRAR,
        when=ChamberState.UNDER_REGISTRATION,
        basis=article("十三"),
        unlike=("supervisor_approved", "filed_for_registration"),
        reason=True,
    )
    def refuse_registration(self, ground: RefusalGround, *, claims: Claims, on: date) -> RegistrationRefused:
        """不予登记 | Refuse registration on one of the five grounds; the seat and the name become free."""
        self.give_up(claims)
        return RegistrationRefused(ground, self._decided_late(on))

    @command(by=Role.CHAMBER_SECRETARIAT, when=DRAFTING, basis=article("九"))
    def abandon(self, *, claims: Claims) -> PreparationAbandoned:
        """放弃筹备 | Give the preparation up; the seat and the name become free."""
        self.give_up(claims)
        return PreparationAbandoned()

    def _require_means(self, on: date) -> None:
        policy = registration_policy(on)
        require(self.funds >= policy.funds.value, FUNDS_SHORT, basis=policy.funds.basis, needed=policy.funds.value)
        require(bool(self.domicile), NO_DOMICILE, basis=article("十"))
        require(self.full_time_staff >= policy.staff.value, STAFF_SHORT, basis=policy.staff.basis)

    def _representative(self) -> UUID:
        assert self.legal_representative is not None, "an application states all eight registered items"
        return self.legal_representative

    def _decided_late(self, on: date) -> bool:
        # The law gives the registrar 60 days but voids no later decision: it is recorded as late, and the deadline
        # stands as overdue until then.
        return self.filed_on is not None and REGISTRATION_DECISION.missed(self.filed_on, on)


NAME_NOT_CHECKED = "名称尚未核准 | The name has not been checked"
NO_INITIATORS = "至少须有一名发起人 | There must be at least one initiator"
NO_MEETING = "尚未召开成立大会 | The founding meeting has not been held"
ITEMS_MISSING = "缺少登记事项：{missing} | Registered items are missing: {missing}"
FUNDS_SHORT = "活动资金不足 {needed} 元 | Funds are below {needed} yuan"
NO_DOMICILE = "须有固定住所 | A fixed domicile is needed"
STAFF_SHORT = "须有专职工作人员 | Full-time staff is needed"
USCC_TAKEN = "统一社会信用代码 {key} 已被使用 | The credit code {key} has been used"
