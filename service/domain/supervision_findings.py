"""督导问题 | How is what a supervision found amiss put right: measure, evidence, verification by another?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta
from msgspec.structs import replace

from service.domain.command import command
from service.domain.division import Divisions
from service.domain.identifiers import Digest, DivisionCode, Paragraph, name_id
from service.domain.policy import SUPERVISION_MECHANISM
from service.domain.record import Fact, Occasion, leads_to
from service.domain.refusal import require
from service.domain.supervision_record import SupervisionRecord
from service.domain.supervision_terms import (
    RESPONSIBLE,
    TEAM,
    FindingCause,
    FindingSeverity,
    FindingState,
    SupervisionState,
)

Evidence = Annotated[list[Digest], Meta(min_length=1, max_length=20)]
"""The SHA-256 of each file that proves something; at least one."""
FindingId = Annotated[UUID, Meta(extra={"ref": "Finding"})]
FIXED = ("rectification_planned", "rectification_submitted")


@leads_to(FindingState.OPEN)
class FindingRaised(Fact):
    """提出问题 | A visit found something amiss in a township."""

    finding: UUID
    unit: UUID
    cause: FindingCause
    severity: FindingSeverity
    description: str


@leads_to(FindingState.RECTIFYING)
class RectificationPlanned(Fact):
    """制定整改措施 | The responsible unit said what it will do about it, and by when."""

    finding: UUID
    measure: str
    due_on: date


@leads_to(FindingState.SUBMITTED)
class RectificationSubmitted(Fact):
    """提交整改结果 | The responsible unit said that it is put right, with evidence."""

    finding: UUID
    outcome: str
    evidence: tuple[str, ...]


@leads_to(FindingState.RECTIFYING)
class RectificationRejected(Fact):
    """退回整改 | The inspection team found that it is not put right yet."""

    finding: UUID

    def apply(self, record: SupervisionRecord, _: Occasion, /) -> None:
        """Count how often it was sent back."""
        finding = record.findings[self.finding]
        again = replace(finding, rejections=finding.rejections + 1)
        record.findings = {**record.findings, self.finding: again}


@leads_to(FindingState.VERIFIED)
class RectificationVerified(Fact):
    """核实整改 | The inspection team found that it is put right."""

    finding: UUID


@leads_to(FindingState.WITHDRAWN)
class FindingWithdrawn(Fact):
    """撤回问题 | The inspection team took the finding back."""

    finding: UUID


class Findings(SupervisionRecord):
    """The commands on findings. Each but the first is judged by the finding's township, not by the supervision."""

    @command(by=TEAM, when=SupervisionState.IN_PROGRESS, basis=SUPERVISION_MECHANISM)
    def raise_finding(
        self,
        unit: DivisionCode,
        cause: FindingCause,
        severity: FindingSeverity,
        description: Paragraph,
        *,
        divisions: Divisions,
    ) -> FindingRaised:
        """提出问题 | Raise what a visit found amiss in a township."""
        township = self.listed(unit, divisions)
        require(township.id in self.visits, NOT_VISITED, path=("unit",), name=township.name)
        id = name_id(f"finding/{self.id}/{len(self.findings) + 1}")
        return FindingRaised(id, township.id, cause, severity, description)

    @command(by=RESPONSIBLE, when=FindingState.OPEN, basis=SUPERVISION_MECHANISM)
    def plan_rectification(
        self, finding: FindingId, measure: Paragraph, due_on: date, *, on: date
    ) -> RectificationPlanned:
        """制定整改措施 | Say what will be done about a finding, and by when."""
        require(due_on >= on, DUE_IN_THE_PAST, path=("dueOn",))
        return RectificationPlanned(finding, measure, due_on)

    @command(by=RESPONSIBLE, when=FindingState.RECTIFYING, basis=SUPERVISION_MECHANISM)
    def submit_rectification(
        self, finding: FindingId, outcome: Paragraph, evidence: Evidence
    ) -> RectificationSubmitted:
        """提交整改结果 | Submit, with evidence, that a finding is put right."""
        return RectificationSubmitted(finding, outcome, tuple(evidence))

    @command(by=TEAM, when=FindingState.SUBMITTED, basis=SUPERVISION_MECHANISM, unlike=FIXED, reason=True)
    def reject_rectification(self, finding: FindingId) -> RectificationRejected:
        """退回整改 | Send a rectification back that does not put the finding right."""
        return RectificationRejected(finding)

    @command(by=TEAM, when=FindingState.SUBMITTED, basis=SUPERVISION_MECHANISM, unlike=FIXED)
    def verify_rectification(self, finding: FindingId) -> RectificationVerified:
        """核实整改 | Confirm that a finding is put right; whoever put it right cannot."""
        return RectificationVerified(finding)

    @command(by=TEAM, when=FindingState.OPEN, basis=SUPERVISION_MECHANISM, reason=True)
    def withdraw_finding(self, finding: FindingId) -> FindingWithdrawn:
        """撤回问题 | Take back a finding that does not hold."""
        return FindingWithdrawn(finding)


NOT_VISITED = "尚未走访{name}，请先记录走访 | {name} has not been visited: record the visit first"
DUE_IN_THE_PAST = "整改期限不能早于今天 | The day by which it will be done cannot be past"
