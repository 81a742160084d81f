"""How is a ratio measured? Side by side in one run: A, B, A, B, and the median of what each round gives."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import NamedTuple

FEWEST_ROUNDS = 5


class Measured(NamedTuple):
    """A benchmark's result: the median ratio of its rounds, the lowest and the highest."""

    name: str
    ratio: float
    low: float
    high: float
    rounds: int

    def __str__(self) -> str:
        return f"{self.name} {self.ratio:.3g} {self.low:.3g} {self.high:.3g} {self.rounds}"


Note = Callable[[str], None]
"""Told of each round, for whoever watches."""
Benchmark = Callable[[int, Note], Measured]
"""Measures in so many rounds."""


def ratio(name: str, ours: Callable[[], float], theirs: Callable[[], float], rounds: int, note: Note) -> Measured:
    """Ours divided by theirs, round by round."""
    found = []
    for n in range(rounds):
        a, b = ours(), theirs()
        note(f"{name} {n + 1}/{rounds}: {a:,.1f} / {b:,.1f} = {a / b:.3f}")
        found.append(a / b)
    return summary(name, found)


def summary(name: str, found: list[float]) -> Measured:
    """The median of the rounds, with their range."""
    return Measured(name, statistics.median(found), min(found), max(found), len(found))
