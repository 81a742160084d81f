"""How does a row take in what a fact says in the row's own words?"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from msgspec.structs import replace

from projections.engine.row import Row
from projections.engine.view import Event
from service.domain.lifecycle import next_state, states
from service.domain.record import FACTS, Fact, Record

R = TypeVar("R", bound=Row)


def remembered(row: R, e: Event[Fact], **more: Any) -> R:
    """The row with the fact's fields that it has too, with the state the fact leads to, and with `more`."""
    said = {name: getattr(e.fact, name) for name in _shared(type(e.fact), type(row))}
    return replace(row, **{**said, **_state(row, e), **more})


@cache
def _shared(fact: type[Fact], row: type[Row]) -> tuple[str, ...]:
    return tuple(name for name in fact.__struct_fields__ if name in row.__struct_fields__)


def _state(row: Row, e: Event[Fact]) -> dict[str, Any]:
    """A fact of a part moves the part's state, not the record's."""
    state = getattr(row, "state", None)
    if not isinstance(state, _lifecycle(type(e.fact))):
        return {}
    moved = {"state": next_state(e.fact.lead, state)}
    return {**moved, "since": e.envelope.effective_on} if hasattr(row, "since") else moved


@cache
def _lifecycle(fact: type[Fact]) -> type[Any]:
    return states(fact.lead)


def facts_of(record: type[Record], *others: type[Fact]) -> list[type[Fact]]:
    """All facts of a record but these."""
    owner = f"{record.type_name}."
    return [fact for topic, fact in FACTS.items() if topic.startswith(owner) and fact not in others]


def place_of(e: Event[Fact]) -> UUID:
    """The division of the record that an event is about, which must have one."""
    assert e.envelope.place is not None, "it is about a record with a place"
    return e.envelope.place
