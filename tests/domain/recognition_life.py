"""Which facts bring a recognition to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from service.domain.identifiers import name_id
from service.domain.recognition import Recognition
from service.domain.recognition_record import (
    Applied,
    Conferred,
    Declined,
    Expired,
    ObjectionRaised,
    PublicNoticeGiven,
    RecognitionRevoked,
    Reviewed,
)
from service.domain.recognition_terms import RecognitionKind, RecognitionState
from service.domain.roles import Role
from tests.domain.chamber_life import REGISTERED
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, At, Facts, Given
from tests.domain.life import Life

HONOUR = name_id(f"recognition/FOUR_GOOD/{CHAMBER}/2024")
NOTICED_UNTIL, CONFERRED_ON, LAST_DAY = date(2024, 4, 12), date(2024, 4, 15), date(2026, 4, 15)

APPLIED: Facts = (At(Applied(RecognitionKind.FOUR_GOOD, 2024, TOWNSHIP_ID, CHAMBER), date(2024, 3, 1), "who applied"),)
REVIEWED: Facts = (*APPLIED, At(Reviewed(Decimal("92.50")), date(2024, 3, 20), "who reviewed"))
NOTICED: Facts = (*REVIEWED, At(PublicNoticeGiven(NOTICED_UNTIL), date(2024, 4, 1)))
CONFERRED: Facts = (*NOTICED, At(Conferred(valid_until=LAST_DAY), CONFERRED_ON))
OBJECTED: Facts = (ObjectionRaised(1, "材料不实"),)
LIVES: Mapping[StrEnum, Facts] = {
    RecognitionState.APPLIED: APPLIED,
    RecognitionState.REVIEWED: REVIEWED,
    RecognitionState.NOTICED: NOTICED,
    RecognitionState.CONFERRED: CONFERRED,
    RecognitionState.DECLINED: (*REVIEWED, Declined()),
    RecognitionState.EXPIRED: (*CONFERRED, Expired()),
    RecognitionState.REVOKED: (*CONFERRED, RecognitionRevoked()),
}
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "apply": {"kind": "FOUR_GOOD", "cycle": 2024, "chamber": CHAMBER},
    "review": {"score": "92.50"},
    "raise_objection": {"content": "材料不实"},
    "dismiss_objection": {"number": 1},
}
PREREQUISITES: Mapping[str, Facts] = {
    "dismiss_objection": OBJECTED,
    "decline": OBJECTED,
}


def registered_chamber(world: Given) -> Given:
    """The chamber of 考城镇 is registered."""
    return world.also(*REGISTERED, of=CHAMBER)


LIFE = Life(
    record=Recognition,
    id=HONOUR,
    lifecycles={"Recognition": RecognitionState},
    actors={
        "county FIC": {Role.COUNTY_FIC, Role.CITY_FIC},
        "reviewer": {Role.COUNTY_FIC, Role.CITY_FIC},
        "city FIC": {Role.CITY_FIC},
        "awarding body": {Role.CITY_FIC, Role.ORGANISATION_DEPARTMENT, Role.COUNTY_FIC, Role.REGISTRAR},
        "timer": {Role.TIMER},
    },
    lives=LIVES,
    inputs=INPUTS,
    prerequisites=PREREQUISITES,
    around=registered_chamber,
)
