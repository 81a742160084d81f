"""Which rows are kept of supervisions, their visits and findings, and of the townships and units supervised?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from projections.engine.row import RecordRow, Row
from projections.engine.table import table
from service.domain.organ_kind import OrganKind
from service.domain.supervision_terms import FindingCause, FindingSeverity, FindingState, SupervisionState


@table(
    "supervision",
    key=("id",),
    indexes=(("planned_on", "id"), ("division_id", "planned_on"), ("state", "planned_on", "id")),
)
class SupervisionRow(RecordRow, kw_only=True):
    """A supervision as it stands. `coverage` is the share of the townships listed that were visited, from 0 to 1."""

    division_id: UUID
    title: str
    team: tuple[OrganKind, ...]
    state: SupervisionState
    since: date
    planned_on: date
    started_on: date | None = None
    reported_on: date | None = None
    units_listed: int = 0
    units_visited: int = 0
    coverage: Decimal = Decimal(0)
    findings_raised: int = 0
    findings_open: int = 0
    summary: str | None = None


@table(
    "visit",
    key=("supervision_id", "number"),
    indexes=(("visited_on", "supervision_id", "number"), ("division_id", "visited_on", "supervision_id", "number")),
    dated="visited_on",
)
class VisitRow(Row, kw_only=True):
    """One visit to a township. `number` is the supervision's version with it: later visits have higher ones."""

    supervision_id: UUID
    number: int
    division_id: UUID
    visited_on: date
    visitors: int
    observations: str
    follow_up: bool


@table(
    "finding",
    key=("id",),
    indexes=(
        ("raised_on", "id"),
        ("supervision_id", "raised_on", "id"),
        ("division_id", "raised_on", "id"),
        ("state", "raised_on", "id"),
        ("due_on", "id"),
    ),
)
class FindingRow(Row, kw_only=True):
    """What a visit found amiss. `settled_on` is when it was verified or withdrawn; till then it is open."""

    id: UUID
    supervision_id: UUID
    division_id: UUID
    cause: FindingCause
    severity: FindingSeverity
    description: str
    state: FindingState
    since: date
    raised_on: date
    open: bool = True
    measure: str | None = None
    due_on: date | None = None
    outcome: str | None = None
    evidence: tuple[str, ...] = ()
    rejections: int = 0
    settled_on: date | None = None


@table(
    "supervised_township",
    key=("supervision_id", "division_id"),
    indexes=(("division_id", "supervision_id"), ("unit_id", "supervision_id", "division_id")),
)
class SupervisedTownshipRow(Row, kw_only=True):
    """A township on the list of a supervision, and the unit that answered for it; `visited_on` is the first visit."""

    supervision_id: UUID
    division_id: UUID
    unit_id: UUID
    visited_on: date | None = None
    visits: int = 0
    findings_raised: int = 0
    findings_open: int = 0


@table("supervised_unit", key=("supervision_id", "unit_id"))
class SupervisedUnitRow(Row, kw_only=True):
    """How many townships of a unit a supervision lists and has visited, and what it found there."""

    supervision_id: UUID
    unit_id: UUID
    townships: int
    visited: int
    findings_raised: int
    findings_open: int
