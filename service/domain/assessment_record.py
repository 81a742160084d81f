"""考核 | What is known of an assessment at any moment?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from service.domain.assessment_terms import AssessmentState
from service.domain.claim import Records
from service.domain.identifiers import name_id
from service.domain.record import Fact, Occasion, Record, leads_to
from service.domain.scheme import Scheme
from service.domain.scheme_terms import SchemeKind
from service.domain.value import Value


class AspectScore(Value, frozen=True):
    """方面得分 | The points given for an aspect, and the SHA-256 of what they rest on if that came with them."""

    aspect: str
    score: Decimal
    evidence: str | None = None


class AspectEvidence(Value, frozen=True):
    """考核佐证 | What speaks for the points of an aspect: its title, the SHA-256 of its bytes."""

    aspect: str
    title: str
    sha256: str


def assessment_id(kind: SchemeKind, subject: UUID, year: int) -> UUID:
    """The id of a subject's one assessment of a kind and year."""
    return name_id(f"assessment/{kind}/{subject}/{year}")


class AssessmentRecord(Record):
    """All fields of an assessment.

    `assessed` is an appointment or a division, `division` the place it belongs to, `chamber` that of a president;
    `scheme` is the edition that was in force when it was opened.
    """

    state: AssessmentState | None = None
    kind: SchemeKind | None = None
    scheme: UUID | None = None
    assessed: UUID | None = None
    division: UUID | None = None
    chamber: UUID | None = None
    year: int = 0
    self_report: str = ""
    evidence: tuple[AspectEvidence, ...] = ()
    scores: Mapping[str, AspectScore] = {}
    vetoed_by: tuple[str, ...] = ()
    total: Decimal | None = None
    grade: str = ""
    published_on: date | None = None
    grounds: str = ""
    appeal_waived: bool = False
    to_be_rescored: bool = False

    def scheme_of(self, records: Records) -> Scheme:
        """The edition it was opened under, which never changes."""
        assert self.scheme is not None, "an assessment begins with its scheme"
        return records.get(Scheme, self.scheme)


@leads_to(AssessmentState.OPEN)
class AssessmentOpened(Fact):
    """开始考核 | The assessment of a subject's year was opened, under the edition of the scheme then in force."""

    kind: SchemeKind
    scheme: UUID
    assessed: UUID
    division: UUID
    chamber: UUID | None
    year: int


@leads_to({AssessmentState.OPEN: AssessmentState.SELF_REPORTED})
class SelfReportSubmitted(Fact):
    """提交自评 | The assessed reported on the year (the SHA-256 of the report)."""

    self_report: str


class EvidenceAttached(Fact):
    """附佐证材料 | Something that speaks for the points of an aspect was put on file."""

    attached: AspectEvidence

    def apply(self, record: AssessmentRecord, _: Occasion, /) -> None:
        """Put it last."""
        record.evidence = (*record.evidence, self.attached)


@leads_to(AssessmentState.SCORED)
class Scored(Fact):
    """评分 | Every aspect was scored; the total follows from the scheme."""

    marks: tuple[AspectScore, ...]
    vetoed_by: tuple[str, ...]
    total: Decimal

    def apply(self, record: AssessmentRecord, _: Occasion, /) -> None:
        """The scores stand until others take their place."""
        record.scores = {each.aspect: each for each in self.marks}


@leads_to(AssessmentState.SCORED)
class Rescored(Fact):
    """重新评分 | Every aspect was scored anew; the old scores stay in the history."""

    marks: tuple[AspectScore, ...]
    vetoed_by: tuple[str, ...]
    total: Decimal

    def apply(self, record: AssessmentRecord, _: Occasion, /) -> None:
        """An appeal that was upheld has been met."""
        record.scores = {each.aspect: each for each in self.marks}
        record.to_be_rescored = False


@leads_to(AssessmentState.PUBLISHED)
class ResultPublished(Fact):
    """公布结果 | Total and grade were published: the time to appeal begins."""

    total: Decimal
    grade: str

    def apply(self, record: AssessmentRecord, occasion: Occasion, /) -> None:
        """Remember since when."""
        record.published_on, record.appeal_waived = occasion.effective_on, False


@leads_to(AssessmentState.APPEALED)
class Appealed(Fact):
    """申诉 | The assessed appealed against the result."""

    grounds: str


class AppealWaived(Fact):
    """放弃申诉 | The assessed accepted the result before the time to appeal was over."""

    def apply(self, record: AssessmentRecord, _: Occasion, /) -> None:
        """Remember it."""
        record.appeal_waived = True


@leads_to(AssessmentState.PUBLISHED)
class AppealDismissed(Fact):
    """驳回申诉 | The result stands."""


@leads_to(AssessmentState.SCORED)
class AppealUpheld(Fact):
    """申诉成立 | The result is to be scored anew: the published grade no longer stands."""

    def apply(self, record: AssessmentRecord, _: Occasion, /) -> None:
        """Take the grade back."""
        record.to_be_rescored, record.grade, record.published_on = True, "", None


@leads_to(AssessmentState.CONFIRMED)
class ResultConfirmed(Fact):
    """确认结果 | The result is final."""


@leads_to(AssessmentState.CANCELLED)
class AssessmentCancelled(Fact):
    """取消考核 | There will be no result for this year."""
