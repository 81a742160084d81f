"""调解统计 | How many disputes were taken up, how did they end, and how often in agreement: by unit, kind and period?

The public sees no count below three, nor what would give one away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import auto
from typing import Any, NamedTuple
from uuid import UUID

import strawberry
from psycopg.sql import SQL, Composable
from strawberry.types import Info

from projections.divisions import DivisionRow
from projections.mediation_rows import MediationIntakeRow, MediationOutcome, MediationOutcomeRow
from schema import kinds
from schema.context import Context, context_of
from schema.divisions import Division
from schema.errors import BadInput
from schema.moment import Moment, moment_of
from schema.scalars import DivisionCode
from schema.scope import within
from schema.statement import Predicate, Statement, Values, compares, equals
from schema.views import fetch_one
from service.domain.mediation_terms import DisputeKind
from service.domain.vocabulary import Term

MOST_GROUPS = 1000
FEWEST_SHOWN = 3
ACCEPTED = "ACCEPTED"
SHARE = Decimal("0.0001")


class MediationGrouping(Term):
    """调解统计分组 | By what the statistics of mediation are grouped."""

    UNIT = auto()
    KIND = auto()
    YEAR = auto()
    MONTH = auto()


GROUPS: Mapping[MediationGrouping, str] = {
    MediationGrouping.UNIT: "d.managed_by",
    MediationGrouping.KIND: "t.kind",
    MediationGrouping.YEAR: "extract(year FROM t.day)::int",
    MediationGrouping.MONTH: "extract(month FROM t.day)::int",
}
FIGURES = SQL(
    "SELECT {groups} AS g, t.outcome, sum(t.cases)::bigint, sum(t.amount) FROM ("
    "SELECT division_id, kind, day, 'ACCEPTED' AS outcome, cases, amount FROM {intake} AS i"
    " UNION ALL SELECT division_id, kind, day, outcome, cases, amount FROM {outcomes} AS o"
    ") AS t JOIN {division} AS d ON d.id = t.division_id WHERE {condition} GROUP BY 1, 2 ORDER BY 1, 2 LIMIT {limit}"
)
kinds.enum(MediationGrouping)


@strawberry.type
class MediationFigures:
    """调解统计数字 | Counts of cases and amounts in yuan; null where the public may not see them.

    The success rate is the share of agreements among the mediations that ended in one or were terminated.
    """

    accepted: int | None
    declined: int | None
    resolved: int | None
    terminated: int | None
    withdrawn: int | None
    amount_accepted: Decimal | None
    amount_resolved: Decimal | None
    success_rate: Decimal | None


@strawberry.type
class MediationGroup(MediationFigures):
    """一组调解统计 | The figures of one group; what they are not grouped by is null."""

    kind: kinds.enum(DisputeKind) | None  # type: ignore[valid-type]  # an enumeration made at run time
    year: int | None
    month: int | None
    unit_id: strawberry.Private[UUID | None]
    moment: strawberry.Private[Moment]

    @strawberry.field
    async def unit(self, info: Info[Any, Any]) -> Division | None:
        """The county-level unit that manages the townships of the group."""
        if self.unit_id is None:
            return None
        found: Division | None = await fetch_one(context_of(info), Division, "id", self.unit_id, self.moment.recorded)
        return found


@strawberry.type
class MediationStatistics(MediationFigures):
    """调解统计 | The figures in all, and by group."""

    groups: list[MediationGroup]


class Sum(NamedTuple):
    """Cases, and their amounts in yuan."""

    cases: int = 0
    amount: Decimal = Decimal(0)

    def plus(self, other: Sum) -> Sum:
        """Both together."""
        return Sum(self.cases + other.cases, self.amount + other.amount)


Sums = dict[str, Sum]


@strawberry.type
class Questions:
    """What may be asked at the root."""

    @strawberry.field
    async def mediation_statistics(
        self,
        info: Info[Any, Any],
        within: DivisionCode | None = None,
        kind: DisputeKind | None = None,
        since: date | None = None,
        until: date | None = None,
        group_by: list[MediationGrouping] = [],  # noqa: B006  # GraphQL's default, never changed
    ) -> MediationStatistics:
        """Cases by outcome, amounts and the success rate; counted in the period in which each was accepted or ended."""
        context, moment = context_of(info), moment_of(self)
        conditions = [*_readable(context), *_asked(within, kind, since, until, moment)]
        by = tuple(dict.fromkeys(group_by))
        found = await _sums(context, by, conditions, moment)
        public = context.reading().public
        groups = [_group(by, key, sums, public, moment) for key, sums in found.items()] if by else []
        return MediationStatistics(**_figures(_total(found.values()), public), groups=groups)


def _readable(context: Context) -> Iterator[Predicate]:
    """Sums tell of nobody: whoever reads a division reads them, the public those of all."""
    reading = context.reading()
    if reading.codes is not None and not reading.public:
        yield within("division_id", reading.codes)


def _asked(
    code: Any, kind: DisputeKind | None, since: date | None, until: date | None, moment: Moment
) -> Iterator[Predicate]:
    if code is not None:
        yield within("division_id", [code], moment.position)
    if kind is not None:
        yield equals("kind", kind)
    if since is not None:
        yield compares("{} >= {}", "day", since)
    if until is not None:
        yield compares("{} <= {}", "day", until)


async def _sums(
    context: Context, by: Sequence[MediationGrouping], conditions: Sequence[Predicate], moment: Moment
) -> dict[tuple[Any, ...], Sums]:
    """The sums of each group by outcome.

    Raises BadInput when there are too many groups to show.
    """
    values = Values()
    most = MOST_GROUPS * 5 + 1
    statement = Statement(_sql(by, conditions, moment, values, most), values)
    found: dict[tuple[Any, ...], Sums] = {}
    rows = await context.reader.fetch(statement)
    if len(rows) == most:
        raise BadInput("分组过多，请缩小范围 | There are too many groups: narrow the question")
    for key, outcome, cases, amount in rows:
        found.setdefault(tuple(key), {})[outcome] = Sum(cases, amount)
    return found


def _sql(
    by: Sequence[MediationGrouping], conditions: Sequence[Predicate], moment: Moment, values: Values, most: int
) -> Composable:
    cells = ", ".join(GROUPS[each] for each in by)
    on = moment.effective_on
    return FIGURES.format(
        groups=SQL(f"jsonb_build_array({cells})"),
        intake=values.source(MediationIntakeRow.table, moment.position, on),
        outcomes=values.source(MediationOutcomeRow.table, moment.position, on),
        division=values.source(DivisionRow.table, moment.position),
        condition=SQL(" AND ").join([SQL("true"), *(each(values) for each in conditions)]),
        limit=values.bind(most),
    )


def _group(
    by: Sequence[MediationGrouping], key: tuple[Any, ...], sums: Sums, public: bool, moment: Moment
) -> MediationGroup:
    said = dict(zip(by, key, strict=True))
    unit, kind = said.get(MediationGrouping.UNIT), said.get(MediationGrouping.KIND)
    return MediationGroup(
        **_figures(sums, public),
        unit_id=UUID(unit) if unit else None,
        kind=DisputeKind(kind) if kind else None,
        year=said.get(MediationGrouping.YEAR),
        month=said.get(MediationGrouping.MONTH),
        moment=moment,
    )


def _total(groups: Any) -> Sums:
    total: Sums = {}
    for sums in groups:
        for outcome, each in sums.items():
            total[outcome] = total.get(outcome, Sum()).plus(each)
    return total


def _figures(sums: Sums, public: bool) -> dict[str, Any]:
    """The figures as a viewer may see them."""
    count = {name: sums.get(name, Sum()).cases for name in (ACCEPTED, *MediationOutcome)}
    seen = {name: None if public and cases < FEWEST_SHOWN else cases for name, cases in count.items()}
    ended = count["RESOLVED"] + count["TERMINATED"]
    rated = ended and None not in (seen["RESOLVED"], seen["TERMINATED"])
    return {
        **{name.lower(): cases for name, cases in seen.items()},
        "amount_accepted": None if seen[ACCEPTED] is None else sums.get(ACCEPTED, Sum()).amount,
        "amount_resolved": None if seen["RESOLVED"] is None else sums.get("RESOLVED", Sum()).amount,
        "success_rate": (Decimal(count["RESOLVED"]) / ended).quantize(SHARE) if rated else None,
    }
