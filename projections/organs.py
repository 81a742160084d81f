"""Which organs act for each division, and what are they called? It follows from the divisions alone."""

from __future__ import annotations

from uuid import UUID

from projections.engine.projection import Projection
from projections.engine.row import Key, Row
from projections.engine.table import table
from projections.engine.view import Event, View
from service.domain.division import Abolished, Defined, Merged, Recoded, Renamed
from service.domain.identifiers import name_id
from service.domain.organ import level_of, organs_of
from service.domain.organ_kind import Level, OrganKind


@table(
    "organ", key=("division_id", "kind"), indexes=(("id",), ("kind", "name", "id"), ("level", "name"), ("name", "id"))
)
class OrganRow(Row, kw_only=True):
    """An organ of a division."""

    id: UUID
    division_id: UUID
    kind: OrganKind
    level: Level
    name: str


organs = View(OrganRow)
Named = Event[Defined] | Event[Renamed] | Event[Recoded]


def organ_id(division: UUID, kind: OrganKind) -> UUID:
    """The id of a division's organ."""
    return name_id(f"organ/{division}/{kind}")


def _each(e: Named | Event[Merged] | Event[Abolished]) -> list[Key]:
    return [(e.originator_id, kind) for kind in OrganKind]


def _existing(e: Event[Defined]) -> list[Key]:
    return [(e.originator_id, kind) for kind in organs_of(e.fact.name, e.fact.kind)]


def _called(_: OrganRow | None, e: Named, key: Key) -> OrganRow | None:
    kind, level = OrganKind(str(key[1])), level_of(e.fact.kind)
    name = organs_of(e.fact.name, e.fact.kind).get(kind)
    if name is None or level is None:
        return None
    id = organ_id(e.originator_id, kind)
    return OrganRow(id=id, division_id=e.originator_id, kind=kind, level=level, name=name)


def _gone(_: OrganRow | None, __: Event[Merged] | Event[Abolished], ___: Key) -> None:
    return None


organs.each(Defined, keys=_existing)(_called)
organs.each(Renamed, keys=_each)(_called)
organs.each(Recoded, keys=_each)(_called)
organs.each(Merged, keys=_each)(_gone)
organs.each(Abolished, keys=_each)(_gone)

organ_register = Projection("organs", organs)
