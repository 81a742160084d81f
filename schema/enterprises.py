"""企业 | What may be asked about enterprises, their memberships and the posts arranged for them?"""

from __future__ import annotations

from uuid import UUID

import strawberry

from projections.enterprises import ArrangementRow, EnterpriseRow
from schema.audit import Audited
from schema.nodes import single
from schema.views import View, every, many, one, view


@view(EnterpriseRow, place="division_id")
class Enterprise(View, Audited):
    """企业 | An enterprise with a credit code, the chambers it belongs to and the posts arranged for it."""

    division = one("schema.divisions.Division", by="division_id")
    represented_chamber = one("schema.chambers.Chamber", by="represents", required=False)
    memberships = many("schema.chambers.Member", of="id", order=("admitted_on", "chamber_id"))
    arrangements = many("schema.enterprises.Arrangement", of="enterprise_id", order=("recommended_on", "id"))


@view(ArrangementRow, place="division_id", hide=("enterprise_id",))
class Arrangement(View):
    """政治安排、社会安排 | One post arranged for an enterprise, from the recommendation to its end."""

    id: UUID
    enterprise = one("schema.enterprises.Enterprise", by="enterprise_id")


@strawberry.type
class Questions:
    """What may be asked at the root."""

    enterprise = single(Enterprise)
    enterprises = every(Enterprise, order=("name", "id"))
    arrangements = every(Arrangement, order=("-recommended_on", "id"))
