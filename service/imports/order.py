"""In which order can things be made that need each other, and which go round in a circle?"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

Needs = Mapping[str, AbstractSet[str]]
"""What each thing needs; what is no key of it is there already."""


def levels(needs: Needs) -> list[list[str]]:
    """The things in groups, each of which needs only those before it. What needs a circle is in none."""
    left = dict(needs)
    found: list[list[str]] = []
    while ready := [thing for thing, needed in left.items() if left.keys().isdisjoint(needed)]:
        found.append(ready)
        for thing in ready:
            del left[thing]
    return found


def circles(needs: Needs) -> set[str]:
    """The things that need themselves, directly or by way of others, and those between two such circles."""
    left = set(needs).difference(*levels(needs))
    while not left <= (needed := {each for thing in left for each in needs[thing]}):
        left &= needed  # nobody needs the others: they only need a circle
    return left
