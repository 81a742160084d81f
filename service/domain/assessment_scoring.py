"""评分 | What do the assessed report and the assessors give, aspect by aspect, and what does it come to?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from service.domain.assessment_record import (
    AspectEvidence,
    AspectScore,
    AssessmentRecord,
    EvidenceAttached,
    Rescored,
    Scored,
    SelfReportSubmitted,
)
from service.domain.assessment_terms import ASSESSED, ASSESSMENT_RULES, ASSESSORS, BOTH_SIDES, AssessmentState
from service.domain.claim import Records
from service.domain.command import command
from service.domain.identifiers import Digest, Line
from service.domain.refusal import require
from service.domain.scheme import Scheme
from service.domain.scheme_terms import Code
from service.domain.value import Value

UNSETTLED = (AssessmentState.OPEN, AssessmentState.SELF_REPORTED, AssessmentState.SCORED, AssessmentState.APPEALED)
"""The states in which evidence still counts."""
CENT = Decimal("0.01")
Score = Annotated[Decimal, Meta(extra={"scalar": "Decimal"})]
"""Points, to the hundredth."""


class AspectMark(Value, frozen=True):
    """方面打分 | The points that the assessor gives for an aspect, with what they rest on if it is not on file yet."""

    aspect: Code
    score: Score
    evidence: Digest | None = None


Marks = Annotated[list[AspectMark], Meta(min_length=1, max_length=50)]
Vetoes = Annotated[list[Code], Meta(max_length=50)]


class Scoring(AssessmentRecord):
    """The commands from the self-report to the scores."""

    @command(by=ASSESSED, when=AssessmentState.OPEN, basis=ASSESSMENT_RULES)
    def submit_self_report(self, self_report: Digest) -> SelfReportSubmitted:
        """提交自评 | Report on the year, as the assessed: the digest of the report."""
        return SelfReportSubmitted(self_report)

    @command(by=BOTH_SIDES, when=UNSETTLED, basis=ASSESSMENT_RULES)
    def attach_evidence(self, aspect: Code, title: Line, sha256: Digest, *, records: Records) -> EvidenceAttached:
        """附佐证材料 | Put on file what speaks for the points of an aspect."""
        known = {each.code for each in self.scheme_of(records).aspects}
        require(aspect in known, NO_ASPECT, path=("aspect",))
        return EvidenceAttached(AspectEvidence(aspect, title, sha256))

    @command(
        by=ASSESSORS,
        when=(AssessmentState.OPEN, AssessmentState.SELF_REPORTED),
        basis=ASSESSMENT_RULES,
        unlike="self_report_submitted",
    )
    def score(self, marks: Marks, vetoes: Vetoes | None = None, *, records: Records) -> Scored:
        """评分 | Give points for every aspect, and say which veto items apply; the total follows from the scheme."""
        return Scored(*self._judged(marks, vetoes or (), records))

    @command(
        by=ASSESSORS,
        when=AssessmentState.SCORED,
        basis=ASSESSMENT_RULES,
        unlike=("self_report_submitted", "appealed"),
        reason=True,
    )
    def rescore(self, marks: Marks, vetoes: Vetoes | None = None, *, records: Records) -> Rescored:
        """重新评分 | Give points for every aspect anew; the old scores stay in the history."""
        return Rescored(*self._judged(marks, vetoes or (), records))

    def _judged(
        self, marks: Sequence[AspectMark], vetoes: Sequence[str], records: Records
    ) -> tuple[tuple[AspectScore, ...], tuple[str, ...], Decimal]:
        """The points of every aspect, the vetoes that apply, the total."""
        scheme = self.scheme_of(records)
        _require_fit(marks, scheme)
        on_file = {each.aspect for each in self.evidence}
        bare = [each.aspect for each in marks if not each.evidence and each.aspect not in on_file]
        require(not bare, EVIDENCE_MISSING, path=("marks",), missing="、".join(bare))
        unknown = set(vetoes) - {each.code for each in scheme.vetoes}
        require(not unknown, NO_VETO, path=("vetoes",), unknown="、".join(sorted(unknown)))
        scores = tuple(AspectScore(each.aspect, each.score.quantize(CENT), each.evidence) for each in marks)
        return scores, tuple(dict.fromkeys(vetoes)), scheme.total({each.aspect: each.score for each in marks})


def _require_fit(marks: Sequence[AspectMark], scheme: Scheme) -> None:
    """Refuse marks that are not one for each aspect, from 0 to its most points, in whole hundredths."""
    most = {each.code: each.most for each in scheme.aspects}
    given = [each.aspect for each in marks]
    missing = "、".join(code for code in most if code not in given)
    require(not missing, ASPECTS_MISSING, path=("marks",), missing=missing)
    require(sorted(given) == sorted(most), ASPECTS_TOO_MANY, path=("marks",))
    for each in marks:
        in_range = each.score.is_finite() and 0 <= each.score <= most[each.aspect]
        require(in_range, OUT_OF_RANGE, path=("marks",), aspect=each.aspect, most=most[each.aspect])
        require(each.score == each.score.quantize(CENT), TOO_FINE, path=("marks",))


NO_ASPECT = "考核方案没有该方面 | The scheme has no such aspect"
ASPECTS_MISSING = "须对各方面评分，缺：{missing} | Every aspect is scored; these are missing: {missing}"
ASPECTS_TOO_MANY = "每个方面只评一次，且只评方案所列方面 | Score each aspect of the scheme once, and no others"
OUT_OF_RANGE = "{aspect} 的得分须在 0 至 {most} 之间 | The points for {aspect} lie between 0 and {most}"
TOO_FINE = "得分最多两位小数 | Points have at most two decimal places"
EVIDENCE_MISSING = "下列方面缺少佐证材料：{missing} | Evidence is missing for: {missing}"
NO_VETO = "考核方案没有该否决事项：{unknown} | The scheme has no such veto item: {unknown}"
