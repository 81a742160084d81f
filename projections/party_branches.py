"""Which chambers have a Party branch, in which form, and led by whom?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from projections.engine.projection import Projection
from projections.engine.row import RecordRow
from projections.engine.table import table
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from service.domain.party_branch import (
    BranchApproved,
    BranchForm,
    BranchProposed,
    BranchState,
    PartyBranch,
)
from service.domain.record import Fact


@table(
    "party_branch",
    key=("id",),
    indexes=(
        ("chamber_id", "since", "id"),
        ("division_id", "state"),
        ("state", "since", "id"),
        ("since", "id"),
    ),
)
class BranchRow(RecordRow, kw_only=True):
    """A Party branch of a chamber."""

    chamber_id: UUID
    division_id: UUID
    state: BranchState
    since: date
    party_members: int
    branch_form: BranchForm | None = None
    approved_on: date | None = None
    secretary: UUID | None = None
    secretary_name: str | None = None
    concurrent_commissioner: bool = False


branches = View(BranchRow)


@branches.on(BranchProposed)
def proposed(_: BranchRow | None, e: Event[BranchProposed]) -> BranchRow:
    return BranchRow(
        chamber_id=e.fact.chamber,
        division_id=e.fact.division,
        state=BranchState.PROPOSED,
        since=e.envelope.effective_on,
        party_members=e.fact.party_members,
    )


@branches.on(BranchApproved)
def approved(row: BranchRow, e: Event[BranchApproved]) -> BranchRow:
    return remembered(row, e, approved_on=e.envelope.effective_on)


@branches.on(*facts_of(PartyBranch, BranchProposed, BranchApproved))
def moved(row: BranchRow, e: Event[Fact]) -> BranchRow:
    return remembered(row, e)


party_branches = Projection("party_branches", branches)
