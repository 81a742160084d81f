"""Which rows may the viewer read, and which lie within a division?

A grant reaches every division managed from its own, by the tree of today: rights are of the present, also over the
past. A question about "within" follows the tree of the moment that is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, LiteralString

from psycopg.sql import SQL, Composable, Identifier

from projections.divisions import DivisionRow
from schema.context import Context
from schema.statement import Predicate, Values, among

if TYPE_CHECKING:
    from schema.views import View

WITHIN_SQL: LiteralString = (
    "{column} IN ("
    "WITH RECURSIVE below AS ("
    "SELECT d.id FROM {division} AS d WHERE d.code = ANY({codes}) OR d.former_codes && {codes}"
    " UNION SELECT d.id FROM {division} AS d JOIN below ON d.managed_by = below.id"
    ") SELECT id FROM below)"
)


def within(column: str, codes: Sequence[str], position: int | None = None) -> Predicate:
    """The column's division is one of these, or is managed from one of them."""

    def condition(values: Values) -> Composable:
        return SQL(WITHIN_SQL).format(
            column=SQL("t.{}").format(Identifier(column)),
            division=values.source(DivisionRow.table, position),
            codes=values.bind(list(codes)),
        )

    return condition


def readable(kind: type[View], context: Context) -> Iterator[Predicate]:
    """The conditions under which the viewer may read rows of a view.

    Raises Unauthorized or Forbidden when he may read none.
    """
    reading = context.reading()
    if kind.place is not None and reading.codes is not None and not kind.shared:
        yield within(kind.place, reading.codes)
    if reading.public and (kind.place or kind.public):
        yield public(kind)


def public(kind: type[View]) -> Predicate:
    """What the public sees of a view: the rows that have these values, or none."""
    column, values = kind.public or (kind.place or "", ())
    return among(column, values) if values else lambda _: SQL("false")
