"""Which rows may the viewer read, and which lie within a division?

A grant reaches every division managed from its own, by the tree of today: rights are of the present, also over the
past. A question about "within" follows the tree of the moment that is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg.sql import SQL, Composable, Literal

from projections.divisions import DivisionRow
from schema.context import Reading
from schema.scalars import is_small
from schema.statement import Predicate, Select, Values, compares

if TYPE_CHECKING:
    from schema.views import View

NAMED_SQL: LiteralString = (
    "ARRAY(SELECT n.id FROM {today} AS n WHERE n.code = ANY({codes}) OR n.former_codes && {codes})"
)
"""Whoever had a code at some moment has it today too, now or formerly, and today's divisions have indexes for both. As
an array all of them are asked for: to see whether there are any, the planner would go through all divisions."""
FEW: LiteralString = "LIMIT (SELECT NULL::bigint)"
"""No limit. Of one that it does not know the planner expects a tenth of the rows, and makes room for no more."""
BELOW_SQL: LiteralString = (
    f"WITH RECURSIVE below AS ((SELECT d.id FROM unnest({NAMED_SQL}) AS named(id), LATERAL (SELECT d.id"
    " FROM {division} AS d WHERE d.id = named.id AND (d.code = ANY({codes}) OR d.former_codes && {codes})"
    f" OFFSET 0) AS d {FEW}) UNION SELECT b.id FROM below, LATERAL (SELECT d.id"
    " FROM {division} AS d WHERE d.managed_by = below.id"
    f" OFFSET 0) AS b) SELECT id FROM below {FEW}"
)
"""The offsets keep the planner from reading all divisions at each step."""
LOOKED_UP: LiteralString = f"{{column}} = ANY(ARRAY({BELOW_SQL}))"
"""For few divisions: their rows are found by an index."""
FILTERED: LiteralString = f"({{column}} IN ({BELOW_SQL})) IS TRUE AND cardinality({NAMED_SQL}) > 0"
"""For many: rows are read in the order that is asked for until a page is full, and looked for among the divisions. As a
condition of its own it is no join, for which the planner would go through all divisions at each row. Of a division that
there never was, nothing is read."""
ENTRUSTED_SQL: LiteralString = "({chamber} = ANY({chambers}) OR {within})"
TOLD_SQL: LiteralString = "({type} <> {named} OR {id} IN ({records}))"
CONFIDENTIAL: dict[str, type[View]] = {}
"""The views of records that only some roles may read, by the record's type as changes name it."""


def within(column: str, codes: Sequence[str], position: int | None = None) -> Predicate:
    """The column's division is one of these, or is managed from one of them."""

    def condition(values: Values) -> Composable:
        return SQL(LOOKED_UP if _few(codes) else FILTERED).format(
            column=values.column(column),
            division=values.source(DivisionRow.table, position),
            today=values.source(DivisionRow.table),
            codes=values.bind(codes),
        )

    return condition


def _few(codes: Any) -> bool:
    """Whether little lies beneath these divisions. Of getters, the values count that a plan is made with, if any."""
    given = getattr(codes, "value", codes)
    return not callable(given) and all(is_small(str(getattr(code, "value", code))) for code in given)


def readable(kind: type[View], reading: Reading) -> Iterator[Predicate]:
    """The conditions under which somebody who reads this far may read rows of a view."""
    if kind.place is not None and reading.codes is not None and not kind.shared:
        yield within(kind.place, reading.codes)
    if reading.public and (kind.place or kind.public):
        yield public(kind)
    if kind.readers and not reading.everywhere(kind.readers):
        yield entrusted(kind, reading)
    if kind.tells:
        yield from (_told(kind.tells, name, of, reading) for name, of in withheld(reading))


def withheld(reading: Reading) -> Iterator[tuple[str, type[View]]]:
    """The views of records that somebody may not read everywhere, by the record's type."""
    return ((name, of) for name, of in CONFIDENTIAL.items() if not reading.everywhere(of.readers))


def entrusted(kind: type[View], reading: Reading) -> Predicate:
    """What somebody may read of a view that is not for every role: where his grants of those roles reach."""
    reach = reading.reach(kind.readers)

    def condition(values: Values) -> Composable:
        return SQL(ENTRUSTED_SQL).format(
            chamber=values.column("chamber_id"),
            chambers=values.bind(reach.chambers),
            within=within(kind.place or "", reach.codes)(values),
        )

    return condition


def _told(tells: tuple[str, str], name: str, of: type[View], reading: Reading) -> Predicate:
    """What is told of records of a type that is not for every role: of those that somebody may read."""
    type_, id_ = tells
    records = Select(of.table, where=(entrusted(of, reading),))

    def condition(values: Values) -> Composable:
        return SQL(TOLD_SQL).format(
            type=values.column(type_),
            named=Literal(name),
            id=values.column(id_),
            records=records.all(values.column("id"), values),
        )

    return condition


def public(kind: type[View]) -> Predicate:
    """What the public sees of a view: the rows that have these values, or none."""
    column, values = kind.public or (kind.place or "", ())
    return compares("{} = ANY({})", column, Literal(list(values))) if values else lambda _: SQL("false")
