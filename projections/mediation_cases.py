"""Which disputes is each mediation body handling, and how did they end?"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from projections.engine.row import Key
from projections.engine.view import Event, View
from projections.mediation_rows import (
    FollowUpRow,
    MediationCaseRow,
    MediationOutcome,
    MediationSessionRow,
)
from projections.remember import facts_of, place_of, remembered
from service.domain.mediation_case import CaseHandedOver, MediationCase
from service.domain.mediation_intake import CaseAccepted, CaseApplied, CaseDeclined, CaseWithdrawn
from service.domain.mediation_outcome import (
    AgreementHeldInvalid,
    AgreementReached,
    CaseReopened,
    FollowUpRecorded,
    MediationTerminated,
)
from service.domain.mediation_talks import (
    EvidenceAttached,
    MediatorReplaced,
    RightsExplained,
    RiskReported,
    SessionHeld,
)
from service.domain.mediation_terms import MediationCaseState
from service.domain.record import Fact

cases, sessions, follow_ups = View(MediationCaseRow), View(MediationSessionRow), View(FollowUpRow)


@cases.on(CaseApplied)
def applied(_: MediationCaseRow | None, e: Event[CaseApplied]) -> MediationCaseRow:
    fact, day = e.fact, e.envelope.effective_on
    return MediationCaseRow(
        body_id=fact.body,
        chamber_id=fact.chamber,
        division_id=fact.division,
        case_no=fact.case_no,
        kind=fact.kind,
        opening=fact.opening,
        dispute=fact.dispute,
        parties=fact.parties,
        state=MediationCaseState.APPLIED,
        since=day,
        applied_on=day,
        amount=fact.amount,
    )


@cases.on(CaseAccepted)
def accepted(row: MediationCaseRow, e: Event[CaseAccepted]) -> MediationCaseRow:
    return remembered(row, e, accepted_on=e.envelope.effective_on)


@cases.on(RightsExplained)
def told(row: MediationCaseRow, e: Event[RightsExplained]) -> MediationCaseRow:
    return remembered(row, e, rights_explained_on=e.envelope.effective_on)


@cases.on(MediatorReplaced)
def replaced(row: MediationCaseRow, e: Event[MediatorReplaced]) -> MediationCaseRow:
    left, joined = e.fact.left, e.fact.joined
    return remembered(row, e, mediators=tuple(joined if each == left else each for each in row.mediators))


@cases.on(RiskReported)
def risked(row: MediationCaseRow, e: Event[RiskReported]) -> MediationCaseRow:
    return remembered(row, e, risks=(*row.risks, e.fact.risk))


@cases.on(EvidenceAttached)
def evidenced(row: MediationCaseRow, e: Event[EvidenceAttached]) -> MediationCaseRow:
    return remembered(row, e, evidence=(*row.evidence, e.fact.piece))


OUTCOMES: Mapping[type[Fact], MediationOutcome] = {
    CaseDeclined: MediationOutcome.DECLINED,
    CaseWithdrawn: MediationOutcome.WITHDRAWN,
    MediationTerminated: MediationOutcome.TERMINATED,
    AgreementReached: MediationOutcome.RESOLVED,
}


@cases.on(*OUTCOMES)
def concluded(row: MediationCaseRow, e: Event[Fact]) -> MediationCaseRow:
    return remembered(row, e, outcome=OUTCOMES[type(e.fact)], concluded_on=e.envelope.effective_on)


@cases.on(AgreementHeldInvalid, CaseReopened)
def begun_anew(row: MediationCaseRow, e: Event[Fact]) -> MediationCaseRow:
    bare = dict.fromkeys(
        (
            "outcome",
            "concluded_on",
            "agreement_form",
            "content",
            "agreement",
            "agreed_amount",
            "effect_on",
            "performance_due",
            "performance",
            "visited_on",
        )
    )
    return remembered(row, e, **bare)


@cases.on(CaseHandedOver)
def handed_over(row: MediationCaseRow, e: Event[CaseHandedOver]) -> MediationCaseRow:
    return replace(row, body_id=e.fact.body, chamber_id=e.fact.chamber, division_id=e.fact.division)


OF_CASES: tuple[type[Fact], ...] = (
    CaseApplied, CaseAccepted, RightsExplained, MediatorReplaced, RiskReported, EvidenceAttached, *OUTCOMES,
    AgreementHeldInvalid, CaseReopened, CaseHandedOver,
)  # fmt: skip


@cases.on(*facts_of(MediationCase, *OF_CASES))
def case_said(row: MediationCaseRow, e: Event[Fact]) -> MediationCaseRow:
    return remembered(row, e)


@sessions.on(SessionHeld, key=lambda e: (e.originator_id, e.fact.session))
def met(_: MediationSessionRow | None, e: Event[SessionHeld]) -> MediationSessionRow:
    fact = e.fact
    return MediationSessionRow(
        case_id=e.originator_id,
        session=fact.session,
        chamber_id=fact.chamber,
        division_id=place_of(e),
        held_on=fact.held_on,
        mode=fact.mode,
        attendees=fact.attendees,
        summary=fact.summary,
    )


@follow_ups.on(FollowUpRecorded, key=lambda e: (e.originator_id, e.fact.follow_up))
def visited(_: FollowUpRow | None, e: Event[FollowUpRecorded]) -> FollowUpRow:
    fact = e.fact
    return FollowUpRow(
        case_id=e.originator_id,
        follow_up=fact.follow_up,
        chamber_id=fact.chamber,
        division_id=place_of(e),
        visited_on=fact.visited_on,
        performance=fact.performance,
        summary=fact.summary,
    )


def _numbered(e: Event[CaseHandedOver], last: int) -> list[Key]:
    return [(e.originator_id, number) for number in range(1, last + 1)]


@sessions.each(CaseHandedOver, keys=lambda e: _numbered(e, e.fact.sessions))
def session_moved(row: MediationSessionRow, e: Event[CaseHandedOver], _: Key) -> MediationSessionRow:
    return replace(row, chamber_id=e.fact.chamber, division_id=e.fact.division)


@follow_ups.each(CaseHandedOver, keys=lambda e: _numbered(e, e.fact.follow_ups))
def follow_up_moved(row: FollowUpRow, e: Event[CaseHandedOver], _: Key) -> FollowUpRow:
    return replace(row, chamber_id=e.fact.chamber, division_id=e.fact.division)
