"""变更 | Which event changed what, when, by whom, on which basis and why?"""

from __future__ import annotations

from typing import Any

import strawberry

from projections.change_history import ChangeRow
from schema.moment import Moment
from schema.relations import Computed, declared
from schema.scalars import encode_id
from schema.statement import Order
from schema.views import View, one, view

BY_POSITION = (Order("position"), Order("ordinal"))
PASCAL = "replace(initcap(replace({t}.record_type, '_', ' ')), ' ', '')"
"""The name of a record's type, from its code."""


def encoded_id(kind: str, id: str) -> str:
    """SQL for what `encode_id` makes of a type's name and an id.

    The text is of letters, digits and `:-@`, whose base64 has neither + nor /: only padding and line ends must go.
    """
    name = kind if kind == PASCAL else f"'{kind}'"
    return f"rtrim(replace(encode(({name} || ':' || {id}::text || {{at}})::bytea, 'base64'), E'\\n', ''), '=')"


def id_of_record(row: Any, moment: Moment) -> strawberry.ID:
    """The opaque id of the record that a row is about, by its type and id."""
    kind = "".join(part.title() for part in row.record_type.split("_"))
    return strawberry.ID(encode_id(kind, row.record_id, moment.position))


@view(ChangeRow, place="division_id", hide=("ordinal", "record_id", "client", "key"))
class Change(View):
    """变更 | One event: what changed, when, by whom, in which role, on which basis and why."""

    division = one("schema.divisions.Division", by="division_id", required=False)

    @declared(Computed(encoded_id(PASCAL, "{t}.record_id")))
    @strawberry.field
    def record_id(self) -> strawberry.ID:
        """The id of the record it concerns."""
        return id_of_record(self.row, self.moment)
