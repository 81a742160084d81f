"""Which organs does an issue pass on its way up: township, county, city?"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from service.domain.division import TOWNSHIPS, UNITS, Division, DivisionKind, Divisions
from service.domain.organ_kind import Level, OrganKind
from service.domain.refusal import GuardFailed

LINES = (OrganKind.CIVIL_AFFAIRS, OrganKind.FIC)
"""The two lines, registrar's and federation's, that are told at every level."""
LEVELS: Mapping[DivisionKind, Level] = {
    **dict.fromkeys((*TOWNSHIPS, DivisionKind.SPECIAL), Level.TOWNSHIP),
    **dict.fromkeys(UNITS, Level.COUNTY),
    DivisionKind.PREFECTURE: Level.CITY,
}


class Told(msgspec.Struct, frozen=True):
    """知会机构 | An organ that was told of an issue."""

    organ: OrganKind
    level: Level
    division: UUID


def level_of(division: Division) -> Level:
    """At which level something is raised that is raised in a division.

    Raises GuardFailed for a province.
    """
    level = LEVELS.get(division.kind)
    if level is None:
        raise GuardFailed(NO_LEVEL, path=("division",))
    return level


def seat(level: Level, division: Division, divisions: Divisions) -> Division:
    """The division of a level that manages this one, or is it.

    Raises GuardFailed when there is none.
    """
    for each in divisions.chain(division):
        if LEVELS.get(each.kind) is level:
            return each
    raise GuardFailed(NO_SEAT, path=("level",), level=level)


def unit_of(division: Division, divisions: Divisions) -> UUID | None:
    """The county-level unit that manages a division, or is it."""
    return next((each.id for each in divisions.chain(division) if each.kind in UNITS), None)


def both_lines(level: Level, at: UUID, told: tuple[Told, ...]) -> tuple[Told, ...]:
    """The organs of both lines in a division of this level, but for those that have been told."""
    return tuple(each for line in LINES if (each := Told(line, level, at)) not in told)


NO_LEVEL = "问题须在市、县区或乡镇提出 | An issue is raised in a city, a county-level unit or a township"
NO_SEAT = "提出地没有 {level} 一级的管理单位 | No division of the level {level} manages the place"
