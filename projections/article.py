"""Which fourteen countable claims does the article about the working method make, and how is each derived?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from projections.claims import Claim, Derivation
from service.domain.activity import ActivityHeld
from service.domain.contribution_record import AmountCorrected, ContributionVerified
from service.domain.document import DocumentIssued
from service.domain.issue_record import IssueSolved
from service.domain.mediation_body import BodyEstablished
from service.domain.mediation_outcome import AgreementReached
from service.domain.recognition_record import Conferred
from service.domain.scheme_record import AspectAdded
from service.domain.supervision import UnitVisited

DERIVATIONS: Mapping[str, Derivation] = {
    "counties": Derivation(
        figure="count(DISTINCT t.unit_id)",
        rows="{township_supervision} AS t JOIN {unit_supervision} AS u USING (unit_id) WHERE u.visited = u.townships",
        facts=(UnitVisited,),
        record="t.supervision_id",
    ),
    "townships_supervised": Derivation(
        figure="count(t.visited_on)::numeric / nullif(count(*), 0)",
        rows="{township_supervision} AS t",
        facts=(UnitVisited,),
        record="t.supervision_id",
    ),
    "assessment_aspects": Derivation(
        figure="sum(json_array_length(t.aspects))",
        rows="{scheme} AS t WHERE t.kind = 'PRESIDENT_ANNUAL' AND t.state = 'PUBLISHED' AND NOT EXISTS ("
        "SELECT FROM {scheme} AS newer WHERE newer.kind = t.kind AND newer.state = t.state"
        " AND newer.edition > t.edition)",
        facts=(AspectAdded,),
    ),
    "on_site": Derivation(
        figure="count(*)",
        rows="{issue} AS t WHERE t.state IN ('SOLVED', 'CLOSED') AND t.on_site",
        facts=(IssueSolved,),
        last=True,
    ),
    "solved": Derivation(
        figure="count(*)",
        rows="{issue} AS t WHERE t.state IN ('SOLVED', 'CLOSED')",
        facts=(IssueSolved,),
        last=True,
    ),
    "training_classes": Derivation(
        figure="count(*)",
        rows="{activity} AS t WHERE t.kind = 'TRAINING_CLASS' AND t.state = 'HELD'",
        facts=(ActivityHeld,),
    ),
    "joint_documents": Derivation(
        figure="count(*)",
        rows="{document} AS t WHERE t.level = 'CITY' AND t.issuers @> ARRAY['FIC', 'CIVIL_AFFAIRS']",
        facts=(DocumentIssued,),
    ),
    # Policy measures answer what enterprises asked for; they regulate no chamber.
    "local_documents": Derivation(
        figure="count(*)",
        rows="{document} AS t WHERE t.level IN ('CITY', 'COUNTY') AND t.kind <> 'POLICY_MEASURE'",
        facts=(DocumentIssued,),
    ),
    "mediation_chambers": Derivation(
        figure="count(DISTINCT t.chamber_id)",
        rows="{mediation_body} AS t WHERE t.state = 'ACTIVE'",
        facts=(BodyEstablished,),
    ),
    "disputes_resolved": Derivation(
        figure="count(*)",
        rows="{mediation_case} AS t WHERE t.outcome = 'RESOLVED'",
        facts=(AgreementReached,),
        last=True,
    ),
    "demonstrations": Derivation(
        figure="count(*)",
        rows="{recognition} AS t WHERE t.kind = 'DEMONSTRATION' AND t.state = 'CONFERRED'",
        facts=(Conferred,),
        each="t.county_id",
    ),
    "commendations": Derivation(
        figure="count(*)",
        rows="{recognition} AS t WHERE t.kind = 'COMMENDATION' AND t.state = 'CONFERRED'",
        facts=(Conferred,),
    ),
    "investment": Derivation(
        figure="sum(t.verified_amount)",
        rows="{contribution} AS t WHERE t.kind = 'INVESTMENT' AND t.state = 'VERIFIED'",
        facts=(ContributionVerified, AmountCorrected),
    ),
    "donation": Derivation(
        figure="sum(t.verified_amount)",
        rows="{contribution} AS t WHERE t.kind = 'DONATION' AND t.state = 'VERIFIED'",
        facts=(ContributionVerified, AmountCorrected),
    ),
}
"""How each claim is derived, by its id. A claim is listed as soon as it is here."""


@cache
def claims() -> tuple[Claim, ...]:
    """All claims, in the article's order."""
    text = files(__package__).joinpath("article_claims.json").read_bytes()
    return msgspec.json.decode(text, type=tuple[Claim, ...])
