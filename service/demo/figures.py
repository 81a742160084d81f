"""Which of the article's figures does the log yield, and do they hold?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import auto
from importlib.resources import files
from typing import TypedDict

import msgspec

from projections.engine.connection import Connection
from service.domain.identifiers import FEN
from service.domain.vocabulary import Term

Amount = int | float | str
"""A figure as the carried file writes it: a count, a share, or money in yuan as text."""
Derivation = Callable[[Connection], Sequence[Decimal]]
"""Finds a figure in the views; several where a claim is about each of many, such as the least and the most."""

COVERAGE = """
SELECT count(*), coalesce(sum(townships), 0), coalesce(sum(registered), 0),
       coalesce(sum(in_progress), 0), coalesce(sum(none), 0)
FROM views.unit_coverage"""

DERIVATIONS: Mapping[str, Derivation] = {}
"""How each claim is derived, by its id. None can be as yet: the fourteen are about supervision, assessment, mediation,
issues, contributions, documents and recognitions, whose events this release does not have."""


class Comparator(Term):
    """比较方式 | How a derived figure is held against the article's."""

    EQ = auto()
    GTE = auto()
    BETWEEN = auto()


class Claim(msgspec.Struct, frozen=True, rename={"comparator": "op"}):
    """数字 | A countable claim of the article; `figure` is how the article words it."""

    id: str
    figure: str
    comparator: Comparator
    low: Amount
    high: Amount | None

    def holds(self, derived: Decimal) -> bool:
        """Whether a derived figure bears the claim out."""
        low = Decimal(str(self.low))
        match self.comparator:
            case Comparator.EQ:
                return derived == low
            case Comparator.GTE:
                return derived >= low
            case Comparator.BETWEEN:
                return low <= derived <= Decimal(str(self.high))


class Coverage(TypedDict):
    """How many townships there are, by what they have, and how many units manage them."""

    units: int
    townships: int
    registered: int
    in_progress: int
    none: int


class Finding(TypedDict):
    """A claim held against what was derived; several figures must all bear it out."""

    id: str
    figure: str
    comparator: str
    low: Amount
    high: Amount | None
    derived: Amount | list[Amount]
    holds: bool


class Figures(TypedDict):
    """What the demonstration prints."""

    coverage: Coverage
    claims: list[Finding]


def figures(connection: Connection) -> Figures:
    """The figures as the views stand."""
    return {"coverage": coverage(connection), "claims": findings(connection)}


def coverage(connection: Connection) -> Coverage:
    """The city's sums over its units."""
    row = connection.execute(COVERAGE).fetchone()
    assert row is not None
    units, townships, registered, in_progress, none = map(int, row)
    return {
        "units": units,
        "townships": townships,
        "registered": registered,
        "in_progress": in_progress,
        "none": none,
    }


def findings(connection: Connection, derivations: Mapping[str, Derivation] = DERIVATIONS) -> list[Finding]:
    """The claims that can be derived so far, in the article's order."""
    return [_held(claim, derivations[claim.id](connection)) for claim in claims() if claim.id in derivations]


def claims() -> list[Claim]:
    """All claims of the article."""
    text = (files(__package__) / "data" / "seed_claims.json").read_text(encoding="utf-8")
    return msgspec.convert(json.loads(text), list[Claim])


def _held(claim: Claim, derived: Sequence[Decimal]) -> Finding:
    shown = [_like(claim.low, each) for each in derived]
    return {
        "id": claim.id,
        "figure": claim.figure,
        "comparator": claim.comparator.value,
        "low": claim.low,
        "high": claim.high,
        "derived": shown[0] if len(shown) == 1 else shown,
        "holds": bool(derived) and all(map(claim.holds, derived)),
    }


def _like(pattern: Amount, value: Decimal) -> Amount:
    """A figure written as the claim writes its own."""
    if isinstance(pattern, str):
        return str(value.quantize(FEN))
    return float(value) if isinstance(pattern, float) else int(value)
