"""Which facts bring a Party branch to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.domain.identifiers import name_id
from service.domain.party_branch import (
    BranchApproved,
    BranchDissolved,
    BranchDropped,
    BranchForm,
    BranchProposed,
    BranchState,
    PartyBranch,
)
from service.domain.roles import Role
from tests.domain.chamber_life import REGISTERED
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, At, Facts, Given
from tests.domain.life import Life

BRANCH_ID = name_id(f"branch/{CHAMBER}")
SECRETARY, SUCCESSOR = UUID(int=31), UUID(int=32)

PROPOSED: Facts = (At(BranchProposed(CHAMBER, TOWNSHIP_ID, 3), by="who proposed"),)
ACTIVE: Facts = (*PROPOSED, BranchApproved(BranchForm.SINGLE))
LIVES: Mapping[StrEnum, Facts] = {
    BranchState.PROPOSED: PROPOSED,
    BranchState.ACTIVE: ACTIVE,
    BranchState.DROPPED: (*PROPOSED, BranchDropped()),
    BranchState.DISSOLVED: (*ACTIVE, BranchDissolved()),
}
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "propose": {"chamber": CHAMBER, "party_members": 3},
    "approve_branch": {"branch_form": "SINGLE"},
    "appoint_secretary": {"secretary": SECRETARY, "secretary_name": "书记"},
}


def registered_chamber(world: Given) -> Given:
    """The chamber of 考城镇 is registered."""
    return world.also(*REGISTERED, of=CHAMBER)


LIFE = Life(
    record=PartyBranch,
    id=BRANCH_ID,
    lifecycles={"PartyBranch": BranchState},
    actors={
        "superior party organisation": {Role.ORGANISATION_DEPARTMENT},
        "chamber": {Role.CHAMBER_SECRETARIAT, Role.TOWNSHIP_UF_COMMISSIONER},
    },
    lives=LIVES,
    inputs=INPUTS,
    around=registered_chamber,
)
