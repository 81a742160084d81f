"""Which facts take a person through the procedure before an appointment, up to an election?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from service.domain.appointment_candidacy import (
    CandidateApproved,
    EvaluationRecorded,
    InspectionRecorded,
    Nominated,
    PreAppointmentTalkHeld,
    PublicNoticeOpened,
    UnitedFrontConsented,
)
from service.domain.appointment_record import (
    CandidateInspection,
    Election,
    Evaluation,
    PreAppointmentTalk,
    appointment_id,
)
from service.domain.appointment_tenure import Elected
from service.domain.chamber_terms import OfficerPost
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, At, Facts, Given

INSPECTORS = (UUID(int=101), UUID(int=102))
TALKER = UUID(int=103)
TALKED_ON, NOTICED_ON = date(2025, 1, 10), date(2025, 1, 13)
APPROVED_ON, HELD_ON = date(2025, 1, 21), date(2025, 3, 1)
TERM_FROM, TERM_UNTIL = HELD_ON, date(2030, 3, 1)
DIGEST = "0" * 64
VOTES: Mapping[str, Any] = {
    "held_on": HELD_ON,
    "entitled": 30,
    "present": 24,
    "votes_for": 20,
    "votes_against": 3,
    "abstentions": 1,
}
ELECTED = Elected(Election(**VOTES), TERM_FROM, TERM_UNTIL)


def nominated(person: UUID, post: OfficerPost = OfficerPost.PRESIDENT, term: int = 1) -> Facts:
    """Put forward."""
    return (At(Nominated(CHAMBER, TOWNSHIP_ID, post, person, "某人", term, "筹备组"), by="who nominated"),)


def evaluated(person: UUID) -> Facts:
    """Evaluated."""
    return (*nominated(person), EvaluationRecorded(Evaluation("符合条件", DIGEST)))


def inspected(person: UUID) -> Facts:
    """Inspected by two."""
    inspection = CandidateInspection(INSPECTORS, date(2025, 1, 6), "群众基础好")
    return (*evaluated(person), At(InspectionRecorded(inspection), by="who inspected"))


def talked(person: UUID) -> Facts:
    """Talked to."""
    talk = PreAppointmentTalk(TALKER, TALKED_ON, ("履职尽责",))
    return (*inspected(person), PreAppointmentTalkHeld(talk))


def ready(person: UUID) -> Facts:
    """Public notice and consent."""
    agreed = At(UnitedFrontConsented(), by="who consented")
    return (*talked(person), PublicNoticeOpened(NOTICED_ON, "公示栏"), agreed)


def approved(person: UUID) -> Facts:
    """Approved."""
    return (*ready(person), At(CandidateApproved(), APPROVED_ON))


def cleared(world: Given, *persons: UUID) -> Given:
    """Let persons be approved as the chamber's first president."""
    for each in persons:
        world.also(*approved(each), of=appointment_id(CHAMBER, OfficerPost.PRESIDENT, each))
    return world


def elected(person: UUID) -> Facts:
    """In office."""
    return (*approved(person), At(ELECTED, HELD_ON))
