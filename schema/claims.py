"""数字核对 | Which figures does the article report, what do the events yield, and which events are those?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import strawberry
from psycopg.sql import Composable
from strawberry.types import Info

from projections import article
from projections.claims import Claim as Claimed
from projections.claims import Comparator, Derivation, figures
from schema import kinds
from schema.changes import BY_POSITION, Change
from schema.connections import Connection, PageArguments
from schema.context import context_of
from schema.errors import BadInput
from schema.moment import Moment, moment_of
from schema.statement import NOT_DATED, Predicate, Select, Statement, Values
from schema.views import page

kinds.enum(Comparator)


@strawberry.type
class Claim:
    """数字核对 | A countable claim of the article, held against what the events yield."""

    id: strawberry.ID
    figure: str
    comparator: Comparator
    low: str
    high: str | None
    reported: str
    derived: str
    holds: bool
    derivation: strawberry.Private[Derivation]
    moment: strawberry.Private[Moment]

    @strawberry.field
    async def events(
        self,
        info: Info[Any, Any],
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Change]:
        """The events behind the figure, as far as the viewer may read them.

        By effective date, all that is recorded of what had happened by then: a later correction counts from the day.
        """
        behind_it = (behind(self.derivation, self.moment),)
        select = Select(Change.table, self.moment.position, behind_it, BY_POSITION)
        arguments = PageArguments(first, after, last, before)
        found: Connection[Change] = await page(context_of(info), Change, select, arguments, self.moment)
        return found


@strawberry.type
class Questions:
    """What may be asked at the root."""

    @strawberry.field
    async def claims(self, info: Info[Any, Any], ids: list[strawberry.ID] | None = None) -> list[Claim]:
        """The article's claims, all or those named, each with its figure as the events yield it."""
        context, moment = context_of(info), moment_of(self)
        context.reading()
        asked = {each.id: each for each in article.claims() if each.id in article.DERIVATIONS}
        chosen = [each for id, each in asked.items() if ids is None or id in ids]
        derivations = [article.DERIVATIONS[each.id] for each in chosen]
        if moment.effective_on is not None and not all(each.dated for each in derivations):
            raise BadInput(NOT_DATED)
        sql, parameters = figures(derivations, moment.position, moment.effective_on)
        values = Values(parameters)
        for each in derivations:
            _note(values, each, moment.position)
        (row,) = await context.reader.fetch(Statement(sql, values))
        return [_claim(*each, moment) for each in zip(chosen, derivations, row, strict=True)]


def behind(derivation: Derivation, moment: Moment) -> Predicate:
    """The change is one of those behind a figure."""

    def condition(values: Values) -> Composable:
        sql, parameters = derivation.behind(moment.position, moment.effective_on)
        values.update(parameters)
        _note(values, derivation, moment.position)
        return sql

    return condition


def _note(values: Values, derivation: Derivation, position: int | None) -> None:
    """Tell a statement that it reads the tables of a derivation at a position."""
    if position is not None:
        values.reads.update(dict.fromkeys(derivation.tables, position))


def _claim(claim: Claimed, derivation: Derivation, derived: Sequence[Decimal], moment: Moment) -> Claim:
    low, high = claim.written([claim.low]), None if claim.high is None else claim.written([claim.high])
    return Claim(
        id=strawberry.ID(claim.id),
        figure=claim.figure,
        comparator=claim.comparator,
        low=low,
        high=high,
        reported=claim.written([each for each in (claim.low, claim.high) if each is not None]),
        derived=claim.written(derived),
        holds=claim.holds(derived),
        derivation=derivation,
        moment=moment,
    )
