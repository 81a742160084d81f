"""How may a chamber be suspended, wound up, or struck off?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_closing import (
    ActivitiesResumed,
    ActivitiesSuspended,
    Deregistered,
    LiquidationConsented,
    LiquidationEnded,
    LiquidationStarted,
    RegistrationRevoked,
)
from service.domain.chamber_record import LEGAL_REPRESENTATIVE, NAME, SEAT, USCC
from service.domain.chamber_terms import FilingKind, LiquidationGround, RevocationGround, Violation
from service.domain.claim import Released
from tests.domain.chamber_life import CODE, COUNTY_ID, LIQUIDATING, PRESIDENT, REGISTERED, REGISTERED_ON, document
from tests.domain.chamber_life import NAME as OWN_NAME
from tests.domain.harness import CHAMBER, TODAY, TOWNSHIP_ID, Given, Then, given

LAW = "社会团体登记管理条例"
ENDED_ON = date(2026, 6, 15)
LIQUIDATED = (
    *LIQUIDATING,
    document(FilingKind.DEREGISTRATION_APPLICATION),
    document(FilingKind.SUPERVISOR_REVIEW),
    document(FilingKind.LIQUIDATION_REPORT),
    LiquidationEnded(ENDED_ON),
)
COLLECTED: dict[str, Any] = {"certificate_collected": True, "seal_collected": True}


def holding(world: Given) -> Given:
    """A chamber that holds what a registered one does."""
    world.held(SEAT, TOWNSHIP_ID, CHAMBER).held(NAME, f"{COUNTY_ID}/{OWN_NAME}", CHAMBER)
    return world.held(LEGAL_REPRESENTATIVE, PRESIDENT, CHAMBER).held(USCC, CODE, CHAMBER)


def freed(done: Then) -> None:
    """All but the credit code, which is for life."""
    done.then_claim(SEAT, TOWNSHIP_ID, Released).then_claim(NAME, f"{COUNTY_ID}/{OWN_NAME}", Released)
    done.then_claim(LEGAL_REPRESENTATIVE, PRESIDENT, Released).then_claim(USCC, CODE)


def test_a_suspension_names_a_violation_and_its_end() -> None:
    until = date(2026, 12, 31)
    world = given(*REGISTERED)
    suspended = world.when("suspend", violation="BEYOND_CHARTER", until=until)
    suspended.then(ActivitiesSuspended(Violation.BEYOND_CHARTER, until)).when("resume").then(ActivitiesResumed())
    assert world.world.find(Chamber, CHAMBER).suspended_until is None


def test_a_suspension_ends_after_it_begins() -> None:
    given(*REGISTERED).when("suspend", violation="BEYOND_CHARTER", until=TODAY).then_refused(
        "GUARD_FAILED", f"{LAW}第三十条", ("until",)
    )


def test_there_are_eight_violations_and_four_grounds_to_end() -> None:
    assert (len(Violation), len(LiquidationGround)) == (8, 4)


def test_a_liquidation_needs_the_supervisors_consent() -> None:
    given(*REGISTERED).when("start_liquidation", ground="PURPOSE_FULFILLED").then_refused(
        "GUARD_FAILED", f"{LAW}第十九条"
    )
    consented = given(*REGISTERED).when("consent_to_liquidation", by="the supervisor").then(LiquidationConsented())
    consented.when("consent_to_liquidation").then_refused("GUARD_FAILED", f"{LAW}第十九条")
    started = consented.when("start_liquidation", ground="PURPOSE_FULFILLED")
    started.then(LiquidationStarted(LiquidationGround.PURPOSE_FULFILLED))


def test_a_liquidation_ends_once_and_not_in_the_future() -> None:
    later = given(*LIQUIDATING).when("end_liquidation", ended_on=TODAY, on=ENDED_ON)
    later.then_refused("GUARD_FAILED", f"{LAW}第二十条", ("endedOn",))
    ended = given(*LIQUIDATING).when("end_liquidation", ended_on=ENDED_ON).then(LiquidationEnded(ENDED_ON))
    ended.when("end_liquidation", ended_on=ENDED_ON).then_refused("GUARD_FAILED", f"{LAW}第二十条")


@pytest.mark.parametrize(("ended_on", "late"), [(date(2026, 6, 15), False), (date(2026, 6, 14), True)])
def test_a_deregistration_after_15_days_is_late(ended_on: date, late: bool) -> None:
    done = given(*LIQUIDATED, LiquidationEnded(ended_on)).when("deregister", on=date(2026, 6, 30), **COLLECTED)
    done.then(Deregistered(late))


def test_a_deregistered_chamber_keeps_only_its_credit_code() -> None:
    freed(holding(given(*LIQUIDATED)).when("deregister", **COLLECTED).then(Deregistered()))


def test_a_deregistration_needs_the_end_of_the_liquidation() -> None:
    given(*LIQUIDATED[:-1]).when("deregister", **COLLECTED).then_refused("GUARD_FAILED", f"{LAW}第二十条")


def test_a_deregistration_needs_three_documents() -> None:
    two = given(*LIQUIDATING, *LIQUIDATED[-4:-2], LiquidationEnded(ENDED_ON)).when("deregister", **COLLECTED)
    assert "LIQUIDATION_REPORT" in two.then_refused("GUARD_FAILED", f"{LAW}第二十一条").message


@pytest.mark.parametrize("kept", COLLECTED)
def test_certificate_and_seal_are_collected(kept: str) -> None:
    done = given(*LIQUIDATED).when("deregister", **{**COLLECTED, kept: False})
    done.then_refused("GUARD_FAILED", f"{LAW}第二十一条")


def test_a_revoked_chamber_keeps_only_its_credit_code() -> None:
    revoked = holding(given(*REGISTERED)).when("revoke", ground="DEMANDED_BY_AUTHORITY")
    freed(revoked.then(RegistrationRevoked(RevocationGround.DEMANDED_BY_AUTHORITY)))


def test_a_grave_violation_is_named_and_only_such_a_one() -> None:
    given(*REGISTERED).when("revoke", ground="GRAVE_VIOLATION", violation="ASSETS_MISUSED").then(
        RegistrationRevoked(RevocationGround.GRAVE_VIOLATION, Violation.ASSETS_MISUSED)
    )
    wrongs: list[dict[str, Any]] = [
        {"ground": "GRAVE_VIOLATION"},
        {"ground": "FRAUD", "violation": "ASSETS_MISUSED"},
    ]
    for wrong in wrongs:
        given(*REGISTERED).when("revoke", **wrong).then_refused("GUARD_FAILED", f"{LAW}第三十条", ("violation",))


def test_a_chamber_is_dormant_a_year_after_its_certificate() -> None:
    anniversary = REGISTERED_ON.replace(year=REGISTERED_ON.year + 1)
    early = given(*REGISTERED).when("revoke", ground="DORMANT", on=anniversary)
    early.then_refused("GUARD_FAILED", f"{LAW}第二十九条")
    given(*REGISTERED).when("revoke", ground="DORMANT").then(RegistrationRevoked(RevocationGround.DORMANT))
