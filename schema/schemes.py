"""考核（认定）方案 | What may be asked about schemes, their aspects and grades?"""

from __future__ import annotations

import strawberry

from projections.schemes import SchemeRow
from schema.audit import Audited
from schema.nodes import single
from schema.views import View, every, many, one, view
from service.domain.scheme_terms import SchemeState

PUBLIC = ("state", (SchemeState.PUBLISHED, SchemeState.RETIRED))


@view(SchemeRow, place="issuer_id", public=PUBLIC, shared=True)
class Scheme(View, Audited):
    """考核（认定）方案 | One edition of the rules by which presidents, places, chambers or branches are judged."""

    issuer = one("schema.divisions.Division", by="issuer_id")
    assessments = many("schema.assessments.Assessment", of="scheme_id", order=("-year", "id"))


@strawberry.type
class Questions:
    """What may be asked at the root."""

    schemes = every(Scheme, order=("kind", "-edition"))
    scheme = single(Scheme)
