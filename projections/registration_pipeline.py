"""Which chambers are on their way to registration, how far are they, since when, and by when must somebody decide?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from projections.engine.projection import Projection
from projections.engine.row import Row
from projections.engine.table import table
from projections.engine.view import Event, View
from projections.remember import remembered
from projections.township_coverage import MOVES
from service.domain.chamber_preparation import NameProposed, PreparationStarted
from service.domain.chamber_record import FINAL, STANDING
from service.domain.chamber_registration import FiledForRegistration, ReturnedForCorrection
from service.domain.chamber_terms import ChamberState
from service.domain.deadline import REGISTRATION_DECISION
from service.domain.record import Fact


@table(
    "pipeline_entry",
    key=("chamber_id",),
    indexes=(("since", "chamber_id"), ("division_id", "since"), ("state", "since"), ("due_on",)),
)
class PipelineRow(Row, kw_only=True):
    """A chamber that is not registered yet. `due_on` is the last day of the registrar's 60, while they run."""

    chamber_id: UUID
    division_id: UUID
    name: str
    state: ChamberState
    started_on: date
    since: date
    filed_on: date | None = None
    due_on: date | None = None
    returned: int = 0


pipeline = View(PipelineRow)
DONE = {*STANDING, *FINAL, ChamberState.LIQUIDATING}


@pipeline.on(PreparationStarted)
def started(_: PipelineRow | None, e: Event[PreparationStarted]) -> PipelineRow:
    on = e.envelope.effective_on
    return PipelineRow(
        chamber_id=e.originator_id,
        division_id=e.fact.division,
        name=e.fact.name,
        state=ChamberState.PREPARING,
        started_on=on,
        since=on,
    )


@pipeline.on(NameProposed)
def renamed(row: PipelineRow, e: Event[NameProposed]) -> PipelineRow:
    return replace(row, name=e.fact.name)


@pipeline.on(FiledForRegistration)
def filed(row: PipelineRow, e: Event[FiledForRegistration]) -> PipelineRow:
    on = e.envelope.effective_on
    return remembered(row, e, filed_on=on, due_on=REGISTRATION_DECISION.due(on))


@pipeline.on(ReturnedForCorrection)
def returned(row: PipelineRow, e: Event[ReturnedForCorrection]) -> PipelineRow:
    return remembered(row, e, filed_on=None, due_on=None, returned=row.returned + 1)


@pipeline.on(*(fact for fact in MOVES if fact not in (PreparationStarted, FiledForRegistration, ReturnedForCorrection)))
def moved(row: PipelineRow | None, e: Event[Fact]) -> PipelineRow | None:
    if row is None:
        return None
    later = remembered(row, e)
    return None if later.state in DONE else later


registration_pipeline = Projection("registration_pipeline", pipeline)
