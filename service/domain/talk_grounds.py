"""约谈依据 | Does what a talk rests on exist: a finding, an assessment of the place that is talked about?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from service.domain.assessment import Assessment
from service.domain.claim import Records
from service.domain.division import Division, Divisions
from service.domain.refusal import NotFound, require
from service.domain.supervision import Supervision
from service.domain.supervision_terms import FindingState

AssessmentId = Annotated[UUID, Meta(extra={"ref": "Assessment"})]


def require_finding(
    supervision: UUID | None, finding: UUID | None, about: Division, divisions: Divisions, records: Records
) -> None:
    """Refuse a finding that is not named in full, was taken back, or is another place's.

    Raises NotFound when there is no such finding.
    """
    require(supervision is not None and finding is not None, FINDING_UNNAMED, path=("finding",))
    found = records.get(Supervision, supervision).findings.get(finding) if supervision and finding else None
    if found is None:
        raise NotFound("没有该督导问题 | There is no such finding", path=("finding",))
    require(found.state is not FindingState.WITHDRAWN, FINDING_WITHDRAWN, path=("finding",))
    require(_within(found.unit, about, divisions), FINDING_ELSEWHERE, path=("finding",), name=about.name)


def require_assessment(assessment: UUID | None, about: Division, divisions: Divisions, records: Records) -> None:
    """Refuse an assessment that is not named, or is of another place.

    Raises NotFound when there is no such assessment.
    """
    require(assessment is not None, ASSESSMENT_UNNAMED, path=("assessment",))
    found = records.get(Assessment, assessment) if assessment else None
    if found is None or not found.exists:
        raise NotFound("没有该考核 | There is no such assessment", path=("assessment",))
    require(_within(found.place, about, divisions), ASSESSMENT_ELSEWHERE, path=("assessment",), name=about.name)


def _within(place: UUID | None, about: Division, divisions: Divisions) -> bool:
    return any(each.id == about.id for each in divisions.above(place))


FINDING_UNNAMED = "请指明督导及其问题 | Name the supervision and its finding"
FINDING_WITHDRAWN = "该问题已撤回 | The finding has been withdrawn"
FINDING_ELSEWHERE = "该问题不属于{name} | The finding is not one of {name}"
ASSESSMENT_UNNAMED = "请指明考核 | Name the assessment"
ASSESSMENT_ELSEWHERE = "该考核不属于{name} | The assessment is not one of {name}"
