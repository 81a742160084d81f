"""Which activities were planned and held, which townships were visited, and which of them promised support?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from projections.engine.projection import Projection
from projections.engine.row import Key, RecordRow, Row
from projections.engine.table import table
from projections.engine.tally import Share, Tally
from projections.engine.view import Event, View
from projections.remember import remembered
from service.domain.activity import ActivityCancelled, ActivityHeld, ActivityPlanned, SupportObtained
from service.domain.activity_terms import ActivityKind, ActivityState, ActivityTopic, Audience, Counterpart
from service.domain.campaign import Campaign
from service.domain.division import TOWNSHIPS, Abolished, Defined, ManagerChanged, Merged, Recoded, Renamed
from service.domain.organ_kind import OrganKind
from service.domain.record import Fact


@table(
    "activity",
    key=("id",),
    indexes=(
        ("day", "id"),
        ("kind", "day", "id"),
        ("audience", "day", "id"),
        ("division_id", "day"),
        ("topics",),
        ("campaigns",),
    ),
    dated="day",
)
class ActivityRow(RecordRow, kw_only=True):
    """An activity; `day` is the one it is planned for, then the one it was held on."""

    division_id: UUID
    kind: ActivityKind
    title: str
    day: date
    state: ActivityState
    topics: tuple[ActivityTopic, ...] = ()
    audience: Audience | None = None
    counterpart: Counterpart | None = None
    co_organisers: tuple[OrganKind, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    attendees: int = 0
    supporter: Counterpart | None = None
    support: str | None = None


@table("township_outreach", key=("division_id",), indexes=(("unit_id", "division_id"),))
class TownshipOutreachRow(Row, kw_only=True):
    """How often a township was visited, since when, and whether its leaders promised support."""

    division_id: UUID
    unit_id: UUID | None
    visits: int = 0
    first_visited_on: date | None = None
    supporting: bool = False


@table("unit_outreach", key=("unit_id",))
class UnitOutreachRow(Row, kw_only=True):
    """How many townships of a unit were visited, how many promised support."""

    unit_id: UUID
    townships: int
    visited: int
    supporting: int


activities, townships = View(ActivityRow), View(TownshipOutreachRow)


@activities.on(ActivityPlanned)
def planned(_: ActivityRow | None, e: Event[ActivityPlanned]) -> ActivityRow:
    fact = e.fact
    row = ActivityRow(
        division_id=fact.division,
        kind=fact.kind,
        title=fact.title,
        day=fact.planned_for,
        state=ActivityState.PLANNED,
    )
    return remembered(row, e)


@activities.on(ActivityHeld)
def held(row: ActivityRow, e: Event[ActivityHeld]) -> ActivityRow:
    return remembered(row, e, day=e.envelope.effective_on)


@activities.on(ActivityCancelled, SupportObtained)
def said(row: ActivityRow, e: Event[ActivityCancelled] | Event[SupportObtained]) -> ActivityRow:
    return remembered(row, e)


@townships.on(Defined)
def defined(_: TownshipOutreachRow | None, e: Event[Defined]) -> TownshipOutreachRow | None:
    if e.fact.kind not in TOWNSHIPS:
        return None
    return TownshipOutreachRow(division_id=e.originator_id, unit_id=e.fact.managed_by)


@townships.on(Renamed, Recoded)
def changed(row: TownshipOutreachRow | None, e: Event[Renamed] | Event[Recoded]) -> TownshipOutreachRow | None:
    return row if e.fact.kind in TOWNSHIPS else None


@townships.on(ManagerChanged)
def managed(row: TownshipOutreachRow | None, e: Event[ManagerChanged]) -> TownshipOutreachRow | None:
    return row and replace(row, unit_id=e.fact.managed_by)


@townships.on(Merged, Abolished)
def closed(_: TownshipOutreachRow | None, __: Event[Fact]) -> None:
    return None


def _of_visit(e: Event[ActivityHeld]) -> list[Key]:
    return [(e.envelope.place,)] if e.fact.kind is ActivityKind.VISIT else []


@townships.on(ActivityHeld, key=_of_visit)
def visited(row: TownshipOutreachRow | None, e: Event[ActivityHeld]) -> TownshipOutreachRow | None:
    first = row and min(row.first_visited_on or date.max, e.envelope.effective_on)
    return row and replace(row, visits=row.visits + 1, first_visited_on=first)


@townships.on(SupportObtained, key=lambda e: (e.envelope.place,))
def supported(row: TownshipOutreachRow | None, _: Event[SupportObtained]) -> TownshipOutreachRow | None:
    return row and replace(row, supporting=True)


units = Tally(UnitOutreachRow, of=townships)


@units.counts
def share(row: TownshipOutreachRow) -> Share:
    if row.unit_id is None:
        return None
    return (row.unit_id,), {"townships": 1, "visited": int(row.visits > 0), "supporting": int(row.supporting)}


activity_register = Projection("activities", activities, townships, units)
