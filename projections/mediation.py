"""How many disputes were taken up, how many settled, and what were they about?"""

from __future__ import annotations

from decimal import Decimal

from projections.engine.projection import Projection
from projections.engine.tally import Share, Tally
from projections.mediation_bodies import bodies, mediators
from projections.mediation_cases import cases, follow_ups, sessions
from projections.mediation_rows import (
    MediationCaseRow,
    MediationIntakeRow,
    MediationOutcomeRow,
)

intake, outcomes = Tally(MediationIntakeRow, of=cases), Tally(MediationOutcomeRow, of=cases)


@intake.counts
def taken_up(row: MediationCaseRow) -> Share:
    if row.accepted_on is None:
        return None
    return (row.division_id, row.kind, row.accepted_on), {"cases": 1, "amount": row.amount or Decimal(0)}


@outcomes.counts
def came_to_an_end(row: MediationCaseRow) -> Share:
    if row.outcome is None or row.concluded_on is None:
        return None
    amount = row.agreed_amount if row.agreed_amount is not None else row.amount
    return (row.division_id, row.kind, row.concluded_on, row.outcome), {"cases": 1, "amount": amount or Decimal(0)}


mediation = Projection("mediation", bodies, mediators, cases, sessions, follow_ups, intake, outcomes)
