"""How far is a build?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Progress(NamedTuple):
    """How far a build is. Positions count the few that were never used; tables are finished once all events are in."""

    position: int
    upto: int
    rate: float
    """Events a second."""
    seconds_left: float | None
    """For the events; nobody knows it of the tables."""
    finished: int = 0
    tables: int = 0
    """How many are to be finished in all; none while events are taken in."""


Report = Callable[[Progress], None]


def together(shares: Sequence[Progress]) -> Progress:
    """How far a build is whose shares are so far: as far as the last of them."""
    if folding := [each for each in shares if not each.tables]:
        return min(folding, key=lambda each: each.position)
    finished, tables = (sum(column) for column in zip(*(each[-2:] for each in shares), strict=True))
    return shares[0]._replace(finished=finished, tables=tables)
