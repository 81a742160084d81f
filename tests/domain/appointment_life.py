"""Which facts bring an appointment to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from service.domain.appointment import Appointment
from service.domain.appointment_candidacy import (
    CandidateRejected,
    NominationWithdrawn,
)
from service.domain.appointment_record import appointment_id
from service.domain.appointment_tenure import TermEnded
from service.domain.appointment_terms import AppointmentState, TermEnding
from service.domain.chamber_supervision import FinancialAuditRecorded
from service.domain.chamber_terms import OfficerPost
from service.domain.roles import Role
from tests.domain.candidates import (
    DIGEST,
    INSPECTORS,
    NOTICED_ON,
    TALKED_ON,
    TALKER,
    VOTES,
    approved,
    elected,
    evaluated,
    inspected,
    nominated,
    ready,
    talked,
)
from tests.domain.chamber_life import PRESIDENT, REGISTERED
from tests.domain.harness import CHAMBER, TODAY, Facts, Given
from tests.domain.life import Life

ID = appointment_id(CHAMBER, OfficerPost.PRESIDENT, PRESIDENT)
AUDITED_ON = date(2026, 6, 1)
AUDITED = FinancialAuditRecorded(AUDITED_ON, "会计师事务所", DIGEST)

LIVES: Mapping[StrEnum, Facts] = {
    AppointmentState.NOMINATED: nominated(PRESIDENT),
    AppointmentState.EVALUATED: evaluated(PRESIDENT),
    AppointmentState.INSPECTED: inspected(PRESIDENT),
    AppointmentState.TALKED: talked(PRESIDENT),
    AppointmentState.APPROVED: approved(PRESIDENT),
    AppointmentState.IN_OFFICE: elected(PRESIDENT),
    AppointmentState.ENDED: (*elected(PRESIDENT), TermEnded(TermEnding.RESIGNED)),
    AppointmentState.REJECTED: (*nominated(PRESIDENT), CandidateRejected()),
    AppointmentState.WITHDRAWN: (*nominated(PRESIDENT), NominationWithdrawn()),
}

INPUTS: Mapping[str, Mapping[str, Any]] = {
    "nominate": {
        "chamber": CHAMBER,
        "post": "PRESIDENT",
        "person": PRESIDENT,
        "name": "会长",
        "nominator": "筹备组",
        "term": 1,
    },
    "record_evaluation": {"summary": "符合条件", "sha256": DIGEST},
    "record_inspection": {
        "inspectors": list(INSPECTORS),
        "inspected_on": date(2025, 1, 6),
        "findings": "群众基础好",
    },
    "record_pre_appointment_talk": {"talker": TALKER, "held_on": TALKED_ON, "commitments": ["履职尽责"]},
    "open_public_notice": {"noticed_on": NOTICED_ON, "published_in": "公示栏"},
    "record_election": {**VOTES, "held_on": TODAY, "term_from": TODAY, "term_until": date(2031, 6, 30)},
    "extend_term": {"term_until": date(2031, 3, 1)},
    "end_term": {"ending": "RESIGNED"},
}


def _around(world: Given) -> Given:
    """The chamber is registered, and its finances have been audited."""
    return world.also(*REGISTERED, AUDITED, of=CHAMBER)


LIFE = Life(
    record=Appointment,
    id=ID,
    lifecycles={"Appointment": AppointmentState},
    actors={
        "nominator": {Role.CHAMBER_SECRETARIAT, Role.TOWNSHIP_UF_COMMISSIONER},
        "UF department": {Role.COUNTY_UFWD_HEAD},
        "FIC inspection team (>=2 people)": {Role.COUNTY_FIC},
        "FIC leader": {Role.COUNTY_FIC_PARTY_SECRETARY},
        "FIC + UF department": {Role.COUNTY_FIC},
        "FIC / UF": {Role.COUNTY_FIC, Role.COUNTY_UFWD_HEAD},
        "secretariat": {Role.CHAMBER_SECRETARIAT},
    },
    lives=LIVES,
    inputs=INPUTS,
    prerequisites={"approve_candidate": ready(PRESIDENT)[-2:]},
    around=_around,
)
"""The United Front department's part in the approval is its consent, without which the federation cannot approve."""
