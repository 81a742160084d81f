"""Which facts bring a chamber to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.domain.chamber import Chamber
from service.domain.chamber_closing import (
    ActivitiesSuspended,
    Deregistered,
    LiquidationConsented,
    LiquidationEnded,
    LiquidationStarted,
    RegistrationRevoked,
)
from service.domain.chamber_filings import ChangeApproved, ChangeConsented, ChangeFiled, ChangeRejected, ChangeRequested
from service.domain.chamber_founding import ARTICLE_11, DocumentAttached, FoundingMeetingHeld
from service.domain.chamber_inspections import (
    AnnualReportFiled,
    AnnualReportReviewed,
    InspectionConcluded,
    InspectionMissed,
    InspectionOpened,
)
from service.domain.chamber_membership import MemberAdmitted
from service.domain.chamber_preparation import (
    InitiatorAdded,
    LegalRepresentativeDesignated,
    NameChecked,
    NameProposed,
    OfficersProposed,
    ParticularsStated,
    PreparationStarted,
)
from service.domain.chamber_record import Filing, Initiator, Member, Officer, ReportPart
from service.domain.chamber_registration import (
    FiledForRegistration,
    PreparationAbandoned,
    RegistrationGranted,
    ReturnedForCorrection,
    SubmittedToSupervisor,
    SupervisorApproved,
    SupervisorRefused,
)
from service.domain.chamber_supervision import ListedAbnormal, MentoringStarted
from service.domain.chamber_terms import (
    AbnormalGround,
    ChamberState,
    ChangeItem,
    ChangeState,
    CharterMatter,
    FilingKind,
    InspectionResult,
    InspectionState,
    LiquidationGround,
    MemberKind,
    OfficerPost,
    ReportContent,
    RevocationGround,
    Violation,
)
from service.domain.identifiers import name_id
from service.domain.record import Fact
from service.domain.roles import Role
from tests.domain.candidates import cleared
from tests.domain.harness import CHAMBER, COUNTY, TOWNSHIP, TOWNSHIP_ID, At, Given
from tests.domain.life import Life

PRESIDENT, DEPUTY, SECRETARY, NEWCOMER = (UUID(int=n) for n in range(1, 5))
CHANGE, OTHER_CHAMBER = UUID(int=11), UUID(int=12)
NAME, NEW_NAME = "兰考县考城镇商会", "兰考考城商会"
CODE = "51100000500002862F"
ENTERPRISE = "91110000600037341L"
DIGEST, NEW_DIGEST = "0" * 64, "1" * 64
COUNTY_ID = name_id(f"division/{COUNTY}")
FILED_ON, REGISTERED_ON = date(2025, 4, 1), date(2025, 5, 20)
CHANGED_ON = date(2026, 6, 1)
YEAR = 2025


def unit(number: int) -> MemberAdmitted:
    """The admission of a unit."""
    return MemberAdmitted(Member(UUID(int=1000 + number), MemberKind.UNIT, f"企业{number}"))


def individual(number: int) -> MemberAdmitted:
    """The admission of an individual."""
    return MemberAdmitted(Member(UUID(int=2000 + number), MemberKind.INDIVIDUAL, f"会员{number}"))


def document(kind: FilingKind) -> DocumentAttached:
    """A document on file."""
    return DocumentAttached(Filing(kind, "文件", DIGEST))


OFFICERS = (
    Officer(OfficerPost.PRESIDENT, PRESIDENT, "会长"),
    Officer(OfficerPost.VICE_PRESIDENT, DEPUTY, "副会长"),
    Officer(OfficerPost.SECRETARY_GENERAL, SECRETARY, "秘书长"),
)
UNITS = tuple(unit(n) for n in range(30))
PREPARED = (PreparationStarted(TOWNSHIP_ID, NAME, COUNTY_ID, COUNTY_ID),)
STATED = ParticularsStated("考城镇一号", "服务会员", "服务、协调、自律", "考城镇", Decimal("30000.00"), 1)
COMPLETE: tuple[Fact | At, ...] = (
    *PREPARED,
    NameChecked(NAME),
    InitiatorAdded(Initiator(PRESIDENT, "会长")),
    STATED,
    OfficersProposed(OFFICERS),
    LegalRepresentativeDesignated(PRESIDENT),
    document(FilingKind.CHARTER_DRAFT),
)
SUBMITTED = (*COMPLETE, At(SubmittedToSupervisor(), by="who submitted"))
APPROVED = (*SUBMITTED, At(SupervisorApproved(), by="who approved"))
MEETING = FoundingMeetingHeld(date(2025, 3, 1), 30, 20, 11)
READY = (*APPROVED, *UNITS, MEETING, *(document(kind) for kind in ARTICLE_11))
FILED = (*READY, At(FiledForRegistration(), FILED_ON, "who filed"))
REGISTERED = (*FILED, At(RegistrationGranted(CODE, "证字第一号"), REGISTERED_ON, "who granted"))
LIQUIDATING = (*REGISTERED, LiquidationConsented(), LiquidationStarted(LiquidationGround.DISSOLVED_ITSELF))
REQUESTED = (
    *REGISTERED,
    At(ChangeRequested(CHANGE, ChangeItem.DOMICILE, "考城镇二号"), CHANGED_ON, "who requested"),
)
CONSENTED = (*REQUESTED, At(ChangeConsented(CHANGE), CHANGED_ON, "who consented"))
CHANGE_FILED = (*CONSENTED, At(ChangeFiled(CHANGE), CHANGED_ON, "who filed the change"))
DUE = (*REGISTERED, InspectionOpened(YEAR))
REPORTS = tuple(ReportPart(content, DIGEST) for content in ReportContent)
REPORTED = (*DUE, At(AnnualReportFiled(YEAR, REPORTS), by="who reported"))
REVIEWED = (*REPORTED, At(AnnualReportReviewed(YEAR), by="who reviewed"))

LIVES: Mapping[StrEnum, tuple[Fact | At, ...]] = {
    ChamberState.PREPARING: COMPLETE,
    ChamberState.SUPERVISOR_REVIEW: SUBMITTED,
    ChamberState.RETURNED: (*SUBMITTED, ReturnedForCorrection(("章程",))),
    ChamberState.APPROVED_TO_FOUND: READY,
    ChamberState.UNDER_REGISTRATION: FILED,
    ChamberState.RETURNED_BY_REGISTRAR: (*FILED, ReturnedForCorrection(("住所",))),
    ChamberState.REGISTERED: REGISTERED,
    ChamberState.SUSPENDED: (*REGISTERED, ActivitiesSuspended(Violation.BEYOND_CHARTER, date(2026, 12, 31))),
    ChamberState.LIQUIDATING: LIQUIDATING,
    ChamberState.ABANDONED: (*COMPLETE, PreparationAbandoned()),
    ChamberState.REFUSED: (*SUBMITTED, SupervisorRefused()),
    ChamberState.DEREGISTERED: (*LIQUIDATING, Deregistered()),
    ChamberState.REVOKED: (*REGISTERED, RegistrationRevoked(RevocationGround.FRAUD)),
    ChangeState.REQUESTED: REQUESTED,
    ChangeState.CONSENTED: CONSENTED,
    ChangeState.FILED: CHANGE_FILED,
    ChangeState.EFFECTIVE: (*CHANGE_FILED, ChangeApproved(CHANGE, ChangeItem.DOMICILE, "考城镇二号")),
    ChangeState.REJECTED: (*REQUESTED, ChangeRejected(CHANGE)),
    InspectionState.DUE: DUE,
    InspectionState.REPORTED: REPORTED,
    InspectionState.REVIEWED: REVIEWED,
    InspectionState.CONCLUDED: (*REVIEWED, InspectionConcluded(YEAR, InspectionResult.QUALIFIED)),
    InspectionState.MISSED: (*DUE, InspectionMissed(YEAR)),
}

PREREQUISITES: Mapping[str, tuple[Fact, ...]] = {
    "check_name": (NameProposed(NEW_NAME),),
    "member_leaves": (unit(0),),
    "start_liquidation": (LiquidationConsented(),),
    "deregister": (
        document(FilingKind.DEREGISTRATION_APPLICATION),
        document(FilingKind.SUPERVISOR_REVIEW),
        document(FilingKind.LIQUIDATION_REPORT),
        LiquidationEnded(date(2026, 6, 20)),
    ),
    "delist": (ListedAbnormal(AbnormalGround.DOMICILE_UNREACHABLE),),
    "end_mentoring": (MentoringStarted(OTHER_CHAMBER),),
}
"""What must have happened in the state for a command to succeed."""

_change, _year = {"change": str(CHANGE)}, {"year": YEAR}
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "prepare": {"division": TOWNSHIP, "name": NAME},
    "change_proposed_name": {"name": NEW_NAME},
    "add_initiator": {"person": NEWCOMER, "name": "新人"},
    "remove_initiator": {"person": PRESIDENT},
    "state_particulars": {"domicile": "考城镇三号"},
    "propose_officers": {"officers": [{"post": "PRESIDENT", "person": NEWCOMER, "name": "新人"}]},
    "designate_legal_representative": {"person": DEPUTY},
    "attach_document": {"kind": FilingKind.OTHER, "title": "文件", "sha256": DIGEST},
    "hold_founding_meeting": {"held_on": date(2025, 3, 1), "entitled": 30, "present": 20, "votes_for": 11},
    "admit_member": {"unit_name": "新企业", "uscc": ENTERPRISE},
    "admit_members": {"applicants": [{"unit_name": "新企业"}, {"person": NEWCOMER, "person_name": "新人"}]},
    "member_leaves": {"member": UUID(int=1000)},
    "return_for_correction": {"corrections": ["章程"]},
    "grant_registration": {"uscc": CODE, "certificate_no": "证字第一号"},
    "refuse_registration": {"ground": "NOT_NEEDED"},
    "suspend": {"violation": "PROFIT_MAKING", "until": date(2026, 12, 31)},
    "start_liquidation": {"ground": "DISSOLVED_ITSELF"},
    "end_liquidation": {"ended_on": date(2026, 6, 20)},
    "deregister": {"certificate_collected": True, "seal_collected": True},
    "revoke": {"ground": "FRAUD"},
    "request_change": {"item": "DOMICILE", "value": "考城镇三号"},
    "consent_to_change": _change,
    "reject_change": _change,
    "file_change": _change,
    "approve_change": _change,
    "open_inspection": _year,
    "file_annual_report": {**_year, "contents": [{"content": c.value, "sha256": DIGEST} for c in ReportContent]},
    "pass_preliminary_review": _year,
    "return_annual_report": _year,
    "conclude_inspection": {**_year, "result": "QUALIFIED"},
    "mark_missed": _year,
    "file_seal_and_account": {"seal_specimen": DIGEST, "bank": "农商行", "bank_account": "6222000000"},
    "announce": {"kind": "ESTABLISHMENT", "published_in": "政务网"},
    "record_financial_audit": {"audited_on": date(2026, 6, 1), "auditor": "会计师事务所", "sha256": DIGEST},
    "list_abnormal": {"ground": "NO_PARTY_ORGANISATION"},
    "delist": {"ground": "DOMICILE_UNREACHABLE"},
    "start_mentoring": {"mentee": OTHER_CHAMBER},
    "end_mentoring": {"mentee": OTHER_CHAMBER},
}
"""Input that each command accepts; those that are not here need none."""

ALL_MATTERS = [matter.value for matter in CharterMatter]


def _around(world: Given) -> Given:
    """Two who may become president, and a second chamber."""
    return cleared(world, PRESIDENT, NEWCOMER).also(*PREPARED, of=OTHER_CHAMBER)


LIFE = Life(
    record=Chamber,
    id=CHAMBER,
    lifecycles={"Chamber": ChamberState, "ChangeFiling": ChangeState, "AnnualInspection": InspectionState},
    actors={
        "chamber secretariat / township UF commissioner": {Role.CHAMBER_SECRETARIAT, Role.TOWNSHIP_UF_COMMISSIONER},
        "secretariat": {Role.CHAMBER_SECRETARIAT},
        "secretariat + supervisor consent": {Role.CHAMBER_SECRETARIAT},
        "county FIC": {Role.COUNTY_FIC},
        "registrar": {Role.REGISTRAR},
        "registrar (not the supervisor approver)": {Role.REGISTRAR},
        "registrar (or timer)": {Role.REGISTRAR, Role.TIMER},
    },
    lives=LIVES,
    inputs=INPUTS,
    prerequisites=PREREQUISITES,
    parts={ChangeState: CHANGE, InspectionState: YEAR},
    around=_around,
)
