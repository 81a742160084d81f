"""Which facts bring a contribution to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.domain.contribution import Contribution
from service.domain.contribution_record import (
    ContributionVerified,
    ContributionVoided,
    CorrectionProposed,
    DonationRecorded,
    EvidenceAttached,
)
from service.domain.contribution_terms import ContributionState, DonationCause, DonationForm
from service.domain.evidence import Evidence
from service.domain.roles import Role
from tests.domain.chamber_life import DIGEST, NEW_DIGEST, REGISTERED
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, At, Facts, Given
from tests.domain.life import Life

GIFT = UUID(int=41)
GIVEN_ON = date(2026, 3, 8)
AMOUNT, RIGHT_AMOUNT = Decimal("100000.00"), Decimal("10000.00")

DONATION = DonationRecorded(CHAMBER, TOWNSHIP_ID, AMOUNT, DonationForm.MONEY, DonationCause.FLOOD_CONTROL, "某公司")
RECORDED: Facts = (At(DONATION, GIVEN_ON, "who recorded"),)
EVIDENCED: Facts = (*RECORDED, EvidenceAttached(Evidence("转账凭证", DIGEST)))
VERIFIED: Facts = (*EVIDENCED, At(ContributionVerified(AMOUNT), by="who verified"))
PROPOSED: Facts = (At(CorrectionProposed(RIGHT_AMOUNT), by="who proposed"),)
LIVES: Mapping[StrEnum, Facts] = {
    ContributionState.RECORDED: EVIDENCED,
    ContributionState.VERIFIED: VERIFIED,
    ContributionState.VOIDED: (*VERIFIED, ContributionVoided()),
}
INVESTMENT: Mapping[str, Any] = {
    "chamber": CHAMBER,
    "amount": "1860000000.00",
    "investment_basis": "ACTUAL",
    "project": "产业园",
}
MONEY: Mapping[str, Any] = {
    "chamber": CHAMBER,
    "amount": "100000.00",
    "donation_form": "MONEY",
    "donation_cause": "FLOOD_CONTROL",
    "donor": "某公司",
}
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "record_investment": INVESTMENT,
    "record_donation": MONEY,
    "attach_evidence": {"title": "收据", "sha256": NEW_DIGEST},
    "propose_correction": {"amount": "10000.00"},
}


def registered_chamber(world: Given) -> Given:
    """The chamber of 考城镇 is registered."""
    return world.also(*REGISTERED, of=CHAMBER)


LIFE = Life(
    record=Contribution,
    id=GIFT,
    lifecycles={"Contribution": ContributionState},
    actors={
        "county FIC (not the recorder)": {Role.COUNTY_FIC},
        "county FIC": {Role.COUNTY_FIC},
        "city FIC": {Role.CITY_FIC},
        "two people": {Role.COUNTY_FIC, Role.CITY_FIC},
    },
    lives=LIVES,
    inputs=INPUTS,
    prerequisites={"correct_amount": PROPOSED, "dismiss_correction": PROPOSED},
    around=registered_chamber,
)
