"""Who is on the way into an office of a chamber, who holds one, and who held one when?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from projections.engine.projection import Projection
from projections.engine.row import RecordRow
from projections.engine.table import table
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from service.domain.appointment import Appointment
from service.domain.appointment_candidacy import CandidateApproved, Nominated, UnitedFrontConsented
from service.domain.appointment_record import CandidateInspection, Election, Evaluation, PreAppointmentTalk
from service.domain.appointment_tenure import Elected, TermEnded, TermExtended
from service.domain.appointment_terms import AppointmentState, TermEnding
from service.domain.chamber_terms import OfficerPost
from service.domain.record import Fact


@table(
    "appointment",
    key=("id",),
    indexes=(
        ("chamber_id", "post", "term", "id"),
        ("state", "since", "id"),
        ("person", "id"),
        ("division_id", "state"),
        ("term_until", "id"),
        ("since", "id"),
    ),
)
class AppointmentRow(RecordRow, kw_only=True):
    """One person's way into a post of a chamber. Office is held from `term_from` to `in_office_until`: the last day of
    the term, or the day on which it ended before or after that.
    """

    chamber_id: UUID
    division_id: UUID
    post: OfficerPost
    person: UUID
    name: str
    term: int
    nominator: str
    state: AppointmentState
    since: date
    nominated_on: date
    evaluation: Evaluation | None = None
    inspection: CandidateInspection | None = None
    talk: PreAppointmentTalk | None = None
    noticed_on: date | None = None
    published_in: str | None = None
    united_front_consented: bool = False
    approved_on: date | None = None
    election: Election | None = None
    term_from: date | None = None
    term_until: date | None = None
    extended: bool = False
    ending: TermEnding | None = None
    in_office_until: date | None = None


rows = View(AppointmentRow)


@rows.on(Nominated)
def nominated(_: AppointmentRow | None, e: Event[Nominated]) -> AppointmentRow:
    fact, on = e.fact, e.envelope.effective_on
    return AppointmentRow(
        chamber_id=fact.chamber,
        division_id=fact.division,
        post=fact.post,
        person=fact.person,
        name=fact.name,
        term=fact.term,
        nominator=fact.nominator,
        state=AppointmentState.NOMINATED,
        since=on,
        nominated_on=on,
    )


@rows.on(UnitedFrontConsented)
def consented(row: AppointmentRow, e: Event[UnitedFrontConsented]) -> AppointmentRow:
    return remembered(row, e, united_front_consented=True)


@rows.on(CandidateApproved)
def approved(row: AppointmentRow, e: Event[CandidateApproved]) -> AppointmentRow:
    return remembered(row, e, approved_on=e.envelope.effective_on)


@rows.on(Elected)
def elected(row: AppointmentRow, e: Event[Elected]) -> AppointmentRow:
    return remembered(row, e, in_office_until=e.fact.term_until)


@rows.on(TermExtended)
def extended(row: AppointmentRow, e: Event[TermExtended]) -> AppointmentRow:
    return remembered(row, e, extended=True, in_office_until=e.fact.term_until)


@rows.on(TermEnded)
def ended(row: AppointmentRow, e: Event[TermEnded]) -> AppointmentRow:
    return remembered(row, e, in_office_until=e.envelope.effective_on)


@rows.on(*facts_of(Appointment, Nominated, UnitedFrontConsented, CandidateApproved, Elected, TermExtended, TermEnded))
def moved(row: AppointmentRow, e: Event[Fact]) -> AppointmentRow:
    return remembered(row, e)


appointments = Projection("appointments", rows)
