"""Which words does an assessment use, and which office does what under which scheme?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import auto
from typing import NamedTuple

from service.domain.roles import Role
from service.domain.scheme_terms import SchemeKind
from service.domain.vocabulary import Term

ASSESSMENT_RULES = "考核办法（系统默认）"
"""Kaifeng's own measures are not public: who scores, who publishes and how long one may appeal are defaults of ours."""


class AssessmentState(Term):
    """考核状态 | Where an assessment stands between its opening and its confirmed result."""

    OPEN = auto()
    SELF_REPORTED = auto()
    SCORED = auto()
    PUBLISHED = auto()
    APPEALED = auto()
    CONFIRMED = auto()
    CANCELLED = auto()


class Offices(NamedTuple):
    """Who speaks for the assessed, who assesses, and who publishes and confirms the result."""

    assessed: Role
    assessor: Role
    leader: Role


COUNTIES_LEADER, CITYS_LEADER = Role.COUNTY_FIC_PARTY_SECRETARY, Role.CITY_FIC_PARTY_SECRETARY
OFFICES: Mapping[SchemeKind, Offices] = {
    SchemeKind.PRESIDENT_ANNUAL: Offices(Role.CHAMBER_SECRETARIAT, Role.COUNTY_FIC, COUNTIES_LEADER),
    SchemeKind.TWO_HEALTHS_COUNTY: Offices(Role.COUNTY_FIC, Role.JOINT_MEETING_OFFICE, CITYS_LEADER),
    SchemeKind.UNITED_FRONT_ANNUAL: Offices(Role.COUNTY_FIC, Role.CITY_UFWD, CITYS_LEADER),
    SchemeKind.TOWNSHIP_ANNUAL: Offices(Role.TOWNSHIP_UF_COMMISSIONER, Role.COUNTY_FIC, COUNTIES_LEADER),
}
"""The kinds whose subjects are assessed year by year; chambers and branches are recognised instead."""
ASSESSED = tuple(dict.fromkeys(each.assessed for each in OFFICES.values()))
ASSESSORS = tuple(dict.fromkeys(each.assessor for each in OFFICES.values()))
LEADERS = tuple(dict.fromkeys(each.leader for each in OFFICES.values()))
BOTH_SIDES = tuple(dict.fromkeys((*ASSESSORS, *ASSESSED)))
REVIEW_GROUP = Role.CITY_FIC
"""Who decides on appeals: an office that has neither scored nor published."""


def offices_of(kind: SchemeKind, declared: tuple[Role, ...]) -> tuple[Role, ...]:
    """Of the roles declared for all kinds, the one or two whose part it is under a scheme of this kind."""
    part = OFFICES[kind]
    own = {
        ASSESSED: (part.assessed,),
        ASSESSORS: (part.assessor,),
        LEADERS: (part.leader,),
        BOTH_SIDES: (part.assessor, part.assessed),
    }
    return own.get(declared, declared)
