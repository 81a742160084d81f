"""May a chamber be prepared like this: township, name, initiators, particulars, officers?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_preparation import (
    InitiatorRemoved,
    LegalRepresentativeDesignated,
    NameChecked,
    NameProposed,
    OfficersProposed,
    ParticularsStated,
    PreparationStarted,
)
from service.domain.chamber_record import NAME as NAMES
from service.domain.chamber_record import SEAT
from service.domain.chamber_registration import PreparationAbandoned
from service.domain.claim import Released, Taken
from service.domain.division import DivisionKind
from service.domain.identifiers import name_id
from tests.domain.candidates import cleared
from tests.domain.chamber_life import (
    APPROVED,
    COMPLETE,
    COUNTY_ID,
    DEPUTY,
    NAME,
    NEW_NAME,
    NEWCOMER,
    PREPARED,
    PRESIDENT,
    STATED,
)
from tests.domain.harness import CHAMBER, CITY, COUNTY, OTHER_COUNTY, TOWNSHIP, TOWNSHIP_ID, given


def officer(post: str, person: object) -> dict[str, Any]:
    return {"post": post, "person": person, "name": "某人"}


def test_a_chamber_is_supervised_and_registered_by_its_townships_manager() -> None:
    begun = given().when("prepare", division=TOWNSHIP, name=NAME)
    begun.then(PreparationStarted(TOWNSHIP_ID, NAME, COUNTY_ID, COUNTY_ID)).then_claim(SEAT, TOWNSHIP_ID, Taken)
    assert begun.decided.record == CHAMBER


def test_other_offices_may_be_named() -> None:
    begun = given().when("prepare", division=TOWNSHIP, name=NAME, supervisor=OTHER_COUNTY, registrar=CITY)
    other, city = name_id(f"division/{OTHER_COUNTY}"), name_id(f"division/{CITY}")
    begun.then(PreparationStarted(TOWNSHIP_ID, NAME, other, city))


def test_a_township_has_one_living_chamber() -> None:
    given().when("prepare", division=TOWNSHIP, name=NAME).when(
        "prepare", division=TOWNSHIP, name=NEW_NAME
    ).then_refused("DUPLICATE")


def test_the_next_chamber_of_a_township_has_an_id_of_its_own() -> None:
    world = given()
    world.when("prepare", division=TOWNSHIP, name=NAME).when("abandon").then(PreparationAbandoned()).then_claim(
        SEAT, TOWNSHIP_ID, Released
    )
    second = world.when("prepare", division=TOWNSHIP, name=NAME).decided.record
    assert second == name_id(f"chamber/{TOWNSHIP_ID}/2")


@pytest.mark.parametrize("code", [COUNTY, CITY])
def test_only_a_township_has_a_chamber(code: str) -> None:
    given().when("prepare", division=code, name="兰考商会").then_refused("GUARD_FAILED", path=("division",))


def test_a_farm_with_a_code_has_no_chamber() -> None:
    farm = given().place("410225401", "农场", DivisionKind.SPECIAL, COUNTY)
    farm.when("prepare", division="410225401", name="农场商会").then_refused("GUARD_FAILED", path=("division",))


def test_an_unknown_township_has_no_chamber() -> None:
    given().when("prepare", division="410225199", name=NAME).then_refused("NOT_FOUND", path=("division",))


@pytest.mark.parametrize("name", ["兰考县商会", "考城镇企业联合会", "商会考城镇"])
def test_a_name_says_of_which_township_and_that_it_is_a_chamber(name: str) -> None:
    refused = given().when("prepare", division=TOWNSHIP, name=name)
    refused.then_refused("GUARD_FAILED", "社会组织名称管理办法", ("name",))


def test_a_checked_name_is_kept_for_the_chamber() -> None:
    given(*PREPARED).when("check_name").then(NameChecked(NAME)).then_claim(NAMES, f"{COUNTY_ID}/{NAME}", Taken)


def test_a_name_is_used_once_in_a_registrars_district() -> None:
    taken = given(*PREPARED).held(NAMES, f"{COUNTY_ID}/{NAME}")
    taken.when("check_name").then_refused("DUPLICATE", "社会组织名称管理办法")


def test_a_name_is_checked_once() -> None:
    given(*COMPLETE).when("check_name").then_refused("GUARD_FAILED")


def test_another_name_must_be_checked_anew_and_frees_the_first() -> None:
    world = given(*PREPARED)
    world.when("check_name").when("change_proposed_name", name=NEW_NAME).then(NameProposed(NEW_NAME)).then_claim(
        NAMES, f"{COUNTY_ID}/{NAME}", Released
    )
    assert world.world.find(Chamber, CHAMBER).checked_name != NEW_NAME


@pytest.mark.parametrize("name", [NAME, "兰考县商会"])
def test_another_name_must_be_another_and_proper(name: str) -> None:
    given(*PREPARED).when("change_proposed_name", name=name).then_refused("GUARD_FAILED", path=("name",))


def test_an_initiator_is_added_once() -> None:
    given(*COMPLETE).when("add_initiator", person=PRESIDENT, name="会长").then_refused("GUARD_FAILED", path=("person",))


def test_an_initiator_can_be_removed_once() -> None:
    removed = given(*COMPLETE).when("remove_initiator", person=PRESIDENT).then(InitiatorRemoved(PRESIDENT))
    removed.when("remove_initiator", person=PRESIDENT).then_refused("GUARD_FAILED", path=("person",))


def test_particulars_that_are_left_out_stay() -> None:
    stated = given(*COMPLETE).when("state_particulars", funds="40000")
    rest = (STATED.domicile, STATED.purpose, STATED.business_scope, STATED.activity_area)
    stated.then(ParticularsStated(*rest, Decimal("40000.00"), 1))


def test_particulars_that_say_nothing_new_are_refused() -> None:
    given(*COMPLETE).when("state_particulars", domicile=STATED.domicile).then_refused("GUARD_FAILED")


@pytest.mark.parametrize("funds", ["-1", "0.001", "NaN", "1e15"])
def test_funds_are_an_amount_in_yuan(funds: str) -> None:
    given(*COMPLETE).when("state_particulars", funds=funds).then_refused("BAD_USER_INPUT", path=("funds",))


@pytest.mark.parametrize(
    "officers",
    [
        [officer("VICE_PRESIDENT", DEPUTY)],
        [officer("PRESIDENT", DEPUTY), officer("PRESIDENT", PRESIDENT)],
        [officer("PRESIDENT", DEPUTY), officer("VICE_PRESIDENT", DEPUTY)],
        [officer("PRESIDENT", 1), officer("SECRETARY_GENERAL", 2), officer("SECRETARY_GENERAL", 3)],
    ],
    ids=["no president", "two presidents", "two posts", "two secretaries"],
)
def test_officers_are_one_president_and_nobody_twice(officers: list[dict[str, Any]]) -> None:
    for each in officers:
        each["person"] = str(name_id(str(each["person"])))
    given(*COMPLETE).when("propose_officers", officers=officers).then_refused("GUARD_FAILED", path=("officers",))


def test_who_is_no_officer_any_more_does_not_represent_the_chamber() -> None:
    world = given(*COMPLETE)
    proposed = world.when("propose_officers", officers=[officer("PRESIDENT", NEWCOMER)])
    assert [type(each) for each in proposed.decided.facts[CHAMBER]] == [OfficersProposed]
    assert world.world.find(Chamber, CHAMBER).legal_representative is None


def test_after_the_supervisors_consent_only_an_approved_person_becomes_president() -> None:
    officers = [officer("PRESIDENT", NEWCOMER)]
    refused = given(*APPROVED).when("propose_officers", officers=officers)
    refused.then_refused("GUARD_FAILED", "社会团体登记管理条例第九条", ("officers",))
    cleared(given(*APPROVED), NEWCOMER).when("propose_officers", officers=officers).then_accepted()


def test_only_an_officer_represents_the_chamber() -> None:
    given(*COMPLETE).when("designate_legal_representative", person=DEPUTY).then(LegalRepresentativeDesignated(DEPUTY))
    refused = given(*COMPLETE).when("designate_legal_representative", person=NEWCOMER)
    refused.then_refused("GUARD_FAILED", "社会团体章程示范文本", ("person",))


def test_the_legal_representative_is_designated_once() -> None:
    given(*COMPLETE).when("designate_legal_representative", person=PRESIDENT).then_refused("GUARD_FAILED")
