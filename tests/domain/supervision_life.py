"""Which facts bring a supervision and its finding to each of their states, and what would each command accept?"""

from __future__ import annotations

from service.domain.division import DivisionKind
from service.domain.identifiers import name_id
from service.domain.organ_kind import OrganKind
from service.domain.supervision import (
    Supervision,
    SupervisionCancelled,
    SupervisionClosed,
    SupervisionPlanned,
    SupervisionReported,
    SupervisionStarted,
    UnitsListed,
    UnitVisited,
)
from service.domain.supervision_findings import (
    FindingRaised,
    FindingWithdrawn,
    RectificationPlanned,
    RectificationSubmitted,
    RectificationVerified,
)
from service.domain.supervision_record import ListedUnit
from service.domain.supervision_terms import (
    OFFICE,
    RESPONSIBLE,
    TEAM,
    FindingCause,
    FindingSeverity,
    FindingState,
    SupervisionState,
)
from tests.domain.harness import COUNTY, TODAY, TOWNSHIP, TOWNSHIP_ID, At, Facts
from tests.domain.life import Life

SUPERVISION, FINDING = name_id("a supervision"), name_id("a finding")
COUNTY_ID = name_id(f"division/{COUNTY}")
DIGEST, NEIGHBOUR = "0" * 64, "410225104"
ORGANS = (OrganKind.JOINT_MEETING_OFFICE, OrganKind.FIC)
RAISED = FindingRaised(FINDING, TOWNSHIP_ID, FindingCause.SLOW_PREPARATION, FindingSeverity.ORDINARY, "进度缓慢")

PLANNED: Facts = (SupervisionPlanned(COUNTY_ID, "专项督导", ORGANS), UnitsListed((ListedUnit(TOWNSHIP_ID, COUNTY_ID),)))
STARTED: Facts = (*PLANNED, SupervisionStarted())
VISITED: Facts = (*STARTED, UnitVisited(TOWNSHIP_ID, 4, "座谈、查阅档案"))
REPORTED: Facts = (*VISITED, SupervisionReported(1, 1, 0, "报告"))
OPEN: Facts = (*VISITED, RAISED)
RECTIFYING: Facts = (*OPEN, At(RectificationPlanned(FINDING, "月底前召开大会", TODAY), by="who planned"))
SUBMITTED: Facts = (*RECTIFYING, At(RectificationSubmitted(FINDING, "已召开", (DIGEST,)), by="who submitted"))

_finding = {"finding": FINDING}
LIFE = Life(
    record=Supervision,
    id=SUPERVISION,
    lifecycles={"Supervision": SupervisionState, "Finding": FindingState},
    actors={
        "joint-meeting office": {OFFICE},
        "inspection team": set(TEAM),
        "inspection team (not the fixer)": set(TEAM),
        "responsible unit": set(RESPONSIBLE),
    },
    lives={
        SupervisionState.PLANNED: PLANNED,
        SupervisionState.IN_PROGRESS: VISITED,
        SupervisionState.REPORTED: REPORTED,
        SupervisionState.CLOSED: (*REPORTED, SupervisionClosed()),
        SupervisionState.CANCELLED: (*PLANNED, SupervisionCancelled()),
        FindingState.OPEN: OPEN,
        FindingState.RECTIFYING: RECTIFYING,
        FindingState.SUBMITTED: SUBMITTED,
        FindingState.VERIFIED: (*SUBMITTED, RectificationVerified(FINDING)),
        FindingState.WITHDRAWN: (*OPEN, FindingWithdrawn(FINDING)),
    },
    inputs={
        "plan": {"division": COUNTY, "title": "专项督导", "team": ["JOINT_MEETING_OFFICE", "FIC"]},
        "form_team": {"team": ["JOINT_MEETING_OFFICE", "UNITED_FRONT"]},
        "list_units": {"units": [NEIGHBOUR]},
        "record_visit": {"unit": TOWNSHIP, "visitors": 4, "observations": "座谈"},
        "report": {"summary": "报告"},
        "raise_finding": {
            "unit": TOWNSHIP, "cause": "NO_CHAMBER", "severity": "SERIOUS", "description": "尚未成立商会",
        },
        "plan_rectification": {**_finding, "measure": "月底前召开大会", "due_on": TODAY},
        "submit_rectification": {**_finding, "outcome": "已召开", "evidence": [DIGEST]},
        "reject_rectification": _finding,
        "verify_rectification": _finding,
        "withdraw_finding": _finding,
    },
    parts={FindingState: FINDING},
    around=lambda world: world.place(NEIGHBOUR, "红庙镇", DivisionKind.TOWN, COUNTY),
)  # fmt: skip
