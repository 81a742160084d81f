"""覆盖与登记进度 | Which townships have a chamber, and how far are the others?"""

from __future__ import annotations

from asyncio import gather
from typing import Any

import strawberry
from strawberry.types import Info

from projections.registration_pipeline import PipelineRow
from projections.township_coverage import TownshipCoverageRow, UnitCoverageRow
from schema.context import Context, context_of
from schema.divisions import Division
from schema.moment import moment_of
from schema.scope import readable
from schema.statement import Select
from schema.views import View, every, fetch_one, one, view

COUNTS = ("townships", "registered", "in_progress", "none")


@view(TownshipCoverageRow)
class TownshipCoverage(View):
    """乡镇（街道）覆盖 | A real township or sub-district and its living chamber."""

    division = one("schema.divisions.Division", by="division_id")
    unit = one("schema.divisions.Division", by="unit_id", required=False)
    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)


@view(UnitCoverageRow)
class UnitCoverage(View):
    """县区覆盖 | How many of a unit's townships have a chamber, are preparing one, or have none."""

    division = one("schema.divisions.Division", by="unit_id")


@view(PipelineRow, place="division_id")
class PipelineEntry(View):
    """登记进度 | A chamber on its way to registration: how far, since when, and by when somebody must decide."""

    chamber = one("schema.chambers.Chamber", by="chamber_id")
    division = one("schema.divisions.Division", by="division_id")


@strawberry.type
class Coverage:
    """商会覆盖情况 | How many real townships have a chamber, in all and by unit."""

    townships: int
    registered: int
    in_progress: int
    none: int
    units: list[UnitCoverage]


@strawberry.type
class Questions:
    """What may be asked at the root."""

    township_coverage = every(TownshipCoverage, order=("division_id",))
    registration_pipeline = every(PipelineEntry, order=("since", "chamber_id"))

    @strawberry.field
    async def coverage(self, info: Info[Any, Any]) -> Coverage:
        """How many real townships have a chamber, in all and by unit."""
        context, moment = context_of(info), moment_of(self)
        allowed = tuple(readable(UnitCoverage, context.reading()))
        select = Select(UnitCoverage.table, moment.position, allowed, on=moment.effective_on)
        rows = await context.reader.rows(select)
        totals = {name: sum(getattr(row, name) for row in rows) for name in COUNTS}
        units = [UnitCoverage.of(row, moment) for row in rows]
        codes = await gather(*(_code(context, unit) for unit in units))
        by_code = sorted(zip(codes, units, strict=True), key=lambda each: each[0])
        return Coverage(**totals, units=[unit for _, unit in by_code])


async def _code(context: Context, unit: Any) -> str:
    division = await fetch_one(context, Division, "id", unit.row.unit_id, unit.moment.recorded)
    return str(division.row.code)
