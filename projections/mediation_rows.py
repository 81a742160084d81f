"""Which rows are kept of mediation: bodies, mediators, cases, sessions, follow-ups, and their sums?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import auto
from uuid import UUID

from projections.engine.row import RecordRow, Row
from projections.engine.table import table
from service.domain.mediation_record import CaseEvidence, MediationRisk, Party
from service.domain.mediation_terms import (
    AgreementForm,
    DisputeKind,
    Gender,
    MediationBodyState,
    MediationCaseState,
    MediationOpening,
    MediatorPost,
    Openness,
    Participation,
    Performance,
    Remedy,
    SessionMode,
)
from service.domain.vocabulary import Term


class MediationOutcome(Term):
    """调解结果 | How a case came to an end."""

    DECLINED = auto()
    RESOLVED = auto()
    TERMINATED = auto()
    WITHDRAWN = auto()


@table(
    "mediation_body",
    key=("id",),
    indexes=(("name", "id"), ("chamber_id", "id"), ("seat_of",), ("division_id", "state"), ("state", "name", "id")),
)
class MediationBodyRow(RecordRow, kw_only=True):
    """A mediation body as it stands; `seat_of` is its chamber for as long as it is that chamber's one body."""

    chamber_id: UUID
    seat_of: UUID | None
    division_id: UUID
    name: str
    state: MediationBodyState
    since: date
    established_on: date | None = None
    term_ends: date | None = None
    reported_on: date | None = None
    report_no: str | None = None
    open_cases: int = 0


@table("mediator", key=("body_id", "person"), indexes=(("person", "body_id"), ("division_id", "body_id")))
class MediatorRow(Row, kw_only=True):
    """Somebody who mediates for a body."""

    body_id: UUID
    division_id: UUID
    person: UUID
    name: str
    gender: Gender
    post: MediatorPost
    since: date


@table(
    "mediation_case",
    key=("id",),
    indexes=(
        ("body_id", "applied_on", "id"),
        ("chamber_id", "applied_on", "id"),
        ("division_id", "state"),
        ("applied_on", "id"),
        ("state", "since", "id"),
        ("outcome", "concluded_on", "id"),
    ),
)
class MediationCaseRow(RecordRow, kw_only=True):
    """A case as it stands; amounts in yuan."""

    body_id: UUID
    chamber_id: UUID
    division_id: UUID
    case_no: str
    kind: DisputeKind
    opening: MediationOpening
    dispute: str
    parties: tuple[Party, ...]
    state: MediationCaseState
    since: date
    applied_on: date
    amount: Decimal | None = None
    refused_by: UUID | None = None
    accepted_on: date | None = None
    participation: Participation | None = None
    led_by: str | None = None
    conclude_by: date | None = None
    openness: Openness | None = None
    rights_explained_on: date | None = None
    mediators: tuple[UUID, ...] = ()
    chosen_by_parties: bool = False
    risks: tuple[MediationRisk, ...] = ()
    evidence: tuple[CaseEvidence, ...] = ()
    outcome: MediationOutcome | None = None
    concluded_on: date | None = None
    agreement_form: AgreementForm | None = None
    content: str | None = None
    agreement: str | None = None
    agreed_amount: Decimal | None = None
    effect_on: date | None = None
    performance_due: date | None = None
    performance: Performance | None = None
    visited_on: date | None = None
    court: str | None = None
    document_no: str | None = None
    remedies: tuple[Remedy, ...] = ()
    file_digest: str | None = None


@table(
    "mediation_session",
    key=("case_id", "session"),
    indexes=(("held_on", "case_id", "session"), ("division_id", "held_on")),
    dated="held_on",
)
class MediationSessionRow(Row, kw_only=True):
    """A session of a case."""

    case_id: UUID
    session: int
    chamber_id: UUID
    division_id: UUID
    held_on: date
    mode: SessionMode
    attendees: tuple[UUID, ...]
    summary: str


@table(
    "mediation_follow_up",
    key=("case_id", "follow_up"),
    indexes=(("visited_on", "case_id", "follow_up"), ("performance", "visited_on"), ("division_id", "visited_on")),
    dated="visited_on",
)
class FollowUpRow(Row, kw_only=True):
    """What was seen of an agreement's performance."""

    case_id: UUID
    follow_up: int
    chamber_id: UUID
    division_id: UUID
    visited_on: date
    performance: Performance
    summary: str


@table("mediation_intake", key=("division_id", "kind", "day"), indexes=(("day", "division_id", "kind"),), dated="day")
class MediationIntakeRow(Row, kw_only=True):
    """How many cases were accepted in a township on a day, and what was disputed in them."""

    division_id: UUID
    kind: DisputeKind
    day: date
    cases: int
    amount: Decimal


@table(
    "mediation_outcome",
    key=("division_id", "kind", "day", "outcome"),
    indexes=(("day", "division_id", "kind", "outcome"),),
    dated="day",
)
class MediationOutcomeRow(Row, kw_only=True):
    """How many cases came to such an end in a township on a day, and what was agreed on, or disputed, in them."""

    division_id: UUID
    kind: DisputeKind
    day: date
    outcome: MediationOutcome
    cases: int
    amount: Decimal
