"""Which divisions are there, what are they called, and who manages them?"""

from __future__ import annotations

from uuid import UUID

from projections.engine.projection import Projection
from projections.engine.row import RecordRow
from projections.engine.table import table
from projections.engine.view import Event, View
from projections.remember import remembered
from service.domain.division import (
    TOWNSHIPS,
    UNITS,
    Abolished,
    Defined,
    DivisionKind,
    DivisionState,
    ManagerChanged,
    Merged,
    Recoded,
    Renamed,
)


@table(
    "division",
    key=("id",),
    indexes=(("code",), ("managed_by",), ("parent", "code"), ("kind", "code"), ("former_codes",)),
    seldom=("managed_by",),
)
class DivisionRow(RecordRow, kw_only=True):
    """A division. `unit` and `township` say what it is for the building of chambers."""

    code: str
    name: str
    kind: DivisionKind
    state: DivisionState = DivisionState.OPEN
    unit: bool
    township: bool
    parent: UUID | None = None
    managed_by: UUID | None = None
    merged_into: UUID | None = None
    villages: int | None = None
    note: str | None = None
    former_codes: tuple[str, ...] = ()


divisions_view = View(DivisionRow)


@divisions_view.on(Defined)
def defined(_: DivisionRow | None, e: Event[Defined]) -> DivisionRow:
    fact = e.fact
    return DivisionRow(
        code=fact.code,
        name=fact.name,
        kind=fact.kind,
        unit=fact.kind in UNITS,
        township=fact.kind in TOWNSHIPS,
        parent=fact.parent,
        managed_by=fact.managed_by,
        villages=fact.villages,
        note=fact.note,
    )


@divisions_view.on(Renamed)
def renamed(row: DivisionRow, e: Event[Renamed]) -> DivisionRow:
    return remembered(row, e, unit=e.fact.kind in UNITS, township=e.fact.kind in TOWNSHIPS)


@divisions_view.on(Recoded)
def recoded(row: DivisionRow, e: Event[Recoded]) -> DivisionRow:
    kind = e.fact.kind
    former = (*row.former_codes, row.code)
    return remembered(row, e, unit=kind in UNITS, township=kind in TOWNSHIPS, former_codes=former)


@divisions_view.on(ManagerChanged)
def managed(row: DivisionRow, e: Event[ManagerChanged]) -> DivisionRow:
    return remembered(row, e)


@divisions_view.on(Merged, Abolished)
def closed(row: DivisionRow, e: Event[Merged] | Event[Abolished]) -> DivisionRow:
    return remembered(row, e, unit=False, township=False)


divisions = Projection("divisions", divisions_view)
