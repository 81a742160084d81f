"""变更 | Which event changed what, when, by whom, on which basis and why?"""

from __future__ import annotations

from typing import Any

import strawberry

from projections.change_history import ChangeRow, RecordType
from schema.moment import Moment
from schema.relations import Identity, declared
from schema.scalars import encode_id, id_head
from schema.statement import Order
from schema.views import View, one, view

BY_POSITION = (Order("position"), Order("ordinal"))


def _type_name(record_type: str) -> str:
    """`PartyBranch` of `PARTY_BRANCH`."""
    return "".join(part.title() for part in record_type.split("_"))


ID_OF_RECORD = Identity("record_id", ("record_type", {str(kind): id_head(_type_name(kind)) for kind in RecordType}))
"""The opaque id of the record that a row is about."""


def id_of_record(row: Any, moment: Moment) -> strawberry.ID:
    """The opaque id of the record that a row is about, by its type and id."""
    return strawberry.ID(encode_id(_type_name(row.record_type), row.record_id, moment.position))


@view(
    ChangeRow,
    place="division_id",
    hide=("ordinal", "record_id", "client", "key"),
    tells=("record_type", "record_id"),
)
class Change(View):
    """变更 | One event: what changed, when, by whom, in which role, on which basis and why."""

    division = one("schema.divisions.Division", by="division_id", required=False)

    @declared(ID_OF_RECORD)
    @strawberry.field
    def record_id(self) -> strawberry.ID:
        """The id of the record it concerns."""
        return id_of_record(self.row, self.moment)
