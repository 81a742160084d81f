"""Which facts bring a mediation case to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from service.domain.identifiers import name_id
from service.domain.mediation_body import BodyEstablished, BodyProposed, CaseFiled
from service.domain.mediation_case import MediationCase
from service.domain.mediation_intake import CaseAccepted, CaseApplied, CaseDeclined, CaseWithdrawn, PartyRefused
from service.domain.mediation_outcome import (
    AgreementReached,
    CaseArchived,
    ConfirmationApplied,
    FollowUpRecorded,
    JudiciallyConfirmed,
    MediationTerminated,
)
from service.domain.mediation_record import Party
from service.domain.mediation_talks import MediatorsAssigned, RightsExplained, SessionHeld
from service.domain.mediation_terms import (
    AgreementForm,
    DisputeKind,
    MediationCaseState,
    MediationOpening,
    Openness,
    Participation,
    PartyKind,
    Performance,
    Remedy,
    SessionMode,
)
from service.domain.roles import Role
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, At, Facts, Given
from tests.domain.life import Life
from tests.domain.mediation_body_life import ACTIVE as BODY_ACTIVE
from tests.domain.mediation_body_life import BODY, COMMITTEE, DIRECTOR, ESTABLISHED_ON, TERM_ENDS, WOMAN, around

CASE, NEXT_BODY, NEXT_CHAMBER = UUID(int=40), name_id("mediation-body/next/1"), UUID(int=41)
APPLICANT, OTHER = UUID(int=42), UUID(int=43)
PARTIES = (
    Party(APPLICANT, "申请人", PartyKind.MEMBER, True, "甲公司"),
    Party(OTHER, "对方", PartyKind.COUNTERPART, False, "乙公司"),
)
APPLIED_ON, ACCEPTED_ON, AGREED_ON = date(2026, 6, 1), date(2026, 6, 3), date(2026, 6, 15)
CONCLUDE_BY, PERFORMANCE_DUE = date(2026, 7, 3), date(2026, 7, 15)
COURT, DIGEST = "兰考县人民法院", "2" * 64
KIND, OPENING = DisputeKind.MEMBER_COUNTERPART, MediationOpening.APPLICATION


def applied(kind: DisputeKind = KIND, opening: MediationOpening = OPENING) -> CaseApplied:
    """A dispute about a delivery, before the body."""
    return CaseApplied(
        BODY, CHAMBER, TOWNSHIP_ID, "调〔2026〕1", kind, opening, "货款纠纷", PARTIES, Decimal("86000.00")
    )


def session(number: int) -> At:
    """A session with both parties."""
    held_on = date(2026, 6, 10 + number)
    fact = SessionHeld(number, held_on, SessionMode.IN_PERSON, (APPLICANT, OTHER), "双方陈述", CHAMBER)
    return At(fact, held_on)


APPLIED = (At(applied(), APPLIED_ON),)
ACCEPTED = (*APPLIED, At(CaseAccepted(Participation.LED, CONCLUDE_BY), ACCEPTED_ON))
RIGHTS = At(RightsExplained(Openness.CLOSED), ACCEPTED_ON)
IN_MEDIATION = (*ACCEPTED, RIGHTS, At(MediatorsAssigned((DIRECTOR,), False), ACCEPTED_ON), session(1), session(2))
AGREEMENT = AgreementReached(
    AgreementForm.WRITTEN, AGREED_ON, PERFORMANCE_DUE, agreement=DIGEST, agreed_amount=Decimal("80000.00")
)
AGREED = (*IN_MEDIATION, At(AGREEMENT, AGREED_ON))
VISIT = FollowUpRecorded(1, date(2026, 6, 25), Performance.FULL, "已付清", CHAMBER)
PENDING = (*AGREED, At(ConfirmationApplied(COURT), AGREED_ON))
CONFIRMED = (*PENDING, JudiciallyConfirmed(COURT, "（2026）豫0225民特1号"))
TOLD = (Remedy.LITIGATION,)

LIVES: Mapping[StrEnum, Facts] = {
    MediationCaseState.APPLIED: APPLIED,
    MediationCaseState.ACCEPTED: ACCEPTED,
    MediationCaseState.DECLINED: (*APPLIED, CaseDeclined(TOLD)),
    MediationCaseState.IN_MEDIATION: IN_MEDIATION,
    MediationCaseState.AGREED: AGREED,
    MediationCaseState.CONFIRMATION_PENDING: PENDING,
    MediationCaseState.CONFIRMED: CONFIRMED,
    MediationCaseState.TERMINATED: (*IN_MEDIATION, MediationTerminated(TOLD)),
    MediationCaseState.WITHDRAWN: (*APPLIED, CaseWithdrawn()),
    MediationCaseState.ARCHIVED: (*CONFIRMED, VISIT, CaseArchived(DIGEST)),
}

THROUGH_THE_BODY = (
    "mediation body",
    "applicant",
    "director, or chosen by parties",
    "both parties consent",
    "both parties jointly",
    "court outcome entered by body",
    "parties",
    "court outcome",
    "both parties",
)
"""Those whose word reaches the file through whoever acts for the body."""

_both = [APPLICANT, OTHER]
_written = {
    "agreement_form": "WRITTEN",
    "performance_due": PERFORMANCE_DUE,
    "agreement": DIGEST,
    "signatures": _both,
    "signed_by": DIRECTOR,
    "sealed_on": AGREED_ON,
}


def situated(world: Given) -> Given:
    """The body has the case, and a neighbouring body could take it."""
    neighbour = (
        BodyProposed(NEXT_CHAMBER, TOWNSHIP_ID, "邻镇商会人民调解委员会"),
        BodyEstablished(COMMITTEE, TERM_ENDS, ESTABLISHED_ON, "邻商调〔2026〕1号"),
    )
    world.also(*BODY_ACTIVE, CaseFiled(CASE, 2026), of=BODY).also(*neighbour, of=NEXT_BODY)
    return around(world)


LIFE = Life(
    record=MediationCase,
    id=CASE,
    lifecycles={"MediationCase": MediationCaseState},
    actors={
        **{words: {Role.MEDIATOR, Role.CHAMBER_SECRETARIAT} for words in THROUGH_THE_BODY},
        "mediator": {Role.MEDIATOR},
    },
    lives=LIVES,
    inputs={
        "apply_for_mediation": {
            "body": BODY,
            "kind": "MEMBER_COUNTERPART",
            "opening": "APPLICATION",
            "parties": [
                {"person": APPLICANT, "person_name": "申请人", "kind": "MEMBER", "applicant": True},
                {"person": OTHER, "person_name": "对方", "kind": "COUNTERPART"},
            ],
            "dispute": "货款纠纷",
        },
        "decline": {"remedies": TOLD},
        "record_refusal": {"party": OTHER},
        "explain_rights": {"openness": "CLOSED"},
        "assign_mediators": {"mediators": [DIRECTOR]},
        "replace_mediator": {"left": DIRECTOR, "joined": WOMAN},
        "hold_session": {
            "held_on": date(2026, 6, 14),
            "mode": "IN_PERSON",
            "attendees": _both,
            "summary": "双方陈述",
        },
        "extend": {"until": date(2026, 9, 4), "consented": _both},
        "report_risk": {"kind": "PUBLIC_SECURITY", "reported_to": "派出所"},
        "attach_evidence": {"title": "合同", "sha256": DIGEST, "party": APPLICANT},
        "record_agreement": _written,
        "terminate": {"remedies": TOLD},
        "follow_up": {"visited_on": date(2026, 6, 25), "performance": "FULL", "summary": "已付清"},
        "apply_for_confirmation": {"court": COURT, "applicants": _both},
        "record_confirmation": {"court": COURT, "document_no": "（2026）豫0225民特1号"},
        "record_invalid": {"court": COURT, "document_no": "（2026）豫0225民特1号"},
        "reopen": {"consented": _both},
        "archive": {"file_digest": DIGEST},
        "hand_over": {"body": NEXT_BODY},
    },
    prerequisites={
        "assign_mediators": (RIGHTS,),
        "terminate": (PartyRefused(OTHER),),
        "archive": (VISIT,),
    },
    around=situated,
)
