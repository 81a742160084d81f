"""Does everybody talk to whom he must, with demands and a term, and does something follow when it does not help?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from service.domain.assessment_record import AssessmentOpened
from service.domain.deadline import IMPROVEMENT, Due
from service.domain.division import DivisionKind
from service.domain.identifiers import name_id
from service.domain.organ_kind import Level
from service.domain.roles import Actor, Grant, Role
from service.domain.scheme_terms import SchemeKind
from service.domain.supervision_findings import FindingWithdrawn
from service.domain.talk import ImprovementConfirmed, NoImprovementRecorded, Talk, TalkHeld, TalkOrdered
from service.domain.talk_rule import Talkee
from tests.domain.harness import CITY, COUNTY, OTHER_COUNTY, TODAY, TOWNSHIP_ID, At, Facts, Given, Then, command_named
from tests.domain.supervision_life import FINDING, OPEN, SUPERVISION
from tests.domain.talk_life import DIGEST, DUE, HELD, LIFE, NEXT, TALK, held, ordered

BASIS = "乡镇（街道）商会建设约谈机制"
ORDER = LIFE.inputs["order"]
SECRETARY = Grant(Role.CITY_FIC_PARTY_SECRETARY, CITY)
HEAD, OTHER_HEAD = Grant(Role.COUNTY_UFWD_HEAD, COUNTY), Grant(Role.COUNTY_UFWD_HEAD, OTHER_COUNTY)
ASSESSMENT = name_id("an assessment")
ABOUT_ASSESSMENT: dict[str, Any] = {"cause": "ASSESSMENT", "assessment": ASSESSMENT}
ABOUT_FINDING: dict[str, Any] = {"cause": "FINDING", "supervision": SUPERVISION, "finding": FINDING}


def order(*grants: Grant, world: Given | None = None, **input: Any) -> Then:
    """Order a talk, as usual but for what a test is about."""
    actor = Actor("somebody", grants or (HEAD,))
    return (world or Given(TALK)).ask(command_named("talk.order"), actor, {**ORDER, **input})


def the(done: Then) -> TalkOrdered:
    (fact,) = done.decided.facts[done.decided.record]
    assert isinstance(fact, TalkOrdered)
    return fact


def test_the_citys_secretary_talks_to_the_countys() -> None:
    fact = the(order(SECRETARY, subject=COUNTY))
    assert (fact.level, fact.talker) == (Level.COUNTY, Role.CITY_FIC_PARTY_SECRETARY)
    assert fact.talkee is Talkee.COUNTY_FIC_PARTY_SECRETARY


def test_the_countys_head_of_the_united_front_talks_to_the_townships_secretary() -> None:
    fact = the(order(HEAD))
    assert (fact.level, fact.talker) == (Level.TOWNSHIP, Role.COUNTY_UFWD_HEAD)
    assert fact.talkee is Talkee.TOWNSHIP_PARTY_SECRETARY


def test_the_citys_secretary_does_not_talk_to_a_township() -> None:
    order(SECRETARY).then_refused("GUARD_FAILED", BASIS, ("subject",))


def test_a_countys_head_does_not_talk_to_a_county() -> None:
    order(HEAD, subject=COUNTY).then_refused("GUARD_FAILED", BASIS, ("subject",))


def test_another_countys_head_is_out_of_scope() -> None:
    order(OTHER_HEAD).then_refused("OUT_OF_SCOPE")


def test_an_account_with_both_posts_talks_in_the_one_that_reaches() -> None:
    order(SECRETARY, OTHER_HEAD).then_refused("OUT_OF_SCOPE")
    assert order(SECRETARY, HEAD).decided.grant is HEAD


def test_whoever_may_not_talk_to_a_township_may_not_hold_its_talk_either() -> None:
    world = Given(TALK, ordered())
    for name in ("talk.hold_talk", "talk.cancel_talk"):
        command = command_named(name)
        done = world.ask(command, Actor("secretary", (SECRETARY,)), LIFE.input(command))
        done.then_refused("OUT_OF_SCOPE")


@pytest.mark.parametrize(("code", "kind"), [("410225401", DivisionKind.SPECIAL), (CITY, DivisionKind.PREFECTURE)])
def test_farms_and_cities_are_not_talked_to(code: str, kind: DivisionKind) -> None:
    world = Given(TALK)
    if code != CITY:
        world.place(code, "某地", kind, COUNTY)
    order(HEAD, world=world, subject=code).then_refused("GUARD_FAILED", BASIS, ("subject",))


def test_a_talk_makes_a_demand() -> None:
    order(demands=[]).then_refused("BAD_USER_INPUT", path=("demands",))


def test_a_term_is_not_in_the_past() -> None:
    past = TODAY - timedelta(1)
    order(due_on=past).then_refused("GUARD_FAILED", BASIS, ("dueOn",))
    world = Given(TALK, ordered())
    world.when("talk.hold_talk", minutes=DIGEST, due_on=past).then_refused("GUARD_FAILED", BASIS, ("dueOn",))


def test_what_was_ordered_is_demanded_unless_the_talk_changes_it() -> None:
    world = Given(TALK, ordered())
    world.when("talk.hold_talk", minutes=DIGEST).then(held())
    other = Given(TALK, ordered()).when("talk.hold_talk", minutes=DIGEST, demands=["十月底前"], due_on=TODAY)
    other.then(TalkHeld(DIGEST, ("十月底前",), TODAY))


def test_what_was_demanded_is_due_once_the_talk_was_held() -> None:
    def deadlines(*facts: Any) -> list[Due]:
        return list(Given(TALK, *facts).world.find(Talk, TALK).deadlines())

    assert deadlines(ordered()) == []
    assert deadlines(*HELD) == [Due(IMPROVEMENT, DUE)]
    assert deadlines(*HELD, ImprovementConfirmed("完成", (DIGEST,))) == []


def found(*facts: Any) -> Given:
    """A world with a supervision's finding in 考城镇."""
    return Given(TALK).also(*OPEN, *facts, of=SUPERVISION)


def test_a_finding_of_the_township_is_a_cause_for_its_county_too() -> None:
    assert the(order(world=found(), **ABOUT_FINDING)).finding == FINDING
    order(SECRETARY, world=found(), **{**ABOUT_FINDING, "subject": COUNTY}).then_accepted()


def test_a_finding_must_be_named() -> None:
    order(cause="FINDING").then_refused("GUARD_FAILED", BASIS, ("finding",))


def test_a_finding_must_exist() -> None:
    unknown = {**ABOUT_FINDING, "finding": name_id("no finding")}
    order(world=found(), **unknown).then_refused("NOT_FOUND", path=("finding",))


def test_a_finding_that_was_taken_back_is_no_cause() -> None:
    withdrawn = found(FindingWithdrawn(FINDING))
    order(world=withdrawn, **ABOUT_FINDING).then_refused("GUARD_FAILED", BASIS, ("finding",))


def test_another_places_finding_is_no_cause() -> None:
    other = order(SECRETARY, world=found(), **{**ABOUT_FINDING, "subject": OTHER_COUNTY})
    other.then_refused("GUARD_FAILED", BASIS, ("finding",))


@pytest.mark.parametrize("life", [HELD, (*HELD, NoImprovementRecorded("未完成", NEXT))])
def test_a_talk_that_has_not_helped_is_followed_by_another(life: Facts) -> None:
    world = Given(TALK).also(*life, of=NEXT)
    assert the(order(world=world, escalated_from=NEXT)).escalated_from == NEXT


@pytest.mark.parametrize("life", [(ordered(),), (*HELD, ImprovementConfirmed("完成", (DIGEST,)))])
def test_a_talk_that_is_to_come_or_has_helped_is_not_followed_up(life: Facts) -> None:
    world = Given(TALK).also(*life, of=NEXT)
    order(world=world, escalated_from=NEXT).then_refused("GUARD_FAILED", BASIS, ("escalatedFrom",))


def test_a_follow_up_is_about_the_same_place() -> None:
    world = Given(TALK).also(*HELD, of=NEXT)
    elsewhere = order(SECRETARY, world=world, subject=COUNTY, escalated_from=NEXT)
    elsewhere.then_refused("GUARD_FAILED", BASIS, ("escalatedFrom",))


def test_a_follow_up_follows_a_talk_there_is() -> None:
    order(escalated_from=name_id("no talk")).then_refused("NOT_FOUND", path=("escalatedFrom",))


def test_something_follows_when_it_did_not_help() -> None:
    nothing = Given(TALK, *HELD).when("talk.record_no_improvement", outcome="未完成")
    nothing.then_refused("GUARD_FAILED", BASIS, ("nextTalk",))


def test_what_follows_is_the_talk_ordered_because_of_this_one() -> None:
    def recorded(*facts: TalkOrdered | At) -> Then:
        world = Given(TALK, *HELD).also(*facts, of=NEXT)
        return world.when("talk.record_no_improvement", outcome="未完成", next_talk=NEXT)

    recorded().then_refused("NOT_FOUND", path=("nextTalk",))
    recorded(ordered()).then_refused("GUARD_FAILED", BASIS, ("nextTalk",))
    recorded(ordered(escalated_from=TALK)).then(NoImprovementRecorded("未完成", NEXT))


def assessed(world: Given) -> Given:
    """A world in which 考城镇 is assessed for a year."""
    opened = AssessmentOpened(SchemeKind.TOWNSHIP_ANNUAL, uuid4(), TOWNSHIP_ID, TOWNSHIP_ID, None, 2025)
    return world.also(opened, of=ASSESSMENT)


def test_an_assessment_of_the_township_is_a_cause_for_its_county_too() -> None:
    assert the(order(world=assessed(Given(TALK)), **ABOUT_ASSESSMENT)).assessment == ASSESSMENT
    order(SECRETARY, world=assessed(Given(TALK)), **ABOUT_ASSESSMENT, subject=COUNTY).then_accepted()


def test_an_assessment_is_named_exists_and_is_the_places_own() -> None:
    order(cause="ASSESSMENT").then_refused("GUARD_FAILED", BASIS, ("assessment",))
    order(**ABOUT_ASSESSMENT).then_refused("NOT_FOUND", path=("assessment",))
    other = order(SECRETARY, world=assessed(Given(TALK)), **ABOUT_ASSESSMENT, subject=OTHER_COUNTY)
    other.then_refused("GUARD_FAILED", BASIS, ("assessment",))


def test_points_off_an_assessment_may_follow_too() -> None:
    def recorded(**deduction: Any) -> Then:
        return assessed(Given(TALK, *HELD)).when("talk.record_no_improvement", outcome="未完成", **deduction)

    recorded(assessment=ASSESSMENT, points="2.5").then(
        NoImprovementRecorded("未完成", None, ASSESSMENT, Decimal("2.5"))
    )
    recorded(assessment=ASSESSMENT).then_refused("GUARD_FAILED", BASIS, ("nextTalk",))
    recorded(assessment=ASSESSMENT, points="0").then_refused("GUARD_FAILED", BASIS, ("points",))
    recorded(points="2").then_refused("GUARD_FAILED", BASIS, ("assessment",))
