"""问题 | What may be asked about issues: who has them in hand, what blocks registrations, what was solved where?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

import strawberry
from strawberry.types import Info

from projections.issues import SOLVED, BlockerRow, IssuePolicyRow, IssueRow, UnitIssuesRow
from schema import kinds
from schema.audit import Audited
from schema.context import Context, context_of
from schema.moment import Moment, moment_of
from schema.nodes import single
from schema.scalars import DivisionCode
from schema.scope import readable, within
from schema.statement import Order, Select, among, equals
from schema.views import View, every, many, one, view
from service.domain.issue_terms import IssueCause, IssueKind
from service.domain.organ_kind import Level


@view(IssueRow, place="division_id")
class Issue(View, Audited):
    """问题（堵点、诉求） | Something that blocks a registration, or that an enterprise asks for."""

    division = one("schema.divisions.Division", by="division_id")
    unit = one("schema.divisions.Division", by="unit_id", required=False)
    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)
    held_in = one("schema.divisions.Division", by="held_in", required=False)
    policies = many("schema.issues.IssuePolicy", of="issue_id", order=("linked_on", "document_id"))


@view(IssuePolicyRow, place="division_id")
class IssuePolicy(View):
    """问题关联政策 | A document that answers an issue."""

    issue = one("schema.issues.Issue", by="issue_id", required=False)
    document = one("schema.documents.Document", by="document_id", required=False)


@view(BlockerRow, place="division_id")
class Blocker(View):
    """未解决堵点 | A blocker of registration that nobody has solved yet."""

    issue = one("schema.issues.Issue", by="issue_id", required=False)
    division = one("schema.divisions.Division", by="division_id")

    @strawberry.field
    def days_open(self, info: Info[Any, Any], on: date | None = None) -> int:
        """How many days it has been open on a day; today, in China, unless another is given."""
        return int(((on or context_of(info).ledger.today) - self.row.raised_on).days)


@view(UnitIssuesRow)
class UnitIssues(View):
    """县区问题统计 | How many issues were raised in a unit's places, and what became of them."""

    division = one("schema.divisions.Division", by="unit_id")

    @strawberry.field
    async def median_days_to_unblock(self, info: Info[Any, Any]) -> float | None:
        """The median of the days from raising a blocker to solving it; null when none was solved."""
        context, moment = context_of(info), self.moment

        async def load(units: list[Any]) -> list[float | None]:
            return await _medians(context, moment, units)

        found: float | None = await context.loader(("unblock", moment), load).load(self.row.unit_id)
        return found


class _Cell(NamedTuple):
    """What blockers are grouped by."""

    level: Level
    cause: IssueCause


@strawberry.type
class BlockerGroup:
    """堵点分组 | The open blockers of one level and one cause, and how old they are."""

    level: kinds.enum(Level)  # type: ignore[valid-type]  # made at run time
    cause: kinds.enum(IssueCause)  # type: ignore[valid-type]  # likewise
    count: int
    oldest_days: int
    median_days: float


@strawberry.type
class Questions:
    """What may be asked at the root."""

    issue = single(Issue)
    issues = every(Issue, order=("-raised_on", "id"))
    blockers = every(Blocker, order=("raised_on", "issue_id"))
    unit_issues = every(UnitIssues, order=("unit_id",))

    @strawberry.field
    async def blocker_board(
        self, info: Info[Any, Any], within: DivisionCode | None = None, on: date | None = None
    ) -> list[BlockerGroup]:
        """Open blockers by level and cause, with their ages on a day."""
        context, moment = context_of(info), moment_of(self)
        order = (Order("level"), Order("cause"), Order("raised_on"), Order("issue_id"))
        allowed = tuple(readable(Blocker, context.reading()))
        select = Select(BlockerRow.table, moment.position, allowed, order, on=moment.effective_on)
        rows = await context.reader.rows(_below(select, within, moment))
        return _grouped(rows, on or context.ledger.today)


def _below(select: Select, code: DivisionCode | None, moment: Moment) -> Select:
    return select if code is None else select.matching(within("division_id", [str(code)], moment.position))


def _grouped(rows: Iterable[BlockerRow], on: date) -> list[BlockerGroup]:
    found = []
    for (level, cause), group in groupby(rows, key=lambda row: _Cell(row.level, row.cause)):
        ages = [(on - row.raised_on).days for row in group]
        found.append(
            BlockerGroup(level=level, cause=cause, count=len(ages), oldest_days=max(ages), median_days=median(ages))
        )
    return found


async def _medians(context: Context, moment: Moment, units: Sequence[UUID]) -> list[float | None]:
    conditions = (
        among("unit_id", units),
        equals("kind", IssueKind.REGISTRATION_BLOCKER.value),
        among("state", SOLVED),
    )
    select = Select(IssueRow.table, moment.position, conditions, on=moment.effective_on)
    rows = await context.reader.rows(select)
    days: dict[UUID, list[int]] = {unit: [] for unit in units}
    for row in rows:
        days[row.unit_id].append(row.days_to_solve)
    return [float(median(days[unit])) if days[unit] else None for unit in units]
