"""考核 | How does a year's assessment become a result: published, appealed, confirmed?

What is entered are points per aspect; total and grade follow from the scheme that was in force at the opening.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from service.domain.assessment_opening import Opening
from service.domain.assessment_record import (
    AppealDismissed,
    Appealed,
    AppealUpheld,
    AppealWaived,
    AssessmentCancelled,
    ResultConfirmed,
    ResultPublished,
)
from service.domain.assessment_scoring import Scoring
from service.domain.assessment_terms import (
    ASSESSED,
    ASSESSMENT_RULES,
    LEADERS,
    REVIEW_GROUP,
    AssessmentState,
    offices_of,
)
from service.domain.claim import Records
from service.domain.command import Command, command
from service.domain.deadline import APPEAL, Due
from service.domain.identifiers import Paragraph
from service.domain.refusal import require
from service.domain.roles import Role
from service.domain.scheme_record import AssessmentEnded

SCORERS = ("scored", "rescored")


class Assessment(Scoring, Opening, name="assessment"):
    """考核 | The assessment of one president, county or township for one year."""

    @classmethod
    def entitled(cls, command: Command, stage: StrEnum | None, known: Any) -> tuple[Role, ...]:
        """Of the declared roles, those whose part it is under a scheme of this kind."""
        declared, kind = command.roles(stage), getattr(known, "kind", None)
        return declared if kind is None else offices_of(kind, declared)

    def deadlines(self) -> Iterable[Due]:
        """The last day on which the assessed may appeal."""
        if self.state is AssessmentState.PUBLISHED and self.published_on and not self.appeal_waived:
            yield Due(APPEAL, APPEAL.due(self.published_on))

    @command(by=LEADERS, when=AssessmentState.SCORED, basis=ASSESSMENT_RULES, unlike=SCORERS)
    def publish_result(self, *, records: Records) -> ResultPublished:
        """公布结果 | Publish total and grade, as a leader who has not scored."""
        require(not self.to_be_rescored, RESCORE_FIRST)
        scheme = self.scheme_of(records)
        total = scheme.total({code: each.score for code, each in self.scores.items()})
        return ResultPublished(total, scheme.grade(total, vetoed=bool(self.vetoed_by)))

    @command(by=ASSESSED, when=AssessmentState.PUBLISHED, basis=APPEAL.basis)
    def appeal(self, grounds: Paragraph, *, on: date) -> Appealed:
        """申诉 | Appeal against the result, as the assessed, within ten working days."""
        require(not self.appeal_waived, WAIVED)
        require(not self._window_over(on), TOO_LATE, days=APPEAL.days)
        return Appealed(grounds)

    @command(by=ASSESSED, when=AssessmentState.PUBLISHED, basis=APPEAL.basis)
    def waive_appeal(self) -> AppealWaived:
        """放弃申诉 | Accept the result, as the assessed, before the time to appeal is over."""
        require(not self.appeal_waived, WAIVED)
        return AppealWaived()

    @command(
        by=REVIEW_GROUP,
        when=AssessmentState.APPEALED,
        basis=APPEAL.basis,
        unlike=(*SCORERS, "result_published", "appealed"),
        reason=True,
    )
    def dismiss_appeal(self) -> AppealDismissed:
        """驳回申诉 | Let the result stand, as the group that reviews appeals."""
        return AppealDismissed()

    @command(
        by=REVIEW_GROUP,
        when=AssessmentState.APPEALED,
        basis=APPEAL.basis,
        unlike=(*SCORERS, "result_published", "appealed"),
        reason=True,
    )
    def uphold_appeal(self) -> AppealUpheld:
        """申诉成立 | Have the result scored anew, as the group that reviews appeals."""
        return AppealUpheld()

    @command(by=LEADERS, when=AssessmentState.PUBLISHED, basis=ASSESSMENT_RULES, unlike=SCORERS)
    def confirm(self, *, records: Records, on: date) -> ResultConfirmed:
        """确认结果 | Make the result final, once the time to appeal is over or the assessed has waived it."""
        require(self.appeal_waived or self._window_over(on), STILL_OPEN, basis=APPEAL.basis)
        records.add(self.scheme_of(records), AssessmentEnded(self.id))
        return ResultConfirmed()

    @command(
        by=Role.CITY_FIC,
        when=(AssessmentState.OPEN, AssessmentState.SELF_REPORTED),
        basis=ASSESSMENT_RULES,
        reason=True,
    )
    def cancel(self, *, records: Records) -> AssessmentCancelled:
        """取消考核 | Give the assessment up, for example because the president has left office."""
        records.add(self.scheme_of(records), AssessmentEnded(self.id))
        return AssessmentCancelled()

    def _window_over(self, on: date) -> bool:
        assert self.published_on is not None, "only what is published can be appealed"
        return APPEAL.missed(self.published_on, on)


RESCORE_FIRST = "申诉成立，须先重新评分 | The appeal was upheld: score anew first"
WAIVED = "被考核方已放弃申诉 | The assessed has accepted the result already"
TOO_LATE = "申诉须在公布后 {days} 个工作日内提出 | An appeal must come within {days} working days of publication"
STILL_OPEN = "申诉期未满，被考核方也未放弃申诉 | The time to appeal runs, and the assessed has not waived it"
