"""机构 | Which organs act for a division, and what is each of them called?

Organs are not recorded: which there are follows from the division, and so do their names.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.division import TOWNSHIPS, UNITS, DivisionKind
from service.domain.organ_kind import ORGANS, Level, OrganKind

NAMES: Mapping[OrganKind, str] = {
    OrganKind.FIC: "{place}工商业联合会",
    OrganKind.CIVIL_AFFAIRS: "{place}民政局",
    OrganKind.UNITED_FRONT: "中共{place}委统战部",
    OrganKind.UNITED_FRONT_COMMISSIONER: "{place}统战委员",
    OrganKind.ORGANISATION_DEPARTMENT: "中共{place}委组织部",
    OrganKind.PARTY_COMMITTEE: "中共{place}委员会",
    OrganKind.GOVERNMENT: "{place}人民政府",
    OrganKind.JOINT_MEETING_OFFICE: "{place}民营经济工作联席会议办公室",
    OrganKind.JUSTICE_BUREAU: "{place}司法局",
    OrganKind.COURT: "{place}人民法院",
    OrganKind.DEPARTMENT: "{place}有关部门",
}
DELEGATED: Mapping[DivisionKind, Mapping[OrganKind, str]] = {
    DivisionKind.STREET: {
        OrganKind.PARTY_COMMITTEE: "中共{place}工作委员会",
        OrganKind.GOVERNMENT: "{place}办事处",
    },
    DivisionKind.FUNCTIONAL_AREA: {
        OrganKind.PARTY_COMMITTEE: "中共{place}工作委员会",
        OrganKind.GOVERNMENT: "{place}管理委员会",
        OrganKind.UNITED_FRONT: "中共{place}工委统战部",
        OrganKind.ORGANISATION_DEPARTMENT: "中共{place}工委组织部",
    },
}
"""Where Party and government have a working committee, an office or an administration in their stead."""
DESKS: Mapping[OrganKind, str] = {
    OrganKind.FIC: "{place}工商联工作站",
    OrganKind.CIVIL_AFFAIRS: "{place}民政工作岗位",
}
"""What the two lines have in a township, where there are no bureaus."""


def level_of(kind: DivisionKind) -> Level | None:
    """The level at which the organs of such a division work; none for farms, parks and provinces."""
    if kind in TOWNSHIPS:
        return Level.TOWNSHIP
    if kind in UNITS:
        return Level.COUNTY
    return Level.CITY if kind is DivisionKind.PREFECTURE else None


def organs_of(name: str, kind: DivisionKind) -> dict[OrganKind, str]:
    """The organs of a division by their kinds, with their names."""
    level = level_of(kind)
    own = {**DELEGATED.get(kind, {}), **(DESKS if level is Level.TOWNSHIP else {})}
    there = ORGANS[level] if level else frozenset()
    return {organ: own.get(organ, NAMES[organ]).format(place=name) for organ in OrganKind if organ in there}
