"""Which facts bring an issue to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.domain.identifiers import name_id
from service.domain.issue import FEDERATION, HOLDERS, RAISERS, Issue
from service.domain.issue_line import Told
from service.domain.issue_record import (
    IssueAssigned,
    IssueClosed,
    IssueDeclined,
    IssueEscalated,
    IssueRaised,
    IssueSolved,
)
from service.domain.issue_terms import IssueCause, IssueKind, IssueState, SolvingChannel
from service.domain.organ_kind import Level, OrganKind
from service.domain.record import Fact
from service.domain.roles import Role
from tests.domain.document_life import DOCUMENT, ISSUED
from tests.domain.harness import CITY, COUNTY, TOWNSHIP, TOWNSHIP_ID, At, Given
from tests.domain.life import Life

ISSUE, POLICY = UUID(int=31), DOCUMENT
COUNTY_ID, CITY_ID = name_id(f"division/{COUNTY}"), name_id(f"division/{CITY}")
RAISED_ON, SOLVED_ON = date(2026, 5, 6), date(2026, 5, 28)
DUE_ON = date(2026, 6, 20)
RAISER = "a clerk"
KIND = IssueKind.REGISTRATION_BLOCKER


def raised(kind: IssueKind = KIND, cause: IssueCause = IssueCause.NAME_APPROVAL) -> At:
    """An issue of the township."""
    fact = IssueRaised(kind, Level.TOWNSHIP, TOWNSHIP_ID, COUNTY_ID, "名称核准受阻", "名称三次未获核准", cause)
    return At(fact, RAISED_ON, RAISER)


def told(level: Level, division: UUID) -> tuple[Told, ...]:
    """Both lines of a level."""
    return tuple(Told(line, level, division) for line in (OrganKind.CIVIL_AFFAIRS, OrganKind.FIC))


RAISED: tuple[Fact | At, ...] = (raised(),)
IN_TOWNSHIP = IssueAssigned(KIND, Level.TOWNSHIP, OrganKind.FIC, TOWNSHIP_ID, DUE_ON, told(Level.TOWNSHIP, TOWNSHIP_ID))
ASSIGNED = (*RAISED, IN_TOWNSHIP)
AT_COUNTY = (
    *ASSIGNED,
    IssueEscalated(KIND, Level.COUNTY, OrganKind.FIC, COUNTY_ID, DUE_ON, told(Level.COUNTY, COUNTY_ID)),
)
AT_CITY = (*AT_COUNTY, IssueEscalated(KIND, Level.CITY, OrganKind.FIC, CITY_ID, DUE_ON, told(Level.CITY, CITY_ID)))
SOLVED = (*AT_COUNTY, At(IssueSolved(KIND, "名称已核准", SolvingChannel.ONLINE), SOLVED_ON, "who solved"))

LIVES: Mapping[StrEnum, tuple[Fact | At, ...]] = {
    IssueState.RAISED: RAISED,
    IssueState.ASSIGNED: AT_COUNTY,
    IssueState.SOLVED: SOLVED,
    IssueState.CLOSED: (*SOLVED, IssueClosed(KIND, 5)),
    IssueState.DECLINED: (*RAISED, IssueDeclined(KIND)),
}
BLOCKER: Mapping[str, Any] = {
    "division": TOWNSHIP,
    "kind": "REGISTRATION_BLOCKER",
    "cause": "NAME_APPROVAL",
    "title": "名称核准受阻",
    "description": "名称三次未获核准",
}


def _around(world: Given) -> Given:
    """A document that may answer it."""
    return world.also(ISSUED, of=POLICY)


LIFE = Life(
    record=Issue,
    id=ISSUE,
    lifecycles={"Issue": IssueState},
    actors={
        "FIC": set(FEDERATION),
        "organ on the spot": set(HOLDERS),
        "organ": set(HOLDERS),
        "holder": set(HOLDERS),
        "holder or timer": {*HOLDERS, Role.TIMER},
        "raiser": set(RAISERS),
    },
    lives=LIVES,
    inputs={
        "raise_issue": BLOCKER,
        "assign": {"organ": "CIVIL_AFFAIRS"},
        "transfer": {"organ": "CIVIL_AFFAIRS"},
        "solve": {"result": "当场答复", "channel": "OFFLINE", "on_site": True},
        "confirm_solved": {"satisfaction": 5},
        "comment": {"text": "请尽快办理"},
        "link_policy": {"document": POLICY},
    },
    around=_around,
)
