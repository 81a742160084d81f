"""What does the register say of each chamber: its items, its people, its members, its filings and its inspections?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from projections.chamber_rows import (
    AbnormalListing,
    ChamberRow,
    ChangeFilingRow,
    InspectionRow,
    MemberRow,
    MentoringRow,
)
from projections.engine.projection import Projection
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from service.domain import chamber_filings as filing
from service.domain import chamber_inspections as inspecting
from service.domain.chamber import Chamber
from service.domain.chamber_closing import ActivitiesResumed
from service.domain.chamber_founding import DocumentAttached
from service.domain.chamber_membership import MemberAdmitted, MemberLeft
from service.domain.chamber_officers import LeftOffice, TookOffice
from service.domain.chamber_preparation import InitiatorAdded, InitiatorRemoved, OfficersProposed, PreparationStarted
from service.domain.chamber_registration import FiledForRegistration, RegistrationGranted, ReturnedForCorrection
from service.domain.chamber_supervision import (
    Announced,
    Delisted,
    ListedAbnormal,
    MentoringEnded,
    MentoringStarted,
)
from service.domain.chamber_terms import (
    ChamberState,
    ChangeItem,
    ChangeState,
    InspectionState,
    MemberKind,
)
from service.domain.record import Fact

chambers, members = View(ChamberRow), View(MemberRow)
changes, inspections, mentoring = View(ChangeFilingRow), View(InspectionRow), View(MentoringRow)


@chambers.on(PreparationStarted)
def prepared(_: ChamberRow | None, e: Event[PreparationStarted]) -> ChamberRow:
    fact = e.fact
    return ChamberRow(
        division_id=fact.division,
        supervisor_id=fact.supervisor,
        registrar_id=fact.registrar,
        name=fact.name,
        state=ChamberState.PREPARING,
        since=e.envelope.effective_on,
    )


@chambers.on(InitiatorAdded)
def initiator_added(row: ChamberRow, e: Event[InitiatorAdded]) -> ChamberRow:
    return remembered(row, e, initiators=(*row.initiators, e.fact.initiator))


@chambers.on(InitiatorRemoved)
def initiator_removed(row: ChamberRow, e: Event[InitiatorRemoved]) -> ChamberRow:
    return remembered(row, e, initiators=tuple(i for i in row.initiators if i.person != e.fact.person))


@chambers.on(OfficersProposed)
def officers_proposed(row: ChamberRow, e: Event[OfficersProposed]) -> ChamberRow:
    still = row.legal_representative in {officer.person for officer in e.fact.officers}
    return remembered(row, e, legal_representative=row.legal_representative if still else None)


@chambers.on(TookOffice)
def took_office(row: ChamberRow, e: Event[TookOffice]) -> ChamberRow:
    others = (officer for officer in row.officers if officer.person != e.fact.officer.person)
    return remembered(row, e, officers=(*others, e.fact.officer))


@chambers.on(LeftOffice)
def left_office(row: ChamberRow, e: Event[LeftOffice]) -> ChamberRow:
    return remembered(row, e, officers=tuple(o for o in row.officers if o.person != e.fact.person))


@chambers.on(DocumentAttached)
def attached(row: ChamberRow, e: Event[DocumentAttached]) -> ChamberRow:
    draft = e.fact.filing.kind == "CHARTER_DRAFT"
    filings = (*row.filings, e.fact.filing)
    return remembered(row, e, filings=filings, charter=e.fact.filing.sha256 if draft else row.charter)


@chambers.on(ReturnedForCorrection)
def returned(row: ChamberRow, e: Event[ReturnedForCorrection]) -> ChamberRow:
    return remembered(row, e, filed_on=None)


@chambers.on(FiledForRegistration)
def filed(row: ChamberRow, e: Event[FiledForRegistration]) -> ChamberRow:
    return remembered(row, e, filed_on=e.envelope.effective_on)


@chambers.on(RegistrationGranted)
def registered(row: ChamberRow, e: Event[RegistrationGranted]) -> ChamberRow:
    return remembered(row, e, registered_on=e.envelope.effective_on)


@chambers.on(ActivitiesResumed)
def resumed(row: ChamberRow, e: Event[ActivitiesResumed]) -> ChamberRow:
    return remembered(row, e, suspended_until=None)


@chambers.on(MemberAdmitted)
def member_admitted(row: ChamberRow, e: Event[MemberAdmitted]) -> ChamberRow:
    return remembered(row, e, **_counted(row, e.fact.member.kind, +1))


@chambers.on(MemberLeft)
def member_left(row: ChamberRow, e: Event[MemberLeft]) -> ChamberRow:
    return remembered(row, e, **_counted(row, e.fact.kind, -1))


@chambers.on(Announced)
def announced(row: ChamberRow, e: Event[Announced]) -> ChamberRow:
    return remembered(row, e, announcements=(*row.announcements, e.fact.announcement))


@chambers.on(ListedAbnormal)
def listed(row: ChamberRow, e: Event[ListedAbnormal]) -> ChamberRow:
    listing = AbnormalListing(e.fact.ground, e.envelope.effective_on)
    return remembered(row, e, abnormal_listings=(*row.abnormal_listings, listing))


@chambers.on(Delisted)
def delisted(row: ChamberRow, e: Event[Delisted]) -> ChamberRow:
    return remembered(row, e, abnormal_listings=tuple(x for x in row.abnormal_listings if x.ground != e.fact.ground))


@chambers.on(filing.ChangeApproved)
def change_approved(row: ChamberRow, e: Event[filing.ChangeApproved]) -> ChamberRow:
    item, value = e.fact.item, e.fact.value
    column = {ChangeItem.SUPERVISOR: "supervisor_id"}.get(item, item.lower())
    return replace(row, **{column: msgspec.convert(value, filing.TYPES.get(item, str), strict=False)})


OWN = (
    PreparationStarted, InitiatorAdded, InitiatorRemoved, OfficersProposed, TookOffice, LeftOffice, DocumentAttached,
    ReturnedForCorrection, FiledForRegistration, RegistrationGranted, ActivitiesResumed, MemberAdmitted, MemberLeft,
    Announced, ListedAbnormal, Delisted, filing.ChangeApproved,
)  # fmt: skip
"""The facts that say more to the register than their fields."""


@chambers.on(*facts_of(Chamber, *OWN))
def said(row: ChamberRow, e: Event[Fact]) -> ChamberRow:
    return remembered(row, e)


def _counted(row: ChamberRow, kind: MemberKind, more: int) -> Mapping[str, Any]:
    column = "unit_members" if kind is MemberKind.UNIT else "individual_members"
    return {column: getattr(row, column) + more}


@members.on(MemberAdmitted, key=lambda e: (e.originator_id, e.fact.member.id))
def joined(_: MemberRow | None, e: Event[MemberAdmitted]) -> MemberRow:
    member = e.fact.member
    return MemberRow(
        chamber_id=e.originator_id,
        id=member.id,
        kind=member.kind,
        name=member.name,
        uscc=member.uscc,
        admitted_on=e.envelope.effective_on,
    )


@members.on(MemberLeft, key=lambda e: (e.originator_id, e.fact.member))
def left(_: MemberRow, __: Event[MemberLeft]) -> None:
    return None


@changes.on(filing.ChangeRequested, key=lambda e: (e.fact.change,))
def requested(_: ChangeFilingRow | None, e: Event[filing.ChangeRequested]) -> ChangeFilingRow:
    assert e.envelope.place is not None, "a chamber has its township"
    return ChangeFilingRow(
        id=e.fact.change,
        chamber_id=e.originator_id,
        division_id=e.envelope.place,
        item=e.fact.item,
        value=e.fact.value,
        state=ChangeState.REQUESTED,
        requested_on=e.envelope.effective_on,
        since=e.envelope.effective_on,
    )


@changes.on(
    filing.ChangeConsented,
    filing.ChangeFiled,
    filing.ChangeApproved,
    filing.ChangeRejected,
    key=lambda e: (e.fact.change,),
)
def change_moved(row: ChangeFilingRow, e: Event[Fact]) -> ChangeFilingRow:
    return remembered(row, e)


@inspections.on(inspecting.InspectionOpened, key=lambda e: (e.originator_id, e.fact.year))
def opened(_: InspectionRow | None, e: Event[inspecting.InspectionOpened]) -> InspectionRow:
    assert e.envelope.place is not None, "a chamber has its township"
    return InspectionRow(
        chamber_id=e.originator_id,
        year=e.fact.year,
        division_id=e.envelope.place,
        state=InspectionState.DUE,
        since=e.envelope.effective_on,
    )


@inspections.on(
    inspecting.AnnualReportFiled,
    inspecting.AnnualReportReviewed,
    inspecting.AnnualReportReturned,
    inspecting.InspectionConcluded,
    inspecting.InspectionMissed,
    key=lambda e: (e.originator_id, e.fact.year),
)
def inspection_moved(row: InspectionRow, e: Event[Fact]) -> InspectionRow:
    return remembered(row, e)


@mentoring.on(MentoringStarted, key=lambda e: (e.originator_id, e.fact.mentee))
def mentoring_started(_: MentoringRow | None, e: Event[MentoringStarted]) -> MentoringRow:
    return MentoringRow(mentor_id=e.originator_id, mentee_id=e.fact.mentee, started_on=e.envelope.effective_on)


@mentoring.on(MentoringEnded, key=lambda e: (e.originator_id, e.fact.mentee))
def mentoring_ended(_: MentoringRow, __: Event[MentoringEnded]) -> None:
    return None


chamber_register = Projection("chamber_register", chambers, members, changes, inspections, mentoring)
