"""Are scores complete, do total and grade follow from them, and can the result be appealed before it is final?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.domain.assessment import Assessment
from service.domain.assessment_record import (
    AppealDismissed,
    AppealUpheld,
    AppealWaived,
    AspectEvidence,
    EvidenceAttached,
    Rescored,
    ResultPublished,
    Scored,
)
from service.domain.assessment_terms import AssessmentState
from service.domain.deadline import APPEAL
from service.domain.record import Fact
from service.domain.scheme import Scheme
from service.domain.scheme_record import AssessmentEnded
from tests.domain.assessment_life import (
    DIGEST,
    ID,
    LIFE,
    MARKS,
    SCHEME,
    SCORES,
)
from tests.domain.harness import TODAY, At, Given, Then

TOTAL = Decimal("85.00")
LAST_DAY = APPEAL.due(TODAY)


def opened(*facts: Fact | At) -> Given:
    return LIFE.given(AssessmentState.OPEN, *facts)


def published(*facts: Fact | At) -> Given:
    world = LIFE.given(AssessmentState.PUBLISHED, *facts)
    world.world.today = date(2026, 12, 31)
    return world


def score(marks: Sequence[Any] = MARKS, **more: Any) -> Then:
    return opened().when("assessment.score", marks=list(marks), **more)


def changed(number: int, **fields: Any) -> list[dict[str, Any]]:
    """The marks with one of them changed."""
    return [{**mark, **fields} if n == number else mark for n, mark in enumerate(MARKS)]


@pytest.mark.parametrize("state", [AssessmentState.OPEN, AssessmentState.SELF_REPORTED])
def test_five_aspects_come_to_their_weighted_total(state: AssessmentState) -> None:
    LIFE.given(state).when("assessment.score", marks=MARKS).then(Scored(SCORES, (), TOTAL))


def test_every_aspect_is_scored() -> None:
    score(MARKS[:-1]).then_refused("GUARD_FAILED", path=("marks",))


@pytest.mark.parametrize("more", [MARKS[0], {**MARKS[0], "aspect": "CHARITY"}])
def test_no_aspect_is_scored_twice_or_from_outside_the_scheme(more: dict[str, Any]) -> None:
    score([*MARKS, more]).then_refused("GUARD_FAILED", path=("marks",))


@pytest.mark.parametrize("points", ["-0.01", "20.01", "NaN", "Infinity", "19.999"])
def test_points_lie_between_nothing_and_the_most_in_hundredths(points: str) -> None:
    score(changed(0, score=points)).then_refused("GUARD_FAILED", path=("marks",))


@pytest.mark.parametrize("points", ["0", "20"])
def test_the_ends_of_the_range_are_in_it(points: str) -> None:
    score(changed(0, score=points)).then_accepted()


def test_every_aspect_needs_evidence() -> None:
    score(changed(3, evidence=None)).then_refused("GUARD_FAILED", path=("marks",))


def test_evidence_on_file_counts() -> None:
    filed = EvidenceAttached(AspectEvidence("BUSINESS_ACTIVITY", "招商台账", DIGEST))
    opened(filed).when("assessment.score", marks=changed(3, evidence=None)).then_accepted()


def test_evidence_is_for_an_aspect_of_the_scheme() -> None:
    attached = opened().when("assessment.attach_evidence", aspect="CHARITY", title="台账", sha256=DIGEST)
    attached.then_refused("GUARD_FAILED", path=("aspect",))


def test_a_veto_item_is_one_of_the_schemes() -> None:
    score(vetoes=["LATENESS"]).then_refused("GUARD_FAILED", path=("vetoes",))


def test_a_veto_leaves_the_total_and_the_lowest_grade() -> None:
    vetoed = score(vetoes=["CRIME"]).then(Scored(SCORES, ("CRIME",), TOTAL))
    vetoed.when("assessment.publish_result", by="a leader").then(ResultPublished(TOTAL, "不合格"))


def test_the_grade_follows_from_the_scheme() -> None:
    done = LIFE.given(AssessmentState.SCORED).when("assessment.publish_result")
    done.then(ResultPublished(TOTAL, "良好"))


def test_who_rescored_does_not_publish() -> None:
    world = LIFE.given(AssessmentState.SCORED, At(Rescored(SCORES, (), TOTAL), by="who rescored"))
    world.when("assessment.publish_result", by="who rescored").then_refused("FOUR_EYES")


def test_who_appealed_does_not_rescore() -> None:
    world = LIFE.given(AssessmentState.APPEALED, AppealUpheld())
    world.when("assessment.rescore", by="who appealed", marks=MARKS).then_refused("FOUR_EYES")


def test_an_appeal_that_was_upheld_is_met_by_new_scores_before_the_result_is_published_again() -> None:
    upheld = LIFE.given(AssessmentState.APPEALED).when("assessment.uphold_appeal").then(AppealUpheld())
    upheld.when("assessment.publish_result").then_refused("GUARD_FAILED")
    rescored = upheld.when("assessment.rescore", marks=changed(3, score="20"))
    rescored.when("assessment.publish_result", by="a leader").then(ResultPublished(Decimal("86.00"), "良好"))


def test_a_grade_falls_with_the_appeal_that_is_upheld() -> None:
    world = LIFE.given(AssessmentState.APPEALED, AppealUpheld())
    found = world.world.find(Assessment, ID)
    assert (found.grade, found.total, found.published_on) == ("", TOTAL, None)


@pytest.mark.parametrize(("days", "code"), [(0, None), (1, "GUARD_FAILED")])
def test_an_appeal_comes_within_ten_working_days(days: int, code: str | None) -> None:
    done = published().when("assessment.appeal", grounds="漏计", on=date.fromordinal(LAST_DAY.toordinal() + days))
    done.then_refused(code) if code else done.then_accepted()


def test_ten_working_days_are_two_weeks() -> None:
    assert (LAST_DAY - TODAY).days == 14


def test_who_accepted_the_result_does_not_appeal() -> None:
    published(AppealWaived()).when("assessment.appeal", grounds="漏计", on=TODAY).then_refused("GUARD_FAILED")


def test_a_result_is_accepted_once() -> None:
    published(AppealWaived()).when("assessment.waive_appeal").then_refused("GUARD_FAILED")


@pytest.mark.parametrize(("days", "code"), [(0, "GUARD_FAILED"), (1, None)])
def test_a_result_is_confirmed_once_the_time_to_appeal_is_over(days: int, code: str | None) -> None:
    done = published().when("assessment.confirm", on=date.fromordinal(LAST_DAY.toordinal() + days))
    done.then_refused(code) if code else done.then_accepted()


def test_a_result_is_confirmed_at_once_when_the_appeal_was_waived() -> None:
    published(AppealWaived()).when("assessment.confirm", on=TODAY).then_accepted()


def test_a_dismissed_appeal_does_not_begin_the_time_anew() -> None:
    world = LIFE.given(AssessmentState.APPEALED, At(AppealDismissed(), LAST_DAY))
    assert world.world.find(Assessment, ID).published_on == TODAY


def test_the_last_day_to_appeal_is_a_deadline_until_it_is_waived() -> None:
    due = [each.by for each in published().world.find(Assessment, ID).deadlines()]
    assert due == [LAST_DAY]
    assert not [*published(AppealWaived()).world.find(Assessment, ID).deadlines()]


@pytest.mark.parametrize("name", ["confirm", "cancel"])
def test_the_scheme_counts_an_assessment_no_more_once_it_is_settled(name: str) -> None:
    world = opened() if name == "cancel" else LIFE.given(AssessmentState.PUBLISHED, AppealWaived())
    done = world.when(f"assessment.{name}")
    assert done.decided.facts[SCHEME] == [AssessmentEnded(ID)]
    assert done.given.world.find(Scheme, SCHEME).open_assessments == 0
