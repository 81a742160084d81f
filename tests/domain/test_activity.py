"""What must be said of an activity of each kind, and when was support won?"""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.activity import ActivityHeld, ActivityPlanned, SupportObtained
from service.domain.activity_terms import MOVEMENTS, ActivityKind, Counterpart
from service.domain.identifiers import name_id
from service.domain.organ_kind import OrganKind
from service.domain.record import Movement
from tests.domain.activity_life import ACTIVITY, HELD, PLANNED, VISIT
from tests.domain.harness import COUNTY, TODAY, TOWNSHIP, Given, Then

TRAINING: dict[str, Any] = {"kind": "TRAINING_CLASS", "title": "党建引领示范班", "co_organisers": ["UNITED_FRONT"]}


def given(*facts: Any) -> Given:
    return Given(ACTIVITY, *facts)


def recorded(particulars: dict[str, Any], division: str = TOWNSHIP) -> Then:
    return given().when("activity.record_held", division=division, attendees=8, particulars=particulars)


def test_what_was_held_without_a_plan_is_planned_and_held_at_once() -> None:
    place = name_id(f"division/{COUNTY}")
    organs = (OrganKind.UNITED_FRONT,)
    planned = ActivityPlanned(place, TODAY, ActivityKind.TRAINING_CLASS, TRAINING["title"], co_organisers=organs)
    recorded(TRAINING, COUNTY).then(planned, ActivityHeld(ActivityKind.TRAINING_CLASS, 8))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"counterpart": None}, "counterpart"),
        ({"topics": []}, "topics"),
        ({"topics": ["COMMON_VOICE"]}, "topics"),
        ({"topics": ["RURAL_REVITALISATION", "RURAL_REVITALISATION"]}, "topics"),
        ({"campaigns": ["ENTERPRISE_SERVICE_DAY"] * 2}, "campaigns"),
        ({"kind": "RESEARCH", "counterpart": None}, "audience"),
        ({"kind": "PUBLICITY", "counterpart": None}, "audience"),
        ({"kind": "RESEARCH", "audience": "COUNTY_FIC"}, "counterpart"),
        ({"kind": "JOINT_MEETING", "counterpart": None}, "coOrganisers"),
        ({"kind": "PROGRESS_MEETING", "counterpart": None}, "coOrganisers"),
    ],
)
def test_each_kind_says_what_it_is_about(change: dict[str, Any], field: str) -> None:
    recorded(VISIT | change).then_refused("GUARD_FAILED", path=("particulars", field))


def test_a_visit_is_to_a_township() -> None:
    recorded(VISIT, COUNTY).then_refused("GUARD_FAILED", path=("division",))


def test_somebody_attends() -> None:
    given(PLANNED).when("activity.hold", attendees=0).then_refused("BAD_USER_INPUT")


def test_whoever_was_met_promises_support_unless_another_is_named() -> None:
    met = SupportObtained(Counterpart.TOWNSHIP_PARTY_SECRETARY, "支持建会")
    given(*HELD).when("activity.obtain_support", support="支持建会").then(met)
    other = given(*HELD).when("activity.obtain_support", support="支持建会", supporter="TOWNSHIP_HEAD")
    other.then(SupportObtained(Counterpart.TOWNSHIP_HEAD, "支持建会"))


def test_a_visit_wins_support_once() -> None:
    first = given(*HELD).when("activity.obtain_support", support="支持建会")
    first.when("activity.obtain_support", support="支持建会").then_refused("GUARD_FAILED")


def test_support_is_won_on_visits_only() -> None:
    held = recorded(TRAINING, COUNTY)
    activity = next(iter(held.decided.facts))
    world = Given(activity, *held.decided.facts[activity])
    world.when("activity.obtain_support", support="支持建会").then_refused("GUARD_FAILED")


def test_every_kind_belongs_to_a_movement_and_every_movement_has_a_kind() -> None:
    assert set(MOVEMENTS) == set(ActivityKind)
    assert set(MOVEMENTS.values()) == set(Movement)
    assert ActivityHeld(ActivityKind.SERVICE_DAY, 1).moves() is Movement.SERVE
