"""How does a fact move a state: a record's own, or that of a part with a lifecycle of its own?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

Lead = StrEnum | Mapping[Any, StrEnum] | None
"""The state a fact leads to, or which from which; none leaves it as it is."""


def next_state(lead: Lead, state: StrEnum | None) -> StrEnum | None:
    """The state after a fact."""
    if lead is None:
        return state
    return lead if isinstance(lead, StrEnum) else lead.get(state, state)  # to ask for a Mapping is dear


def states(lead: Lead) -> type[Any]:
    """The enumeration that a lead moves in; NoneType when it moves nothing."""
    return type(next(iter(lead.values())) if isinstance(lead, Mapping) else lead)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a record with its own state, such as the filing of one change.

    Like a record it declares what it remembers as fields with defaults. `since` is the day its state began.
    """

    state: Any = None
    since: date | None = None

    @property
    def place(self) -> UUID | None:
        """The division by which scope over it is judged, when that is not its record's."""
        return None


class Parts(NamedTuple):
    """Where a record keeps its parts of one kind, and the name by which commands and facts speak of one."""

    parameter: str
    field: str
    kind: type[Part]

    def of(self, record: Any) -> Mapping[Any, Part]:
        """The parts of this record, by their keys."""
        kept: Mapping[Any, Part] = getattr(record, self.field)
        return kept

    def learn(self, record: Any, fact: Any, on: date) -> None:
        """Let the part that a fact names take in its fields and its state."""
        key, parts = getattr(fact, self.parameter), self.of(record)
        part = parts.get(key) or self.kind()
        news = {name: getattr(fact, name) for name in fact.kept}
        part = msgspec.structs.replace(part, **news, state=next_state(fact.lead, part.state), since=on)
        setattr(record, self.field, {**parts, key: part})
