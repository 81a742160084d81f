"""As of when is a question asked?"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

import strawberry

from schema.scalars import Position


class Moment(NamedTuple):
    """A position in the log, none meaning now; and the effective date up to which facts count, if not all do."""

    position: int | None = None
    effective_on: date | None = None

    @property
    def recorded(self) -> Moment:
        """The same moment, by all facts recorded whatever their effective dates."""
        return Moment(self.position)


NOW = Moment()


def moment_of(parent: object) -> Moment:
    """The moment that a parent object was read at; the root of a query stands in the present."""
    found = getattr(parent, "moment", NOW)
    assert isinstance(found, Moment)
    return found


@strawberry.input(one_of=True)
class AsOfInput:
    """某一时刻 | A moment of the past: a time, or a position in the event log."""

    time: datetime | None = strawberry.UNSET
    position: Position | None = strawberry.UNSET
