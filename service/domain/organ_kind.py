"""Which kinds of organ act on chambers, and at which levels is each of them found?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import auto

from service.domain.vocabulary import Term


class Level(Term):
    """层级 | At which level of government something lies."""

    TOWNSHIP = auto()
    COUNTY = auto()
    CITY = auto()

    @property
    def above(self) -> Level | None:
        """The next level up; none above the city."""
        return {Level.TOWNSHIP: Level.COUNTY, Level.COUNTY: Level.CITY}.get(self)


class OrganKind(Term):
    """机构类别 | What kind of organ it is."""

    FIC = auto()
    CIVIL_AFFAIRS = auto()
    UNITED_FRONT = auto()
    UNITED_FRONT_COMMISSIONER = auto()
    ORGANISATION_DEPARTMENT = auto()
    PARTY_COMMITTEE = auto()
    GOVERNMENT = auto()
    JOINT_MEETING_OFFICE = auto()
    JUSTICE_BUREAU = auto()
    COURT = auto()
    DEPARTMENT = auto()


EVERYWHERE = frozenset({OrganKind.FIC, OrganKind.CIVIL_AFFAIRS, OrganKind.PARTY_COMMITTEE, OrganKind.GOVERNMENT})
"""A township has no bureaus of its own: there the two lines end at a desk of the township's government."""
ABOVE = frozenset(OrganKind) - {OrganKind.UNITED_FRONT_COMMISSIONER, OrganKind.JOINT_MEETING_OFFICE}
ORGANS: Mapping[Level, frozenset[OrganKind]] = {
    Level.TOWNSHIP: EVERYWHERE | {OrganKind.UNITED_FRONT_COMMISSIONER},
    Level.COUNTY: ABOVE,
    Level.CITY: ABOVE | {OrganKind.JOINT_MEETING_OFFICE},
}
"""Which kinds of organ there are at each level."""
