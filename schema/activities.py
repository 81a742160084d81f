"""活动 | What may be asked about activities, and which townships did they reach?"""

from __future__ import annotations

import strawberry

from projections.activities import ActivityRow, TownshipOutreachRow, UnitOutreachRow
from schema.audit import Audited
from schema.nodes import single
from schema.views import View, every, one, view


@view(ActivityRow, place="division_id")
class Activity(View, Audited):
    """活动 | An activity for the building of chambers, at a place and on a day."""

    division = one("schema.divisions.Division", by="division_id")


@view(TownshipOutreachRow)
class TownshipOutreach(View):
    """乡镇（街道）走访情况 | How often a township was visited, and whether its leaders promised support."""

    division = one("schema.divisions.Division", by="division_id")
    unit = one("schema.divisions.Division", by="unit_id", required=False)


@view(UnitOutreachRow)
class UnitOutreach(View):
    """县区走访情况 | How many townships of a unit were visited, and how many promised support."""

    division = one("schema.divisions.Division", by="unit_id")


@strawberry.type
class Questions:
    """What may be asked at the root."""

    activity = single(Activity)
    activities = every(Activity, order=("-day", "id"))
    township_outreach = every(TownshipOutreach, order=("division_id",))
    unit_outreach = every(UnitOutreach, order=("unit_id",))
