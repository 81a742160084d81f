"""Who is let through, who is not, and what is he told?"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from service.domain.admission import available
from service.domain.chamber import Chamber
from service.domain.chamber_terms import ChamberState, ChangeState
from service.domain.command import NEW
from service.domain.division import DivisionKind, ManagerChanged, Recoded
from service.domain.identifiers import name_id
from service.domain.refusal import NotAllowedInState, VersionConflict
from service.domain.roles import Actor, Grant, Role
from tests.domain.chamber_life import COMPLETE, COUNTY_ID, FILED, INPUTS, REGISTERED, SUBMITTED
from tests.domain.harness import (
    CHAMBER,
    CITY,
    COUNTY,
    OTHER_COUNTY,
    TODAY,
    TOWNSHIP,
    TOWNSHIP_ID,
    Given,
    Then,
    command_named,
    given,
)


def refused_as(*grants: Grant, world: Given | None = None) -> Then:
    return (world or given(*SUBMITTED)).ask(
        command_named("return_for_correction"), Actor("a clerk", grants), {"corrections": ["章程"]}
    )


@pytest.mark.parametrize("division", [TOWNSHIP, COUNTY, CITY, None])
def test_a_grant_reaches_what_is_managed_from_its_division(division: str | None) -> None:
    refused_as(Grant(Role.COUNTY_FIC, division)).then_accepted()


def test_who_holds_nothing_may_nothing() -> None:
    refused_as().then_refused("OUT_OF_SCOPE")


def test_a_grant_follows_the_manager_not_the_code() -> None:
    moved = given(*SUBMITTED).also(ManagerChanged(name_id(f"division/{OTHER_COUNTY}")), of=TOWNSHIP_ID)
    refused_as(Grant(Role.COUNTY_FIC, COUNTY), world=moved).then_refused("OUT_OF_SCOPE")
    refused_as(Grant(Role.COUNTY_FIC, OTHER_COUNTY), world=moved).then_accepted()


def test_a_grant_in_a_former_code_still_reaches() -> None:
    recoded = given(*SUBMITTED).also(Recoded("410212", "祥符区", DivisionKind.DISTRICT), of=COUNTY_ID)
    refused_as(Grant(Role.COUNTY_FIC, COUNTY), world=recoded).then_accepted()


@pytest.mark.parametrize(("chamber", "code"), [(CHAMBER, None), (UUID(int=9), "OUT_OF_SCOPE")])
def test_a_secretariat_acts_for_its_own_chamber(chamber: UUID, code: str | None) -> None:
    secretariat = Actor("a secretary", (Grant(Role.CHAMBER_SECRETARIAT, TOWNSHIP, chamber=chamber),))
    done = given(*COMPLETE).ask(command_named("submit_to_supervisor"), secretariat, {})
    done.then_refused(code) if code else done.then_accepted()


def test_a_secretariat_may_begin_the_chamber_it_is_of() -> None:
    secretariat = Actor("a secretary", (Grant(Role.CHAMBER_SECRETARIAT, TOWNSHIP, chamber=CHAMBER),))
    given().ask(command_named("prepare"), secretariat, INPUTS["prepare"]).then_accepted()


@pytest.mark.parametrize("rival", [Role.COUNTY_FIC, Role.CITY_FIC])
def test_nobody_is_registrar_and_supervisor_of_one_record(rival: Role) -> None:
    both = Actor("a clerk", (Grant(Role.REGISTRAR, COUNTY), Grant(rival, CITY)))
    given(*FILED).ask(command_named("refuse_registration"), both, {"ground": "NOT_NEEDED"}).then_refused("OUT_OF_SCOPE")
    elsewhere = Actor("a clerk", (Grant(Role.REGISTRAR, COUNTY), Grant(rival, OTHER_COUNTY)))
    given(*FILED).ask(command_named("refuse_registration"), elsewhere, {"ground": "NOT_NEEDED"}).then_accepted()


def test_the_wrong_moment_names_the_right_commands() -> None:
    refused = given(*REGISTERED).when("abandon").then_refused("NOT_ALLOWED_IN_STATE")
    assert isinstance(refused, NotAllowedInState)
    assert "suspend" in refused.allowed
    assert "abandon" not in refused.allowed


def test_scope_is_judged_before_state() -> None:
    stranger = Actor("a clerk", (Grant(Role.CHAMBER_SECRETARIAT, OTHER_COUNTY),))
    given(*REGISTERED).ask(command_named("abandon"), stranger, {}).then_refused("OUT_OF_SCOPE")


@pytest.mark.parametrize("state", [ChamberState.REVOKED, ChamberState.ABANDONED, ChamberState.REFUSED])
def test_nothing_can_be_done_with_an_ended_chamber(state: ChamberState) -> None:
    assert list(available(Chamber, state)) == []


def test_a_part_has_its_own_commands() -> None:
    assert [each.name for each in available(Chamber, ChangeState.REQUESTED)] == ["consent_to_change", "reject_change"]
    assert [each.name for each in available(Chamber, NEW)] == ["prepare"]


def test_a_record_that_is_not_there_is_not_found() -> None:
    given().when("abandon").then_refused("NOT_FOUND", path=("id",))


def test_a_stale_version_is_refused_with_the_real_one() -> None:
    actor = Actor("a secretary", (Grant(Role.CHAMBER_SECRETARIAT, COUNTY),))
    refused = given(*COMPLETE).ask(command_named("abandon"), actor, {}, expected=1).then_refused("VERSION_CONFLICT")
    assert isinstance(refused, VersionConflict)
    assert refused.actual == len(COMPLETE)
    given(*COMPLETE).ask(command_named("abandon"), actor, {}, expected=len(COMPLETE)).then_accepted()


def test_nothing_takes_effect_in_the_future() -> None:
    given(*COMPLETE).when("abandon", on=TODAY + timedelta(1)).then_refused("BAD_USER_INPUT", path=("effectiveOn",))
    assert given(*COMPLETE).when("abandon", on=date(2020, 1, 1)).decided.on == date(2020, 1, 1)
