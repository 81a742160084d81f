"""What may be asked at the root, now and as of any moment?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from projections.change_history import ChangeRow
from schema import (
    activities,
    appointments,
    assessments,
    chambers,
    claims,
    contributions,
    coverage,
    dashboard,
    deadlines,
    differences,
    divisions,
    documents,
    enterprises,
    issues,
    mediation,
    mediation_statistics,
    organs,
    party_branches,
    recognitions,
    runs,
    schemes,
    statistics,
    supervisions,
    talks,
)
from schema.audit import Node
from schema.chambers import Chamber
from schema.changes import Change
from schema.context import Context, context_of
from schema.coverage import TownshipCoverage
from schema.divisions import Division
from schema.errors import BadInput
from schema.moment import NOW, AsOfInput, Moment, moment_of
from schema.nodes import node_of, nodes_of, of_kind
from schema.positions import position_of, reach, resolve
from schema.relations import Named, Past, Reached, declared
from schema.scalars import DivisionCode, Position, Uscc, normal
from schema.scope import readable
from schema.statement import Order, Select, compares, equals
from schema.upkeep import Upkeep
from schema.viewer import Term, Viewer, viewer_of, vocabulary_of
from schema.views import every, fetch_one

MOST_IDS = 100


@strawberry.input(one_of=True)
class ChamberBy:
    """按何查找商会 | By what a chamber is found: its id, its credit code, or the township whose living one it is."""

    id: strawberry.ID | None = strawberry.UNSET
    uscc: Uscc | None = strawberry.UNSET
    division: DivisionCode | None = strawberry.UNSET


@strawberry.input(one_of=True)
class DivisionBy:
    """按何查找行政区划 | By what a division is found: its id, or a code that it has or once had."""

    id: strawberry.ID | None = strawberry.UNSET
    code: DivisionCode | None = strawberry.UNSET


@strawberry.type
class Views(
    activities.Questions,
    appointments.Questions,
    assessments.Questions,
    chambers.Questions,
    claims.Questions,
    coverage.Questions,
    dashboard.Questions,
    deadlines.Questions,
    differences.Questions,
    divisions.Questions,
    supervisions.Questions,
    talks.Questions,
    documents.Questions,
    enterprises.Questions,
    organs.Questions,
    statistics.Questions,
    schemes.Questions,
    issues.Questions,
    mediation.Questions,
    mediation_statistics.Questions,
    contributions.Questions,
    party_branches.Questions,
    recognitions.Questions,
):
    """Every question, the same now and in the past."""

    @declared(Named("id"))
    @strawberry.field
    async def node(self, info: Info[Any, Any], id: strawberry.ID) -> Node | None:
        """The object with this id; null for one that is unknown, malformed or not the viewer's to read."""
        found: Node | None = await node_of(context_of(info), id, moment_of(self))
        return found

    @strawberry.field
    async def nodes(self, info: Info[Any, Any], ids: list[strawberry.ID]) -> list[Node | None]:
        """The objects with these ids, in their order; at most 100."""
        if len(ids) > MOST_IDS:
            raise BadInput(f"一次最多读取 {MOST_IDS} 个标识 | At most {MOST_IDS} ids can be read at once")
        return await nodes_of(context_of(info), ids, moment_of(self))

    @declared(Named("by", lambda: Chamber, {"uscc": normal}))
    @strawberry.field
    async def chamber(self, info: Info[Any, Any], by: ChamberBy) -> Chamber | None:
        """One chamber."""
        found: Chamber | None = await _chamber(context_of(info), by, moment_of(self))
        return found

    @declared(Named("by", lambda: Division))
    @strawberry.field
    async def division(self, info: Info[Any, Any], by: DivisionBy) -> Division | None:
        """One division."""
        context, moment = context_of(info), moment_of(self)
        by_code = _given(by.code)
        found: Division | None = await (
            _division(context, by.code, moment) if by_code else of_kind(context, Division, by.id, moment)
        )
        return found

    changes = every(Change, order=("-position", "-ordinal"), unless=("record_type", "CLAIM"))


@strawberry.type
class Snapshot(Views):
    """某一时刻的全部数据 | All there was to ask at a past moment."""

    moment: strawberry.Private[Moment]
    position: Position

    @strawberry.field
    async def recorded_at(self, info: Info[Any, Any]) -> datetime | None:
        """When the last event before the moment was recorded."""
        last = (Order("position", descending=True),)
        rows = await context_of(info).reader.rows(Select(ChangeRow.table, self.moment.position, order=last, limit=1))
        return rows[0].recorded_at if rows else None


@strawberry.type
class Query(Views, Upkeep, runs.Questions):
    """查询 | All there is to ask."""

    @declared(Past("at"))
    @strawberry.field
    async def as_of(
        self, info: Info[Any, Any], at: AsOfInput, effective_on: date | None = None
    ) -> Annotated[Snapshot, strawberry.lazy("schema.roots")]:
        """The same questions as of a recorded moment; records, dated facts and their sums also by effective date."""
        context = context_of(info)
        context.reading()
        position = await resolve(context, at)
        return Snapshot(moment=Moment(position, effective_on), position=Position(position))

    @strawberry.field
    async def position(self, info: Info[Any, Any]) -> Position:
        """How far the views have come: the position as of which the present is shown."""
        context = context_of(info)
        context.reading()
        return Position(await position_of(context, NOW))

    @declared(Reached("minPosition"))
    @strawberry.field
    async def query(
        self, info: Info[Any, Any], min_position: Position
    ) -> Annotated[Query, strawberry.lazy("schema.roots")]:
        """All there is to ask, once the views show a position: what was written before it is there to be read."""
        context = context_of(info)
        context.reading()
        await reach(context, int(min_position))
        return Query()

    @strawberry.field
    async def viewer(self, info: Info[Any, Any]) -> Viewer:
        """Whoever is asking, and what he was granted."""
        return viewer_of(context_of(info).actor())

    @strawberry.field
    async def vocabulary(self, info: Info[Any, Any], codes: list[str] | None = None) -> list[Term]:
        """The words of the service, in Chinese and in English."""
        context_of(info).actor()
        return vocabulary_of(codes)


async def _chamber(context: Context, by: ChamberBy, moment: Moment) -> Any:
    if _given(by.id):
        return await of_kind(context, Chamber, by.id, moment)
    if _given(by.uscc):
        return await _first(context, Chamber, [equals("uscc", normal(str(by.uscc)))], moment)
    township = await _division(context, by.division, moment)
    key = township and township.row.id
    living = key and await fetch_one(context, TownshipCoverage, "division_id", key, moment.recorded)
    return living and living.row.chamber_id and await fetch_one(context, Chamber, "id", living.row.chamber_id, moment)


async def _first(context: Context, kind: Any, where: list[Any], moment: Moment) -> Any:
    """The one object that meets these conditions, by the recorded past; its facts then by their effect."""
    select = Select(kind.table, moment.position, (*where, *readable(kind, context.reading())), limit=1)
    rows = await context.reader.rows(select)
    return await fetch_one(context, kind, "id", rows[0].id, moment) if rows else None


async def _division(context: Context, code: Any, moment: Moment) -> Any:
    """The division that has a code, or else the last one that had it."""
    present = await _first(context, Division, [equals("code", code), equals("state", "OPEN")], moment)
    if present is not None:
        return present
    closed = await _first(context, Division, [equals("code", code)], moment)
    return closed or await _first(context, Division, [compares("{} @> {}", "former_codes", [code])], moment)


def _given(value: Any) -> bool:
    return value is not None and value is not strawberry.UNSET
