"""商会 | What may be asked about chambers, their members, filings and inspections?"""

from __future__ import annotations

from uuid import UUID

import strawberry

from projections.chamber_rows import ChamberRow, ChangeFilingRow, InspectionRow, MemberRow, MentoringRow
from schema.audit import Audited
from schema.views import View, every, many, one, view
from service.domain.chamber_terms import ChamberState, MemberKind

PUBLIC = ("state", (ChamberState.REGISTERED, ChamberState.SUSPENDED, ChamberState.DEREGISTERED))
"""The chambers whose registration has been announced (条例第二十三条)."""


@view(
    ChamberRow,
    place="division_id",
    public=PUBLIC,
    hide=("legal_representative", "seal_specimen", "bank", "bank_account"),
)
class Chamber(View, Audited):
    """商会 | The chamber of commerce of a township or sub-district, from its preparation on."""

    division = one("schema.divisions.Division", by="division_id")
    supervisor = one("schema.divisions.Division", by="supervisor_id")
    registrar = one("schema.divisions.Division", by="registrar_id")
    members = many("schema.chambers.Member", of="chamber_id", order=("name", "id"))
    changes = many("schema.chambers.ChangeFiling", of="chamber_id", order=("requested_on", "id"))
    inspections = many("schema.chambers.AnnualInspection", of="chamber_id", order=("-year",))
    appointments = many("schema.appointments.Appointment", of="chamber_id", order=("post", "-term", "id"))
    mentees = many("schema.chambers.Mentoring", of="mentor_id", order=("started_on", "mentee_id"))
    mentors = many("schema.chambers.Mentoring", of="mentee_id", order=("started_on", "mentor_id"))
    assessments = many("schema.assessments.Assessment", of="chamber_id", order=("-year", "id"))
    issues = many("schema.issues.Issue", of="chamber_id", order=("-raised_on", "id"))
    mediation_body = one("schema.mediation.MediationBody", by="id", to="seat_of", required=False)
    mediation_bodies = many("schema.mediation.MediationBody", of="chamber_id", order=("since", "id"))
    mediation_cases = many("schema.mediation.MediationCase", of="chamber_id", order=("-applied_on", "id"))
    party_branches = many("schema.party_branches.PartyBranch", of="chamber_id", order=("-since", "id"))
    recognitions = many("schema.recognitions.Recognition", of="chamber_id", order=("-cycle", "id"))
    contributions = many("schema.contributions.Contribution", of="chamber_id", order=("-contributed_on", "id"))
    pipeline = one("schema.coverage.PipelineEntry", by="id", to="chamber_id", required=False)


@view(MemberRow, public=("kind", (MemberKind.UNIT,)))
class Member(View):
    """会员 | A member of a chamber: a unit or an individual."""

    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)


@view(ChangeFilingRow, place="division_id")
class ChangeFiling(View):
    """变更登记 | The filing of one change of a registered item or of the charter."""

    id: UUID
    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)


@view(InspectionRow, place="division_id")
class AnnualInspection(View):
    """年度检查 | The inspection of one year of a chamber."""

    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)


@view(MentoringRow)
class Mentoring(View):
    """结对帮带 | A chamber that helps another along."""

    mentor = one("schema.chambers.Chamber", by="mentor_id", required=False)
    mentee = one("schema.chambers.Chamber", by="mentee_id", required=False)


@strawberry.type
class Questions:
    """What may be asked at the root."""

    chambers = every(Chamber, order=("name", "id"))
    change_filings = every(ChangeFiling, order=("requested_on", "id"))
    annual_inspections = every(AnnualInspection, order=("-year", "chamber_id"))
