"""Where is each of the 22 acceptance scenarios shown? Here by the tests that show it; what is open is named."""

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SHOWN: Mapping[int, tuple[str, Sequence[str]]] = {
    1: ("article", [
        "projections/test_claims.py::test_the_demonstration_city_bears_every_claim_out",
        "schema/test_claims.py::test_the_claims_come_in_the_articles_order_and_hold",
    ]),
    2: ("each figure opens", [
        "schema/test_scenario_outreach.py::test_a_figure_opens_to_exactly_its_events",
        "projections/test_claims.py::test_the_money_in_the_events_behind_a_sum_adds_up_to_it",
    ]),
    3: ("coverage", [
        "schema/test_city.py::test_every_unit_has_the_chambers_of_the_plan",
        "schema/test_city.py::test_farms_and_parks_are_not_counted",
    ]),
    4: ("registration", [
        "schema/test_registration.py::test_a_chamber_with_thirty_units_and_thirty_thousand_yuan_is_registered",
        "schema/test_registration.py::test_an_incomplete_application_is_refused_with_its_article",
        "schema/test_registration.py::test_a_credit_code_that_is_no_societys_is_refused",
        "schema/test_registration.py::test_a_used_credit_code_is_refused",
        "schema/test_registration.py::test_a_legal_representative_of_another_chamber_is_refused",
        "schema/test_registration.py::test_a_second_living_chamber_in_the_township_is_refused",
    ]),
    5: ("day 61", [
        "schema/test_scenario_deadline.py::test_a_decision_is_overdue_on_day_61_and_not_on_day_60",
        "schema/test_scenario_deadline.py::test_a_return_on_day_40_pauses_and_refiling_restarts_the_60",
    ]),
    6: ("blocker", ["schema/test_scenario_issue.py::test_a_blocker_climbs_to_the_city_and_six_organs_are_told"]),
    7: ("appointment", [
        "schema/test_scenario_appointment.py::test_an_election_without_the_talk_is_not_allowed_and_what_is_allowed_is_listed",
        "schema/test_scenario_appointment.py::test_whoever_is_elected_after_all_of_it_is_shown_on_the_chamber",
        "schema/test_scenario_appointment.py::test_whoever_finds_no_majority_is_rejected",
    ]),
    8: ("assessment", [
        "schema/test_scenario_assessment.py::test_five_aspects_make_85_and_the_grade_follows_from_the_scheme",
        "schema/test_scenario_assessment.py::test_a_president_is_assessed_once_a_year",
        "schema/test_scenario_assessment.py::test_a_president_does_not_score_himself",
        "schema/test_scenario_assessment.py::test_an_appeal_that_is_upheld_changes_score_and_ranking_but_not_the_past",
    ]),
    9: ("scheme v2", [
        "schema/test_scenario_assessment.py::test_results_stay_under_the_edition_they_were_opened_with",
    ]),
    10: ("talk", [
        "schema/test_scenario_talk.py::test_the_citys_secretary_talks_to_xiangfu",
        "schema/test_scenario_talk.py::test_the_head_of_qixian_does_not_talk_to_a_township_of_lankao",
        "schema/test_scenario_talk.py::test_the_citys_secretary_does_not_talk_to_a_township",
    ]),
    11: ("supervision", [
        "schema/test_scenario_supervision.py::test_116_visits_cover_all_townships_of_ten_units",
        "schema/test_scenario_supervision.py::test_a_supervision_with_one_open_finding_is_not_closed",
        "schema/test_scenario_supervision.py::test_whoever_put_a_finding_right_does_not_verify_it",
    ]),
    12: ("demonstration", [
        "schema/test_scenario_recognition.py::test_scenario_12_the_fourth_demonstration_of_a_county_and_cycle_is_refused",
        "schema/test_scenario_recognition.py::test_scenario_12_of_two_that_race_for_the_last_place_exactly_one_wins",
    ]),
    13: ("mediation", [
        "schema/test_scenario_mediation.py::test_a_dispute_goes_from_application_to_archive",
        "schema/test_scenario_mediation.py::test_after_a_party_refused_the_case_is_terminated_with_the_remedies_told",
        "schema/test_scenario_mediation.py::test_a_mediator_who_is_a_party_is_refused",
        "schema/test_scenario_mediation.py::test_a_committee_of_two_or_ten_or_without_a_woman_is_refused",
    ]),
    14: ("126 resolved", [
        "schema/test_scenario_mediation.py::test_126_resolved_stay_126_when_a_127th_is_terminated_and_move_when_one_is_agreed",
    ]),
    15: ("service day", [
        "schema/test_city.py::test_the_units_solved_186_issues_and_36_of_them_on_site",
        "schema/test_scenario_issue.py::test_solved_on_site_is_offline_and_counted_among_all_solved",
    ]),
    16: ("two times", [
        "schema/test_scenario_contributions.py::test_scenario_16_a_donation_counts_from_its_day_once_it_is_recorded",
        "schema/test_scenario_contributions.py::test_scenario_16_a_correction_leaves_both_values_and_each_total_of_its_time",
    ]),
    17: ("what changed and when", [
        "schema/test_scenario_what_changed.py::test_the_feed_is_narrowed_by_what_when_where_and_by_whom",
        "schema/test_scenario_what_changed.py::test_a_years_diff_of_a_county_is_the_sum_of_its_changes",
        "schema/test_city.py::test_a_years_diff_of_any_chamber_is_the_sum_of_its_changes",
    ]),
    18: ("replay", [
        "projections/test_truth.py::test_dropping_every_view_and_rebuilding_gives_byte_equal_tables",
        "schema/test_scenario_replay.py::test_an_auditor_replays_watches_and_reads_that_all_is_equal",
    ]),
    20: ("division change", [
        "schema/test_audit.py::test_a_renamed_division_keeps_its_chamber_and_its_past",
        "schema/test_audit.py::test_a_recoded_county_has_its_old_name_as_of_an_earlier_effective_date",
        "schema/test_audit.py::test_permissions_follow_the_new_manager_for_reading_and_for_acting",
    ]),
    21: ("retry", [
        "schema/test_registration.py::test_the_same_key_is_answered_with_the_same_change",
        "schema/test_registration.py::test_a_stale_version_is_told_the_actual_one",
    ]),
    22: ("import", [
        "schema/test_imports.py::test_124_units_are_defined_once_and_three_bad_rows_stop_the_whole_file",
    ]),
}  # fmt: skip
OPEN = {
    18: "the log's proof: `verify`, and a changed byte named by its position",
    19: "personal data: erasure, masking and unmasking",
}
"""What is left of the scenarios, and the work that it belongs to."""


@cache
def named_in(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("number", SHOWN, ids=lambda number: f"{number} {SHOWN[number][0]}")
def test_a_scenario_is_shown_by_tests_that_are_there(number: int) -> None:
    for where in SHOWN[number][1]:
        file, _, name = where.partition("::")
        assert name in named_in(file), where


def test_all_22_are_shown_or_named_as_open() -> None:
    assert {*SHOWN, *OPEN} == set(range(1, 23))
