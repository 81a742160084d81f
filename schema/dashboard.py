"""总览 | How do the units stand, at a glance?"""

from __future__ import annotations

import strawberry

from projections.dashboard import DashboardRow, PlaceFiguresRow
from schema.views import View, every, many, one, view


@view(DashboardRow, place="unit_id")
class DashboardUnit(View):
    """县区总览 | The figures of a unit with all that it manages."""

    division = one("schema.divisions.Division", by="unit_id")
    places = many("schema.dashboard.PlaceFigures", of="unit_id", by="unit_id", order=("division_id",))


@view(PlaceFiguresRow, place="division_id")
class PlaceFigures(View):
    """各地总览 | The figures of a township, or of a unit itself where a record belongs to none of its townships."""

    division = one("schema.divisions.Division", by="division_id")
    unit = one("schema.divisions.Division", by="unit_id", required=False)


@strawberry.type
class Questions:
    """What may be asked at the root."""

    dashboard = every(DashboardUnit, order=("unit_id",))
