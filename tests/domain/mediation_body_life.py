"""Which facts bring a mediation body to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.domain.identifiers import name_id
from service.domain.mediation_body import (
    MEDIATION_SEAT,
    BodyDissolved,
    BodyDropped,
    BodyEstablished,
    BodyProposed,
    BodySuspended,
    MediationBody,
)
from service.domain.mediation_committee import Mediator
from service.domain.mediation_terms import Gender, MediationBodyState, MediatorPost
from service.domain.roles import Role
from tests.domain.chamber_life import REGISTERED
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, Facts, Given
from tests.domain.life import Life

BODY = name_id(f"mediation-body/{CHAMBER}/1")
DIRECTOR, WOMAN, THIRD, ENGAGED = (UUID(int=n) for n in range(31, 35))
COMMITTEE = (
    Mediator(DIRECTOR, "主任", Gender.MALE, MediatorPost.DIRECTOR),
    Mediator(WOMAN, "女委员", Gender.FEMALE, MediatorPost.COMMISSIONER),
    Mediator(THIRD, "委员", Gender.MALE, MediatorPost.COMMISSIONER),
)
ESTABLISHED_ON, TERM_ENDS = date(2026, 1, 5), date(2029, 1, 5)

PROPOSED = (BodyProposed(CHAMBER, TOWNSHIP_ID, "考城镇商会人民调解委员会"),)
ACTIVE = (*PROPOSED, BodyEstablished(COMMITTEE, TERM_ENDS, ESTABLISHED_ON, "考商调〔2026〕1号"))
LIVES: Mapping[StrEnum, Facts] = {
    MediationBodyState.PROPOSED: PROPOSED,
    MediationBodyState.ACTIVE: ACTIVE,
    MediationBodyState.SUSPENDED: (*ACTIVE, BodySuspended()),
    MediationBodyState.DISSOLVED: (*ACTIVE, BodyDissolved()),
    MediationBodyState.DROPPED: (*PROPOSED, BodyDropped()),
}


def entries(*women: bool, directors: int = 1) -> list[dict[str, Any]]:
    """A committee as a caller names it, the directors first."""
    return [
        {"person": UUID(int=100 + n), "person_name": "委员", "gender": "FEMALE" if woman else "MALE"}
        | {"director": n < directors}
        for n, woman in enumerate(women)
    ]


def around(world: Given) -> Given:
    """The chamber is registered."""
    return world.also(*REGISTERED, of=CHAMBER).held(MEDIATION_SEAT, CHAMBER, BODY)


LIFE = Life(
    record=MediationBody,
    id=BODY,
    lifecycles={"MediationBody": MediationBodyState},
    actors={
        "chamber": {Role.CHAMBER_SECRETARIAT},
        "chamber + justice bureau report": {Role.CHAMBER_SECRETARIAT},
        "county FIC / justice bureau": {Role.COUNTY_FIC, Role.JUSTICE_BUREAU},
    },
    lives=LIVES,
    inputs={
        "propose": {"chamber": CHAMBER, "name": "考城镇商会人民调解委员会"},
        "establish": {
            "committee": entries(True, False, False),
            "reported_on": ESTABLISHED_ON,
            "report_no": "考商调〔2026〕1号",
        },
        "change_members": {"committee": entries(True, False, False, False)},
        "add_mediator": {"person": ENGAGED, "person_name": "调解员", "gender": "FEMALE"},
        "remove_mediator": {"person": THIRD, "ground": "RESIGNED"},
    },
    around=around,
)
