"""Does a countable claim hold as of a position, and which events are behind its figure?

A derivation is declared once and read twice: as SQL for the figure, and as a condition on the change history for the
events. To add one, put it under its claim's id in `projections/article.py`:

    "disputes_resolved": Derivation(
        figure="count(*)",
        rows="{mediation_case} AS t WHERE t.agreed_on IS NOT NULL",
        facts=(AgreementReached,),
    ),

`rows` begins after FROM; the name of a view's table in braces stands for its rows as of the position asked about.
`figure` is an expression over them, one for all of them or, with `each` as in `each="t.unit_id"`, one for every group.
`record` tells of which records the events are, `facts` which of their events: every one of them, so that the money in
them adds up to a sum, or with `last` the last one of each record, so that their number is a count of records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import auto
from functools import cache
from string import Formatter
from typing import Any, LiteralString, NamedTuple

import msgspec
from psycopg.sql import SQL, Composed, Literal

from projections import ALL
from projections.change_history import KIND_OF
from projections.engine.table import Table
from service.domain.record import Fact
from service.domain.vocabulary import Term


class Comparator(Term):
    """比较方式 | How a derived figure is held against the reported one."""

    EQ = auto()
    GTE = auto()
    BETWEEN = auto()


class Claim(msgspec.Struct, frozen=True, rename={"comparator": "op"}):
    """数字核对 | A countable claim; `figure` is how it was worded, `low` and `high` the numbers that this means."""

    id: str
    figure: str
    comparator: Comparator
    low: Decimal
    high: Decimal | None

    def holds(self, derived: Sequence[Decimal]) -> bool:
        """Whether derived figures bear the claim out: each one, and at least one."""
        return bool(derived) and all(map(self._met, derived))

    def written(self, amounts: Sequence[Decimal]) -> str:
        """Figures as the claim writes its own; of several that differ the least and the most."""
        ends = [min(amounts), max(amounts)] if amounts else []
        return "–".join(dict.fromkeys(map(self._like, ends)))

    def _like(self, amount: Decimal) -> str:
        """With as many places as the claim's own, unless that would round."""
        rounded = amount.quantize(self.low)
        return str(rounded if rounded == amount else amount)

    def _met(self, derived: Decimal) -> bool:
        match self.comparator:
            case Comparator.EQ:
                return derived == self.low
            case Comparator.GTE:
                return derived >= self.low
            case Comparator.BETWEEN:
                return self.high is not None and self.low <= derived <= self.high


class Bound(NamedTuple):
    """SQL with the values of its named parameters."""

    sql: Composed
    parameters: dict[str, int | date]


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """How a figure follows from the views, and from which events."""

    figure: LiteralString
    rows: LiteralString
    facts: tuple[type[Fact], ...]
    record: LiteralString = "t.id"
    each: LiteralString | None = None
    last: bool = False

    @property
    def tables(self) -> set[str]:
        """The names of the tables that it reads."""
        return _named(self.rows)

    @property
    def dated(self) -> bool:
        """Whether all that it reads has a day, so that the figure can be told by effective date."""
        return all(_tables()[name].dated for name in self.tables)

    def amounts(self, position: int | None = None, on: date | None = None) -> Bound:
        """A query for the figure; for one of each group, the least first.

        With `on`, of what had happened by that day; raises ValueError when it is not dated.
        """
        rows, parameters = _as_of(self.rows, position, on)
        found = SQL("SELECT ({figure})::numeric FROM {rows}").format(figure=SQL(self.figure), rows=rows)
        grouped = SQL(" GROUP BY {} ORDER BY 1").format(SQL(self.each)) if self.each else SQL("")
        return Bound(found + grouped, parameters)

    def behind(self, position: int | None = None, on: date | None = None) -> Bound:
        """A condition on the rows `t` of the change history: those that are behind the figure."""
        template = SQL(ALL_OF + LAST if self.last else ALL_OF)
        changes, more = _as_of("{change}", position)
        rows, parameters = _as_of(self.rows, position, on)
        kinds = SQL(", ").join(Literal(str(KIND_OF[fact])) for fact in self.facts)
        condition = template.format(kinds=kinds, record=SQL(self.record), rows=rows, changes=changes)
        return Bound(condition, parameters | more)


ALL_OF: LiteralString = "t.kind IN ({kinds}) AND t.record_id IN (SELECT {record} FROM {rows})"
LAST: LiteralString = (
    " AND NOT EXISTS (SELECT FROM {changes} AS later WHERE later.record_id = t.record_id"
    " AND later.kind IN ({kinds}) AND later.position > t.position)"
)


def figures(derivations: Iterable[Derivation], position: int | None = None, on: date | None = None) -> Bound:
    """A statement for all these figures at one moment: one row, with an array for each of them."""
    found = [each.amounts(position, on) for each in derivations]
    arrays = SQL(", ").join(SQL("array_remove(ARRAY({}), NULL)").format(each.sql) for each in found)
    return Bound(SQL("SELECT {}").format(arrays), {n: v for each in found for n, v in each.parameters.items()})


def _as_of(text: LiteralString, position: int | None, on: date | None = None) -> Bound:
    """Text with the tables that it names in braces."""
    sources = {name: _tables()[name].source(position, on=on) for name in _named(text)}
    filled = SQL(text).format(**{name: source.sql for name, source in sources.items()})
    return Bound(filled, {n: v for source in sources.values() for n, v in source.parameters.items()})


def _named(text: LiteralString) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@cache
def _tables() -> dict[str, Table[Any]]:
    return {table.name: table for projection in ALL for table in projection.tables}
