"""What is a chamber waiting for, or others for it, and by when must it be done?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.domain.chamber_record import STANDING, AnnualInspection, ChamberRecord
from service.domain.chamber_terms import ChamberState, ChangeState, InspectionState
from service.domain.deadline import (
    ANNUAL_REPORT,
    ANNUAL_REVIEW,
    CHANGE_FILING,
    DEREGISTRATION,
    DORMANCY,
    DORMANCY_ALERT,
    REGISTRATION_DECISION,
    Due,
)

UNDER_WAY = (InspectionState.DUE, InspectionState.REPORTED)


def open_deadlines(chamber: ChamberRecord) -> Iterator[Due]:
    """All that is open; a change and the inspection of a year are named by `part`."""
    yield from _decisions(chamber)
    if chamber.state in STANDING:
        yield from _changes(chamber)
        yield from _inspections(chamber)
        yield from _dormancy(chamber)


def _decisions(chamber: ChamberRecord) -> Iterator[Due]:
    if chamber.state is ChamberState.UNDER_REGISTRATION and chamber.filed_on:
        yield Due(REGISTRATION_DECISION, REGISTRATION_DECISION.due(chamber.filed_on))
    if chamber.state is ChamberState.LIQUIDATING and chamber.liquidation_ended_on:
        yield Due(DEREGISTRATION, DEREGISTRATION.due(chamber.liquidation_ended_on))


def _changes(chamber: ChamberRecord) -> Iterator[Due]:
    for id, filing in chamber.changes.items():
        if filing.state is ChangeState.CONSENTED and filing.since:
            yield Due(CHANGE_FILING, CHANGE_FILING.due(filing.since), str(id))


def _inspections(chamber: ChamberRecord) -> Iterator[Due]:
    """A report that is still missing when the review is due counts as missed: that is for the timer to say."""
    for year, inspection in chamber.inspections.items():
        if inspection.state in UNDER_WAY:
            yield from _inspection(date(year, 12, 31), inspection, str(year))


def _inspection(end: date, inspection: AnnualInspection, year: str) -> Iterator[Due]:
    if inspection.state is InspectionState.DUE:
        yield Due(ANNUAL_REPORT, ANNUAL_REPORT.due(end), year)
        yield Due(ANNUAL_REVIEW, ANNUAL_REVIEW.due(end), year, command="mark_missed")
    else:
        yield Due(ANNUAL_REVIEW, ANNUAL_REVIEW.due(end), year)


def _dormancy(chamber: ChamberRecord) -> Iterator[Due]:
    """A chamber has been active once it has reported on a year's activities."""
    reported = any(inspection.contents for inspection in chamber.inspections.values())
    if chamber.registered_on and not reported:
        for rule in (DORMANCY_ALERT, DORMANCY):
            yield Due(rule, rule.due(chamber.registered_on))
