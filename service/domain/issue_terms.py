"""Which words are used of the issues that chambers and their members raise?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import auto

from service.domain.vocabulary import Term


class IssueState(Term):
    """问题状态 | Where an issue stands."""

    RAISED = auto()
    ASSIGNED = auto()
    SOLVED = auto()
    CLOSED = auto()
    DECLINED = auto()


class IssueKind(Term):
    """问题类别 | Whether something blocks a registration, or an enterprise asks for help."""

    REGISTRATION_BLOCKER = auto()
    ENTERPRISE_REQUEST = auto()


class IssueCause(Term):
    """问题成因 | What is in the way, or what is asked for."""

    NAME_APPROVAL = auto()
    MEMBERS_LACKING = auto()
    FUNDS_LACKING = auto()
    PREMISES_LACKING = auto()
    OFFICERS_LACKING = auto()
    PAPERS_UNCLEAR = auto()
    PROCEDURE_UNCLEAR = auto()
    FINANCING = auto()
    LAND = auto()
    LABOUR = auto()
    POLICY_BENEFITS = auto()
    LICENCES = auto()
    UTILITIES = auto()
    ARREARS = auto()
    OTHER = auto()


class SolvingChannel(Term):
    """解决渠道 | Whether an issue was solved online or offline."""

    ONLINE = auto()
    OFFLINE = auto()


BLOCKERS = frozenset(list(IssueCause)[:7])
CAUSES: Mapping[IssueKind, frozenset[IssueCause]] = {
    IssueKind.REGISTRATION_BLOCKER: BLOCKERS | {IssueCause.OTHER},
    IssueKind.ENTERPRISE_REQUEST: frozenset(IssueCause) - BLOCKERS,
}
"""Which causes an issue of each kind can have."""
