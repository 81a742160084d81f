"""Is a supervision held as it was planned, counted once, and closed only when all it found is settled?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.domain.deadline import RECTIFICATION, Due
from service.domain.division import DivisionKind
from service.domain.identifiers import name_id
from service.domain.organ_kind import OrganKind
from service.domain.refusal import Refused
from service.domain.roles import Actor, Grant, Role
from service.domain.supervision import (
    Supervision,
    SupervisionPlanned,
    SupervisionReported,
    SupervisionStarted,
    TeamFormed,
    UnitRevisited,
    UnitsListed,
    UnitVisited,
)
from service.domain.supervision_findings import (
    FindingWithdrawn,
    RectificationPlanned,
    RectificationRejected,
    RectificationSubmitted,
    RectificationVerified,
)
from service.domain.supervision_record import ListedUnit
from service.domain.supervision_terms import FindingState
from tests.domain.harness import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    TODAY,
    TOWNSHIP,
    TOWNSHIP_ID,
    At,
    Facts,
    Given,
    command_named,
)
from tests.domain.supervision_life import (
    COUNTY_ID,
    DIGEST,
    FINDING,
    LIFE,
    NEIGHBOUR,
    OPEN,
    ORGANS,
    PLANNED,
    RAISED,
    RECTIFYING,
    REPORTED,
    STARTED,
    SUBMITTED,
    SUPERVISION,
    VISITED,
)

BASIS = "乡镇（街道）商会建设专项督导机制"
VISIT = LIFE.inputs["record_visit"]
RAISE = LIFE.inputs["raise_finding"]
PLAN = LIFE.inputs["plan_rectification"]
NEIGHBOUR_ID = name_id(f"division/{NEIGHBOUR}")


def supervision(*facts: object) -> Given:
    world = Given(SUPERVISION, *facts)  # type: ignore[arg-type]  # facts or moments
    return world.place(NEIGHBOUR, "红庙镇", DivisionKind.TOWN, COUNTY)


def kept(world: Given) -> Supervision:
    return world.world.find(Supervision, SUPERVISION)


def test_a_team_names_each_organ_once() -> None:
    world = supervision(*PLANNED)
    formed = world.when("supervision.form_team", team=["FIC", "UNITED_FRONT", "FIC"])
    formed.then(TeamFormed((OrganKind.FIC, OrganKind.UNITED_FRONT)))
    world.when("supervision.form_team", team=["FIC", "UNITED_FRONT"]).then_refused("GUARD_FAILED", BASIS, ("team",))


def test_a_township_is_listed_with_the_unit_that_answers_for_it() -> None:
    listed = supervision(*PLANNED).when("supervision.list_units", units=[NEIGHBOUR, NEIGHBOUR])
    listed.then(UnitsListed((ListedUnit(NEIGHBOUR_ID, COUNTY_ID),)))


@pytest.mark.parametrize(
    ("code", "kind", "manager", "refusal"),
    [
        ("410225401", DivisionKind.SPECIAL, COUNTY, "GUARD_FAILED"),
        ("410221101", DivisionKind.TOWN, OTHER_COUNTY, "GUARD_FAILED"),
        (TOWNSHIP, DivisionKind.TOWN, COUNTY, "GUARD_FAILED"),
    ],
    ids=["a farm", "elsewhere", "listed already"],
)
def test_only_townships_of_the_division_are_listed_and_only_once(
    code: str, kind: DivisionKind, manager: str, refusal: str
) -> None:
    world = supervision(*PLANNED)
    if code != TOWNSHIP:
        world.place(code, "某地", kind, manager)
    world.when("supervision.list_units", units=[code]).then_refused(refusal, BASIS, ("units",))


def test_a_township_that_no_county_answers_for_is_not_listed() -> None:
    city = name_id(f"division/{CITY}")
    world = supervision(SupervisionPlanned(city, "督导", ORGANS)).place(
        "410200001", "某街道", DivisionKind.STREET, CITY
    )
    refused = world.ask(
        command_named("supervision.list_units"),
        Actor("office", (Grant(Role.JOINT_MEETING_OFFICE, CITY),)),
        {"units": ["410200001"]},
    )
    refused.then_refused("GUARD_FAILED", BASIS, ("units",))


def test_an_unknown_township_is_not_found() -> None:
    supervision(*PLANNED).when("supervision.list_units", units=["410299"]).then_refused("NOT_FOUND", path=("units",))


def test_nobody_sets_out_without_a_list() -> None:
    empty = supervision(SupervisionPlanned(COUNTY_ID, "督导", ORGANS))
    empty.when("supervision.start_supervision").then_refused("GUARD_FAILED", BASIS)


def test_a_team_is_of_two_organs_at_least() -> None:
    alone = supervision(*PLANNED, TeamFormed((OrganKind.FIC,)))
    alone.when("supervision.start_supervision").then_refused("GUARD_FAILED", BASIS)


def test_only_listed_townships_are_visited() -> None:
    elsewhere = supervision(*STARTED).when("supervision.record_visit", **{**VISIT, "unit": NEIGHBOUR})
    elsewhere.then_refused("GUARD_FAILED", BASIS, ("unit",))


def test_a_second_visit_is_a_follow_up_and_counts_only_once() -> None:
    world = supervision(*STARTED)
    first = world.when("supervision.record_visit", **VISIT, on=TODAY - timedelta(9))
    first.then(UnitVisited(TOWNSHIP_ID, 4, "座谈"))
    first.when("supervision.record_visit", **VISIT).then(UnitRevisited(TOWNSHIP_ID, 4, "座谈"))
    visits = kept(world).visits[TOWNSHIP_ID]
    assert (len(kept(world).visits), visits.times, visits.first_on, visits.last_on) == (
        1, 2, TODAY - timedelta(9), TODAY,
    )  # fmt: skip


def test_the_report_counts_what_was_visited_of_what_was_listed() -> None:
    listed = UnitsListed((ListedUnit(NEIGHBOUR_ID, COUNTY_ID),))
    reported = supervision(*PLANNED, listed, SupervisionStarted(), UnitVisited(TOWNSHIP_ID, 4, "座谈"), RAISED)
    reported.when("supervision.report", summary="报告").then(SupervisionReported(2, 1, 1, "报告"))


def test_there_is_no_report_without_a_visit() -> None:
    supervision(*STARTED).when("supervision.report", summary="报告").then_refused("GUARD_FAILED", BASIS)


@pytest.mark.parametrize("life", [OPEN, RECTIFYING, SUBMITTED])
def test_a_supervision_with_an_open_finding_is_not_closed(life: Facts) -> None:
    reported = supervision(*life, SupervisionReported(1, 1, 1, "报告"))
    reported.when("supervision.close").then_refused("GUARD_FAILED", BASIS)


@pytest.mark.parametrize("settled", [RectificationVerified(FINDING), FindingWithdrawn(FINDING)])
def test_a_supervision_whose_findings_are_settled_is_closed(settled: RectificationVerified | FindingWithdrawn) -> None:
    supervision(*OPEN, settled, SupervisionReported(1, 1, 1, "报告")).when("supervision.close").then_accepted()


def test_a_finding_is_raised_on_a_township_that_was_visited() -> None:
    supervision(*VISITED).when("supervision.raise_finding", **RAISE).then_accepted()
    supervision(*STARTED).when("supervision.raise_finding", **RAISE).then_refused("GUARD_FAILED", BASIS, ("unit",))


def test_findings_have_numbers_of_their_own() -> None:
    world = supervision(*VISITED)
    world.when("supervision.raise_finding", **RAISE).when("supervision.raise_finding", **RAISE).then_accepted()
    assert len(kept(world).findings) == 2


def test_a_rectification_is_not_due_in_the_past() -> None:
    late = {**PLAN, "due_on": TODAY - timedelta(1)}
    refused = supervision(*OPEN).when("supervision.plan_rectification", **late)
    refused.then_refused("GUARD_FAILED", BASIS, ("dueOn",))


def test_a_rectification_needs_evidence() -> None:
    without = supervision(*RECTIFYING).when(
        "supervision.submit_rectification", finding=FINDING, outcome="已召开", evidence=[]
    )
    without.then_refused("BAD_USER_INPUT", path=("evidence",))


def test_a_rectification_is_due_on_its_day_while_it_is_under_way() -> None:
    due = [Due(RECTIFICATION, TODAY, str(FINDING))]
    assert list(kept(supervision(*RECTIFYING)).deadlines()) == due
    assert list(kept(supervision(*SUBMITTED)).deadlines()) == []


def test_a_rectification_that_was_sent_back_is_submitted_again() -> None:
    world = supervision(*SUBMITTED)
    rejected = world.when("supervision.reject_rectification", finding=FINDING)
    rejected.then(RectificationRejected(FINDING))
    rejected.when("supervision.submit_rectification", **LIFE.inputs["submit_rectification"]).then_accepted()
    finding = kept(world).findings[FINDING]
    assert (finding.state, finding.rejections) == (FindingState.SUBMITTED, 1)


def asked(command: str, life: Facts, *grants: Grant) -> Refused | object:
    world = supervision(SupervisionPlanned(name_id(f"division/{CITY}"), "督导", ORGANS), *life[1:])
    name = command_named(f"supervision.{command}")
    return world.ask(name, Actor("somebody new", grants), LIFE.inputs[command]).result


@pytest.mark.parametrize("grant", [Grant(Role.COUNTY_FIC, COUNTY), Grant(Role.TOWNSHIP_UF_COMMISSIONER, TOWNSHIP)])
def test_a_finding_of_the_citys_supervision_is_put_right_where_it_is(grant: Grant) -> None:
    assert not isinstance(asked("plan_rectification", OPEN, grant), Refused)
    assert not isinstance(asked("submit_rectification", RECTIFYING, grant), Refused)


@pytest.mark.parametrize(
    "grant", [Grant(Role.COUNTY_FIC, OTHER_COUNTY), Grant(Role.TOWNSHIP_UF_COMMISSIONER, NEIGHBOUR)]
)
def test_another_place_does_not_put_it_right(grant: Grant) -> None:
    refused = asked("plan_rectification", OPEN, grant)
    assert isinstance(refused, Refused)
    assert refused.code == "OUT_OF_SCOPE"


def test_a_countys_office_does_not_record_visits_of_the_citys_supervision() -> None:
    refused = asked("record_visit", STARTED, Grant(Role.INSPECTOR, COUNTY))
    assert isinstance(refused, Refused)
    assert refused.code == "OUT_OF_SCOPE"


def test_what_happens_to_a_finding_happens_in_its_township() -> None:
    done = supervision(*OPEN).when("supervision.plan_rectification", **PLAN)
    assert done.decided.place == TOWNSHIP_ID
    assert supervision(*VISITED).when("supervision.report", summary="报告").decided.place == COUNTY_ID


def test_whoever_put_it_right_does_not_verify_it() -> None:
    world = supervision(*OPEN, At(RectificationPlanned(FINDING, "措施", TODAY), by="planner"))
    world.also(At(RectificationSubmitted(FINDING, "完成", (DIGEST,)), by="fixer"))
    for fixer in ("planner", "fixer"):
        world.when("supervision.verify_rectification", finding=FINDING, by=fixer).then_refused("FOUR_EYES")
    world.when("supervision.verify_rectification", finding=FINDING, by="inspector").then_accepted()


def test_a_reported_supervisions_findings_are_still_put_right() -> None:
    world = supervision(*OPEN, SupervisionReported(1, 1, 1, "报告"))
    world.when("supervision.plan_rectification", **PLAN).then_accepted()
    supervision(*REPORTED).when("supervision.close").then_accepted()
