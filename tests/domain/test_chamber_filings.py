"""How does a registered item or the charter of a chamber change?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_closing import LiquidationStarted
from service.domain.chamber_filings import ChangeApproved, ChangeConsented, ChangeFiled, ChangeRejected, ChangeRequested
from service.domain.chamber_officers import LeftOffice
from service.domain.chamber_record import LEGAL_REPRESENTATIVE, NAME
from service.domain.chamber_supervision import FinancialAuditRecorded
from service.domain.chamber_terms import ChamberState, ChangeItem, ChangeState, LiquidationGround
from service.domain.claim import Released, Taken
from service.domain.identifiers import name_id
from service.domain.record import Fact
from tests.domain.chamber_life import (
    CHANGE,
    CHANGE_FILED,
    CONSENTED,
    COUNTY_ID,
    DEPUTY,
    DIGEST,
    NEW_DIGEST,
    NEW_NAME,
    NEWCOMER,
    PRESIDENT,
    REGISTERED,
    REGISTERED_ON,
    REQUESTED,
    STATED,
)
from tests.domain.chamber_life import NAME as OWN_NAME
from tests.domain.harness import CHAMBER, OTHER_COUNTY, At, Then, given

LAW = "社会团体登记管理条例"
AUDITED = FinancialAuditRecorded(date(2026, 6, 1), "会计师事务所", DIGEST)
OTHER_COUNTY_ID = name_id(f"division/{OTHER_COUNTY}")
OTHER_CHANGE = name_id("another change")


def requested(item: str, value: str) -> Then:
    return given(*REGISTERED).when("request_change", item=item, value=value)


def approved(item: ChangeItem, value: str, *facts: Fact) -> Then:
    asked = (ChangeRequested(CHANGE, item, value), ChangeFiled(CHANGE), *facts)
    world = given(*REGISTERED, *asked).held(NAME, f"{COUNTY_ID}/{OWN_NAME}", CHAMBER)
    return world.held(LEGAL_REPRESENTATIVE, PRESIDENT, CHAMBER).when("approve_change", change=CHANGE)


@pytest.mark.parametrize(
    ("item", "value", "kept"),
    [
        ("NAME", NEW_NAME, NEW_NAME),
        ("DOMICILE", "考城镇二号", "考城镇二号"),
        ("PURPOSE", "新宗旨", "新宗旨"),
        ("BUSINESS_SCOPE", "新范围", "新范围"),
        ("ACTIVITY_AREA", "新地域", "新地域"),
        ("LEGAL_REPRESENTATIVE", str(DEPUTY).upper(), str(DEPUTY)),
        ("FUNDS", "50000", "50000.00"),
        ("SUPERVISOR", OTHER_COUNTY, str(OTHER_COUNTY_ID)),
        ("CHARTER", NEW_DIGEST, NEW_DIGEST),
    ],
)
def test_each_item_can_be_changed(item: str, value: str, kept: str) -> None:
    change = name_id(f"change/{CHAMBER}/1")
    requested(item, value).then(ChangeRequested(change, ChangeItem(item), kept))


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        ("NAME", "兰考县商会", "GUARD_FAILED"),
        ("LEGAL_REPRESENTATIVE", "会长", "BAD_USER_INPUT"),
        ("LEGAL_REPRESENTATIVE", str(NEWCOMER), "GUARD_FAILED"),
        ("FUNDS", "29999.99", "GUARD_FAILED"),
        ("FUNDS", "NaN", "BAD_USER_INPUT"),
        ("FUNDS", "很多", "BAD_USER_INPUT"),
        ("SUPERVISOR", "410299", "NOT_FOUND"),
        ("CHARTER", "新章程", "BAD_USER_INPUT"),
        ("DOMICILE", STATED.domicile, "GUARD_FAILED"),
        ("FUNDS", "30000", "GUARD_FAILED"),
    ],
)
def test_a_value_that_does_not_fit_its_item_is_refused(item: str, value: str, code: str) -> None:
    requested(item, value).then_refused(code)


def test_one_change_of_an_item_at_a_time() -> None:
    again = given(*REQUESTED).when("request_change", item="DOMICILE", value="考城镇三号")
    again.then_refused("GUARD_FAILED", f"{LAW}第十八条", ("item",))
    rejected = given(*REQUESTED, ChangeRejected(CHANGE))
    rejected.when("request_change", item="DOMICILE", value="考城镇三号").then_accepted()


def test_an_unknown_change_is_not_found() -> None:
    given(*REGISTERED).when("consent_to_change", change=CHANGE).then_refused("NOT_FOUND", path=("change",))


@pytest.mark.parametrize(("consented_on", "late"), [(date(2026, 5, 31), False), (date(2026, 5, 30), True)])
def test_a_change_filed_after_30_days_is_late(consented_on: date, late: bool) -> None:
    consented = given(*REQUESTED, At(ChangeConsented(CHANGE), consented_on))
    consented.when("file_change", change=CHANGE, on=date(2026, 6, 30)).then(ChangeFiled(CHANGE, late))


def test_an_approved_change_takes_effect() -> None:
    done = given(*CHANGE_FILED)
    done.when("approve_change", change=CHANGE).then(ChangeApproved(CHANGE, ChangeItem.DOMICILE, "考城镇二号"))
    chamber = done.world.find(Chamber, CHAMBER)
    assert chamber.domicile == "考城镇二号"
    assert chamber.changes[CHANGE].state is ChangeState.EFFECTIVE
    assert chamber.state is ChamberState.REGISTERED


@pytest.mark.parametrize(
    ("item", "value", "field"),
    [
        (ChangeItem.FUNDS, "50000.00", Decimal("50000.00")),
        (ChangeItem.SUPERVISOR, str(OTHER_COUNTY_ID), OTHER_COUNTY_ID),
        (ChangeItem.CHARTER, NEW_DIGEST, NEW_DIGEST),
    ],
)
def test_a_new_value_is_remembered_as_what_it_is(item: ChangeItem, value: str, field: object) -> None:
    chamber = approved(item, value).given.world.find(Chamber, CHAMBER)
    assert getattr(chamber, item.lower()) == field


def test_a_new_name_takes_the_old_ones_place() -> None:
    done = approved(ChangeItem.NAME, NEW_NAME)
    done.then_claim(NAME, f"{COUNTY_ID}/{NEW_NAME}", Taken).then_claim(NAME, f"{COUNTY_ID}/{OWN_NAME}", Released)
    assert done.given.world.find(Chamber, CHAMBER).checked_name == NEW_NAME


def test_a_new_name_must_be_free() -> None:
    asked = (ChangeRequested(CHANGE, ChangeItem.NAME, NEW_NAME), ChangeFiled(CHANGE))
    taken = given(*REGISTERED, *asked).held(NAME, f"{COUNTY_ID}/{NEW_NAME}")
    taken.when("approve_change", change=CHANGE).then_refused("DUPLICATE", "社会组织名称管理办法")


def test_a_new_representative_takes_the_old_ones_place_after_an_audit() -> None:
    done = approved(ChangeItem.LEGAL_REPRESENTATIVE, str(DEPUTY), AUDITED)
    done.then_claim(LEGAL_REPRESENTATIVE, DEPUTY, Taken).then_claim(LEGAL_REPRESENTATIVE, PRESIDENT, Released)
    assert done.given.world.find(Chamber, CHAMBER).legal_representative == DEPUTY


@pytest.mark.parametrize("audit", [(), (FinancialAuditRecorded(REGISTERED_ON, "会计师事务所", DIGEST),)])
def test_a_new_representative_needs_an_audit_of_the_last_year(audit: tuple[Fact, ...]) -> None:
    refused = approved(ChangeItem.LEGAL_REPRESENTATIVE, str(DEPUTY), *audit)
    refused.then_refused("GUARD_FAILED", f"{LAW}第二十七条")


def test_a_new_representative_must_still_be_an_officer() -> None:
    refused = approved(ChangeItem.LEGAL_REPRESENTATIVE, str(DEPUTY), AUDITED, LeftOffice(DEPUTY))
    refused.then_refused("GUARD_FAILED", f"{LAW}第十八条")


def test_who_consented_to_another_change_may_approve_this_one() -> None:
    other = ChangeRequested(OTHER_CHANGE, ChangeItem.PURPOSE, "新宗旨")
    world = given(*CHANGE_FILED, At(other, by="a clerk"))
    world.when("consent_to_change", change=OTHER_CHANGE, by="who else consented")
    world.when("approve_change", change=CHANGE, by="who consented").then_refused("FOUR_EYES")
    world.when("approve_change", change=CHANGE, by="who else consented").then_accepted()


@pytest.mark.parametrize(
    ("command", "life"),
    [("consent_to_change", REQUESTED), ("file_change", CONSENTED), ("approve_change", CHANGE_FILED)],
)
def test_nothing_changes_once_liquidation_has_begun(command: str, life: tuple[Fact | At, ...]) -> None:
    liquidating = given(*life, LiquidationStarted(LiquidationGround.DISSOLVED_ITSELF))
    liquidating.when(command, change=CHANGE).then_refused("GUARD_FAILED", f"{LAW}第二十条")
