"""How far is each supervision, whom did it visit, what did it find amiss, and what is still open?"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from msgspec.structs import replace

from projections.engine.projection import Projection
from projections.engine.row import Key
from projections.engine.tally import Share, Tally
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from projections.supervision_rows import (
    FindingRow,
    SupervisedTownshipRow,
    SupervisedUnitRow,
    SupervisionRow,
    VisitRow,
)
from service.domain.record import Fact
from service.domain.supervision import (
    Supervision,
    SupervisionPlanned,
    SupervisionReported,
    SupervisionStarted,
    UnitRevisited,
    UnitsListed,
    UnitVisited,
)
from service.domain.supervision_findings import (
    FindingRaised,
    FindingWithdrawn,
    RectificationPlanned,
    RectificationRejected,
    RectificationSubmitted,
    RectificationVerified,
)
from service.domain.supervision_terms import FindingState, SupervisionState

SHARE = Decimal("0.0001")
supervisions, visits, findings = View(SupervisionRow), View(VisitRow), View(FindingRow)
townships = View(SupervisedTownshipRow)
units = Tally(SupervisedUnitRow, of=townships)


@supervisions.on(SupervisionPlanned)
def planned(_: SupervisionRow | None, e: Event[SupervisionPlanned]) -> SupervisionRow:
    on = e.envelope.effective_on
    return SupervisionRow(
        division_id=e.fact.division,
        title=e.fact.title,
        team=e.fact.team,
        state=SupervisionState.PLANNED,
        since=on,
        planned_on=on,
    )


@supervisions.on(UnitsListed)
def listed(row: SupervisionRow, e: Event[UnitsListed]) -> SupervisionRow:
    return replace(row, units_listed=row.units_listed + len(e.fact.listed))


@supervisions.on(SupervisionStarted)
def started(row: SupervisionRow, e: Event[SupervisionStarted]) -> SupervisionRow:
    return remembered(row, e, started_on=e.envelope.effective_on)


@supervisions.on(UnitVisited)
def covered(row: SupervisionRow, _: Event[UnitVisited]) -> SupervisionRow:
    visited = row.units_visited + 1
    return replace(row, units_visited=visited, coverage=(Decimal(visited) / row.units_listed).quantize(SHARE))


@supervisions.on(FindingRaised)
def found(row: SupervisionRow, _: Event[FindingRaised]) -> SupervisionRow:
    return replace(row, findings_raised=row.findings_raised + 1, findings_open=row.findings_open + 1)


@supervisions.on(RectificationVerified, FindingWithdrawn)
def settled(row: SupervisionRow, _: Event[Fact]) -> SupervisionRow:
    return replace(row, findings_open=row.findings_open - 1)


@supervisions.on(SupervisionReported)
def reported(row: SupervisionRow, e: Event[SupervisionReported]) -> SupervisionRow:
    return remembered(row, e, reported_on=e.envelope.effective_on)


OWN = (
    SupervisionPlanned, UnitsListed, SupervisionStarted, UnitVisited, FindingRaised, RectificationVerified,
    FindingWithdrawn, SupervisionReported,
)  # fmt: skip


@supervisions.on(*facts_of(Supervision, *OWN))
def moved(row: SupervisionRow, e: Event[Fact]) -> SupervisionRow:
    return remembered(row, e)


@visits.on(UnitVisited, UnitRevisited, key=lambda e: (e.originator_id, e.originator_version))
def visited(_: VisitRow | None, e: Event[UnitVisited]) -> VisitRow:
    return VisitRow(
        supervision_id=e.originator_id,
        number=e.originator_version,
        division_id=e.fact.unit,
        visited_on=e.envelope.effective_on,
        visitors=e.fact.visitors,
        observations=e.fact.observations,
        follow_up=isinstance(e.fact, UnitRevisited),
    )


@findings.on(FindingRaised, key=lambda e: (e.fact.finding,))
def raised(_: FindingRow | None, e: Event[FindingRaised]) -> FindingRow:
    fact, on = e.fact, e.envelope.effective_on
    return FindingRow(
        id=fact.finding,
        supervision_id=e.originator_id,
        division_id=fact.unit,
        cause=fact.cause,
        severity=fact.severity,
        description=fact.description,
        state=FindingState.OPEN,
        since=on,
        raised_on=on,
    )


@findings.on(RectificationPlanned, RectificationSubmitted, key=lambda e: (e.fact.finding,))
def under_way(row: FindingRow, e: Event[Fact]) -> FindingRow:
    return remembered(row, e)


@findings.on(RectificationRejected, key=lambda e: (e.fact.finding,))
def sent_back(row: FindingRow, e: Event[RectificationRejected]) -> FindingRow:
    return remembered(row, e, rejections=row.rejections + 1)


@findings.on(RectificationVerified, FindingWithdrawn, key=lambda e: (e.fact.finding,))
def closed(row: FindingRow, e: Event[Fact]) -> FindingRow:
    return remembered(row, e, open=False, settled_on=e.envelope.effective_on)


def _each_listed(e: Event[UnitsListed]) -> list[Key]:
    return [(e.originator_id, each.township) for each in e.fact.listed]


@townships.each(UnitsListed, keys=_each_listed)
def on_the_list(_: SupervisedTownshipRow | None, e: Event[UnitsListed], key: Key) -> SupervisedTownshipRow:
    answering: dict[object, UUID] = {each.township: each.unit for each in e.fact.listed}
    township = next(each.township for each in e.fact.listed if each.township == key[1])
    return SupervisedTownshipRow(supervision_id=e.originator_id, division_id=township, unit_id=answering[township])


@townships.on(UnitVisited, UnitRevisited, key=lambda e: (e.originator_id, e.fact.unit))
def called_on(row: SupervisedTownshipRow, e: Event[UnitVisited]) -> SupervisedTownshipRow:
    return replace(row, visited_on=row.visited_on or e.envelope.effective_on, visits=row.visits + 1)


@townships.on(FindingRaised, key=lambda e: (e.originator_id, e.fact.unit))
def found_there(row: SupervisedTownshipRow, _: Event[FindingRaised]) -> SupervisedTownshipRow:
    return replace(row, findings_raised=row.findings_raised + 1, findings_open=row.findings_open + 1)


@townships.on(RectificationVerified, FindingWithdrawn, key=lambda e: (e.originator_id, e.envelope.place))
def settled_there(row: SupervisedTownshipRow, _: Event[Fact]) -> SupervisedTownshipRow:
    return replace(row, findings_open=row.findings_open - 1)


@units.counts
def share(row: SupervisedTownshipRow) -> Share:
    counts = {"townships": 1, "visited": int(row.visited_on is not None)}
    found = {"findings_raised": row.findings_raised, "findings_open": row.findings_open}
    return (row.supervision_id, row.unit_id), counts | found


supervision_views = Projection("supervisions", supervisions, visits, findings, townships, units)
