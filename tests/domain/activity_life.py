"""Which facts bring an activity to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from service.domain.activity import Activity, ActivityCancelled, ActivityHeld, ActivityPlanned
from service.domain.activity_terms import ActivityKind, ActivityState, ActivityTopic, Counterpart
from service.domain.roles import Role
from tests.domain.harness import TOWNSHIP, TOWNSHIP_ID
from tests.domain.life import Life

ACTIVITY = UUID(int=71)
PLANNED = ActivityPlanned(
    TOWNSHIP_ID,
    date(2025, 4, 1),
    ActivityKind.VISIT,
    "走访考城镇",
    (ActivityTopic.RURAL_REVITALISATION,),
    counterpart=Counterpart.TOWNSHIP_PARTY_SECRETARY,
)
HELD = (PLANNED, ActivityHeld(ActivityKind.VISIT, 6))
VISIT = {
    "kind": "VISIT",
    "title": "走访考城镇",
    "topics": ["RURAL_REVITALISATION"],
    "counterpart": "TOWNSHIP_PARTY_SECRETARY",
}

LIFE = Life(
    record=Activity,
    id=ACTIVITY,
    lifecycles={"Activity": ActivityState},
    actors={"organiser": {Role.CITY_FIC, Role.COUNTY_FIC, Role.CITY_UFWD, Role.JOINT_MEETING_OFFICE}},
    lives={
        ActivityState.PLANNED: (PLANNED,),
        ActivityState.HELD: HELD,
        ActivityState.CANCELLED: (PLANNED, ActivityCancelled(ActivityKind.VISIT)),
    },
    inputs={
        "plan": {"division": TOWNSHIP, "planned_for": "2025-04-01", "particulars": VISIT},
        "record_held": {"division": TOWNSHIP, "attendees": 6, "particulars": VISIT},
        "hold": {"attendees": 6},
        "obtain_support": {"support": "支持建会"},
    },
)
