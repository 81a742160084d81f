"""督导用语 | Which words does a special supervision use: its states, what it finds, and how grave that is?"""

from __future__ import annotations

from enum import auto

from service.domain.roles import Role
from service.domain.vocabulary import Term

OFFICE = Role.JOINT_MEETING_OFFICE
TEAM = (Role.INSPECTOR, Role.JOINT_MEETING_OFFICE)
"""Who inspects: those whom the team's organs have sent, and the office itself."""
RESPONSIBLE = (Role.TOWNSHIP_UF_COMMISSIONER, Role.COUNTY_FIC)
"""Who answers for a township's finding: its united-front commissioner, or the federation of its county-level unit."""
LEAST_ORGANS = 2


class SupervisionState(Term):
    """督导状态 | How far a special supervision has come."""

    PLANNED = auto()
    IN_PROGRESS = auto()
    REPORTED = auto()
    CLOSED = auto()
    CANCELLED = auto()


class FindingState(Term):
    """整改状态 | How far a finding has been put right."""

    OPEN = auto()
    RECTIFYING = auto()
    SUBMITTED = auto()
    VERIFIED = auto()
    WITHDRAWN = auto()


class FindingCause(Term):
    """问题类型 | What is amiss in a township."""

    NO_CHAMBER = auto()
    SLOW_PREPARATION = auto()
    REGISTRATION_INCOMPLETE = auto()
    NO_PARTY_BRANCH = auto()
    NO_MEDIATION_BODY = auto()
    NO_ACTIVITIES = auto()
    RULES_NOT_FOLLOWED = auto()
    SUPPORT_LACKING = auto()


class FindingSeverity(Term):
    """严重程度 | How grave a finding is."""

    MINOR = auto()
    ORDINARY = auto()
    SERIOUS = auto()


SETTLED = (FindingState.VERIFIED, FindingState.WITHDRAWN)
"""The states in which nobody has to do anything about a finding any more."""
