"""Who holds which honour, since when and until when, and who objected?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec.structs import replace

from projections.engine.projection import Projection
from projections.engine.row import RecordRow, Row
from projections.engine.table import table
from projections.engine.tally import Share, Tally
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from service.domain.recognition import Recognition
from service.domain.recognition_record import Applied, Conferred, ObjectionDismissed, ObjectionRaised
from service.domain.recognition_terms import (
    CommendationLevel,
    DemonstrationModel,
    RecognitionKind,
    RecognitionState,
)
from service.domain.record import Fact


@table(
    "recognition",
    key=("id",),
    indexes=(
        ("kind", "state", "id"),
        ("division_id", "kind", "state"),
        ("chamber_id", "cycle", "id"),
        ("branch_id", "cycle", "id"),
        ("county_id", "cycle"),
        ("since", "id"),
        ("valid_until", "id"),
    ),
)
class RecognitionRow(RecordRow, kw_only=True):
    """An honour. `county_id` is the unit in whose quota a demonstration chamber has its place."""

    kind: RecognitionKind
    cycle: int
    division_id: UUID
    chamber_id: UUID | None = None
    branch_id: UUID | None = None
    county_id: UUID | None = None
    state: RecognitionState
    since: date
    applied_on: date
    level: CommendationLevel | None = None
    title: str | None = None
    awarding_body: str | None = None
    model: DemonstrationModel | None = None
    score: Decimal | None = None
    notice_until: date | None = None
    stars: int | None = None
    rating: int | None = None
    conferred_on: date | None = None
    valid_until: date | None = None


@table("objection", key=("recognition_id", "number"), indexes=(("division_id", "raised_on"), ("raised_on",)))
class ObjectionRow(Row, kw_only=True):
    """What somebody objected while an honour was on public notice."""

    recognition_id: UUID
    number: int
    division_id: UUID
    content: str
    raised_on: date
    dismissed: bool = False


@table("recognition_tally", key=("division_id", "kind"))
class RecognitionStandingRow(Row, kw_only=True):
    """How many honours of a kind a place has: applied for, conferred and still held, or no longer held."""

    division_id: UUID
    kind: RecognitionKind
    pending: int
    held: int
    ended: int


rows, objections = View(RecognitionRow), View(ObjectionRow)
standings = Tally(RecognitionStandingRow, of=rows)
COLUMNS: Mapping[RecognitionState, str] = {
    RecognitionState.APPLIED: "pending",
    RecognitionState.REVIEWED: "pending",
    RecognitionState.NOTICED: "pending",
    RecognitionState.CONFERRED: "held",
    RecognitionState.EXPIRED: "ended",
    RecognitionState.REVOKED: "ended",
}
"""What a recognition is counted as; one that was declined never was any."""


@rows.on(Applied)
def applied(_: RecognitionRow | None, e: Event[Applied]) -> RecognitionRow:
    fact, on = e.fact, e.envelope.effective_on
    row = RecognitionRow(
        kind=fact.kind,
        cycle=fact.cycle,
        division_id=fact.division,
        chamber_id=fact.chamber,
        branch_id=fact.branch,
        state=RecognitionState.APPLIED,
        since=on,
        applied_on=on,
    )
    return remembered(row, e)


@rows.on(Conferred)
def conferred(row: RecognitionRow, e: Event[Conferred]) -> RecognitionRow:
    return remembered(row, e, conferred_on=e.envelope.effective_on, county_id=e.fact.county)


@rows.on(*facts_of(Recognition, Applied, Conferred))
def moved(row: RecognitionRow, e: Event[Fact]) -> RecognitionRow:
    return remembered(row, e)


@objections.on(ObjectionRaised, key=lambda e: (e.originator_id, e.fact.number))
def raised(_: ObjectionRow | None, e: Event[ObjectionRaised]) -> ObjectionRow:
    assert e.envelope.place is not None, "a recognition has its division"
    return ObjectionRow(
        recognition_id=e.originator_id,
        number=e.fact.number,
        division_id=e.envelope.place,
        content=e.fact.content,
        raised_on=e.envelope.effective_on,
    )


@objections.on(ObjectionDismissed, key=lambda e: (e.originator_id, e.fact.number))
def dismissed(row: ObjectionRow, _: Event[ObjectionDismissed]) -> ObjectionRow:
    return replace(row, dismissed=True)


@standings.counts
def share(row: RecognitionRow) -> Share:
    column = COLUMNS.get(row.state)
    return None if column is None else ((row.division_id, row.kind), {column: 1})


recognitions = Projection("recognitions", rows, objections, standings)
