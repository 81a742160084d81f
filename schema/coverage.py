"""覆盖与登记进度 | Which townships have a chamber, and how far are the others?"""

from __future__ import annotations

from projections.registration_pipeline import PipelineRow
from projections.township_coverage import TownshipCoverageRow, UnitCoverageRow
from schema.views import View, one, view


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
