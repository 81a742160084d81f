"""Is an honour conferred on whom it is for, by whom it is due from, and for as long as it is valid?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from service.domain.chamber_closing import LiquidationStarted
from service.domain.chamber_terms import LiquidationGround
from service.domain.deadline import Due
from service.domain.demo_quota import BASIS, DemoQuota, PlaceFreed, PlaceTaken
from service.domain.identifiers import name_id
from service.domain.party_branch import BranchDissolved, BranchState
from service.domain.recognition import Recognition
from service.domain.recognition_record import (
    Applied,
    Conferred,
    ObjectionDismissed,
    ObjectionRaised,
    PublicNoticeGiven,
    Reviewed,
)
from service.domain.recognition_terms import (
    NOTICE,
    RULES,
    CommendationLevel,
    DemonstrationModel,
    RecognitionKind,
    RecognitionState,
)
from service.domain.roles import Role
from tests.domain.chamber_life import COMPLETE, COUNTY_ID, REGISTERED
from tests.domain.harness import CHAMBER, CITY, TODAY, TOWNSHIP_ID, At, Given, Then, command_named
from tests.domain.life import clerk
from tests.domain.party_branch_life import BRANCH_ID
from tests.domain.party_branch_life import LIFE as BRANCH_LIFE
from tests.domain.recognition_life import (
    APPLIED,
    CONFERRED,
    HONOUR,
    INPUTS,
    LAST_DAY,
    LIFE,
    NOTICED,
    NOTICED_UNTIL,
    OBJECTED,
    REVIEWED,
)

FOUR_GOOD = INPUTS["apply"]
DEMONSTRATION: dict[str, Any] = {
    "kind": "DEMONSTRATION", "cycle": 2024, "chamber": CHAMBER, "model": "LANKAO_MODEL",
}  # fmt: skip
AWARD = {"level": "PROVINCIAL", "title": "先进商会", "awarding_body": "省工商联"}
QUOTA = name_id(f"demo-quota/{COUNTY_ID}/2024")


def applied(**input: Any) -> Then:
    """An application in a world with a registered chamber and its Party branch."""
    return _world(Given(HONOUR)).when("recognition.apply", **input)


def noticed(kind: RecognitionKind, branch: UUID | None = None) -> Given:
    """A recognition whose notice is over."""
    facts = (Applied(kind, 2024, TOWNSHIP_ID, CHAMBER, branch), Reviewed(Decimal(90)), PublicNoticeGiven(NOTICED_UNTIL))
    return _world(Given(HONOUR, *(At(fact, NOTICED_UNTIL) for fact in facts)))


def confer(world: Given, role: Role, **input: Any) -> Then:
    """Let an awarding body confer it."""
    return world.ask(command_named("recognition.confer"), clerk(role), input)


def _world(world: Given) -> Given:
    return world.also(*REGISTERED, of=CHAMBER).also(*BRANCH_LIFE.lives[BranchState.ACTIVE], of=BRANCH_ID)


def test_a_chamber_applies_once_a_cycle() -> None:
    first = LIFE.given(None).when("recognition.apply", **FOUR_GOOD)
    first.then(Applied(RecognitionKind.FOUR_GOOD, 2024, TOWNSHIP_ID, CHAMBER))
    first.when("recognition.apply", **FOUR_GOOD).then_refused("DUPLICATE")
    first.when("recognition.apply", **{**FOUR_GOOD, "cycle": 2026}).then_accepted()


def test_a_branch_brings_its_chamber_and_its_township() -> None:
    done = applied(kind="FIVE_STAR_BRANCH", cycle=2024, branch=BRANCH_ID)
    done.then(Applied(RecognitionKind.FIVE_STAR_BRANCH, 2024, TOWNSHIP_ID, CHAMBER, BRANCH_ID))


def test_a_place_is_commended_with_level_title_and_awarding_body() -> None:
    world = Given(HONOUR)
    done = world.ask(
        command_named("recognition.apply"),
        clerk(Role.CITY_FIC),
        {"kind": "COMMENDATION", "cycle": 2024, "division": CITY, "award": AWARD},
    )
    named: dict[str, Any] = {"level": CommendationLevel.PROVINCIAL, "title": "先进商会", "awarding_body": "省工商联"}
    done.then(Applied(RecognitionKind.COMMENDATION, 2024, name_id(f"division/{CITY}"), **named))


def test_commendations_of_a_year_are_told_apart_by_title() -> None:
    commended: dict[str, Any] = {"kind": "COMMENDATION", "cycle": 2024, "chamber": CHAMBER}
    first = applied(**commended, award=AWARD)
    first.when("recognition.apply", **commended, award=AWARD).then_refused("DUPLICATE")
    first.when("recognition.apply", **commended, award={**AWARD, "title": "另一称号"}).then_accepted()


def test_a_demonstration_names_its_model() -> None:
    done = applied(**DEMONSTRATION)
    model = DemonstrationModel.LANKAO_MODEL
    done.then(Applied(RecognitionKind.DEMONSTRATION, 2024, TOWNSHIP_ID, CHAMBER, model=model))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"kind": "COMMENDATION"}, "award"),
        ({"award": AWARD}, "award"),
        ({"kind": "DEMONSTRATION"}, "model"),
        ({"model": "LANKAO_MODEL"}, "model"),
    ],
)
def test_award_and_model_are_for_their_own_kinds(change: dict[str, Any], path: str) -> None:
    applied(**{**FOUR_GOOD, **change}).then_refused("GUARD_FAILED", path=(path,))


@pytest.mark.parametrize("subjects", [{"chamber": None}, {"branch": BRANCH_ID}, {"division": CITY}])
def test_exactly_one_subject_is_named(subjects: dict[str, Any]) -> None:
    applied(**{**FOUR_GOOD, **subjects}).then_refused("BAD_USER_INPUT", path=("chamber",))


@pytest.mark.parametrize(
    ("kind", "subject", "path"),
    [
        ("FOUR_GOOD", {"branch": BRANCH_ID}, "chamber"),
        ("FIVE_STAR_BRANCH", {"chamber": CHAMBER}, "branch"),
        ("SOCIAL_ORG_RATING", {"division": CITY}, "chamber"),
    ],
)
def test_an_honour_is_for_subjects_of_its_kind(kind: str, subject: dict[str, Any], path: str) -> None:
    applied(kind=kind, cycle=2024, **subject).then_refused("BAD_USER_INPUT", path=(path,))


def test_a_chamber_that_is_not_registered_is_not_recognised() -> None:
    preparing = Given(HONOUR).also(*COMPLETE, of=CHAMBER)
    preparing.when("recognition.apply", **FOUR_GOOD).then_refused("GUARD_FAILED", path=("chamber",))


def test_five_stars_are_for_a_branch_that_is_at_work() -> None:
    world = _world(Given(HONOUR)).also(BranchDissolved(), of=BRANCH_ID)
    input: dict[str, Any] = {"kind": "FIVE_STAR_BRANCH", "cycle": 2024, "branch": BRANCH_ID}
    world.when("recognition.apply", **input).then_refused("GUARD_FAILED", path=("branch",))


@pytest.mark.parametrize("subject", ["chamber", "branch"])
def test_nobody_is_recognised_who_does_not_exist(subject: str) -> None:
    kind = {"chamber": "FOUR_GOOD", "branch": "FIVE_STAR_BRANCH"}[subject]
    input: dict[str, Any] = {"kind": kind, "cycle": 2024, subject: UUID(int=99)}
    applied(**input).then_refused("NOT_FOUND", path=(subject,))


@pytest.mark.parametrize("score", ["-0.01", "100.01", "88.888", "NaN"])
def test_a_score_is_from_nothing_to_a_hundred(score: str) -> None:
    LIFE.given(None, *APPLIED).when("recognition.review", score=score).then_refused("BAD_USER_INPUT", path=("score",))


def test_a_notice_runs_for_five_working_days() -> None:
    friday = date(2026, 6, 26)
    given = LIFE.given(None, *REVIEWED)
    assert given.when("recognition.give_notice", on=friday).decided.facts[HONOUR] == [
        PublicNoticeGiven(date(2026, 7, 3))
    ]
    short = LIFE.given(None, *REVIEWED).when("recognition.give_notice", on=friday, notice_until=date(2026, 7, 2))
    short.then_refused("GUARD_FAILED", NOTICE.basis, ("noticeUntil",))


def test_nothing_is_conferred_while_the_notice_runs() -> None:
    LIFE.given(None, *NOTICED).when("recognition.confer", on=NOTICED_UNTIL).then_refused("GUARD_FAILED", NOTICE.basis)


def test_nothing_is_conferred_while_an_objection_stands() -> None:
    objected = LIFE.given(None, *NOTICED, *OBJECTED)
    objected.when("recognition.confer").then_refused("GUARD_FAILED")
    objected.when("recognition.dismiss_objection", number=1).then(ObjectionDismissed(1))
    objected.when("recognition.confer").then_accepted()


def test_objections_are_numbered_and_dismissed_one_by_one() -> None:
    objected = LIFE.given(None, *NOTICED, *OBJECTED).when("recognition.raise_objection", content="另一异议")
    objected.then(ObjectionRaised(2, "另一异议"))
    objected.when("recognition.dismiss_objection", number=1).then_accepted()
    objected.when("recognition.dismiss_objection", number=1).then_refused("NOT_FOUND", path=("number",))


def test_after_the_notice_only_an_objection_is_ground_to_decline() -> None:
    LIFE.given(None, *NOTICED).when("recognition.decline").then_refused("GUARD_FAILED", NOTICE.basis)
    LIFE.given(None, *NOTICED, *OBJECTED).when("recognition.decline").then_accepted()
    LIFE.given(None, *REVIEWED).when("recognition.decline").then_accepted()


def test_four_good_is_valid_for_two_years_unless_the_decision_says_otherwise() -> None:
    def conferred(**input: Any) -> Then:
        return LIFE.given(None, *NOTICED).when("recognition.confer", on=date(2024, 4, 15), **input)

    conferred().then(Conferred(valid_until=LAST_DAY))
    conferred(valid_until=date(2025, 4, 15)).then(Conferred(valid_until=date(2025, 4, 15)))
    early = conferred(valid_until=date(2024, 4, 15))
    early.then_refused("GUARD_FAILED", path=("validUntil",))


def test_a_rating_is_valid_for_five_years() -> None:
    world = noticed(RecognitionKind.SOCIAL_ORG_RATING)
    confer(world, Role.REGISTRAR, rating=4).then(Conferred(rating=4, valid_until=date(2031, 6, 30)))


@pytest.mark.parametrize(
    ("kind", "role", "degree"),
    [
        (RecognitionKind.FIVE_STAR_BRANCH, Role.ORGANISATION_DEPARTMENT, {}),
        (RecognitionKind.FIVE_STAR_BRANCH, Role.ORGANISATION_DEPARTMENT, {"stars": 5, "rating": 5}),
        (RecognitionKind.SOCIAL_ORG_RATING, Role.REGISTRAR, {"stars": 5}),
        (RecognitionKind.FOUR_GOOD, Role.CITY_FIC, {"stars": 5}),
    ],
)
def test_stars_are_for_branches_and_ratings_for_rated_societies(
    kind: RecognitionKind, role: Role, degree: dict[str, int]
) -> None:
    branch = BRANCH_ID if kind is RecognitionKind.FIVE_STAR_BRANCH else None
    confer(noticed(kind, branch), role, **degree).then_refused("GUARD_FAILED")


@pytest.mark.parametrize("stars", [0, 6])
def test_there_are_one_to_five_stars(stars: int) -> None:
    world = noticed(RecognitionKind.FIVE_STAR_BRANCH, BRANCH_ID)
    confer(world, Role.ORGANISATION_DEPARTMENT, stars=stars).then_refused("BAD_USER_INPUT", path=("stars",))


@pytest.mark.parametrize("kind", list(RecognitionKind), ids=str)
def test_only_the_awarding_body_of_its_kind_confers_an_honour(kind: RecognitionKind) -> None:
    world = noticed(kind, BRANCH_ID if kind is RecognitionKind.FIVE_STAR_BRANCH else None)
    for role in set(Role) - {RULES[kind].awarding}:
        confer(world, role).then_refused("OUT_OF_SCOPE")


def test_who_is_no_longer_in_good_standing_is_not_recognised() -> None:
    ended = LIFE.given(None, *NOTICED).also(LiquidationStarted(LiquidationGround.DISSOLVED_ITSELF), of=CHAMBER)
    ended.when("recognition.confer").then_refused("GUARD_FAILED", path=("chamber",))


def test_a_demonstration_takes_a_place_of_its_county_and_gives_it_up() -> None:
    world = noticed(RecognitionKind.DEMONSTRATION)
    done = confer(world, Role.COUNTY_FIC).then(Conferred(county=COUNTY_ID))
    assert done.decided.facts[QUOTA] == [PlaceTaken(COUNTY_ID, 2024, HONOUR)]
    revoked = world.ask(command_named("recognition.revoke_recognition"), clerk(Role.COUNTY_FIC), {})
    assert revoked.decided.facts[QUOTA] == [PlaceFreed(HONOUR)]
    assert world.world.find(DemoQuota, QUOTA).demonstrations == ()


def test_a_county_has_three_demonstrations_a_cycle() -> None:
    taken = [PlaceTaken(COUNTY_ID, 2024, UUID(int=n)) for n in range(3)]
    full = noticed(RecognitionKind.DEMONSTRATION).also(*taken, of=QUOTA)
    confer(full, Role.COUNTY_FIC).then_refused("GUARD_FAILED", BASIS)
    confer(full.also(PlaceFreed(UUID(int=0)), of=QUOTA), Role.COUNTY_FIC).then_accepted()


def test_what_is_conferred_for_a_time_is_due_to_expire() -> None:
    conferred = LIFE.given(None, *CONFERRED).world.find(Recognition, HONOUR)
    validity = RULES[RecognitionKind.FOUR_GOOD].validity
    assert validity is not None
    assert list(conferred.deadlines()) == [Due(validity, LAST_DAY, command="expire")]
    assert list(LIFE.given(RecognitionState.EXPIRED).world.find(Recognition, HONOUR).deadlines()) == []


def test_nothing_expires_before_its_time() -> None:
    LIFE.given(None, *CONFERRED).when("recognition.expire", on=LAST_DAY).then_refused("GUARD_FAILED")
    assert LAST_DAY < TODAY
    LIFE.given(None, *CONFERRED).when("recognition.expire").then_accepted()
