"""What is a chamber waiting for, or others for it, and by when must it be done?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.domain.chamber_record import STANDING, ChamberRecord
from service.domain.chamber_terms import ChamberState, ChangeState, InspectionState
from service.domain.deadline import (
    ANNUAL_REPORT,
    ANNUAL_REVIEW,
    CHANGE_FILING,
    DEREGISTRATION,
    DORMANCY,
    DORMANCY_ALERT,
    REGISTRATION_DECISION,
    DeadlineRule,
)

INSPECTION_RULES = {InspectionState.DUE: ANNUAL_REPORT, InspectionState.REPORTED: ANNUAL_REVIEW}


@dataclass(frozen=True)
class Deadline:
    """期限 | What must be done by when, under which rule; `part` names the change or the year it concerns."""

    rule: DeadlineRule
    due: date
    part: str = ""

    def overdue(self, today: date) -> bool:
        """Whether its last day is past."""
        return today > self.due


def open_deadlines(chamber: ChamberRecord, active: bool = False) -> list[Deadline]:
    """All that is open, the most urgent first.

    `active`: whether the chamber has carried out any activity since its certificate, which its own record does not say.
    """
    dormancy = () if active else _dormancy(chamber)
    found = [*_decisions(chamber), *_changes(chamber), *_inspections(chamber), *dormancy]
    return sorted(found, key=lambda each: (each.due, each.rule.kind, each.part))


def _decisions(chamber: ChamberRecord) -> Iterator[Deadline]:
    if chamber.state is ChamberState.UNDER_REGISTRATION and chamber.filed_on:
        yield Deadline(REGISTRATION_DECISION, REGISTRATION_DECISION.due(chamber.filed_on))
    if chamber.state is ChamberState.LIQUIDATING and chamber.liquidation_ended_on:
        yield Deadline(DEREGISTRATION, DEREGISTRATION.due(chamber.liquidation_ended_on))


def _changes(chamber: ChamberRecord) -> Iterator[Deadline]:
    for id, filing in chamber.changes.items():
        if chamber.state in STANDING and filing.state is ChangeState.CONSENTED and filing.since:
            yield Deadline(CHANGE_FILING, CHANGE_FILING.due(filing.since), str(id))


def _inspections(chamber: ChamberRecord) -> Iterator[Deadline]:
    for year, inspection in chamber.inspections.items():
        rule = INSPECTION_RULES.get(inspection.state) if inspection.state else None
        if chamber.state in STANDING and rule:
            yield Deadline(rule, rule.due(date(year, 12, 31)), str(year))


def _dormancy(chamber: ChamberRecord) -> Iterator[Deadline]:
    if chamber.state in STANDING and chamber.registered_on:
        for rule in (DORMANCY_ALERT, DORMANCY):
            yield Deadline(rule, rule.due(chamber.registered_on))
