"""Which words does the registration of a chamber use? (条例: 社会团体登记管理条例, revised 2016-02-06)"""

from __future__ import annotations

from enum import auto

from service.domain.vocabulary import Term


class ChamberState(Term):
    """商会状态 | Where a chamber stands between preparation and its end."""

    PREPARING = auto()
    SUPERVISOR_REVIEW = auto()
    RETURNED = auto()
    APPROVED_TO_FOUND = auto()
    UNDER_REGISTRATION = auto()
    RETURNED_BY_REGISTRAR = auto()
    REGISTERED = auto()
    SUSPENDED = auto()
    LIQUIDATING = auto()
    ABANDONED = auto()
    REFUSED = auto()
    DEREGISTERED = auto()
    REVOKED = auto()


class RegisteredItem(Term):
    """登记事项 | The eight registered items (条例第十二条)."""

    NAME = auto()
    DOMICILE = auto()
    PURPOSE = auto()
    BUSINESS_SCOPE = auto()
    ACTIVITY_AREA = auto()
    LEGAL_REPRESENTATIVE = auto()
    FUNDS = auto()
    SUPERVISOR = auto()


class ChangeItem(Term):
    """变更事项 | What a change may concern: a registered item, or the charter, which is approved, not registered."""

    NAME = auto()
    DOMICILE = auto()
    PURPOSE = auto()
    BUSINESS_SCOPE = auto()
    ACTIVITY_AREA = auto()
    LEGAL_REPRESENTATIVE = auto()
    FUNDS = auto()
    SUPERVISOR = auto()
    CHARTER = auto()


class FilingKind(Term):
    """报送文件类别 | What an attached document is: the first five are Article 11's, the next three Article 21's."""

    REGISTRATION_APPLICATION = auto()
    SUPERVISOR_APPROVAL = auto()
    CAPITAL_AND_PREMISES = auto()
    INITIATORS_AND_OFFICERS = auto()
    CHARTER_DRAFT = auto()
    DEREGISTRATION_APPLICATION = auto()
    SUPERVISOR_REVIEW = auto()
    LIQUIDATION_REPORT = auto()
    MEETING_MINUTES = auto()
    AUDIT_REPORT = auto()
    OTHER = auto()


class CharterMatter(Term):
    """章程事项 | The nine matters that a charter must settle (条例第十四条)."""

    NAME_AND_DOMICILE = auto()
    PURPOSE_SCOPE_AND_AREA = auto()
    MEMBERSHIP = auto()
    ORGANISATION = auto()
    OFFICERS = auto()
    ASSETS = auto()
    AMENDMENT = auto()
    TERMINATION = auto()
    OTHER_MATTERS = auto()


class OfficerPost(Term):
    """负责人职务 | The post of a principal officer."""

    PRESIDENT = auto()
    VICE_PRESIDENT = auto()
    SECRETARY_GENERAL = auto()


class MemberKind(Term):
    """会员类别 | Whether a member is a unit or an individual."""

    UNIT = auto()
    INDIVIDUAL = auto()


class RefusalGround(Term):
    """不予登记情形 | The five grounds to refuse a registration (条例第十三条)."""

    UNLAWFUL_PURPOSE = auto()
    NOT_NEEDED = auto()
    DISQUALIFIED_PERSONS = auto()
    FALSE_APPLICATION = auto()
    PROHIBITED_BY_LAW = auto()


class Violation(Term):
    """违规情形 | The eight violations for which activities are suspended or, if grave, the registration is revoked.

    Source: 条例第三十条.
    """

    CERTIFICATE_OR_SEAL_ABUSED = auto()
    BEYOND_CHARTER = auto()
    SUPERVISION_RESISTED = auto()
    CHANGE_NOT_REGISTERED = auto()
    BRANCHES_UNLAWFUL = auto()
    PROFIT_MAKING = auto()
    ASSETS_MISUSED = auto()
    FUNDS_UNLAWFULLY_RAISED = auto()


class RevocationGround(Term):
    """撤销登记情形 | Why a registration is revoked (条例第二十九至三十一条)."""

    FRAUD = auto()
    DORMANT = auto()
    GRAVE_VIOLATION = auto()
    DEMANDED_BY_AUTHORITY = auto()


class LiquidationGround(Term):
    """注销情形 | The four grounds to end a chamber (条例第十九条)."""

    PURPOSE_FULFILLED = auto()
    DISSOLVED_ITSELF = auto()
    DIVIDED_OR_MERGED = auto()
    OTHER_CAUSE = auto()


class AnnouncementKind(Term):
    """公告事项 | What the registrar announces (条例第二十三条)."""

    ESTABLISHMENT = auto()
    DEREGISTRATION = auto()
    NAME = auto()
    DOMICILE = auto()
    LEGAL_REPRESENTATIVE = auto()


class AbnormalGround(Term):
    """列入活动异常名录情形 | Why a chamber is listed as abnormal (社会组织信用信息管理办法, 2018)."""

    ANNUAL_REPORT_MISSING = auto()
    NO_PARTY_ORGANISATION = auto()
    RECTIFICATION_UNFINISHED = auto()
    DOMICILE_UNREACHABLE = auto()


class ChangeState(Term):
    """变更状态 | Where the filing of a change stands."""

    REQUESTED = auto()
    CONSENTED = auto()
    FILED = auto()
    EFFECTIVE = auto()
    REJECTED = auto()


class InspectionState(Term):
    """年检状态 | Where an annual inspection stands."""

    DUE = auto()
    REPORTED = auto()
    REVIEWED = auto()
    CONCLUDED = auto()
    MISSED = auto()


class ReportContent(Term):
    """年度工作报告内容 | The five contents of an annual report (条例第二十八条)."""

    COMPLIANCE = auto()
    REGISTRATION_PROCEDURES = auto()
    CHARTER_ACTIVITIES = auto()
    STAFF_AND_ORGANS = auto()
    FINANCES = auto()


class InspectionResult(Term):
    """年检结论 | What an annual inspection concluded."""

    QUALIFIED = auto()
    BASIC = auto()
    UNQUALIFIED = auto()
