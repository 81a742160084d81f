"""Which divisions does Kaifeng have, which changes were seen in them, and what is planned for each unit?"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from service.domain.division import TOWNSHIPS, UNITS, DivisionKind

CITY_CODE = "410200"
ZONE_CODE = "4102X1"
"""The demonstration zone, which has no code of GB/T 2260."""


class Place(NamedTuple):
    """A division as the carried file has it; an empty manager is nobody."""

    code: str
    name: str
    kind: DivisionKind
    parent_code: str
    managed_by: str
    villages: int | None
    in_nbs_2023: bool
    note: str


class Change(NamedTuple):
    """What two editions of the codes disagree on, and between which days."""

    since: str
    until: date
    code_before: str
    name_before: str
    code_after: str
    name_after: str
    kind: str
    source: str


class Plan(NamedTuple):
    """How many townships of a unit have a chamber, have one in preparation, or have none; what else it comes to.

    Sums of money are in wan, ten thousand yuan.
    """

    unit: str
    registered: int
    in_progress: int
    none: int
    issues_solved_total: int
    issues_solved_on_site: int
    mediation_chambers: int
    disputes_resolved: int
    investment_wan: int
    donation_wan: int
    demonstrations: int


def table(name: str) -> list[dict[str, str]]:
    """The rows of a carried file."""
    text = (files(__package__) / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def places() -> tuple[Place, ...]:
    """All divisions, those above before those below."""
    return tuple(_place(**row) for row in table("kaifeng_divisions.csv"))


@cache
def changes() -> tuple[Change, ...]:
    """All changes, the oldest first."""
    return tuple(_change(**row) for row in table("kaifeng_division_changes.csv"))


@cache
def units() -> dict[str, Place]:
    """The county-level units by code."""
    return {place.code: place for place in places() if place.kind in UNITS}


def townships(unit: str) -> list[Place]:
    """The real townships that a unit manages."""
    return [place for place in places() if place.managed_by == unit and place.kind in TOWNSHIPS]


def plans() -> list[Plan]:
    """The plan of each unit, without the total."""
    return [_plan(row) for row in table("demo_plan.csv") if row["unit"]]


def _place(code: str, name: str, kind: str, villages: str, in_nbs_2023: str, **more: str) -> Place:
    above = more["parent_code"], more["managed_by"]
    count = int(villages) if villages else None
    return Place(code, name, DivisionKind(kind.upper()), *above, count, in_nbs_2023 == "true", more["note"])


def _change(seen_between: str, **more: str) -> Change:
    since, until = seen_between.split("..")
    return Change(since, _last_day(until), **more)


def _plan(row: dict[str, str]) -> Plan:
    return Plan(row["unit"], *(int(row[name]) for name in Plan._fields[1:]))


def _last_day(text: str) -> date:
    """The day itself, or the last day of a month."""
    if len(text) == len("2005-06-30"):
        return date.fromisoformat(text)
    first = date.fromisoformat(f"{text}-01")
    return (first + timedelta(31)).replace(day=1) - timedelta(1)
