"""数字的差异 | Which statistics were other ones at an earlier moment, and what were they then?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from projections import ALL
from projections.engine.row import Key
from projections.engine.tally import Tally
from schema.context import Context, context_of
from schema.moment import Moment
from schema.names import camel
from schema.scalars import DivisionCode, Json
from schema.scope import readable, within
from schema.statement import Select
from schema.views import VIEWS, View, fetch_one
from service.domain.vocabulary import label

if TYPE_CHECKING:
    from schema.divisions import Division

PLACES = ("unit_id", "division_id")
"""The columns by which a statistic is one of a division."""


@strawberry.type
class FigureDifference:
    """数字差异 | A figure of a statistic, then and now."""

    statistic: str
    group: Json
    path: str
    label: str
    label_en: str
    before: Decimal
    after: Decimal
    place: strawberry.Private[UUID | None]
    moment: strawberry.Private[Moment]

    @strawberry.field
    async def division(self, info: Info[Any, Any]) -> Annotated[Division, strawberry.lazy("schema.divisions")] | None:
        """The division that the figure is about, if it is about one."""
        if self.place is None:
            return None
        found: Division | None = await fetch_one(context_of(info), VIEWS["Division"], "id", self.place, self.moment)
        return found


async def figures_between(
    context: Context, start: int, moment: Moment, code: DivisionCode | None
) -> list[FigureDifference]:
    """The figures that differ; within a division, those that are about one. The public reads no changes, nor these."""
    if context.reading().public:
        return []
    found: list[FigureDifference] = []
    for kind in _statistics():
        then = await _sums(context, kind, moment._replace(position=start), code)
        now = await _sums(context, kind, moment, code)
        found += _differing(kind, then, now, moment)
    return found


def _statistics() -> Iterator[type[View]]:
    """The views whose rows are sums."""
    tallied = {view.table for projection in ALL for view in projection.views if isinstance(view, Tally)}
    yield from (kind for kind in VIEWS.values() if kind.table in tallied)


async def _sums(context: Context, kind: type[View], at: Moment, code: DivisionCode | None) -> dict[Key, list[Any]]:
    """The sums of a statistic by its groups, those of all days together."""
    conditions, place = [*readable(kind, context.reading())], _place(kind)
    if code is not None:
        if place is None:
            return {}
        conditions.append(within(place, [code], at.position))
    select = Select(kind.table, at.position, tuple(conditions), on=at.effective_on)
    groups = _groups(kind)
    rows = await context.reader.fetch(select.sums(_columns(kind), groups))
    return {tuple(row[: len(groups)]): list(row[len(groups) + 1 :]) for row in rows}


def _differing(
    kind: type[View], then: dict[Key, list[Any]], now: dict[Key, list[Any]], moment: Moment
) -> Iterator[FigureDifference]:
    columns = _columns(kind)
    nothing = [0] * len(columns)
    for key in sorted(then.keys() | now.keys(), key=str):
        for name, before, after in zip(columns, then.get(key, nothing), now.get(key, nothing), strict=True):
            if before != after:
                yield _difference(kind, key, name, (Decimal(before), Decimal(after)), moment)


def _difference(
    kind: type[View], key: Key, column: str, amounts: tuple[Decimal, Decimal], moment: Moment
) -> FigureDifference:
    group: dict[str, Any] = dict(zip(_groups(kind), key, strict=True))
    place = group.pop(_place(kind) or "", None)
    words = label(camel(column), kind.__name__)
    return FigureDifference(
        statistic=kind.__name__,
        group=Json({camel(name): str(value) for name, value in group.items()}),
        path=camel(column),
        label=words.zh,
        label_en=words.en,
        before=amounts[0],
        after=amounts[1],
        place=place,
        moment=moment,
    )


def _groups(kind: type[View]) -> list[str]:
    return [name for name in kind.table.key if name != kind.table.dated]


def _columns(kind: type[View]) -> list[str]:
    return [name for name in kind.table.names if name not in kind.table.key]


def _place(kind: type[View]) -> str | None:
    return next((name for name in kind.table.key if name in PLACES), None)
