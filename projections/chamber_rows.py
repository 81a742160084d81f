"""Which rows does the register keep of chambers, their members, filings, inspections and mentorings?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from projections.engine.row import RecordRow, Row
from projections.engine.table import table
from service.domain.chamber_record import Announcement, Filing, Initiator, Officer, ReportPart
from service.domain.chamber_terms import (
    AbnormalGround,
    ChamberState,
    ChangeItem,
    ChangeState,
    InspectionResult,
    InspectionState,
    MemberKind,
)

Uscc = Annotated[str, Meta(extra={"scalar": "Uscc"})]


class AbnormalListing(msgspec.Struct, frozen=True, gc=False):
    """活动异常名录记录 | On which ground the chamber is listed as abnormal, and since when."""

    ground: AbnormalGround
    since: date


@table(
    "chamber",
    key=("id",),
    indexes=(
        ("name", "id"),
        ("division_id", "name"),
        ("state", "name"),
        ("uscc",),
        ("registered_on",),
        ("registrar_id", "state"),
        (),
    ),
    apart=(
        "purpose",
        "business_scope",
        "activity_area",
        "initiators",
        "officers",
        "filings",
        "announcements",
        "abnormal_listings",
        "corrections",
        "charter",
        "seal_specimen",
        "bank",
        "bank_account",
        "certificate_no",
        "full_time_staff",
        "legal_representative",
        "founding_meeting_on",
        "filed_on",
        "suspended_until",
        "liquidation_ended_on",
        "audited_on",
    ),
)
class ChamberRow(RecordRow, kw_only=True):
    """A chamber as it stands."""

    division_id: UUID
    supervisor_id: UUID
    registrar_id: UUID
    name: str
    state: ChamberState
    since: date
    name_checked: bool = False
    uscc: Uscc | None = None
    certificate_no: str | None = None
    registered_on: date | None = None
    domicile: str | None = None
    purpose: str | None = None
    business_scope: str | None = None
    activity_area: str | None = None
    funds: Decimal | None = None
    full_time_staff: int | None = None
    legal_representative: UUID | None = None
    initiators: tuple[Initiator, ...] = ()
    officers: tuple[Officer, ...] = ()
    filings: tuple[Filing, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    abnormal_listings: tuple[AbnormalListing, ...] = ()
    corrections: tuple[str, ...] = ()
    charter: str | None = None
    founding_meeting_on: date | None = None
    filed_on: date | None = None
    suspended_until: date | None = None
    liquidation_ended_on: date | None = None
    audited_on: date | None = None
    seal_specimen: str | None = None
    bank: str | None = None
    bank_account: str | None = None
    unit_members: int = 0
    individual_members: int = 0


@table("chamber_member", key=("chamber_id", "id"), indexes=(("id",), ("chamber_id", "name", "id")))
class MemberRow(Row, kw_only=True):
    """A member of a chamber."""

    chamber_id: UUID
    id: UUID
    kind: MemberKind
    name: str
    uscc: Uscc | None
    admitted_on: date


@table("change_filing", key=("id",), indexes=(("chamber_id", "requested_on", "id"), ("state", "since", "id")))
class ChangeFilingRow(Row, kw_only=True):
    """The filing of one change of a registered item or the charter."""

    id: UUID
    chamber_id: UUID
    division_id: UUID
    item: ChangeItem
    value: str
    state: ChangeState
    requested_on: date
    since: date
    late: bool = False


@table(
    "annual_inspection", key=("chamber_id", "year"), indexes=(("year", "state", "chamber_id"), ("division_id", "year"))
)
class InspectionRow(Row, kw_only=True):
    """The inspection of one year of a chamber."""

    chamber_id: UUID
    year: int
    division_id: UUID
    state: InspectionState
    since: date
    contents: tuple[ReportPart, ...] = ()
    late: bool = False
    result: InspectionResult | None = None


@table("mentoring", key=("mentor_id", "mentee_id"), indexes=(("mentee_id", "mentor_id"),))
class MentoringRow(Row, kw_only=True):
    """A chamber that helps another along."""

    mentor_id: UUID
    mentee_id: UUID
    started_on: date
