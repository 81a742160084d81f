"""What is known of a chamber at any moment, and what do its commands ask of it in common?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from service.domain.chamber_terms import (
    AbnormalGround,
    AnnouncementKind,
    ChamberState,
    ChangeItem,
    ChangeState,
    FilingKind,
    InspectionResult,
    InspectionState,
    MemberKind,
    OfficerPost,
    RegisteredItem,
    ReportContent,
)
from service.domain.claim import Claims
from service.domain.division import Division, Divisions
from service.domain.lifecycle import Part, Parts
from service.domain.policy import NAMING_RULES, article, registration_policy
from service.domain.record import Record
from service.domain.refusal import require
from service.domain.roles import Role
from service.domain.value import Value

SEAT, NAME, USCC, LEGAL_REPRESENTATIVE = "seat", "name", "uscc", "legalrep"
"""What a chamber claims: its township's one seat, its name, its credit code, its legal representative."""

PREPARERS = (Role.CHAMBER_SECRETARIAT, Role.TOWNSHIP_UF_COMMISSIONER)
"""Who prepares a chamber: its secretariat, or before there is one the township's united-front commissioner."""
DRAFTING = (
    ChamberState.PREPARING,
    ChamberState.RETURNED,
    ChamberState.APPROVED_TO_FOUND,
    ChamberState.RETURNED_BY_REGISTRAR,
)
"""The states in which the file lies with those who prepare it; while an office reviews it, it rests."""
STANDING = (ChamberState.REGISTERED, ChamberState.SUSPENDED)
FINAL = (ChamberState.ABANDONED, ChamberState.REFUSED, ChamberState.DEREGISTERED, ChamberState.REVOKED)


class Initiator(Value, frozen=True):
    """发起人 | A person who founds the chamber."""

    person: UUID
    name: str


class Officer(Value, frozen=True):
    """负责人 | A principal officer, proposed or in office."""

    post: OfficerPost
    person: UUID
    name: str


class Member(Value, frozen=True):
    """会员 | A member: an enterprise or another unit, or an individual."""

    id: UUID
    kind: MemberKind
    name: str
    uscc: str | None = None


class Filing(Value, frozen=True):
    """报送文件 | A document on file: its kind, its title, the SHA-256 of its bytes."""

    kind: FilingKind
    title: str
    sha256: str


class Announcement(Value, frozen=True):
    """公告 | What the registrar made public, and where."""

    kind: AnnouncementKind
    published_in: str


class ReportPart(Value, frozen=True):
    """年度工作报告组成部分 | One content of an annual report, with the SHA-256 of its text."""

    content: ReportContent
    sha256: str


class ChangeFiling(Part, frozen=True, kw_only=True):
    """变更登记 | One change of a registered item or of the charter, from request to effect."""

    state: ChangeState | None = None
    item: ChangeItem | None = None
    value: str = ""
    late: bool = False


class AnnualInspection(Part, frozen=True, kw_only=True):
    """年度检查 | The inspection of one year."""

    state: InspectionState | None = None
    contents: tuple[ReportPart, ...] = ()
    late: bool = False
    result: InspectionResult | None = None


class ChamberRecord(Record):
    """All fields of a chamber; the modules that bring its commands build on it.

    `division` is its township, `supervisor` and `registrar` are the divisions whose offices act for it.
    """

    state: ChamberState | None = None
    division: UUID | None = None
    supervisor: UUID | None = None
    registrar: UUID | None = None
    name: str = ""
    checked_name: str = ""
    domicile: str = ""
    purpose: str = ""
    business_scope: str = ""
    activity_area: str = ""
    funds: Decimal = Decimal(0)
    full_time_staff: int = 0
    charter: str = ""
    initiators: tuple[Initiator, ...] = ()
    officers: tuple[Officer, ...] = ()
    legal_representative: UUID | None = None
    filings: tuple[Filing, ...] = ()
    members: Mapping[UUID, Member] = {}
    corrections: tuple[str, ...] = ()
    founding_meeting_on: date | None = None
    filed_on: date | None = None
    uscc: str = ""
    certificate_no: str = ""
    registered_on: date | None = None
    suspended_until: date | None = None
    liquidation_consented: bool = False
    liquidation_ended_on: date | None = None
    seal_specimen: str = ""
    bank: str = ""
    bank_account: str = ""
    announcements: tuple[Announcement, ...] = ()
    audited_on: date | None = None
    abnormal_listings: Mapping[AbnormalGround, date] = {}
    mentees: tuple[UUID, ...] = ()
    changes: Mapping[UUID, ChangeFiling] = {}
    inspections: Mapping[int, AnnualInspection] = {}

    parts: ClassVar[Mapping[type, Parts]] = {
        ChangeState: Parts("change", "changes", ChangeFiling),
        InspectionState: Parts("year", "inspections", AnnualInspection),
    }

    def township(self, divisions: Divisions) -> Division:
        """The division whose chamber this is."""
        assert self.division is not None, "a chamber begins with its township"
        return divisions.get(self.division)

    @property
    def president(self) -> Officer | None:
        """The president, proposed or in office."""
        return next((each for each in self.officers if each.post is OfficerPost.PRESIDENT), None)

    def is_officer(self, person: UUID | None) -> bool:
        """Whether this person is among the officers."""
        return any(each.person == person for each in self.officers)

    def require_on_file(self, kinds: Sequence[FilingKind], basis: str | None = None) -> None:
        """Refuse to go on unless documents of all these kinds are attached."""
        attached = {each.kind for each in self.filings}
        missing = [kind for kind in kinds if kind not in attached]
        require(not missing, DOCUMENTS_MISSING, basis=basis, missing="、".join(missing))

    def stated(self, item: RegisteredItem) -> bool:
        """Whether the chamber has a value for this registered item."""
        return bool(getattr(self, item.lower()))

    def claim_name(self, name: str, claims: Claims) -> None:
        """Take a name in the registrar's district.

        Raises Duplicate when another chamber has it.
        """
        claims.take(NAME, f"{self.registrar}/{name}", self.id, NAME_TAKEN, basis=NAMING_RULES)

    def release_name(self, name: str, claims: Claims) -> None:
        """Give a name up, if it was taken."""
        claims.release(NAME, f"{self.registrar}/{name}", self.id)

    def claim_legal_representative(self, person: UUID, claims: Claims) -> None:
        """Take a person as legal representative.

        Raises Duplicate when that person represents another chamber.
        """
        claims.take(LEGAL_REPRESENTATIVE, str(person), self.id, REPRESENTS_ANOTHER, basis=article("十二"))

    def give_up(self, claims: Claims) -> None:
        """Release all that only a living chamber holds. A credit code is for life: it stays taken."""
        claims.release(SEAT, str(self.division), self.id)
        self.release_name(self.checked_name, claims)
        claims.release(LEGAL_REPRESENTATIVE, str(self.legal_representative), self.id)

    def require_recent_audit(self, on: date) -> None:
        """Refuse a change of the legal representative unless the chamber's finances were audited of late."""
        age = registration_policy(on).audit_days
        audited = self.audited_on is not None and (on - self.audited_on).days <= age.value
        require(audited, NOT_AUDITED, basis=age.basis)

    def require_standing(self) -> None:
        """Refuse what presupposes a registered chamber when this one is being or has been wound up."""
        require(self.state in STANDING, NOT_STANDING, basis=article("二十"))


NAME_TAKEN = "名称已被其他商会使用 | Another chamber has this name"
REPRESENTS_ANOTHER = (
    "法定代表人不得同时担任其他社会团体的法定代表人 | The legal representative already represents another society"
)
DOCUMENTS_MISSING = "缺少文件：{missing} | Documents are missing: {missing}"
NOT_AUDITED = "更换法定代表人须先进行财务审计 | A financial audit must come before a new legal representative"
NOT_STANDING = "商会不在登记存续期 | The chamber is not, or no longer, in good standing"
