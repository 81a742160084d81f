"""Is a scheme published only when it can be applied, and frozen from then on?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from service.domain.record import Fact
from service.domain.roles import Actor, Grant, Role
from service.domain.scheme import DRAFTS, Scheme, scheme_id
from service.domain.scheme_record import (
    AssessmentBegun,
    AssessmentEnded,
    Drafted,
    GradeSet,
    IndicatorAdded,
    SchemePublished,
    SchemeRetired,
)
from service.domain.scheme_terms import Grade, Indicator, SchemeKind, SubjectKind
from tests.domain.harness import CITY, At, Given, Then, command_named
from tests.domain.scheme_life import (
    ASPECTS,
    CITY_ID,
    DOCUMENT,
    DRAFT,
    FIVE,
    GRADED,
    INPUTS,
    KIND,
    PUBLISHED,
    SCHEME,
    aspect,
    drafted,
)

PRESIDENTS = SchemeKind.PRESIDENT_ANNUAL


def scheme(*facts: Fact | At) -> Given:
    return Given(SCHEME, *facts)


def presidents(*facts: Fact) -> Given:
    return Given(scheme_id(PRESIDENTS, 1), drafted(PRESIDENTS), *facts)


def publish(world: Given) -> Then:
    return world.when("scheme.publish_scheme", basis_document=DOCUMENT)


def test_a_draft_says_what_it_is_for() -> None:
    drafted_now = scheme().when("scheme.draft", **INPUTS["draft"], default_of_ours=True)
    drafted_now.then(Drafted(KIND, 1, CITY_ID, SubjectKind.TOWNSHIP, "考核方案", 2023, 1, 1, True))


def test_a_kind_has_one_draft_at_a_time() -> None:
    scheme(*DRAFT).held(DRAFTS, KIND, SCHEME).when("scheme.draft", **INPUTS["draft"]).then_refused("DUPLICATE")


@pytest.mark.parametrize("ending", ["publish_scheme", "discard_scheme"])
def test_once_a_draft_is_settled_the_next_edition_may_begin(ending: str) -> None:
    settled = scheme(*DRAFT).held(DRAFTS, KIND, SCHEME).when(f"scheme.{ending}", **INPUTS.get(ending, {}))
    again = settled.when("scheme.draft", **INPUTS["draft"])
    assert again.decided.record == scheme_id(KIND, 2)


@pytest.mark.parametrize(("weights", "code"), [((20, 20, 20, 20, 20), None), ((20, 20, 20, 20, 19), "GUARD_FAILED")])
def test_weights_must_add_up_to_a_hundred(weights: tuple[int, ...], code: str | None) -> None:
    aspects = [aspect(name, weight) for name, weight in zip(FIVE, weights, strict=True)]
    done = publish(scheme(drafted(), *aspects, *GRADED))
    done.then_refused(code) if code else done.then(SchemePublished(DOCUMENT))


def test_a_scheme_without_aspects_is_not_published() -> None:
    publish(scheme(drafted(), *GRADED)).then_refused("GUARD_FAILED")


def test_a_scheme_needs_a_grade_for_every_total() -> None:
    publish(scheme(drafted(), *ASPECTS, *GRADED[:-1])).then_refused("GUARD_FAILED")


def test_a_presidents_assessment_has_the_five_aspects() -> None:
    publish(presidents(*ASPECTS, *GRADED)).then_accepted()


def test_a_presidents_assessment_has_no_fewer_than_five_aspects() -> None:
    publish(presidents(aspect("PERSONAL_CONDUCT", 40), *ASPECTS[2:], *GRADED)).then_refused("GUARD_FAILED")


def test_a_presidents_assessment_has_no_sixth_aspect() -> None:
    sixth: dict[str, Any] = {"code": "CHARITY", "name": "公益", "weight": 0, "most": 20}
    presidents(*ASPECTS).when("scheme.add_aspect", **sixth).then_refused("GUARD_FAILED", path=("code",))


def test_an_aspect_is_added_once() -> None:
    again: dict[str, Any] = {"code": "PERSONAL_CONDUCT", "name": "个人表现", "weight": 20, "most": 20}
    scheme(*DRAFT).when("scheme.add_aspect", **again).then_refused("GUARD_FAILED", path=("code",))


def test_an_indicator_belongs_to_an_aspect() -> None:
    indicator: dict[str, Any] = {"aspect": "CHARITY", "code": "GIFTS", "name": "捐赠", "most": 20}
    scheme(*DRAFT).when("scheme.add_indicator", **indicator).then_refused("GUARD_FAILED", path=("aspect",))


def test_an_indicator_is_added_once() -> None:
    known = IndicatorAdded(Indicator("PERSONAL_CONDUCT", "HONESTY", "诚信守法", 20))
    again = scheme(*DRAFT, known).when("scheme.add_indicator", **INPUTS["add_indicator"])
    again.then_refused("GUARD_FAILED", path=("code",))


@pytest.mark.parametrize(("points", "code"), [(20, None), (19, "GUARD_FAILED"), (21, "GUARD_FAILED")])
def test_indicators_add_up_to_their_aspect(points: int, code: str | None) -> None:
    done = publish(scheme(*DRAFT, IndicatorAdded(Indicator("PERSONAL_CONDUCT", "HONESTY", "诚信守法", points))))
    done.then_refused(code) if code else done.then_accepted()


def test_two_grades_do_not_begin_at_the_same_total() -> None:
    scheme(*DRAFT).when("scheme.set_grade", name="杰出", least=90).then_refused("GUARD_FAILED", path=("least",))


def test_a_grade_can_be_set_anew() -> None:
    world = scheme(*DRAFT, GradeSet(Grade("优秀", 95)))
    assert [each.least for each in world.world.find(Scheme, SCHEME).grades] == [95, 75, 60, 0]


def test_a_scheme_is_not_retired_while_an_assessment_is_open() -> None:
    scheme(*PUBLISHED, AssessmentBegun(SCHEME)).when("scheme.retire_scheme").then_refused("GUARD_FAILED")


def test_a_scheme_is_retired_once_no_assessment_is_open() -> None:
    world = scheme(*PUBLISHED, AssessmentBegun(SCHEME), AssessmentEnded(SCHEME))
    world.when("scheme.retire_scheme").then(SchemeRetired())


@pytest.mark.parametrize(
    ("kind", "role", "code"),
    [
        (SchemeKind.FIVE_STAR_BRANCH, Role.ORGANISATION_DEPARTMENT, None),
        (SchemeKind.UNITED_FRONT_ANNUAL, Role.CITY_UFWD, None),
        (SchemeKind.PRESIDENT_ANNUAL, Role.CITY_UFWD, "OUT_OF_SCOPE"),
        (SchemeKind.FOUR_GOOD, Role.ORGANISATION_DEPARTMENT, "OUT_OF_SCOPE"),
    ],
)
def test_an_office_keeps_the_schemes_of_its_own_kinds(kind: SchemeKind, role: Role, code: str | None) -> None:
    input = {**INPUTS["draft"], "kind": kind}
    world = Given(scheme_id(kind, 1))
    done = world.ask(command_named("scheme.draft"), Actor("a clerk", (Grant(role, CITY),)), input)
    done.then_refused(code) if code else done.then_accepted()


aspects = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 200), st.integers(0, 100)), min_size=1, max_size=8)


@supposing(aspects)
def test_a_total_is_the_sum_of_weights_times_scores(made: list[tuple[int, int, int]]) -> None:
    weighed = [(f"A{n}", weight, most, Decimal(most * share) / 100) for n, (weight, most, share) in enumerate(made)]
    world = scheme(drafted(), *(aspect(code, weight, most) for code, weight, most, _ in weighed))
    total = world.world.find(Scheme, SCHEME).total({code: score for code, _, _, score in weighed})
    exact = sum(Fraction(weight) * Fraction(score) / most for _, weight, most, score in weighed)
    assert abs(Fraction(total) - exact) <= Fraction(1, 200)
    assert total == total.quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("total", "vetoed", "name"),
    [("90", False, "优秀"), ("89.99", False, "良好"), ("60", False, "合格"), ("59.99", False, "不合格"),
     ("100", True, "不合格")],
)  # fmt: skip
def test_a_grade_begins_at_its_least_total_and_a_veto_leaves_the_lowest(total: str, vetoed: bool, name: str) -> None:
    found = scheme(*DRAFT).world.find(Scheme, SCHEME)
    assert found.grade(Decimal(total), vetoed=vetoed) == name
