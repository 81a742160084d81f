"""Is a chamber's year reported, reviewed and concluded as the law has it?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_closing import LiquidationStarted
from service.domain.chamber_inspections import (
    AnnualReportFiled,
    AnnualReportReturned,
    AnnualReportReviewed,
    InspectionConcluded,
    InspectionMissed,
    InspectionOpened,
)
from service.domain.chamber_registration import RegistrationGranted
from service.domain.chamber_supervision import ListedAbnormal
from service.domain.chamber_terms import (
    AbnormalGround,
    ChamberState,
    InspectionResult,
    InspectionState,
    LiquidationGround,
    ReportContent,
)
from service.domain.record import Fact
from tests.domain.chamber_life import (
    CODE,
    DIGEST,
    DUE,
    FILED,
    INPUTS,
    LIVES,
    REGISTERED,
    REPORTED,
    REPORTS,
    REVIEWED,
    YEAR,
)
from tests.domain.harness import CHAMBER, At, given

ARTICLE = "社会团体登记管理条例第二十八条"
REPORT = INPUTS["file_annual_report"]
MISSING = AbnormalGround.ANNUAL_REPORT_MISSING


def test_a_year_is_inspected_once_and_when_it_is_over() -> None:
    opened = given(*REGISTERED).when("open_inspection", year=YEAR).then(InspectionOpened(YEAR))
    opened.when("open_inspection", year=YEAR).then_refused("GUARD_FAILED", ARTICLE, ("year",))
    opened.when("open_inspection", year=YEAR + 1).then_refused("GUARD_FAILED", ARTICLE, ("year",))


@pytest.mark.parametrize(("registered_on", "inspected"), [(date(2025, 6, 30), True), (date(2025, 7, 1), False)])
def test_a_chamber_registered_in_the_second_half_is_not_inspected_for_that_year(
    registered_on: date, inspected: bool
) -> None:
    young = given(*FILED, At(RegistrationGranted(CODE, "证字第一号"), registered_on))
    opened = young.when("open_inspection", year=YEAR)
    opened.then(InspectionOpened(YEAR)) if inspected else opened.then_refused("GUARD_FAILED", ARTICLE, ("year",))


@pytest.mark.parametrize(("on", "late"), [(date(2026, 3, 31), False), (date(2026, 4, 1), True)])
def test_a_report_after_31_march_is_late(on: date, late: bool) -> None:
    given(*DUE).when("file_annual_report", on=on, **REPORT).then(AnnualReportFiled(YEAR, REPORTS, late))


def test_a_report_has_five_contents() -> None:
    assert len(ReportContent) == 5
    four = {**REPORT, "contents": REPORT["contents"][1:]}
    given(*DUE).when("file_annual_report", **four).then_refused("GUARD_FAILED", ARTICLE, ("contents",))


def test_a_report_has_each_content_once() -> None:
    wrong = {**REPORT, "contents": [*REPORT["contents"][1:], REPORT["contents"][1]]}
    given(*DUE).when("file_annual_report", **wrong).then_refused("GUARD_FAILED", ARTICLE, ("contents",))


@pytest.mark.parametrize(("on", "late"), [(date(2026, 5, 31), False), (date(2026, 6, 1), True)])
def test_a_review_after_31_may_is_late(on: date, late: bool) -> None:
    given(*REPORTED).when("pass_preliminary_review", year=YEAR, on=on).then(AnnualReportReviewed(YEAR, late))


def test_a_late_report_stays_late_however_soon_it_is_reviewed() -> None:
    late = given(*DUE, AnnualReportFiled(YEAR, REPORTS, late=True))
    late.when("pass_preliminary_review", year=YEAR, on=date(2026, 4, 1)).then(AnnualReportReviewed(YEAR, late=True))


def test_a_returned_report_can_be_filed_again() -> None:
    returned = given(*REPORTED).when("return_annual_report", year=YEAR).then(AnnualReportReturned(YEAR))
    returned.when("file_annual_report", **REPORT).then_accepted()


@pytest.mark.parametrize("result", InspectionResult)
def test_an_inspection_is_concluded_with_a_result(result: InspectionResult) -> None:
    world = given(*REVIEWED)
    world.when("conclude_inspection", year=YEAR, result=result).then(InspectionConcluded(YEAR, result))
    assert world.world.find(Chamber, CHAMBER).inspections[YEAR].result is result


def test_a_missed_year_lists_the_chamber_as_abnormal() -> None:
    world = given(*DUE)
    world.when("mark_missed", year=YEAR, on=date(2026, 6, 1)).then(InspectionMissed(YEAR), ListedAbnormal(MISSING))
    chamber = world.world.find(Chamber, CHAMBER)
    assert chamber.abnormal_listings == {MISSING: date(2026, 6, 1)}
    assert (chamber.state, chamber.inspections[YEAR].state) == (ChamberState.REGISTERED, InspectionState.MISSED)


def test_a_listed_chamber_is_not_listed_again() -> None:
    given(*DUE, ListedAbnormal(MISSING)).when("mark_missed", year=YEAR).then(InspectionMissed(YEAR))


def test_a_year_is_not_missed_before_june() -> None:
    given(*DUE).when("mark_missed", year=YEAR, on=date(2026, 5, 31)).then_refused("GUARD_FAILED", ARTICLE)


def test_a_missed_report_can_be_filed_late() -> None:
    missed = given(*LIVES[InspectionState.MISSED]).when("file_annual_report", **REPORT)
    missed.then(AnnualReportFiled(YEAR, REPORTS, late=True))


def test_a_report_names_files_by_digest() -> None:
    broken: dict[str, Any] = {"year": YEAR, "contents": [{"content": "FINANCES", "sha256": DIGEST[1:]}]}
    given(*DUE).when("file_annual_report", **broken).then_refused("BAD_USER_INPUT", path=("contents", "0", "sha256"))


@pytest.mark.parametrize("command", ["file_annual_report", "mark_missed"])
def test_a_chamber_in_liquidation_reports_no_more(command: str) -> None:
    life: tuple[Fact | At, ...] = (*DUE, LiquidationStarted(LiquidationGround.DISSOLVED_ITSELF))
    given(*life).when(command, **INPUTS[command]).then_refused("GUARD_FAILED", "社会团体登记管理条例第二十条")
