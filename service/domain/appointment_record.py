"""What is known of an appointment at any moment, and by which name is it found?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from service.domain.appointment_terms import AppointmentState, TermEnding
from service.domain.chamber_record import PREPARERS
from service.domain.chamber_terms import OfficerPost
from service.domain.claim import Records
from service.domain.identifiers import name_id
from service.domain.record import Record
from service.domain.value import Value

FIRST_TERM = 1
"""The term that a chamber's founding meeting elects."""
TERM, OFFICE_HOLDER = "term", "office-holder"
"""What somebody elected claims: a post that only one person holds, and his own one post in the chamber."""
SINGLE_POSTS = (OfficerPost.PRESIDENT, OfficerPost.SECRETARY_GENERAL)
NOMINATORS = PREPARERS
CLEARED = (AppointmentState.APPROVED, AppointmentState.IN_OFFICE)
"""The states of whoever has been through the procedure and may be elected, or has been."""


def appointment_id(chamber: UUID, post: OfficerPost, person: UUID, term: int = FIRST_TERM) -> UUID:
    """The id of a person's appointment to a post of a chamber for a term."""
    return name_id(f"appointment/{chamber}/{post}/{person}/{term}")


class Evaluation(Value, frozen=True):
    """综合评价 | What the United Front department found, with the SHA-256 of its report."""

    summary: str
    sha256: str


class CandidateInspection(Value, frozen=True):
    """组织考察 | Who inspected a candidate on site, when, and what they found."""

    inspectors: tuple[UUID, ...]
    inspected_on: date
    findings: str


class PreAppointmentTalk(Value, frozen=True):
    """任前谈话 | Who talked with a candidate, when, and what the candidate committed himself to."""

    talker: UUID
    held_on: date
    commitments: tuple[str, ...]


class Election(Value, frozen=True):
    """选举 | How many were entitled to vote and present, and how those present voted."""

    held_on: date
    entitled: int
    present: int
    votes_for: int
    votes_against: int
    abstentions: int


class AppointmentRecord(Record):
    """All fields of an appointment; the modules that bring its commands build on it.

    `division` is the chamber's township, `name` the person's, `nominator` the body that put the person forward.
    """

    state: AppointmentState | None = None
    chamber: UUID | None = None
    division: UUID | None = None
    post: OfficerPost | None = None
    person: UUID | None = None
    name: str = ""
    term: int = 0
    nominator: str = ""
    evaluation: Evaluation | None = None
    inspection: CandidateInspection | None = None
    talk: PreAppointmentTalk | None = None
    noticed_on: date | None = None
    published_in: str = ""
    united_front_consented: bool = False
    approved_on: date | None = None
    election: Election | None = None
    term_from: date | None = None
    term_until: date | None = None
    extended: bool = False
    ending: TermEnding | None = None
    ended_on: date | None = None

    @property
    def cleared(self) -> bool:
        """Whether the person has been evaluated, inspected, talked to and approved."""
        return self.state in CLEARED


def first_candidacy(chamber: UUID, person: UUID, records: Records) -> AppointmentRecord:
    """How far a person has come who is to be the chamber's first president."""
    return records.get(AppointmentRecord, appointment_id(chamber, OfficerPost.PRESIDENT, person))
