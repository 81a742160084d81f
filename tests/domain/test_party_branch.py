"""Is a Party branch founded, led and dissolved as it should be?"""

from __future__ import annotations

import pytest

from service.domain.chamber_registration import PreparationAbandoned
from service.domain.claim import Released, Taken
from service.domain.identifiers import name_id
from service.domain.party_branch import (
    BRANCH,
    BRANCH_RULES,
    BranchApproved,
    BranchForm,
    BranchProposed,
    BranchState,
    PartyBranch,
    SecretaryAppointed,
)
from tests.domain.chamber_life import COMPLETE
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, Given
from tests.domain.party_branch_life import BRANCH_ID, INPUTS, LIFE, SECRETARY, SUCCESSOR

PROPOSAL = INPUTS["propose"]


def test_a_branch_takes_its_chambers_one_place() -> None:
    proposed = LIFE.given(None).when("party_branch.propose", **PROPOSAL)
    proposed.then(BranchProposed(CHAMBER, TOWNSHIP_ID, 3)).then_claim(BRANCH, CHAMBER, Taken)


def test_a_chamber_has_one_branch_at_a_time() -> None:
    LIFE.given(None).held(BRANCH, CHAMBER).when("party_branch.propose", **PROPOSAL).then_refused("DUPLICATE")


def test_a_chamber_may_have_a_branch_before_it_is_registered() -> None:
    preparing = Given(BRANCH_ID).also(*COMPLETE, of=CHAMBER)
    preparing.when("party_branch.propose", **PROPOSAL).then_accepted()


def test_a_chamber_that_has_ended_has_no_branch() -> None:
    abandoned = Given(BRANCH_ID).also(*COMPLETE, PreparationAbandoned(), of=CHAMBER)
    abandoned.when("party_branch.propose", **PROPOSAL).then_refused("GUARD_FAILED", path=("chamber",))


def test_there_is_no_branch_without_a_chamber() -> None:
    Given(BRANCH_ID).when("party_branch.propose", **PROPOSAL).then_refused("NOT_FOUND", path=("chamber",))


@pytest.mark.parametrize(("members", "form"), [(3, "SINGLE"), (2, "JOINT"), (0, "LIAISON")])
def test_the_form_follows_from_how_many_members_there_are(members: int, form: str) -> None:
    proposed = LIFE.given(None, BranchProposed(CHAMBER, TOWNSHIP_ID, members))
    proposed.when("party_branch.approve_branch", branch_form=form).then(BranchApproved(BranchForm(form)))


def test_with_two_members_there_is_no_branch_of_its_own() -> None:
    proposed = LIFE.given(None, BranchProposed(CHAMBER, TOWNSHIP_ID, 2))
    approved = proposed.when("party_branch.approve_branch", branch_form="SINGLE")
    approved.then_refused("GUARD_FAILED", BRANCH_RULES, ("branchForm",))


def test_the_pilot_makes_the_commissioner_secretary_too() -> None:
    input = {**INPUTS["appoint_secretary"], "concurrent_commissioner": True}
    appointed = LIFE.given(BranchState.ACTIVE).when("party_branch.appoint_secretary", **input)
    appointed.then(SecretaryAppointed(SECRETARY, "书记", True))


def test_the_same_secretary_is_not_appointed_twice() -> None:
    appointed = LIFE.given(BranchState.ACTIVE, SecretaryAppointed(SECRETARY, "书记", False))
    again = appointed.when("party_branch.appoint_secretary", secretary=SECRETARY, secretary_name="书记")
    again.then_refused("GUARD_FAILED", path=("secretary",))
    other = appointed.when("party_branch.appoint_secretary", secretary=SUCCESSOR, secretary_name="新书记")
    other.then_accepted()


@pytest.mark.parametrize(("state", "ending"), [(BranchState.PROPOSED, "drop"), (BranchState.ACTIVE, "dissolve_branch")])
def test_a_branch_that_ends_leaves_room_for_another(state: BranchState, ending: str) -> None:
    ended = LIFE.given(state).held(BRANCH, CHAMBER, BRANCH_ID).when(f"party_branch.{ending}")
    ended.then_claim(BRANCH, CHAMBER, Released)
    second = name_id(f"branch/{CHAMBER}/2")
    assert ended.when("party_branch.propose", **PROPOSAL).decided.record == second
    assert ended.given.world.find(PartyBranch, second).state is BranchState.PROPOSED
