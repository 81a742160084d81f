"""Which of the article's figures do the events yield, and do they hold?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypedDict

from projections.article import DERIVATIONS, claims
from projections.claims import Claim, Derivation
from projections.claims import figures as derive
from projections.engine.connection import Connection

COVERAGE = """
SELECT count(*), coalesce(sum(townships), 0), coalesce(sum(registered), 0),
       coalesce(sum(in_progress), 0), coalesce(sum(none), 0)
FROM views.unit_coverage"""


class Coverage(TypedDict):
    """How many townships there are, by what they have, and how many units manage them."""

    units: int
    townships: int
    registered: int
    in_progress: int
    none: int


class Finding(TypedDict):
    """A claim held against what was derived; of several figures the least and the most are written."""

    id: str
    figure: str
    comparator: str
    low: str
    high: str | None
    derived: str
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
    derived = [claim for claim in claims() if claim.id in derivations]
    sql, parameters = derive(derivations[claim.id] for claim in derived)
    row = connection.execute(sql, parameters).fetchone()
    assert row is not None
    return [_held(claim, amounts) for claim, amounts in zip(derived, row, strict=True)]


def _held(claim: Claim, derived: Sequence[Decimal]) -> Finding:
    return {
        "id": claim.id,
        "figure": claim.figure,
        "comparator": claim.comparator.value,
        "low": claim.written([claim.low]),
        "high": None if claim.high is None else claim.written([claim.high]),
        "derived": claim.written(derived),
        "holds": claim.holds(derived),
    }
