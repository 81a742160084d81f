"""How do the units stand, at a glance? One row each, whose figures follow every record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from projections.engine.projection import Projection
from projections.engine.row import Row
from projections.engine.standing import Shares, Standing
from projections.engine.table import table
from projections.engine.tally import Share, Tally
from projections.engine.view import Event
from service.domain.chamber import Chamber
from service.domain.chamber_record import FINAL, STANDING
from service.domain.chamber_terms import ChamberState
from service.domain.contribution import Contribution
from service.domain.contribution_terms import ContributionKind, ContributionState
from service.domain.division import (
    TOWNSHIPS,
    UNITS,
    Abolished,
    Defined,
    Division,
    DivisionState,
    ManagerChanged,
    Merged,
    Recoded,
    Renamed,
)
from service.domain.issue import Issue
from service.domain.issue_terms import IssueState
from service.domain.mediation_body import MediationBody
from service.domain.mediation_case import MediationCase
from service.domain.mediation_terms import MediationBodyState
from service.domain.party_branch import BranchState, PartyBranch
from service.domain.recognition import Recognition
from service.domain.recognition_terms import RecognitionKind, RecognitionState
from service.domain.record import Fact
from service.domain.supervision import Supervision
from service.domain.supervision_terms import FindingState
from service.domain.talk import Talk
from service.domain.talk_rule import TalkState

REGISTERED = (*STANDING, ChamberState.LIQUIDATING)
SETTLED = (IssueState.SOLVED, IssueState.CLOSED)
CLOSED_FINDINGS = (FindingState.VERIFIED, FindingState.WITHDRAWN)
HONOURS: Mapping[RecognitionKind | None, str] = {
    RecognitionKind.DEMONSTRATION: "demonstrations",
    RecognitionKind.FOUR_GOOD: "four_good",
}
"""The column that counts the recognitions of a kind that hold."""
TALKED = (TalkState.HELD, TalkState.IMPROVED, TalkState.NOT_IMPROVED)


class Figures(Row, kw_only=True):
    """What is counted of a place; `investment` and `donations` in yuan, as verified."""

    townships: int = 0
    registered: int = 0
    in_progress: int = 0
    with_branch: int = 0
    with_mediation: int = 0
    disputes_resolved: int = 0
    issues_solved: int = 0
    issues_solved_on_site: int = 0
    investment: Decimal = Decimal(0)
    donations: Decimal = Decimal(0)
    demonstrations: int = 0
    four_good: int = 0
    findings_open: int = 0
    talks_held: int = 0


@table("place_figures", key=("division_id",), indexes=(("unit_id", "division_id"),))
class PlaceFiguresRow(Figures, kw_only=True):
    """The figures of a township, or of a unit itself where a record belongs to none of its townships."""

    division_id: UUID
    unit_id: UUID | None


@table("dashboard", key=("unit_id",))
class DashboardRow(Figures, kw_only=True):
    """The figures of a unit with all that it manages."""

    unit_id: UUID


places = Standing(PlaceFiguresRow)
units = Tally(DashboardRow, of=places)


@places.on(Defined)
def defined(_: PlaceFiguresRow | None, e: Event[Defined]) -> PlaceFiguresRow | None:
    if e.fact.kind in UNITS:
        return PlaceFiguresRow(division_id=e.originator_id, unit_id=e.originator_id)
    return _township(e.originator_id, e.fact.managed_by) if e.fact.kind in TOWNSHIPS else None


def _township(id: UUID, unit: UUID | None) -> PlaceFiguresRow:
    return PlaceFiguresRow(division_id=id, unit_id=unit)


@places.on(Renamed, Recoded)
def changed(row: PlaceFiguresRow | None, e: Event[Any]) -> PlaceFiguresRow | None:
    return row if e.fact.kind in TOWNSHIPS | UNITS else None


@places.on(ManagerChanged)
def managed(row: PlaceFiguresRow | None, e: Event[ManagerChanged]) -> PlaceFiguresRow | None:
    is_unit = row is not None and row.unit_id == row.division_id
    return row if row is None or is_unit else replace(row, unit_id=e.fact.managed_by)


@places.on(Merged, Abolished)
def closed(_: PlaceFiguresRow | None, __: Event[Fact]) -> None:
    return None


def at(place: UUID | None, **amounts: int | Decimal) -> Shares:
    """What a record adds to one place."""
    return {place: amounts} if place is not None else {}


@places.counts(Division)
def division_counts(division: Division) -> Shares:
    return at(division.id, townships=division.kind in TOWNSHIPS and division.state is DivisionState.OPEN)


@places.counts(Chamber, "state", "division")
def chamber_counts(chamber: Chamber) -> Shares:
    registered, over = chamber.state in REGISTERED, chamber.state in FINAL
    return at(chamber.place, registered=registered, in_progress=not registered and not over)


@places.counts(PartyBranch)
def branch_counts(branch: PartyBranch) -> Shares:
    return at(branch.place, with_branch=branch.state is BranchState.ACTIVE)


@places.counts(MediationBody)
def body_counts(body: MediationBody) -> Shares:
    return at(body.place, with_mediation=body.state is MediationBodyState.ACTIVE)


@places.counts(MediationCase)
def case_counts(case: MediationCase) -> Shares:
    return at(case.place, disputes_resolved=case.resolved)


@places.counts(Issue)
def issue_counts(issue: Issue) -> Shares:
    solved = issue.state in SETTLED
    return at(issue.place, issues_solved=solved, issues_solved_on_site=solved and issue.on_site)


@places.counts(Contribution)
def contribution_counts(contribution: Contribution) -> Shares:
    verified = contribution.state is ContributionState.VERIFIED
    column = "investment" if contribution.kind is ContributionKind.INVESTMENT else "donations"
    return at(contribution.place, **{column: contribution.verified_amount}) if verified else {}


@places.counts(Recognition)
def recognition_counts(recognition: Recognition) -> Shares:
    holds = recognition.state is RecognitionState.CONFERRED and recognition.kind in HONOURS
    return at(recognition.place, **{HONOURS[recognition.kind]: 1}) if holds else {}


@places.counts(Supervision)
def supervision_counts(supervision: Supervision) -> Shares:
    unsettled = (each.unit for each in supervision.findings.values() if each.state not in CLOSED_FINDINGS)
    return {unit: {"findings_open": count} for unit, count in Counter(unsettled).items() if unit is not None}


@places.counts(Talk)
def talk_counts(talk: Talk) -> Shares:
    return at(talk.place, talks_held=talk.state in TALKED)


@units.counts
def share(row: PlaceFiguresRow) -> Share:
    if row.unit_id is None:
        return None
    return (row.unit_id,), {name: getattr(row, name) for name in Figures.__struct_fields__}


dashboard = Projection("dashboard", places, units)
