"""考核 | What may be asked about assessments, and who came out how far up?"""

from __future__ import annotations

from typing import Any

import msgspec
import strawberry
from psycopg.sql import SQL, Identifier
from strawberry.types import Info

from projections.assessments import STANDING, AssessmentRow
from schema.audit import Audited
from schema.context import context_of
from schema.moment import Moment, moment_of
from schema.nodes import single
from schema.scalars import DivisionCode
from schema.scope import readable, within
from schema.statement import Select, Statement, Values, among, equals
from schema.views import View, every, one, view
from service.domain.scheme_terms import SchemeKind

MOST_RANKED = 1_000
RANKS = SQL("{columns}, rank() OVER (ORDER BY t.vetoed, t.total DESC), count(*) OVER ()")
SHOWN = SQL("SELECT t.* FROM ({ranked}) AS t({columns}, rank, out_of) WHERE {readable} ORDER BY rank, id LIMIT {most}")


@view(AssessmentRow, place="division_id")
class Assessment(View, Audited):
    """考核 | The assessment of one president, county or township for one year."""

    scheme = one("schema.schemes.Scheme", by="scheme_id")
    appointment = one("schema.appointments.Appointment", by="assessed_id", required=False)
    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)
    division = one("schema.divisions.Division", by="division_id")


@strawberry.type
class RankedAssessment:
    """考核排名 | An assessment and its place among all of its scheme and year; equals share a place."""

    rank: int
    out_of: int
    assessment: Assessment


@strawberry.type
class Questions:
    """What may be asked at the root."""

    assessments = every(Assessment, order=("-year", "id"))
    assessment = single(Assessment)

    @strawberry.field
    async def ranking(
        self, info: Info[Any, Any], scheme_kind: SchemeKind, year: int, within: DivisionCode
    ) -> list[RankedAssessment]:
        """Who came out how far up within a division, by published results; vetoed ones come last.

        A place is counted among all, also those that the viewer may not read.
        """
        rows = await context_of(info).reader.fetch(_ranked(self, info, scheme_kind, year, within))
        return [_placed(row, moment_of(self)) for row in rows]


def _placed(row: tuple[Any, ...], moment: Moment) -> RankedAssessment:
    *values, rank, out_of = row
    assessment = Assessment.of(msgspec.convert(values, AssessmentRow), moment)
    return RankedAssessment(rank=rank, out_of=out_of, assessment=assessment)


def _ranked(parent: Any, info: Any, kind: SchemeKind, year: int, code: str) -> Statement:
    """The rows in the order of their places, with these and how many there are."""
    moment, values = moment_of(parent), Values()
    conditions = (
        equals("kind", kind),
        equals("year", year),
        among("state", STANDING),
        within("division_id", [code], moment.position),
    )
    columns = SQL(", ").join(map(Identifier, AssessmentRow.table.names))
    ranked = Select(AssessmentRow.table, moment.position, conditions, on=moment.effective_on)
    listed = SQL(", ").join(values.column(name) for name in AssessmentRow.table.names)
    inner = ranked.all(RANKS.format(columns=listed), values)
    allowed = [each(values) for each in readable(Assessment, context_of(info).reading())]
    condition = SQL(" AND ").join(allowed) if allowed else SQL("true")
    sql = SHOWN.format(ranked=inner, columns=columns, readable=condition, most=values.bind(MOST_RANKED))
    return Statement(sql, values)
