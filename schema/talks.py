"""约谈 | What may be asked about admonitory talks: at which level, about what, and did they help?"""

from __future__ import annotations

import strawberry

from projections.talks import TalkRow
from schema.audit import Audited
from schema.nodes import single
from schema.views import View, every, one, view


@view(TalkRow, place="division_id")
class Talk(View, Audited):
    """约谈 | An admonitory talk with those who answer for the building of chambers in a county or a township."""

    division = one("schema.divisions.Division", by="division_id")
    supervision = one("schema.supervisions.Supervision", by="supervision", required=False)
    finding = one("schema.supervisions.Finding", by="finding", required=False)
    assessment = one("schema.assessments.Assessment", by="assessment", required=False)
    escalated_from = one("schema.talks.Talk", by="escalated_from", required=False)
    next_talk = one("schema.talks.Talk", by="next_talk", required=False)


@strawberry.type
class Questions:
    """What may be asked at the root."""

    talks = every(Talk, order=("-ordered_on", "id"))
    talk = single(Talk)
