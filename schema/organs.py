"""机构 | What may be asked about the organs of each division?"""

from __future__ import annotations

import strawberry

from projections.organs import OrganRow
from schema.audit import Node
from schema.views import View, every, one, view
from service.domain.organ_kind import Level


@view(OrganRow, place="division_id", public=("level", tuple(Level)), shared=True)
class Organ(View, Node):
    """机构 | An organ that acts for a division: a federation, a department, a committee, a bureau."""

    division = one("schema.divisions.Division", by="division_id")


@strawberry.type
class Questions:
    """What may be asked at the root."""

    organs = every(Organ, order=("name", "id"))
