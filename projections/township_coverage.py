"""Which townships have a chamber, which are on the way, which have none, and how many of each does a unit manage?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import auto
from uuid import UUID

from msgspec.structs import replace

from projections.engine.projection import Projection
from projections.engine.row import Row
from projections.engine.table import table
from projections.engine.tally import Share, Tally
from projections.engine.view import Event, View
from projections.townships import follow_townships
from service.domain.chamber import Chamber
from service.domain.chamber_record import FINAL, STANDING
from service.domain.chamber_terms import ChamberState
from service.domain.lifecycle import states
from service.domain.record import FACTS, Fact
from service.domain.vocabulary import Term


class CoverageStatus(Term):
    """覆盖情况 | Whether a township has a chamber."""

    REGISTERED = auto()
    IN_PROGRESS = auto()
    NONE = auto()


@table("township_coverage", key=("division_id",), indexes=(("unit_id", "division_id"), ("status", "division_id")))
class TownshipCoverageRow(Row, kw_only=True):
    """A real township or sub-district, the unit that manages it, and its living chamber."""

    division_id: UUID
    unit_id: UUID | None
    status: CoverageStatus = CoverageStatus.NONE
    chamber_id: UUID | None = None


@table("unit_coverage", key=("unit_id",))
class UnitCoverageRow(Row, kw_only=True):
    """How many townships a unit manages, by what they have."""

    unit_id: UUID
    townships: int
    registered: int
    in_progress: int
    none: int


MOVES = [f for t, f in FACTS.items() if t.startswith(f"{Chamber.type_name}.") and states(f.lead) is ChamberState]
"""The facts that move a chamber's state."""

townships = View(TownshipCoverageRow)
follow_townships(townships, TownshipCoverageRow)


@townships.on(*MOVES, key=lambda e: (e.envelope.place,))
def moved(row: TownshipCoverageRow | None, e: Event[Fact]) -> TownshipCoverageRow | None:
    status = _status(e.fact)
    living = None if status is CoverageStatus.NONE else e.originator_id
    return row and replace(row, status=status, chamber_id=living)


def _status(fact: Fact) -> CoverageStatus:
    lead = fact.lead
    reached = set(lead.values()) if isinstance(lead, Mapping) else {lead}
    if reached <= {*STANDING, ChamberState.LIQUIDATING}:
        return CoverageStatus.REGISTERED
    return CoverageStatus.NONE if reached <= set(FINAL) else CoverageStatus.IN_PROGRESS


units = Tally(UnitCoverageRow, of=townships)


@units.counts
def share(row: TownshipCoverageRow) -> Share:
    if row.unit_id is None:
        return None
    return (row.unit_id,), {"townships": 1, row.status.lower(): 1}


township_coverage = Projection("township_coverage", townships, units)
