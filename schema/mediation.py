"""商会调解 | What may be asked about mediation bodies and, by those who may read them, about their cases?"""

from __future__ import annotations

import strawberry

from projections.mediation_rows import (
    FollowUpRow,
    MediationBodyRow,
    MediationCaseRow,
    MediationSessionRow,
    MediatorRow,
)
from schema.audit import Audited
from schema.nodes import single
from schema.views import View, every, many, one, view
from service.domain import mediation_case
from service.domain.mediation_terms import MediationBodyState

READERS = mediation_case.MediationCase.readers
PUBLIC = ("state", (MediationBodyState.ACTIVE, MediationBodyState.SUSPENDED, MediationBodyState.DISSOLVED))
"""The bodies that were set up; plans for one are the chamber's own affair."""


@view(MediationBodyRow, place="division_id", public=PUBLIC, hide=("seat_of",))
class MediationBody(View, Audited):
    """商会调解组织 | The people's mediation committee of a chamber."""

    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)
    division = one("schema.divisions.Division", by="division_id")
    mediators = many("schema.mediation.Mediator", of="body_id", order=("post", "person"))
    cases = many("schema.mediation.MediationCase", of="body_id", order=("-applied_on", "id"))


@view(MediatorRow, place="division_id")
class Mediator(View):
    """调解员 | Somebody who mediates for a body: of its committee, or engaged by it."""

    body = one("schema.mediation.MediationBody", by="body_id", required=False)


@view(MediationCaseRow, place="division_id", readers=READERS)
class MediationCase(View, Audited):
    """调解案件 | A dispute that a mediation body helps to settle. Only those who are to know of it may read it."""

    body = one("schema.mediation.MediationBody", by="body_id", required=False)
    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)
    division = one("schema.divisions.Division", by="division_id")
    sessions = many("schema.mediation.MediationSession", of="case_id", order=("session",))
    follow_ups = many("schema.mediation.FollowUp", of="case_id", order=("follow_up",))


@view(MediationSessionRow, place="division_id", readers=READERS, hide=("chamber_id",))
class MediationSession(View):
    """调解会 | A session of a case."""

    case = one("schema.mediation.MediationCase", by="case_id", required=False)


@view(FollowUpRow, place="division_id", readers=READERS, hide=("chamber_id",))
class FollowUp(View):
    """回访 | What was seen of an agreement's performance."""

    case = one("schema.mediation.MediationCase", by="case_id", required=False)


@strawberry.type
class Questions:
    """What may be asked at the root."""

    mediation_bodies = every(MediationBody, order=("name", "id"))
    mediation_body = single(MediationBody)
    mediation_cases = every(MediationCase, order=("-applied_on", "id"))
    mediation_case = single(MediationCase)
    mediation_sessions = every(MediationSession, order=("-held_on", "case_id", "session"))
    follow_ups = every(FollowUp, order=("-visited_on", "case_id", "follow_up"))
