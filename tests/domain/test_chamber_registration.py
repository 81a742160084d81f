"""Does a chamber become registered exactly when the law allows it?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_founding import ARTICLE_11, DocumentAttached, FoundingMeetingHeld
from service.domain.chamber_preparation import (
    InitiatorAdded,
    LegalRepresentativeDesignated,
    NameChecked,
    OfficersProposed,
    ParticularsStated,
)
from service.domain.chamber_record import LEGAL_REPRESENTATIVE, SEAT, USCC
from service.domain.chamber_registration import (
    FiledForRegistration,
    RegistrationGranted,
    RegistrationRefused,
    ReturnedForCorrection,
    SubmittedToSupervisor,
    SupervisorApproved,
    SupervisorRefused,
)
from service.domain.chamber_terms import ChamberState, FilingKind, RefusalGround
from service.domain.claim import Released, Taken
from service.domain.record import Fact
from tests.domain.candidates import cleared
from tests.domain.chamber_life import (
    CODE,
    COMPLETE,
    ENTERPRISE,
    FILED,
    FILED_ON,
    PRESIDENT,
    READY,
    SUBMITTED,
    document,
)
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, At, Then, given

LAW = "社会团体登记管理条例"
LAST_DAY = FILED_ON + timedelta(60)


def without(life: tuple[Fact | At, ...], *kinds: type[Fact]) -> tuple[Fact | At, ...]:
    return tuple(each for each in life if not isinstance(each, kinds))


def granted(uscc: str = CODE, on: date | None = None) -> Then:
    return given(*FILED).when("grant_registration", uscc=uscc, certificate_no="证字第一号", on=on)


@pytest.mark.parametrize(
    ("lacking", "basis"),
    [
        (NameChecked, "社会组织名称管理办法"),
        (InitiatorAdded, f"{LAW}第九条"),
        (DocumentAttached, f"{LAW}第十一条"),
    ],
)
def test_the_supervisor_gets_a_checked_name_an_initiator_and_a_charter(lacking: type[Fact], basis: str) -> None:
    given(*COMPLETE).when("submit_to_supervisor").then(SubmittedToSupervisor())
    given(*without(COMPLETE, lacking)).when("submit_to_supervisor").then_refused("GUARD_FAILED", basis)


def test_a_file_comes_back_with_its_corrections() -> None:
    world = given(*SUBMITTED)
    world.when("return_for_correction", corrections=["章程"]).then(ReturnedForCorrection(("章程",)))
    assert world.world.find(Chamber, CHAMBER).state is ChamberState.RETURNED


def test_a_file_does_not_come_back_without_corrections() -> None:
    given(*SUBMITTED).when("return_for_correction", corrections=[]).then_refused("BAD_USER_INPUT")


def test_the_supervisor_consents_only_to_a_president_who_was_approved() -> None:
    cleared(given(*SUBMITTED), PRESIDENT).when("approve_by_supervisor").then(SupervisorApproved())
    given(*SUBMITTED).when("approve_by_supervisor").then_refused("GUARD_FAILED", f"{LAW}第九条")
    nobody = given(*without(COMPLETE, OfficersProposed), SubmittedToSupervisor())
    nobody.when("approve_by_supervisor").then_refused("GUARD_FAILED", f"{LAW}第九条")


def test_a_refused_chamber_frees_its_seat() -> None:
    refused = given(*SUBMITTED).held(SEAT, TOWNSHIP_ID, CHAMBER).when("refuse_by_supervisor")
    refused.then(SupervisorRefused()).then_claim(SEAT, TOWNSHIP_ID, Released)


@pytest.mark.parametrize(
    ("lacking", "basis"),
    [
        (FoundingMeetingHeld, f"{LAW}第十条"),
        (ParticularsStated, f"{LAW}第十条"),
        (DocumentAttached, f"{LAW}第十一条"),
        (LegalRepresentativeDesignated, f"{LAW}第十二条"),
    ],
)
def test_an_application_is_complete(lacking: type[Fact], basis: str) -> None:
    given(*READY).when("file_for_registration").then(FiledForRegistration())
    given(*without(READY, lacking)).when("file_for_registration").then_refused("GUARD_FAILED", basis)


@pytest.mark.parametrize("missing", ARTICLE_11)
def test_each_of_the_five_documents_is_needed(missing: FilingKind) -> None:
    others = [document(kind) for kind in ARTICLE_11 if kind is not missing]
    filed = given(*without(READY, DocumentAttached), *others).when("file_for_registration")
    assert missing in filed.then_refused("GUARD_FAILED", f"{LAW}第十一条").message


@pytest.mark.parametrize(("funds", "staff"), [("29999.99", 1), ("30000", 0)])
def test_funds_and_staff_reach_the_minimum(funds: str, staff: int) -> None:
    short = ParticularsStated("一号", "宗旨", "范围", "考城镇", Decimal(funds), staff)
    given(*READY, short).when("file_for_registration").then_refused("GUARD_FAILED", f"{LAW}第十条")


@pytest.mark.parametrize(("domicile", "article"), [("", "十"), ("一号", "十二")])
def test_domicile_and_purpose_are_stated(domicile: str, article: str) -> None:
    blank = ParticularsStated(domicile, "", "范围", "考城镇", Decimal(30_000), 1)
    given(*READY, blank).when("file_for_registration").then_refused("GUARD_FAILED", f"{LAW}第{article}条")


def test_registration_takes_the_code_and_the_representative() -> None:
    done = granted().then(RegistrationGranted(CODE, "证字第一号", late=True))
    done.then_claim(USCC, CODE, Taken).then_claim(LEGAL_REPRESENTATIVE, PRESIDENT, Taken)


@pytest.mark.parametrize("code", [ENTERPRISE, CODE[:-1] + "G", "51100000500002863F", "5" * 18])
def test_a_credit_code_must_be_a_societys_and_right(code: str) -> None:
    granted(code).then_refused("GUARD_FAILED", "GB 32100-2015", ("uscc",))


def test_a_credit_code_is_written_in_many_ways_and_kept_in_one() -> None:
    granted("51100000-500002862f").then(RegistrationGranted(CODE, "证字第一号", late=True))


def test_a_credit_code_is_never_used_twice() -> None:
    used = given(*FILED).held(USCC, CODE).when("grant_registration", uscc=CODE, certificate_no="证字第一号")
    used.then_refused("DUPLICATE", f"{LAW}第十二条")


def test_nobody_represents_two_societies() -> None:
    busy = given(*FILED).held(LEGAL_REPRESENTATIVE, PRESIDENT)
    refused = busy.when("grant_registration", uscc=CODE, certificate_no="证字第一号")
    refused.then_refused("DUPLICATE", f"{LAW}第十二条")


@pytest.mark.parametrize(("on", "late"), [(LAST_DAY, False), (LAST_DAY + timedelta(1), True)])
def test_a_decision_after_60_days_is_late_but_stands(on: date, late: bool) -> None:
    granted(on=on).then(RegistrationGranted(CODE, "证字第一号", late))


def test_the_60_days_begin_anew_with_the_next_filing() -> None:
    returned = At(ReturnedForCorrection(("住所",)), FILED_ON + timedelta(40))
    again = At(FiledForRegistration(), FILED_ON + timedelta(50))
    refiled = given(*FILED, returned, again)
    done = refiled.when("grant_registration", uscc=CODE, certificate_no="证字第一号", on=FILED_ON + timedelta(110))
    done.then(RegistrationGranted(CODE, "证字第一号"))


def test_a_registered_chamber_remembers_its_day() -> None:
    world = given(*FILED)
    world.when("grant_registration", uscc=CODE, certificate_no="证字第一号", on=LAST_DAY)
    assert world.world.find(Chamber, CHAMBER).registered_on == LAST_DAY


@pytest.mark.parametrize("ground", RefusalGround)
def test_registration_is_refused_on_one_of_five_grounds(ground: RefusalGround) -> None:
    refused = given(*FILED).held(SEAT, TOWNSHIP_ID, CHAMBER).when("refuse_registration", ground=ground, on=FILED_ON)
    refused.then(RegistrationRefused(ground)).then_claim(SEAT, TOWNSHIP_ID, Released)


def test_the_grounds_are_five() -> None:
    assert len(RefusalGround) == 5
