"""考核对象 | Whose year is assessed, and under which edition of the scheme?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from service.domain.appointment import Appointment
from service.domain.appointment_terms import AppointmentState
from service.domain.assessment_record import AssessmentOpened, AssessmentRecord, assessment_id
from service.domain.assessment_terms import ASSESSMENT_RULES, ASSESSORS, OFFICES
from service.domain.chamber_terms import OfficerPost
from service.domain.claim import Claims, Records
from service.domain.command import NEW, command
from service.domain.division import TOWNSHIPS, UNITS, Divisions
from service.domain.identifiers import AppointmentId, DivisionCode, Year
from service.domain.refusal import InvalidInput, NotFound, require
from service.domain.scheme import in_force
from service.domain.scheme_record import AssessmentBegun
from service.domain.scheme_terms import SUBJECTS, SchemeKind, SubjectKind


class Opening(AssessmentRecord):
    """The command that begins an assessment."""

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID:
        """The id by kind, subject and year: nobody is assessed twice for the same."""
        return assessment_id(arguments["kind"], _subject(arguments, divisions), arguments["year"])

    @command(by=ASSESSORS, when=NEW, basis=ASSESSMENT_RULES)
    def open(
        self,
        kind: SchemeKind,
        year: Year,
        appointment: AppointmentId | None = None,
        division: DivisionCode | None = None,
        *,
        claims: Claims,
        divisions: Divisions,
        records: Records,
        on: date,
    ) -> AssessmentOpened:
        """开始考核 | Open the assessment of a year: of a president, by the appointment, or of a county or township."""
        require(kind in OFFICES, RECOGNISED, path=("kind",))
        require(year <= on.year, YEAR_TO_COME, path=("year",))
        presidents = SUBJECTS[kind] is SubjectKind.PRESIDENT
        require(presidents == (appointment is not None), OTHER_SUBJECT, path=("kind",))
        if appointment is not None:
            place, chamber = _office(records.get(Appointment, appointment), year)
        else:
            place, chamber = _place(kind, division or "", divisions), None
        scheme = in_force(kind, year, claims, records)
        records.add(scheme, AssessmentBegun(self.id))
        return AssessmentOpened(kind, scheme.id, appointment or place, place, chamber, year)


def _subject(arguments: Mapping[str, Any], divisions: Divisions) -> UUID:
    """The id of who or what is assessed."""
    appointment, division = arguments.get("appointment"), arguments.get("division")
    if (appointment is None) == (division is None):
        raise InvalidInput(ONE_SUBJECT, path=("division",))
    if appointment is None:
        return divisions.open(str(division), "division").id
    found: UUID = appointment
    return found


def _office(office: Appointment, year: int) -> tuple[UUID, UUID]:
    """Where a president is in office, and of which chamber."""
    if not office.exists or office.division is None or office.chamber is None:
        raise NotFound(NO_APPOINTMENT, path=("appointment",))
    presiding = office.post is OfficerPost.PRESIDENT and office.state is AppointmentState.IN_OFFICE
    require(presiding, NOT_PRESIDENT, path=("appointment",))
    since = office.term_from.year if office.term_from else year
    require(since <= year, NOT_YET, path=("year",), since=since)
    return office.division, office.chamber


def _place(kind: SchemeKind, code: str, divisions: Divisions) -> UUID:
    """The county or township, which must be what the scheme is for."""
    kinds = UNITS if SUBJECTS[kind] is SubjectKind.COUNTY else TOWNSHIPS
    place = divisions.open(code, "division")
    require(place.kind in kinds, OTHER_SUBJECT, path=("division",))
    return place.id


RECOGNISED = "商会与党组织不作年度考核，请办理认定 | Chambers and branches are not assessed by year, but recognised"
YEAR_TO_COME = "该年度尚未开始 | That year has not begun"
ONE_SUBJECT = "须指明一名会长或一个区划，且只能一个 | Name one president's appointment or one division, not both"
OTHER_SUBJECT = "该类方案不考核此对象 | A scheme of this kind is not for such a subject"
NO_APPOINTMENT = "没有该任职 | There is no such appointment"
NOT_PRESIDENT = "只考核在任会长 | Only a president in office is assessed"
NOT_YET = "该会长自 {since} 年起任职 | This president has been in office since {since} only"
