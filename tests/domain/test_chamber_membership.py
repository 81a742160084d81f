"""Who is admitted to a chamber, and how many are enough?"""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.chamber_membership import MemberAdmitted, MemberLeft
from service.domain.chamber_record import Member
from service.domain.chamber_registration import FiledForRegistration
from service.domain.chamber_terms import MemberKind
from service.domain.identifiers import name_id
from service.domain.record import Fact
from tests.domain.chamber_life import ENTERPRISE, NEWCOMER, PREPARED, READY, UNITS, individual, unit
from tests.domain.harness import CHAMBER, given

WITHOUT_MEMBERS = tuple(each for each in READY if not isinstance(each, MemberAdmitted))
FIRM: dict[str, Any] = {"unit_name": "新企业", "uscc": ENTERPRISE}


def test_a_unit_with_a_credit_code_is_that_enterprise() -> None:
    member = Member(name_id(f"enterprise/{ENTERPRISE}"), MemberKind.UNIT, "新企业", ENTERPRISE)
    given(*PREPARED).when("admit_member", **FIRM).then(MemberAdmitted(member))


def test_a_unit_without_a_code_is_known_by_its_name() -> None:
    member = Member(name_id(f"member/{CHAMBER}/新企业"), MemberKind.UNIT, "新企业")
    given(*PREPARED).when("admit_member", unit_name="新企业").then(MemberAdmitted(member))


def test_an_individual_is_a_person_with_a_name() -> None:
    admitted = given(*PREPARED).when("admit_member", person=NEWCOMER, person_name="新人")
    admitted.then(MemberAdmitted(Member(NEWCOMER, MemberKind.INDIVIDUAL, "新人")))


@pytest.mark.parametrize(
    "applicant",
    [
        {},
        {"person": NEWCOMER},
        {"unit_name": "新企业", "person": NEWCOMER, "person_name": "新人"},
        {"unit_name": "新企业", "person_name": "新人"},
        {"person": NEWCOMER, "person_name": "新人", "uscc": ENTERPRISE},
    ],
    ids=["nobody", "no name", "both", "unit with a person's name", "person with a code"],
)
def test_a_member_is_a_unit_or_an_individual(applicant: dict[str, Any]) -> None:
    given(*PREPARED).when("admit_member", **applicant).then_refused("GUARD_FAILED")


def test_a_credit_code_must_be_right() -> None:
    wrong = ENTERPRISE[:-1] + "M"
    refused = given(*PREPARED).when("admit_member", unit_name="新企业", uscc=wrong)
    refused.then_refused("GUARD_FAILED", "GB 32100-2015", ("uscc",))


def test_a_member_is_admitted_once() -> None:
    given(*PREPARED).when("admit_member", **FIRM).when("admit_member", **FIRM).then_refused("GUARD_FAILED")


def test_of_many_applicants_all_are_admitted_or_none() -> None:
    world = given(*PREPARED)
    world.when("admit_members", applicants=[FIRM, FIRM]).then_refused("GUARD_FAILED", path=("unitName",))
    admitted = world.when("admit_members", applicants=[FIRM, {"unit_name": "另一企业"}])
    assert len(admitted.decided.facts[CHAMBER]) == 2


def test_a_member_leaves_once() -> None:
    member = unit(0).member.id
    left = given(*PREPARED, unit(0)).when("member_leaves", member=member).then(MemberLeft(member, MemberKind.UNIT))
    left.when("member_leaves", member=member).then_refused("GUARD_FAILED", path=("member",))


@pytest.mark.parametrize(
    ("units", "individuals"), [(30, 0), (0, 50), (1, 49), (30, 20)], ids=["units", "individuals", "mixed", "more units"]
)
def test_enough_members_found_a_chamber(units: int, individuals: int) -> None:
    members = (*map(unit, range(units)), *map(individual, range(individuals)))
    given(*WITHOUT_MEMBERS, *members).when("file_for_registration").then(FiledForRegistration())


@pytest.mark.parametrize(("units", "individuals"), [(0, 0), (29, 0), (0, 49), (30, 5), (29, 20)], ids=str)
def test_too_few_members_do_not(units: int, individuals: int) -> None:
    members: tuple[Fact, ...] = (*map(unit, range(units)), *map(individual, range(individuals)))
    refused = given(*WITHOUT_MEMBERS, *members).when("file_for_registration")
    refused.then_refused("GUARD_FAILED", "社会团体登记管理条例第十条")


def test_who_left_does_not_count() -> None:
    left = MemberLeft(UNITS[0].member.id, MemberKind.UNIT)
    given(*READY, left).when("file_for_registration").then_refused("GUARD_FAILED", "社会团体登记管理条例第十条")
