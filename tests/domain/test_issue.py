"""Does an issue go up level by level, is it solved by whoever has it in hand, and confirmed by whoever raised it?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from service.domain.deadline import ISSUE_HANDLING
from service.domain.document import DocumentRepealed
from service.domain.issue import LINE, Issue
from service.domain.issue_record import IssueAssigned, IssueReopened, IssueSolved, IssueTransferred
from service.domain.issue_terms import IssueCause, IssueKind, SolvingChannel
from service.domain.organ_kind import Level, OrganKind
from service.domain.record import Fact, Movement
from service.domain.roles import Actor, Grant, Role
from tests.domain.chamber_life import PREPARED
from tests.domain.document_life import ISSUED
from tests.domain.harness import CHAMBER, CITY, COUNTY, TODAY, TOWNSHIP, TOWNSHIP_ID, At, Given, Then, command_named
from tests.domain.issue_life import (
    ASSIGNED,
    AT_CITY,
    AT_COUNTY,
    BLOCKER,
    CITY_ID,
    COUNTY_ID,
    DUE_ON,
    ISSUE,
    KIND,
    POLICY,
    RAISED,
    RAISED_ON,
    SOLVED,
    SOLVED_ON,
    raised,
    told,
)

COMMISSIONER = Actor("commissioner", (Grant(Role.TOWNSHIP_UF_COMMISSIONER, TOWNSHIP),))
COUNTY_FIC = Actor("county", (Grant(Role.COUNTY_FIC, COUNTY),))
CITY_FIC = Actor("city", (Grant(Role.CITY_FIC, CITY),))


def given(*facts: Fact | At) -> Given:
    return Given(ISSUE, *facts)


def issue(world: Given) -> Issue:
    return world.world.find(Issue, ISSUE)


def ask(world: Given, actor: Actor, name: str, **input: Any) -> Then:
    return world.ask(command_named(f"issue.{name}"), actor, input)


def raise_issue(world: Given | None = None, **more: Any) -> Then:
    return (world or given()).when("issue.raise_issue", **{**BLOCKER, **more})


def raised_issue(done: Then) -> Issue:
    return done.given.world.find(Issue, done.decided.record)


@pytest.mark.parametrize(
    ("division", "level", "unit"),
    [(TOWNSHIP, Level.TOWNSHIP, COUNTY_ID), (COUNTY, Level.COUNTY, COUNTY_ID)],
)
def test_an_issue_is_raised_at_the_level_of_its_place(division: str, level: Level, unit: UUID) -> None:
    found = raised_issue(raise_issue(division=division))
    assert (found.level, found.unit) == (level, unit)


def test_an_issue_of_the_city_has_no_unit() -> None:
    done = ask(given(), CITY_FIC, "raise_issue", **{**BLOCKER, "division": CITY})
    assert (raised_issue(done).level, raised_issue(done).unit) == (Level.CITY, None)


def test_a_cause_must_fit_the_kind() -> None:
    raise_issue(cause="FINANCING").then_refused("GUARD_FAILED", path=("cause",))
    raise_issue(kind="ENTERPRISE_REQUEST").then_refused("GUARD_FAILED", path=("cause",))
    raise_issue(kind="ENTERPRISE_REQUEST", cause="FINANCING").then_accepted()


def test_a_credit_code_is_checked() -> None:
    raise_issue(uscc="911100006000373410").then_refused("GUARD_FAILED", path=("uscc",))


def test_a_chamber_that_raises_must_be_there_and_of_the_place() -> None:
    raise_issue(chamber=CHAMBER).then_refused("NOT_FOUND", path=("chamber",))
    world = given().also(*PREPARED, of=CHAMBER)
    raise_issue(world, chamber=CHAMBER, division=COUNTY).then_refused("GUARD_FAILED", path=("chamber",))
    assert raised_issue(raise_issue(world, chamber=CHAMBER)).belongs_to == CHAMBER


def test_assigning_tells_both_lines_and_gives_ten_working_days() -> None:
    due = ISSUE_HANDLING.due(TODAY)
    given(*RAISED).when("issue.assign", organ="CIVIL_AFFAIRS").then(
        IssueAssigned(
            KIND, Level.TOWNSHIP, OrganKind.CIVIL_AFFAIRS, TOWNSHIP_ID, due, told(Level.TOWNSHIP, TOWNSHIP_ID)
        )
    )


def test_a_blocker_is_assigned_at_the_level_it_was_raised_at() -> None:
    refusal = given(*RAISED).when("issue.assign", organ="FIC", level="CITY")
    refusal.then_refused("GUARD_FAILED", LINE, ("level",))


def test_a_request_may_be_assigned_higher_up() -> None:
    request = raised(IssueKind.ENTERPRISE_REQUEST, IssueCause.FINANCING)
    done = given(request).when("issue.assign", organ="DEPARTMENT", level="CITY")
    assert (raised_issue(done).held_in, raised_issue(done).told) == (CITY_ID, told(Level.CITY, CITY_ID))


@pytest.mark.parametrize(("organ", "level"), [("COURT", "TOWNSHIP"), ("UNITED_FRONT_COMMISSIONER", "COUNTY")])
def test_an_organ_must_be_found_at_the_level(organ: str, level: str) -> None:
    request = raised(IssueKind.ENTERPRISE_REQUEST, IssueCause.FINANCING)
    given(request).when("issue.assign", organ=organ, level=level).then_refused("GUARD_FAILED", path=("organ",))


def test_an_issue_is_not_due_before_it_is_assigned() -> None:
    asked = given(*RAISED).when("issue.assign", organ="FIC", due_on=date(2026, 6, 29))
    asked.then_refused("GUARD_FAILED", path=("dueOn",))


def test_three_levels_are_six_organs_told() -> None:
    world = given(*ASSIGNED)
    ask(world, COMMISSIONER, "escalate", level="COUNTY").then_accepted()
    ask(world, COUNTY_FIC, "escalate").then_accepted()
    found = issue(world)
    assert (found.level, found.held_in) == (Level.CITY, CITY_ID)
    assert [each.level for each in found.told] == [*[Level.TOWNSHIP] * 2, *[Level.COUNTY] * 2, *[Level.CITY] * 2]


def test_no_level_is_jumped() -> None:
    given(*ASSIGNED).when("issue.escalate", level="CITY").then_refused("GUARD_FAILED", LINE, ("level",))
    given(*AT_COUNTY).when("issue.escalate", level="TOWNSHIP").then_refused("GUARD_FAILED", LINE, ("level",))


def test_there_is_nothing_above_the_city() -> None:
    ask(given(*AT_CITY), CITY_FIC, "escalate").then_refused("GUARD_FAILED", LINE, ("level",))


def test_an_organ_that_is_not_found_above_leaves_it_to_the_federation() -> None:
    world = given(*ASSIGNED, IssueTransferred(KIND, OrganKind.UNITED_FRONT_COMMISSIONER, DUE_ON))
    ask(world, COMMISSIONER, "escalate").then_accepted()
    assert issue(world).organ is OrganKind.FIC


def test_whom_an_issue_has_left_behind_may_no_longer_act_on_it() -> None:
    for name, input in (("escalate", {}), ("transfer", {"organ": "CIVIL_AFFAIRS"})):
        ask(given(*AT_COUNTY), COMMISSIONER, name, **input).then_refused("OUT_OF_SCOPE", LINE)
        ask(given(*AT_CITY), COUNTY_FIC, name, **input).then_refused("OUT_OF_SCOPE", LINE)
    solved = {"result": "已办", "channel": "ONLINE"}
    ask(given(*AT_COUNTY), COMMISSIONER, "solve", **solved).then_refused("OUT_OF_SCOPE", LINE)
    ask(given(*AT_COUNTY), CITY_FIC, "solve", **solved).then_accepted()


def test_a_transfer_stays_at_its_level_and_goes_to_another() -> None:
    given(*AT_COUNTY).when("issue.transfer", organ="FIC").then_refused("GUARD_FAILED", path=("organ",))
    given(*AT_COUNTY).when("issue.transfer", organ="JOINT_MEETING_OFFICE").then_refused("GUARD_FAILED", path=("organ",))
    moved = IssueTransferred(KIND, OrganKind.CIVIL_AFFAIRS, date(2026, 7, 9))
    given(*AT_COUNTY).when("issue.transfer", organ="CIVIL_AFFAIRS", due_on=date(2026, 7, 9)).then(moved)


def test_solved_on_site_is_offline() -> None:
    asked = given(*RAISED).when("issue.solve", result="当场答复", channel="ONLINE", on_site=True)
    asked.then_refused("GUARD_FAILED", path=("channel",))
    done = given(*RAISED).when("issue.solve", result="当场答复", channel="OFFLINE", on_site=True)
    done.then(IssueSolved(KIND, "当场答复", SolvingChannel.OFFLINE, True))


def test_what_nobody_was_given_is_solved_on_site_only() -> None:
    asked = given(*RAISED).when("issue.solve", result="已办", channel="OFFLINE")
    asked.then_refused("GUARD_FAILED", path=("onSite",))


@pytest.mark.parametrize("channel", list(SolvingChannel))
def test_an_issue_in_hand_is_solved_either_way(channel: SolvingChannel) -> None:
    world = given(*ASSIGNED)
    world.when("issue.solve", result="已办", channel=channel, on=SOLVED_ON).then(IssueSolved(KIND, "已办", channel))
    found = issue(world)
    assert (found.raised_on, found.solved_on) == (RAISED_ON, SOLVED_ON)


def test_only_the_raiser_confirms_or_reopens() -> None:
    asked: list[tuple[str, dict[str, Any]]] = [("confirm_solved", {"satisfaction": 5}), ("reopen", {})]
    for name, input in asked:
        given(*SOLVED).when(f"issue.{name}", by="another clerk", **input).then_refused("OUT_OF_SCOPE")
        given(*SOLVED).when(f"issue.{name}", by="a clerk", **input).then_accepted()


@pytest.mark.parametrize("satisfaction", [0, 6])
def test_satisfaction_is_from_one_to_five(satisfaction: int) -> None:
    given(*SOLVED).when("issue.confirm_solved", satisfaction=satisfaction).then_refused("BAD_USER_INPUT")


def test_what_is_reopened_is_in_the_same_hands_and_not_solved() -> None:
    world = given(*SOLVED)
    world.when("issue.reopen").then(IssueReopened(KIND, OrganKind.FIC, COUNTY_ID, ISSUE_HANDLING.due(TODAY)))
    found = issue(world)
    assert (found.result, found.solved_on, found.reopened) == ("", None, 1)


def test_what_was_solved_on_the_spot_is_reopened_at_the_federation_of_the_place() -> None:
    on_the_spot = At(IssueSolved(KIND, "当场答复", SolvingChannel.OFFLINE, True), by="who solved")
    given(*RAISED, on_the_spot).when("issue.reopen").then(
        IssueReopened(KIND, OrganKind.FIC, TOWNSHIP_ID, ISSUE_HANDLING.due(TODAY))
    )


def test_a_policy_is_linked_once() -> None:
    world = given(*SOLVED)
    world.when("issue.link_policy", document=POLICY).then_refused("NOT_FOUND", path=("document",))
    world.also(ISSUED, of=POLICY).when("issue.link_policy", document=POLICY).then_accepted()
    world.when("issue.link_policy", document=POLICY).then_refused("GUARD_FAILED", path=("document",))


def test_a_repealed_policy_answers_no_more_issues() -> None:
    world = given(*SOLVED).also(ISSUED, DocumentRepealed(), of=POLICY)
    world.when("issue.link_policy", document=POLICY).then_refused("GUARD_FAILED", path=("document",))


def test_comments_are_kept_with_their_day() -> None:
    world = given(*RAISED)
    world.when("issue.comment", text="请尽快办理").then_accepted()
    assert [(each.text, each.on) for each in issue(world).comments] == [("请尽快办理", TODAY)]


def test_an_issue_in_hand_is_due_and_the_timer_takes_it_up_below_the_city() -> None:
    (due,) = issue(given(*AT_COUNTY)).deadlines()
    assert (due.by, due.command, due.rule) == (DUE_ON, "escalate", ISSUE_HANDLING)
    (at_city,) = issue(given(*AT_CITY)).deadlines()
    assert at_city.command is None
    assert [*issue(given(*SOLVED)).deadlines()] == []


@pytest.mark.parametrize(
    ("kind", "cause", "movement"),
    [
        (IssueKind.REGISTRATION_BLOCKER, IssueCause.NAME_APPROVAL, Movement.COORDINATE),
        (IssueKind.ENTERPRISE_REQUEST, IssueCause.FINANCING, Movement.SERVE),
    ],
)
def test_blockers_are_cleared_together_and_requests_are_served(
    kind: IssueKind, cause: IssueCause, movement: Movement
) -> None:
    assert raised(kind, cause).fact.moves() is movement
