"""Which issues were raised where, who has them in hand, since when, and how were they solved?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from projections.engine.projection import Projection
from projections.engine.reflection import Reflection
from projections.engine.row import RecordRow, Row
from projections.engine.table import table
from projections.engine.tally import Share, Tally
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from service.domain.campaign import Campaign
from service.domain.issue import Issue
from service.domain.issue_line import Told
from service.domain.issue_record import (
    IssueAssigned,
    IssueComment,
    IssueCommented,
    IssueEscalated,
    IssueRaised,
    IssueReopened,
    IssueSolved,
    PolicyLinked,
)
from service.domain.issue_terms import IssueCause, IssueKind, IssueState, SolvingChannel
from service.domain.organ_kind import Level, OrganKind
from service.domain.record import Fact, Record

OPEN = (IssueState.RAISED, IssueState.ASSIGNED)
SOLVED = (IssueState.SOLVED, IssueState.CLOSED)


@table(
    "issue",
    key=("id",),
    indexes=(
        ("raised_on", "id"),
        ("division_id", "raised_on"),
        ("unit_id", "raised_on"),
        ("state", "since"),
        ("kind", "state", "raised_on"),
        ("chamber_id", "raised_on"),
    ),
)
class IssueRow(RecordRow, kw_only=True):
    """An issue as it stands. `days_to_solve` are those between the day it was raised and the day it was solved."""

    division_id: UUID
    unit_id: UUID | None
    chamber_id: UUID | None
    kind: IssueKind
    level: Level
    cause: IssueCause
    campaign: Campaign | None
    title: str
    description: str
    uscc: str | None
    state: IssueState
    since: date
    raised_on: date
    organ: OrganKind | None = None
    held_in: UUID | None = None
    due_on: date | None = None
    told: tuple[Told, ...] = ()
    result: str | None = None
    channel: SolvingChannel | None = None
    on_site: bool = False
    solved_on: date | None = None
    days_to_solve: int | None = None
    satisfaction: int | None = None
    reopened: int = 0
    comments: tuple[IssueComment, ...] = ()


@table("issue_policy", key=("issue_id", "document_id"), indexes=(("document_id", "issue_id"),))
class IssuePolicyRow(Row, kw_only=True):
    """A document that answers an issue."""

    issue_id: UUID
    document_id: UUID
    division_id: UUID
    linked_on: date


@table(
    "blocker",
    key=("issue_id",),
    indexes=(("raised_on", "issue_id"), ("division_id", "raised_on"), ("level", "cause")),
)
class BlockerRow(Row, kw_only=True):
    """A blocker of registration that nobody has solved yet. `told` is how many organs know of it."""

    issue_id: UUID
    division_id: UUID
    level: Level
    cause: IssueCause
    title: str
    state: IssueState
    raised_on: date
    organ: OrganKind | None
    due_on: date | None
    told: int


@table("unit_issues", key=("unit_id",))
class UnitIssuesRow(Row, kw_only=True):
    """How many issues were raised in a unit's places, and what became of them. What was solved on site is in both."""

    unit_id: UUID
    raised: int
    open: int
    declined: int
    solved: int
    solved_on_site: int
    solved_online: int
    blockers_open: int
    blockers_solved: int


issues, policies = View(IssueRow), View(IssuePolicyRow)


@issues.on(IssueRaised)
def raised(_: IssueRow | None, e: Event[IssueRaised]) -> IssueRow:
    fact, on = e.fact, e.envelope.effective_on
    return IssueRow(
        division_id=fact.division,
        unit_id=fact.unit,
        chamber_id=fact.chamber,
        kind=fact.kind,
        level=fact.level,
        cause=fact.cause,
        campaign=fact.campaign,
        title=fact.title,
        description=fact.description,
        uscc=fact.uscc,
        state=IssueState.RAISED,
        since=on,
        raised_on=on,
    )


@issues.on(IssueAssigned, IssueEscalated)
def handed(row: IssueRow, e: Event[IssueAssigned] | Event[IssueEscalated]) -> IssueRow:
    return remembered(row, e, told=(*row.told, *e.fact.informed))


@issues.on(IssueSolved)
def solved(row: IssueRow, e: Event[IssueSolved]) -> IssueRow:
    on = e.envelope.effective_on
    return remembered(row, e, solved_on=on, days_to_solve=(on - row.raised_on).days)


@issues.on(IssueReopened)
def reopened(row: IssueRow, e: Event[IssueReopened]) -> IssueRow:
    unsolved = {"result": None, "channel": None, "on_site": False, "solved_on": None, "days_to_solve": None}
    return remembered(row, e, **unsolved, reopened=row.reopened + 1)


@issues.on(IssueCommented)
def commented(row: IssueRow, e: Event[IssueCommented]) -> IssueRow:
    return remembered(row, e, comments=(*row.comments, IssueComment(e.fact.text, e.envelope.effective_on)))


OWN = (IssueRaised, IssueAssigned, IssueEscalated, IssueSolved, IssueReopened, IssueCommented)
"""The facts that say more than their fields."""


@issues.on(*facts_of(Issue, *OWN))
def said(row: IssueRow, e: Event[Fact]) -> IssueRow:
    return remembered(row, e)


@policies.on(PolicyLinked, key=lambda e: (e.originator_id, e.fact.document))
def linked(_: IssuePolicyRow | None, e: Event[PolicyLinked]) -> IssuePolicyRow:
    assert e.envelope.place is not None, "an issue is raised somewhere"
    return IssuePolicyRow(
        issue_id=e.originator_id,
        document_id=e.fact.document,
        division_id=e.envelope.place,
        linked_on=e.envelope.effective_on,
    )


def _blocking(record: Record) -> Record | None:
    """The record if it is a blocker that nobody has solved yet."""
    blocks = isinstance(record, Issue) and record.state in OPEN and record.kind is IssueKind.REGISTRATION_BLOCKER
    return record if blocks else None


blockers = Reflection(BlockerRow, grounds=_blocking)


@blockers.of
def blocking(record: Record) -> Iterator[BlockerRow]:
    if isinstance(issue := _blocking(record), Issue):
        yield _blocker(issue)


def _blocker(issue: Issue) -> BlockerRow:
    assert issue.division is not None, "an issue is raised somewhere"
    assert issue.cause is not None, "it is raised with its cause"
    assert issue.raised_on is not None, "it is raised on a day"
    return BlockerRow(
        issue_id=issue.id,
        division_id=issue.division,
        level=issue.at,
        cause=issue.cause,
        title=issue.title,
        state=IssueState(str(issue.state)),
        raised_on=issue.raised_on,
        organ=issue.organ,
        due_on=issue.due_on,
        told=len(issue.told),
    )


units = Tally(UnitIssuesRow, of=issues)


@units.counts
def share(row: IssueRow) -> Share:
    if row.unit_id is None:
        return None
    blocks, is_solved = row.kind is IssueKind.REGISTRATION_BLOCKER, row.state in SOLVED
    return (row.unit_id,), {
        "raised": 1,
        "open": int(row.state in OPEN),
        "declined": int(row.state is IssueState.DECLINED),
        "solved": int(is_solved),
        "solved_on_site": int(is_solved and row.on_site),
        "solved_online": int(is_solved and row.channel is SolvingChannel.ONLINE),
        "blockers_open": int(blocks and row.state in OPEN),
        "blockers_solved": int(blocks and is_solved),
    }


issues_raised = Projection("issues", issues, policies, blockers, units)
