"""How does a view follow the townships there are, and who manages each of them?"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar
from uuid import UUID

from msgspec.structs import replace

from projections.engine.row import Row
from projections.engine.view import Event, View
from service.domain.division import TOWNSHIPS, Abolished, Defined, ManagerChanged, Merged, Recoded, Renamed
from service.domain.record import Fact

R = TypeVar("R", bound=Row)
R_co = TypeVar("R_co", bound=Row, covariant=True)


class Beginning(Protocol[R_co]):
    """A row type whose rows begin with a township and the unit that manages it."""

    def __call__(self, *, division_id: UUID, unit_id: UUID | None) -> R_co:
        """The row of a township of which nothing more is known."""
        ...


def follow_townships(view: View[R], begin: Beginning[R]) -> None:
    """Keep one row for each real township and sub-district, under the unit that manages it now."""

    @view.on(Defined)
    def defined(_: R | None, e: Event[Defined]) -> R | None:
        if e.fact.kind not in TOWNSHIPS:
            return None
        return begin(division_id=e.originator_id, unit_id=e.fact.managed_by)

    @view.on(Renamed, Recoded)
    def changed(row: R | None, e: Event[Any]) -> R | None:
        return row if e.fact.kind in TOWNSHIPS else None

    @view.on(ManagerChanged)
    def managed(row: R | None, e: Event[ManagerChanged]) -> R | None:
        return row and replace(row, unit_id=e.fact.managed_by)

    @view.on(Merged, Abolished)
    def closed(_: R | None, __: Event[Fact]) -> None:
        return None
