"""What is remembered of an issue, and which facts tell of it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from service.domain.campaign import Campaign
from service.domain.deadline import ISSUE_HANDLING, Due
from service.domain.issue_line import Told
from service.domain.issue_terms import IssueCause, IssueKind, IssueState, SolvingChannel
from service.domain.organ_kind import Level, OrganKind
from service.domain.record import Fact, Movement, Occasion, Record, leads_to
from service.domain.value import Value


class IssueComment(Value, frozen=True):
    """问题留言 | What was said of an issue, and when."""

    text: str
    on: date


class IssueRecord(Record):
    """All fields of an issue.

    `division` is where it was raised, `unit` the county-level unit that managed the place then; `held_in` is the
    division whose `organ` has it in hand.
    """

    state: IssueState | None = None
    kind: IssueKind | None = None
    level: Level | None = None
    division: UUID | None = None
    unit: UUID | None = None
    title: str = ""
    description: str = ""
    cause: IssueCause | None = None
    campaign: Campaign | None = None
    chamber: UUID | None = None
    uscc: str | None = None
    raised_on: date | None = None
    organ: OrganKind | None = None
    held_in: UUID | None = None
    due_on: date | None = None
    told: tuple[Told, ...] = ()
    result: str = ""
    channel: SolvingChannel | None = None
    on_site: bool = False
    solved_on: date | None = None
    satisfaction: int | None = None
    reopened: int = 0
    policies: tuple[UUID, ...] = ()
    comments: tuple[IssueComment, ...] = ()

    @property
    def at(self) -> Level:
        """The level it is at."""
        assert self.level is not None, "an issue is raised at a level"
        return self.level

    @property
    def sort(self) -> IssueKind:
        """The kind that it is of."""
        assert self.kind is not None, "an issue is raised as one of a kind"
        return self.kind

    def deadlines(self) -> Iterator[Due]:
        """Whoever has it in hand has a day to solve it by; then it goes one level up."""
        if self.state is IssueState.ASSIGNED and self.due_on:
            yield Due(ISSUE_HANDLING, self.due_on, command="escalate" if self.at.above else None)


class IssueFact(Fact):
    """A fact of an issue says of which kind the issue is, so that each of them belongs to the right movement."""

    kind: IssueKind

    def moves(self) -> Movement:
        """Blockers are cleared by several organs together; enterprises are served."""
        return Movement.COORDINATE if self.kind is IssueKind.REGISTRATION_BLOCKER else Movement.SERVE


@leads_to(IssueState.RAISED)
class IssueRaised(IssueFact):
    """提出问题 | An issue was raised."""

    level: Level
    division: UUID
    unit: UUID | None
    title: str
    description: str
    cause: IssueCause
    campaign: Campaign | None = None
    chamber: UUID | None = None
    uscc: str | None = None

    def apply(self, record: IssueRecord, occasion: Occasion, /) -> None:
        """Remember since when it is open."""
        record.raised_on = occasion.effective_on


@leads_to(IssueState.ASSIGNED)
class IssueAssigned(IssueFact):
    """交办问题 | An organ was given the issue; both lines of its level were told."""

    level: Level
    organ: OrganKind
    held_in: UUID
    due_on: date
    informed: tuple[Told, ...] = ()

    def apply(self, record: IssueRecord, _: Occasion, /) -> None:
        """Add who was told."""
        record.told = (*record.told, *self.informed)


@leads_to(IssueState.ASSIGNED)
class IssueTransferred(IssueFact):
    """转办问题 | Another organ of the same level was given the issue."""

    organ: OrganKind
    due_on: date


@leads_to(IssueState.ASSIGNED)
class IssueEscalated(IssueFact):
    """逐级上报 | The issue went one level up; both lines of that level were told."""

    level: Level
    organ: OrganKind
    held_in: UUID
    due_on: date
    informed: tuple[Told, ...] = ()

    def apply(self, record: IssueRecord, _: Occasion, /) -> None:
        """Add who was told."""
        record.told = (*record.told, *self.informed)


@leads_to(IssueState.DECLINED)
class IssueDeclined(IssueFact):
    """不予受理 | The issue was declined."""


@leads_to(IssueState.SOLVED)
class IssueSolved(IssueFact):
    """解决问题 | The issue was solved, `on_site` where it was raised."""

    result: str
    channel: SolvingChannel
    on_site: bool = False

    def apply(self, record: IssueRecord, occasion: Occasion, /) -> None:
        """Remember since when it is solved."""
        record.solved_on = occasion.effective_on


@leads_to(IssueState.ASSIGNED)
class IssueReopened(IssueFact):
    """重新办理 | Whoever raised the issue was not satisfied: it is in hand again."""

    organ: OrganKind
    held_in: UUID
    due_on: date

    def apply(self, record: IssueRecord, _: Occasion, /) -> None:
        """It is no longer solved; the result that did not satisfy stays in its history."""
        record.result, record.channel, record.on_site, record.solved_on = "", None, False, None
        record.reopened += 1


@leads_to(IssueState.CLOSED)
class IssueClosed(IssueFact):
    """确认办结 | Whoever raised the issue was satisfied, from 1 (hardly) to 5 (entirely)."""

    satisfaction: int


class IssueCommented(IssueFact):
    """问题留言 | Somebody said something of the issue."""

    text: str

    def apply(self, record: IssueRecord, occasion: Occasion, /) -> None:
        """Put it last."""
        record.comments = (*record.comments, IssueComment(self.text, occasion.effective_on))


class PolicyLinked(IssueFact):
    """关联政策 | A document was made, or found, that answers the issue."""

    document: UUID

    def apply(self, record: IssueRecord, _: Occasion, /) -> None:
        """Put it last."""
        record.policies = (*record.policies, self.document)
