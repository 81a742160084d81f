"""监督管理 | What do supervisor and registrar watch over: seal, announcements, audits, the abnormal list, mentoring?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from service.domain.chamber_record import FINAL, STANDING, Announcement, ChamberRecord
from service.domain.chamber_terms import AbnormalGround, AnnouncementKind, ChamberState, ChangeItem, ChangeState
from service.domain.claim import Records
from service.domain.command import command
from service.domain.identifiers import ChamberId, Digest, Line
from service.domain.policy import CREDIT_RULES, article
from service.domain.record import Fact, Movement, Occasion, leads_to
from service.domain.refusal import NotFound, require
from service.domain.roles import Role

AccountNumber = Annotated[str, Meta(pattern=r"^[0-9]{6,32}$")]
ANNOUNCING = (*STANDING, ChamberState.LIQUIDATING, ChamberState.DEREGISTERED)


class SealAndAccountFiled(Fact):
    """印章式样和银行账号备案 | The specimen of the seal (its SHA-256) and the bank account were filed."""

    seal_specimen: str
    bank: str
    bank_account: str


class Announced(Fact):
    """公告 | The registrar made something public."""

    announcement: Announcement

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Keep it with the others."""
        record.announcements = (*record.announcements, self.announcement)


class FinancialAuditRecorded(Fact):
    """财务审计 | The chamber's finances were audited."""

    audited_on: date
    auditor: str
    sha256: str


class ListedAbnormal(Fact):
    """列入活动异常名录 | The chamber was put on the abnormal list, on one ground."""

    ground: AbnormalGround

    def apply(self, record: ChamberRecord, occasion: Occasion, /) -> None:
        """Remember since when: two years on the list make it a serious one."""
        record.abnormal_listings = {**record.abnormal_listings, self.ground: occasion.effective_on}


class Delisted(Fact):
    """移出活动异常名录 | The chamber was taken off the abnormal list, as to one ground."""

    ground: AbnormalGround

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Strike the ground."""
        listings = record.abnormal_listings
        record.abnormal_listings = {ground: since for ground, since in listings.items() if ground != self.ground}


@leads_to(None, Movement.DEMONSTRATE)
class MentoringStarted(Fact):
    """开始结对帮带 | The chamber began to help another along."""

    mentee: UUID

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Put the mentee last."""
        record.mentees = (*record.mentees, self.mentee)


@leads_to(None, Movement.DEMONSTRATE)
class MentoringEnded(Fact):
    """结束结对帮带 | The chamber no longer helps another along."""

    mentee: UUID

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Leave the mentee out."""
        record.mentees = tuple(each for each in record.mentees if each != self.mentee)


class Oversight(ChamberRecord):
    """The commands that watch over a registered chamber and help it along."""

    @command(by=Role.CHAMBER_SECRETARIAT, when=ChamberState.REGISTERED, basis=article("十六"))
    def file_seal_and_account(
        self, seal_specimen: Digest, bank: Line, bank_account: AccountNumber
    ) -> SealAndAccountFiled:
        """印章式样和银行账号备案 | File the specimen of the seal and the bank account with the registrar."""
        filed = SealAndAccountFiled(seal_specimen, bank, bank_account)
        require(any(getattr(filed, name) != getattr(self, name) for name in filed.kept), UNCHANGED)
        return filed

    @command(by=Role.REGISTRAR, when=ANNOUNCING, basis=article("二十三"))
    def announce(self, kind: AnnouncementKind, published_in: Line) -> Announced:
        """公告 | Announce the establishment, the deregistration, or a change of name, domicile or representative."""
        require(self._happened(kind), NOTHING_TO_ANNOUNCE, path=("kind",))
        return Announced(Announcement(kind, published_in))

    @command(by=(Role.COUNTY_FIC, Role.REGISTRAR), when=STANDING, basis=article("二十七"))
    def record_financial_audit(
        self, audited_on: date, auditor: Line, sha256: Digest, *, on: date
    ) -> FinancialAuditRecorded:
        """财务审计 | Record an audit: its day, the auditing firm, the digest of its report."""
        require(audited_on <= on, AUDITED_LATER, path=("auditedOn",))
        require(self.audited_on is None or audited_on >= self.audited_on, AUDITED_EARLIER, path=("auditedOn",))
        return FinancialAuditRecorded(audited_on, auditor, sha256)

    @command(by=Role.REGISTRAR, when=STANDING, basis=CREDIT_RULES, reason=True)
    def list_abnormal(self, ground: AbnormalGround) -> ListedAbnormal:
        """列入活动异常名录 | Put the chamber on the abnormal list."""
        require(ground not in self.abnormal_listings, LISTED_ALREADY, path=("ground",))
        return ListedAbnormal(ground)

    @command(by=Role.REGISTRAR, when=STANDING, basis=CREDIT_RULES, reason=True)
    def delist(self, ground: AbnormalGround) -> Delisted:
        """移出活动异常名录 | Take the chamber off the abnormal list once the ground is gone."""
        require(ground in self.abnormal_listings, NOT_LISTED, path=("ground",))
        return Delisted(ground)

    @command(by=Role.COUNTY_FIC, when=ChamberState.REGISTERED)
    def start_mentoring(self, mentee: ChamberId, *, records: Records) -> MentoringStarted:
        """开始结对帮带 | Let this chamber help another along, one that is registered or on its way."""
        require(mentee != self.id, NOT_ITSELF, path=("mentee",))
        require(mentee not in self.mentees, MENTORED_ALREADY, path=("mentee",))
        other = records.get(type(self), mentee)
        if not other.exists:
            raise NotFound("没有该商会 | There is no such chamber", path=("mentee",))
        require(other.state not in FINAL, MENTEE_ENDED, path=("mentee",))
        return MentoringStarted(mentee)

    @command(by=Role.COUNTY_FIC, when=(*STANDING, ChamberState.LIQUIDATING))
    def end_mentoring(self, mentee: ChamberId) -> MentoringEnded:
        """结束结对帮带 | End the help to another chamber."""
        require(mentee in self.mentees, NOT_MENTORED, path=("mentee",))
        return MentoringEnded(mentee)

    def _happened(self, kind: AnnouncementKind) -> bool:
        """Whether there is something of this kind to announce."""
        if kind is AnnouncementKind.ESTABLISHMENT:
            return True  # no state in which a chamber can be announced comes before it
        if kind is AnnouncementKind.DEREGISTRATION:
            return self.state is ChamberState.DEREGISTERED
        item, changes = ChangeItem(kind), self.changes.values()
        return any(each.item is item and each.state is ChangeState.EFFECTIVE for each in changes)


UNCHANGED = "没有任何变更 | Nothing would change"
NOTHING_TO_ANNOUNCE = "没有可公告的事项 | There is nothing of this kind to announce"
AUDITED_LATER = "审计日期不能晚于生效日期 | The audit cannot be later than the effective date"
AUDITED_EARLIER = "已有更近的审计 | A later audit is on record"
LISTED_ALREADY = "已因该情形列入 | The chamber is listed on this ground already"
NOT_LISTED = "未因该情形列入 | The chamber is not listed on this ground"
NOT_ITSELF = "不能帮带自身 | A chamber cannot mentor itself"
MENTORED_ALREADY = "已与该商会结对 | This chamber is mentored already"
MENTEE_ENDED = "该商会已终止 | That chamber has ended"
NOT_MENTORED = "未与该商会结对 | This chamber is not mentored"
