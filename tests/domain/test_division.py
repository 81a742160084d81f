"""Do divisions keep who they are while codes, names and managers change?"""

from __future__ import annotations

import pytest

from service.domain.claim import Released, Taken
from service.domain.division import (
    CODES,
    Abolished,
    Defined,
    Division,
    DivisionKind,
    ManagerChanged,
    Merged,
    Recoded,
    Renamed,
)
from service.domain.identifiers import name_id
from service.domain.roles import Actor, Grant, Role
from tests.domain.harness import COUNTY, OTHER_COUNTY, TOWNSHIP, TOWNSHIP_ID, Given, command_named

NEW = "410225199"
COUNTY_ID, OTHER_ID, NEW_ID = (name_id(f"division/{code}") for code in (COUNTY, OTHER_COUNTY, NEW))
ANYWHERE = Actor("a clerk", (Grant(Role.CITY_FIC),))


def township() -> Given:
    return Given(TOWNSHIP_ID)


def test_a_division_is_managed_by_its_parent_unless_another_is_named() -> None:
    defined = township().when("division.define", code=NEW, name="新镇", kind="TOWN", parent=COUNTY)
    defined.then(Defined(NEW, "新镇", DivisionKind.TOWN, COUNTY_ID, COUNTY_ID)).then_claim(CODES, NEW, Taken)
    other = township().when(
        "division.define", code=NEW, name="新镇", kind="TOWN", parent=COUNTY, managed_by=OTHER_COUNTY
    )
    other.then(Defined(NEW, "新镇", DivisionKind.TOWN, COUNTY_ID, OTHER_ID))


def test_a_code_is_defined_once() -> None:
    again = township().when("division.define", code=TOWNSHIP, name="考城镇", kind="TOWN", parent=COUNTY)
    again.then_refused("DUPLICATE")


@pytest.mark.parametrize("code", ["4", "41022", "4102251", "A10225", "410225103x"])
def test_a_code_has_the_form_of_one(code: str) -> None:
    township().when("division.define", code=code, name="新镇", kind="TOWN").then_refused(
        "BAD_USER_INPUT", path=("code",)
    )


@pytest.mark.parametrize("code", ["41", "4103", "410226", "4102X1", "410225198", "410225103001"])
def test_codes_of_every_level_and_local_ones_are_taken(code: str) -> None:
    define = command_named("division.define")
    township().ask(define, ANYWHERE, {"code": code, "name": "某地", "kind": "TOWN"}).then_accepted()


def test_a_parent_must_stand() -> None:
    orphan = township().when("division.define", code=NEW, name="新镇", kind="TOWN", parent="410299")
    orphan.then_refused("NOT_FOUND", path=("parent",))


def test_a_new_name_may_bring_a_new_kind() -> None:
    renamed = township().when("division.rename", name="考城街道", kind="STREET")
    renamed.then(Renamed("考城街道", DivisionKind.STREET))
    renamed.when("division.rename", name="考城街道").then_refused("GUARD_FAILED", path=("name",))


def test_a_recoded_division_frees_its_code_and_remembers_it() -> None:
    world = township()
    recoded = world.when("division.recode", code=NEW).then(Recoded(NEW, "考城镇", DivisionKind.TOWN))
    recoded.then_claim(CODES, NEW, Taken).then_claim(CODES, TOWNSHIP, Released)
    assert world.world.find(Division, TOWNSHIP_ID).codes == (NEW, TOWNSHIP)


@pytest.mark.parametrize(("code", "refusal"), [(TOWNSHIP, "GUARD_FAILED"), (OTHER_COUNTY, "DUPLICATE")])
def test_a_new_code_is_new_and_free(code: str, refusal: str) -> None:
    township().when("division.recode", code=code).then_refused(refusal)


def test_a_freed_code_serves_another_place_with_an_id_of_its_own() -> None:
    abolished = township().when("division.abolish").then(Abolished())
    again = abolished.when("division.define", code=TOWNSHIP, name="新考城镇", kind="TOWN", parent=COUNTY)
    assert again.decided.record == name_id(f"division/{TOWNSHIP}/2")


def test_a_division_merges_into_another_that_stands() -> None:
    merged = township().when("division.merge", into=OTHER_COUNTY).then(Merged(OTHER_ID))
    merged.then_claim(CODES, TOWNSHIP, Released)
    merged.when("division.rename", name="新名").then_refused("NOT_ALLOWED_IN_STATE")
    township().when("division.merge", into=TOWNSHIP).then_refused("GUARD_FAILED", path=("into",))


def test_a_division_changes_its_manager_but_never_to_itself_or_below() -> None:
    township().when("division.change_manager", managed_by=OTHER_COUNTY).then(ManagerChanged(OTHER_ID))
    county = Given(COUNTY_ID)
    for below in (COUNTY, TOWNSHIP):
        county.when("division.change_manager", managed_by=below).then_refused("GUARD_FAILED", path=("managedBy",))
    township().when("division.change_manager", managed_by=COUNTY).then_refused("GUARD_FAILED", path=("managedBy",))
