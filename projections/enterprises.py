"""Which enterprises represent which chamber, and which posts were recommended, given and ended?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from projections.engine.projection import Projection
from projections.engine.row import RecordRow, Row
from projections.engine.table import table
from projections.engine.view import Event, View
from projections.remember import remembered
from service.domain.enterprise import (
    ArrangementConfirmed,
    ArrangementDeclined,
    ArrangementEnded,
    ArrangementRecommended,
    EnterpriseRecorded,
    RepresentativeDesignated,
    RepresentativeReleased,
)
from service.domain.enterprise_terms import ArrangementKind, ArrangementState, EnterpriseState
from service.domain.record import Fact

Uscc = Annotated[str, Meta(extra={"scalar": "Uscc"})]


@table(
    "enterprise",
    key=("id",),
    indexes=(("name", "id"), ("uscc",), ("represents", "name"), ("representative", "name", "id"), ("division_id",)),
)
class EnterpriseRow(RecordRow, kw_only=True):
    """An enterprise, and the chamber that it represents if it does."""

    division_id: UUID
    uscc: Uscc
    name: str
    state: EnterpriseState
    since: date
    representative: bool = False
    represents: UUID | None = None


@table(
    "arrangement",
    key=("id",),
    indexes=(("enterprise_id", "recommended_on", "id"), ("state", "kind", "enterprise_id"), ("recommended_on", "id")),
)
class ArrangementRow(Row, kw_only=True):
    """One post, from the recommendation to its end."""

    id: UUID
    enterprise_id: UUID
    division_id: UUID
    kind: ArrangementKind
    post: str
    state: ArrangementState
    since: date
    recommended_on: date


enterprises, arrangements = View(EnterpriseRow), View(ArrangementRow)


@enterprises.on(EnterpriseRecorded)
def recorded(_: EnterpriseRow | None, e: Event[EnterpriseRecorded]) -> EnterpriseRow:
    return EnterpriseRow(
        division_id=e.fact.division,
        uscc=e.fact.uscc,
        name=e.fact.name,
        state=EnterpriseState.RECORDED,
        since=e.envelope.effective_on,
    )


@enterprises.on(RepresentativeReleased)
def released(row: EnterpriseRow, e: Event[RepresentativeReleased]) -> EnterpriseRow:
    return remembered(row, e, representative=False, represents=None)


ARRANGING = (ArrangementRecommended, ArrangementConfirmed, ArrangementDeclined, ArrangementEnded)


@enterprises.on(RepresentativeDesignated)
def designated(row: EnterpriseRow, e: Event[RepresentativeDesignated]) -> EnterpriseRow:
    return remembered(row, e, representative=True)


@enterprises.on(*ARRANGING)
def arranged(row: EnterpriseRow, _: Event[Fact]) -> EnterpriseRow:
    return row


@arrangements.on(ArrangementRecommended, key=lambda e: (e.fact.arrangement,))
def recommended(_: ArrangementRow | None, e: Event[ArrangementRecommended]) -> ArrangementRow:
    assert e.envelope.place is not None, "an enterprise has its division"
    return ArrangementRow(
        id=e.fact.arrangement,
        enterprise_id=e.originator_id,
        division_id=e.envelope.place,
        kind=e.fact.kind,
        post=e.fact.post,
        state=ArrangementState.RECOMMENDED,
        since=e.envelope.effective_on,
        recommended_on=e.envelope.effective_on,
    )


@arrangements.on(*ARRANGING[1:], key=lambda e: (e.fact.arrangement,))
def moved(row: ArrangementRow, e: Event[Fact]) -> ArrangementRow:
    return remembered(row, e)


enterprise_register = Projection("enterprises", enterprises, arrangements)
