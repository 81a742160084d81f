"""期限 | What has to be done by when, and what is overdue?"""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from projections.deadlines import DeadlineRow
from schema.changes import ID_OF_RECORD, id_of_record
from schema.context import context_of
from schema.relations import declared
from schema.views import View, every, one, view


@view(DeadlineRow, place="division_id", hide=("record_id",), tells=("record_type", "record_id"))
class Deadline(View):
    """期限 | Something that has to be done about a record, under which rule and by which day, the last one in time."""

    division = one("schema.divisions.Division", by="division_id", required=False)

    @declared(ID_OF_RECORD)
    @strawberry.field
    def record_id(self) -> strawberry.ID:
        """The id of the record it concerns."""
        return id_of_record(self.row, self.moment)

    @strawberry.field
    def overdue(self, info: Info[Any, Any], on: date | None = None) -> bool:
        """Whether its last day is past on a day; today, in China, unless another is given."""
        return bool((on or context_of(info).ledger.today) > self.row.due_on)


@strawberry.type
class Questions:
    """What may be asked at the root."""

    deadlines = every(Deadline, order=("due_on", "record_id"))
