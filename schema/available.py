"""What may the viewer do with a record now?"""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

import strawberry
from psycopg.sql import SQL

from projections.divisions import DivisionRow
from schema.context import Context
from schema.names import camel, mutation_name
from schema.statement import Statement, Values
from service.domain.admission import available as declared
from service.domain.admission import grant_for
from service.domain.command import Command as Declared
from service.domain.record import Record
from service.domain.refusal import OutOfScope

CHAINS = SQL(
    "WITH RECURSIVE chain AS ("
    "SELECT d.id AS place, d.code, d.former_codes, d.managed_by FROM {division} AS d WHERE d.id = ANY({places})"
    " UNION ALL SELECT c.place, d.code, d.former_codes, d.managed_by"
    " FROM chain AS c JOIN {division} AS d ON d.id = c.managed_by"
    ") SELECT place, code, former_codes FROM chain"
)


@strawberry.type
class Command:
    """可用操作 | A command that the viewer may give."""

    name: str
    mutation: str
    label: str
    label_en: str
    basis: str | None
    needs_reason: bool


async def available(
    context: Context, record: type[Record], belongs_to: UUID, place: UUID | None, row: Any
) -> list[Command]:
    """The commands that the record's state and the viewer's grants allow."""
    codes = await chain(context, place) if place else []
    state: StrEnum | None = getattr(row, "state", None)
    given = (each for each in declared(record, state) if _granted(context, each, row, belongs_to, codes))
    return [_described(each) for each in given]


async def chain(context: Context, place: UUID) -> list[str]:
    """The codes, old and new, of a division and of all that manage it."""

    async def load(places: list[UUID]) -> list[list[str]]:
        values = Values()
        source, _ = DivisionRow.table.source()
        sql = CHAINS.format(division=source, places=values.bind(places))
        found: dict[UUID, list[str]] = {each: [] for each in places}
        for each, code, former in await context.reader.fetch(Statement(sql, values)):
            found[each] += [code, *former]
        return [found[each] for each in places]

    codes: list[str] = await context.loader("chain", load).load(place)
    return codes


def _granted(context: Context, command: Declared, row: Any, belongs_to: UUID, codes: list[str]) -> bool:
    try:
        grant_for(command, getattr(row, "state", None), context.actor(), belongs_to, codes, row)
    except OutOfScope:
        return False
    return True


def _described(command: Declared) -> Command:
    label, label_en = command.labels
    declaration = command.declaration
    return Command(
        name=camel(command.name),
        mutation=mutation_name(command),
        label=label,
        label_en=label_en,
        basis=declaration.basis or None,
        needs_reason=declaration.reason,
    )
