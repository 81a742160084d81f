"""Which real townships has a supervision ever visited, and how many of each unit's are they?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from projections.engine.projection import Projection
from projections.engine.row import Row
from projections.engine.table import table
from projections.engine.tally import Share, Tally
from projections.engine.view import Event, View
from projections.townships import follow_townships
from service.domain.record import Fact
from service.domain.supervision import UnitVisited
from service.domain.supervision_findings import FindingRaised, FindingWithdrawn, RectificationVerified


@table("township_supervision", key=("division_id",), indexes=(("unit_id", "division_id"), ("visited_on",)))
class TownshipSupervisionRow(Row, kw_only=True):
    """A real township: the first visit to it, in which supervision that was, and what was found amiss in all."""

    division_id: UUID
    unit_id: UUID | None
    supervision_id: UUID | None = None
    visited_on: date | None = None
    findings_raised: int = 0
    findings_open: int = 0


@table("unit_supervision", key=("unit_id",))
class UnitSupervisionRow(Row, kw_only=True):
    """How many townships a unit manages and how many were visited; what was found there, and what is still open."""

    unit_id: UUID
    townships: int
    visited: int
    findings_raised: int
    findings_open: int


townships = View(TownshipSupervisionRow)
follow_townships(townships, TownshipSupervisionRow)
units = Tally(UnitSupervisionRow, of=townships)


@townships.on(UnitVisited, key=lambda e: (e.fact.unit,))
def visited(row: TownshipSupervisionRow | None, e: Event[UnitVisited]) -> TownshipSupervisionRow | None:
    if row is None or row.visited_on is not None:
        return row
    return replace(row, supervision_id=e.originator_id, visited_on=e.envelope.effective_on)


@townships.on(FindingRaised, key=lambda e: (e.fact.unit,))
def raised(row: TownshipSupervisionRow | None, _: Event[FindingRaised]) -> TownshipSupervisionRow | None:
    return row and replace(row, findings_raised=row.findings_raised + 1, findings_open=row.findings_open + 1)


@townships.on(RectificationVerified, FindingWithdrawn, key=lambda e: (e.envelope.place,))
def settled(row: TownshipSupervisionRow | None, _: Event[Fact]) -> TownshipSupervisionRow | None:
    return row and replace(row, findings_open=row.findings_open - 1)


@units.counts
def share(row: TownshipSupervisionRow) -> Share:
    if row.unit_id is None:
        return None
    counts = {"townships": 1, "visited": int(row.visited_on is not None)}
    return (row.unit_id,), counts | {"findings_raised": row.findings_raised, "findings_open": row.findings_open}


supervision_coverage = Projection("supervision_coverage", townships, units)
