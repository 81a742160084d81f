"""Are seal, announcements, audits, the abnormal list and mentoring kept as they should be?"""

from __future__ import annotations

from datetime import date

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_closing import Deregistered
from service.domain.chamber_filings import ChangeApproved
from service.domain.chamber_officers import LeftOffice, TookOffice
from service.domain.chamber_record import Announcement, Officer
from service.domain.chamber_registration import PreparationAbandoned
from service.domain.chamber_supervision import (
    Announced,
    Delisted,
    FinancialAuditRecorded,
    ListedAbnormal,
    MentoringEnded,
    MentoringStarted,
    SealAndAccountFiled,
)
from service.domain.chamber_terms import AbnormalGround, AnnouncementKind, ChangeItem, OfficerPost
from service.domain.record import Fact, Movement
from tests.domain.chamber_life import (
    CHANGE,
    CHANGE_FILED,
    DEPUTY,
    DIGEST,
    INPUTS,
    LIQUIDATING,
    NEW_NAME,
    NEWCOMER,
    OTHER_CHAMBER,
    PREPARED,
    REGISTERED,
)
from tests.domain.harness import CHAMBER, At, given

SEAL = INPUTS["file_seal_and_account"]
AUDIT = INPUTS["record_financial_audit"]
UNREACHABLE = AbnormalGround.DOMICILE_UNREACHABLE


def test_seal_and_account_are_filed_and_filed_again_when_they_change() -> None:
    filed = given(*REGISTERED).when("file_seal_and_account", **SEAL)
    filed.then(SealAndAccountFiled(DIGEST, "农商行", "6222000000"))
    filed.when("file_seal_and_account", **SEAL).then_refused("GUARD_FAILED", "社会团体登记管理条例第十六条")
    filed.when("file_seal_and_account", **{**SEAL, "bank": "建行"}).then_accepted()


def test_an_account_number_is_a_number() -> None:
    wrong = {**SEAL, "bank_account": "六二二二"}
    given(*REGISTERED).when("file_seal_and_account", **wrong).then_refused("BAD_USER_INPUT", path=("bank_account",))


@pytest.mark.parametrize(
    ("kind", "life"),
    [
        ("ESTABLISHMENT", REGISTERED),
        ("DEREGISTRATION", (*LIQUIDATING, Deregistered())),
        ("NAME", (*CHANGE_FILED, ChangeApproved(CHANGE, ChangeItem.NAME, NEW_NAME))),
        ("DOMICILE", (*CHANGE_FILED, ChangeApproved(CHANGE, ChangeItem.DOMICILE, "考城镇二号"))),
        (
            "LEGAL_REPRESENTATIVE",
            (*CHANGE_FILED, ChangeApproved(CHANGE, ChangeItem.LEGAL_REPRESENTATIVE, str(DEPUTY))),
        ),
    ],
)
def test_what_happened_is_announced(kind: str, life: tuple[Fact | At, ...]) -> None:
    announced = given(*life).when("announce", kind=kind, published_in="政务网")
    announced.then(Announced(Announcement(AnnouncementKind(kind), "政务网")))


@pytest.mark.parametrize("kind", ["DEREGISTRATION", "NAME", "DOMICILE", "LEGAL_REPRESENTATIVE"])
def test_what_has_not_happened_is_not_announced(kind: str) -> None:
    announced = given(*CHANGE_FILED).when("announce", kind=kind, published_in="政务网")
    announced.then_refused("GUARD_FAILED", "社会团体登记管理条例第二十三条", ("kind",))


def test_audits_are_recorded_in_order_and_after_they_were_made() -> None:
    audited = given(*REGISTERED).when("record_financial_audit", **AUDIT)
    audited.then(FinancialAuditRecorded(date(2026, 6, 1), "会计师事务所", DIGEST))
    for wrong in ({"audited_on": date(2026, 5, 31)}, {"audited_on": date(2026, 7, 1)}):
        refused = audited.when("record_financial_audit", **{**AUDIT, **wrong})
        refused.then_refused("GUARD_FAILED", "社会团体登记管理条例第二十七条", ("auditedOn",))


def test_a_chamber_is_listed_and_delisted_ground_by_ground() -> None:
    listed = given(*REGISTERED).when("list_abnormal", ground=UNREACHABLE).then(ListedAbnormal(UNREACHABLE))
    listed.when("list_abnormal", ground=UNREACHABLE).then_refused("GUARD_FAILED", "社会组织信用信息管理办法")
    listed.when("list_abnormal", ground="NO_PARTY_ORGANISATION").then_accepted()
    delisted = listed.when("delist", ground=UNREACHABLE).then(Delisted(UNREACHABLE))
    delisted.when("delist", ground=UNREACHABLE).then_refused("GUARD_FAILED", "社会组织信用信息管理办法")
    assert list(delisted.given.world.find(Chamber, CHAMBER).abnormal_listings) == ["NO_PARTY_ORGANISATION"]


def test_a_chamber_mentors_another_that_is_on_its_way() -> None:
    mentor = given(*REGISTERED).also(*PREPARED, of=OTHER_CHAMBER)
    started = mentor.when("start_mentoring", mentee=OTHER_CHAMBER).then(MentoringStarted(OTHER_CHAMBER))
    started.when("start_mentoring", mentee=OTHER_CHAMBER).then_refused("GUARD_FAILED", path=("mentee",))
    ended = started.when("end_mentoring", mentee=OTHER_CHAMBER).then(MentoringEnded(OTHER_CHAMBER))
    ended.when("end_mentoring", mentee=OTHER_CHAMBER).then_refused("GUARD_FAILED", path=("mentee",))


def test_mentoring_is_a_demonstration() -> None:
    assert MentoringStarted.movement is Movement.DEMONSTRATE


def test_a_chamber_mentors_neither_itself_nor_one_that_is_not_there_or_has_ended() -> None:
    given(*REGISTERED).when("start_mentoring", mentee=CHAMBER).then_refused("GUARD_FAILED", path=("mentee",))
    given(*REGISTERED).when("start_mentoring", mentee=OTHER_CHAMBER).then_refused("NOT_FOUND", path=("mentee",))
    ended = given(*REGISTERED).also(*PREPARED, PreparationAbandoned(), of=OTHER_CHAMBER)
    ended.when("start_mentoring", mentee=OTHER_CHAMBER).then_refused("GUARD_FAILED", path=("mentee",))


def test_whoever_takes_another_office_leaves_the_first() -> None:
    elected = Officer(OfficerPost.PRESIDENT, DEPUTY, "副会长")
    chamber = given(*REGISTERED, TookOffice(elected)).world.find(Chamber, CHAMBER)
    assert [each for each in chamber.officers if each.person == DEPUTY] == [elected]


def test_whoever_leaves_office_is_no_officer() -> None:
    newcomer = Officer(OfficerPost.VICE_PRESIDENT, NEWCOMER, "新人")
    world = given(*REGISTERED, TookOffice(newcomer))
    assert world.world.find(Chamber, CHAMBER).is_officer(NEWCOMER)
    assert not world.also(LeftOffice(NEWCOMER)).world.find(Chamber, CHAMBER).is_officer(NEWCOMER)
