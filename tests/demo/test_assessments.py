"""Is the city assessed year by year, under schemes that are defaults of ours, and not always without a hitch?"""

from collections import Counter

from service.demo.places import units
from service.demo.schemes import editions
from service.domain.assessment_record import (
    AppealDismissed,
    AppealUpheld,
    AssessmentCancelled,
    AssessmentOpened,
    Rescored,
    ResultConfirmed,
    ResultPublished,
    Scored,
)
from service.domain.record import Recorded
from service.domain.scheme import scheme_id
from service.domain.scheme_record import Drafted, SchemePublished
from service.domain.scheme_terms import SchemeKind

PRESIDENTS = SchemeKind.PRESIDENT_ANNUAL
COUNTY_KINDS = (SchemeKind.TWO_HEALTHS_COUNTY, SchemeKind.UNITED_FRONT_ANNUAL)


def openings(events: list[Recorded]) -> list[AssessmentOpened]:
    return [event.fact for event in events if isinstance(event.fact, AssessmentOpened)]


def test_every_scheme_is_published_and_says_that_it_is_a_default_of_ours(events: list[Recorded]) -> None:
    drafts = [event.fact for event in events if isinstance(event.fact, Drafted)]
    assert {each.kind for each in drafts} == set(SchemeKind)
    assert all(each.default_of_ours for each in drafts)
    assert sum(isinstance(event.fact, SchemePublished) for event in events) == len(drafts) == len(editions())


def test_the_ten_units_are_assessed_by_both_schemes_in_both_years(events: list[Recorded]) -> None:
    counted = Counter((each.kind, each.year) for each in openings(events) if each.kind in COUNTY_KINDS)
    assert counted == {(kind, year): len(units()) for kind in COUNTY_KINDS for year in (2024, 2025)}


def test_the_townships_of_one_county_are_assessed_in_both_years(events: list[Recorded]) -> None:
    counted = Counter(each.year for each in openings(events) if each.kind is SchemeKind.TOWNSHIP_ANNUAL)
    assert counted == {2024: 16, 2025: 16}


def test_more_presidents_are_assessed_in_the_second_year_under_both_editions(events: list[Recorded]) -> None:
    presidents = [each for each in openings(events) if each.kind is PRESIDENTS]
    counted = Counter((each.year, each.scheme) for each in presidents)
    first, second = scheme_id(PRESIDENTS, 1), scheme_id(PRESIDENTS, 2)
    assert set(counted) == {(2024, first), (2025, first), (2025, second)}
    assert 30 < counted[2024, first] < counted[2025, first] + counted[2025, second] <= 98


def test_a_presidents_assessment_has_the_five_aspects(events: list[Recorded]) -> None:
    presidents = {event.originator_id for event in events if getattr(event.fact, "kind", None) is PRESIDENTS}
    scored = [e.fact for e in events if isinstance(e.fact, Scored) and e.originator_id in presidents]
    assert scored
    assert {len(each.marks) for each in scored} == {5}


def test_one_appeal_is_upheld_one_dismissed_one_result_vetoed_one_assessment_given_up(events: list[Recorded]) -> None:
    counted = Counter(type(event.fact) for event in events)
    once = [counted[each] for each in (AppealUpheld, Rescored, AppealDismissed, AssessmentCancelled)]
    assert once == [1, 1, 1, 1]
    assert sum(bool(event.fact.vetoed_by) for event in events if isinstance(event.fact, Scored)) == 1


def test_all_others_are_published_and_confirmed(events: list[Recorded]) -> None:
    counted = Counter(type(event.fact) for event in events)
    assert counted[ResultConfirmed] == counted[AssessmentOpened] - 1
    assert counted[ResultPublished] == counted[ResultConfirmed] + 1


def test_grades_differ(events: list[Recorded]) -> None:
    grades = Counter(event.fact.grade for event in events if isinstance(event.fact, ResultPublished))
    assert len(grades) >= 4
