"""What is a scheme made of: whom it is for, its aspects with their weights, its grades, what vetoes a result?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import auto
from typing import Annotated

from msgspec import Meta

from service.domain.roles import Role
from service.domain.value import Value
from service.domain.vocabulary import Term

SCHEME_RULES = "考核（认定）方案管理规定（系统默认）"
"""No published text says how schemes are kept: these rules are defaults of ours."""

Code = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")]
"""A short fixed name within a scheme, such as PERSONAL_CONDUCT."""
Points = Annotated[int, Meta(ge=1, le=1000)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Years = Annotated[int, Meta(ge=1, le=10)]


class SchemeKind(Term):
    """方案类别 | What is assessed or recognised, and under which rules."""

    PRESIDENT_ANNUAL = auto()
    TWO_HEALTHS_COUNTY = auto()
    UNITED_FRONT_ANNUAL = auto()
    TOWNSHIP_ANNUAL = auto()
    FOUR_GOOD = auto()
    FIVE_STAR_BRANCH = auto()


class SchemeState(Term):
    """方案状态 | Whether a scheme may still be changed, is in force, or is history."""

    DRAFT = auto()
    PUBLISHED = auto()
    DISCARDED = auto()
    RETIRED = auto()


class SubjectKind(Term):
    """考核对象类别 | What kind of subject a scheme is for."""

    PRESIDENT = auto()
    COUNTY = auto()
    TOWNSHIP = auto()
    CHAMBER = auto()
    BRANCH = auto()


SUBJECTS: Mapping[SchemeKind, SubjectKind] = {
    SchemeKind.PRESIDENT_ANNUAL: SubjectKind.PRESIDENT,
    SchemeKind.TWO_HEALTHS_COUNTY: SubjectKind.COUNTY,
    SchemeKind.UNITED_FRONT_ANNUAL: SubjectKind.COUNTY,
    SchemeKind.TOWNSHIP_ANNUAL: SubjectKind.TOWNSHIP,
    SchemeKind.FOUR_GOOD: SubjectKind.CHAMBER,
    SchemeKind.FIVE_STAR_BRANCH: SubjectKind.BRANCH,
}
FIXED_ASPECTS: Mapping[SchemeKind, frozenset[str]] = {
    SchemeKind.PRESIDENT_ANNUAL: frozenset(
        {
            "PERSONAL_CONDUCT",
            "POLITICAL_WORK",
            "ORGANISATION_MANAGEMENT",
            "BUSINESS_ACTIVITY",
            "SOCIAL_RESPONSIBILITY",
        }
    ),
    SchemeKind.FOUR_GOOD: frozenset(
        {"POLITICAL_GUIDANCE", "TEAM_BUILDING", "DEVELOPMENT_SERVICE", "SELF_DISCIPLINE"},
    ),
}
"""The aspects that a kind has by its very name: the five of a president's assessment, the four of the Four Goods."""
OWNERS: Mapping[SchemeKind, tuple[Role, ...]] = {
    SchemeKind.TWO_HEALTHS_COUNTY: (Role.CITY_FIC, Role.CITY_UFWD),
    SchemeKind.UNITED_FRONT_ANNUAL: (Role.CITY_FIC, Role.CITY_UFWD),
    SchemeKind.FIVE_STAR_BRANCH: (Role.CITY_FIC, Role.ORGANISATION_DEPARTMENT),
}
"""Who may draft, publish and retire schemes of a kind; of all others the city's federation alone."""
ALL_OWNERS = tuple(dict.fromkeys(role for roles in OWNERS.values() for role in roles))


class Aspect(Value, frozen=True):
    """考核方面 | One aspect: its share of the total in percent, and the most points that it can be given."""

    code: str
    name: str
    weight: int
    most: int


class Indicator(Value, frozen=True):
    """考核指标 | What some of the points of an aspect are given for."""

    aspect: str
    code: str
    name: str
    most: int


class Grade(Value, frozen=True):
    """考核等次 | A grade, and the least total that earns it."""

    name: str
    least: int


class VetoItem(Value, frozen=True):
    """一票否决事项 | What puts a result into the lowest grade, whatever its total."""

    code: str
    description: str
