"""How does a row take in what a fact says in the row's own words?"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from msgspec.structs import replace

from projections.engine.row import Row
from projections.engine.view import Event
from service.domain.lifecycle import next_state, states
from service.domain.record import FACTS, Fact, Record

R = TypeVar("R", bound=Row)


def remembered(row: R, e: Event[Fact], **more: Any) -> R:
    """The row with the fact's fields that it has too, with the state the fact leads to, and with `more`."""
    fact = e.fact
    names, lifecycle, dated = _shared(type(fact), type(row))
    said = {name: getattr(fact, name) for name in names}
    state = getattr(row, "state", None)
    if isinstance(state, lifecycle):
        said["state"] = next_state(fact.lead, state)
        if dated:
            said["since"] = e.envelope.effective_on
    return replace(row, **said | more)


class _Shared(NamedTuple):
    """The names that a fact and a row share, the states that the fact leads to, and whether the row tells since when.

    A fact of a part moves the part's state, not the record's.
    """

    names: tuple[str, ...]
    lifecycle: type[Any]
    dated: bool


@cache
def _shared(fact: type[Fact], row: type[Row]) -> _Shared:
    fields = row.__struct_fields__
    return _Shared(tuple(n for n in fact.__struct_fields__ if n in fields), states(fact.lead), "since" in fields)


def facts_of(record: type[Record], *others: type[Fact]) -> list[type[Fact]]:
    """All facts of a record but these."""
    owner = f"{record.type_name}."
    return [fact for topic, fact in FACTS.items() if topic.startswith(owner) and fact not in others]


def place_of(e: Event[Fact]) -> UUID:
    """The division of the record that an event is about, which must have one."""
    assert e.envelope.place is not None, "it is about a record with a place"
    return e.envelope.place
