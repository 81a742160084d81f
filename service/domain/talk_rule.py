"""约谈规则 | Who talks to whom when the building of chambers does not get on? Rules are data, two in all."""

from __future__ import annotations

from enum import auto
from typing import NamedTuple

from service.domain.division import TOWNSHIPS, UNITS, DivisionKind
from service.domain.organ_kind import Level
from service.domain.roles import Role
from service.domain.vocabulary import Term


class TalkState(Term):
    """约谈状态 | How far an admonitory talk has come."""

    ORDERED = auto()
    HELD = auto()
    IMPROVED = auto()
    NOT_IMPROVED = auto()
    CANCELLED = auto()


class TalkCause(Term):
    """约谈事由 | Why a talk is held."""

    INADEQUATE_PROGRESS = auto()
    FINDING = auto()
    ASSESSMENT = auto()


class Talkee(Term):
    """约谈对象 | In which post somebody is talked to."""

    COUNTY_FIC_PARTY_SECRETARY = auto()
    TOWNSHIP_PARTY_SECRETARY = auto()


class TalkRule(NamedTuple):
    """Who talks to whom about places of these kinds, and who judges afterwards whether it helped."""

    level: Level
    kinds: frozenset[DivisionKind]
    talker: Role
    talkee: Talkee
    judges: tuple[Role, ...]


TALK_RULES = (
    TalkRule(
        Level.TOWNSHIP,
        TOWNSHIPS,
        Role.COUNTY_UFWD_HEAD,
        Talkee.TOWNSHIP_PARTY_SECRETARY,
        (Role.COUNTY_UFWD_HEAD,),
    ),
    TalkRule(
        Level.COUNTY,
        UNITS,
        Role.CITY_FIC_PARTY_SECRETARY,
        Talkee.COUNTY_FIC_PARTY_SECRETARY,
        (Role.CITY_FIC_PARTY_SECRETARY, Role.CITY_FIC),
    ),
)
TALKERS = tuple(rule.talker for rule in TALK_RULES)
JUDGES = tuple(dict.fromkeys(role for rule in TALK_RULES for role in rule.judges))


def rule_for(kind: DivisionKind) -> TalkRule | None:
    """The rule for a place of this kind; farms, parks and whole cities have none."""
    return next((rule for rule in TALK_RULES if kind in rule.kinds), None)


def roles_at(level: Level) -> frozenset[Role]:
    """Who talks, and who judges afterwards, at a level."""
    rule = next(rule for rule in TALK_RULES if rule.level is level)
    return frozenset({rule.talker, *rule.judges})
