"""商会党组织 | Has a chamber a Party branch, in which form, and who leads it?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import auto
from typing import Any
from uuid import UUID

from service.domain.chamber import Chamber
from service.domain.chamber_record import FINAL, PREPARERS
from service.domain.claim import Claims, Records
from service.domain.command import NEW, command
from service.domain.division import Divisions
from service.domain.identifiers import ChamberId, Count, PersonName, name_id
from service.domain.policy import Threshold
from service.domain.record import Fact, Movement, Occasion, Record, leads_to
from service.domain.refusal import NotFound, require
from service.domain.roles import Role
from service.domain.vocabulary import Term

BRANCH = "branch"
"""What a branch claims: to be its chamber's one living branch."""
BRANCH_RULES = "中国共产党支部工作条例（试行）"
LEAST_MEMBERS = Threshold(3, BRANCH_RULES)
"""How many full Party members a branch of its own takes; with fewer it is a joint one, or a liaison post."""


class BranchState(Term):
    """党组织状态 | Whether a chamber's Party branch is proposed, at work, or no more."""

    PROPOSED = auto()
    ACTIVE = auto()
    DROPPED = auto()
    DISSOLVED = auto()


class BranchForm(Term):
    """党组织组建方式 | Whether the branch is the chamber's own, shared with neighbours, or a liaison post."""

    SINGLE = auto()
    JOINT = auto()
    LIAISON = auto()


@leads_to(BranchState.PROPOSED)
class BranchProposed(Fact):
    """申请成立党组织 | A Party branch was proposed for a chamber with so many full Party members."""

    chamber: UUID
    division: UUID
    party_members: int


@leads_to(BranchState.ACTIVE)
class BranchApproved(Fact):
    """批复成立党组织 | The superior Party organisation approved the branch in one of three forms."""

    branch_form: BranchForm

    def apply(self, record: PartyBranch, occasion: Occasion, /) -> None:
        """Remember since when."""
        record.approved_on = occasion.effective_on


@leads_to(BranchState.ACTIVE)
class SecretaryAppointed(Fact):
    """任命党组织书记 | Somebody became secretary; in the pilot he is the united-front commissioner at the same time."""

    secretary: UUID
    secretary_name: str
    concurrent_commissioner: bool


@leads_to(BranchState.DROPPED)
class BranchDropped(Fact):
    """不再申请 | The proposal was dropped."""


@leads_to(BranchState.DISSOLVED)
class BranchDissolved(Fact):
    """撤销党组织 | The branch was dissolved."""


class PartyBranch(Record, name="party_branch", movement=Movement.COORDINATE):
    """商会党组织 | The Party branch of a chamber of commerce."""

    state: BranchState | None = None
    chamber: UUID | None = None
    division: UUID | None = None
    party_members: int = 0
    branch_form: BranchForm | None = None
    approved_on: date | None = None
    secretary: UUID | None = None
    secretary_name: str = ""
    concurrent_commissioner: bool = False

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID:
        """The id of the chamber's next branch: each that came before has given its place up."""
        chamber = arguments["chamber"]
        rounds = claims.find(BRANCH, str(chamber)).rounds
        return name_id(f"branch/{chamber}" if rounds == 0 else f"branch/{chamber}/{rounds + 1}")

    @command(by=PREPARERS, when=NEW, basis=BRANCH_RULES)
    def propose(self, chamber: ChamberId, party_members: Count, *, claims: Claims, records: Records) -> BranchProposed:
        """申请成立党组织 | Propose a Party branch for a chamber, which may still be in preparation."""
        subject = records.get(Chamber, chamber)
        if not subject.exists:
            raise NotFound("没有该商会 | There is no such chamber", path=("chamber",))
        require(subject.state not in FINAL, CHAMBER_ENDED, path=("chamber",))
        claims.take(BRANCH, str(chamber), self.id, BRANCH_TAKEN)
        assert subject.division is not None, "a chamber begins with its township"
        return BranchProposed(chamber, subject.division, party_members)

    @command(by=Role.ORGANISATION_DEPARTMENT, when=BranchState.PROPOSED, basis=BRANCH_RULES, unlike="branch_proposed")
    def approve_branch(self, branch_form: BranchForm) -> BranchApproved:
        """批复成立党组织 | Approve the branch: its own with three Party members or more, else joint or liaison."""
        enough = branch_form is not BranchForm.SINGLE or self.party_members >= LEAST_MEMBERS.value
        require(enough, TOO_FEW, path=("branchForm",), basis=LEAST_MEMBERS.basis, needed=LEAST_MEMBERS.value)
        return BranchApproved(branch_form)

    @command(by=Role.ORGANISATION_DEPARTMENT, when=BranchState.ACTIVE, basis=BRANCH_RULES)
    def appoint_secretary(
        self, secretary: UUID, secretary_name: PersonName, concurrent_commissioner: bool = False
    ) -> SecretaryAppointed:
        """任命党组织书记 | Appoint the secretary, and say whether he is the united-front commissioner too."""
        same = (secretary, concurrent_commissioner) == (self.secretary, self.concurrent_commissioner)
        require(not same, UNCHANGED, path=("secretary",))
        return SecretaryAppointed(secretary, secretary_name, concurrent_commissioner)

    @command(by=PREPARERS, when=BranchState.PROPOSED, basis=BRANCH_RULES)
    def drop(self, *, claims: Claims) -> BranchDropped:
        """不再申请 | Drop the proposal; the chamber may propose anew."""
        claims.release(BRANCH, str(self.chamber), self.id)
        return BranchDropped()

    @command(by=Role.ORGANISATION_DEPARTMENT, when=BranchState.ACTIVE, basis=BRANCH_RULES, reason=True)
    def dissolve_branch(self, *, claims: Claims) -> BranchDissolved:
        """撤销党组织 | Dissolve the branch; the chamber may propose anew."""
        claims.release(BRANCH, str(self.chamber), self.id)
        return BranchDissolved()


CHAMBER_ENDED = "商会已终止，不能成立党组织 | The chamber has ended: no branch can be founded in it"
BRANCH_TAKEN = "该商会已有党组织 | The chamber has a Party branch already"
TOO_FEW = (
    "正式党员不足 {needed} 名，请改为联合或派驻方式"
    " | Fewer than {needed} full Party members: found a joint branch or a liaison post instead"
)
UNCHANGED = "书记及兼任情况没有变化 | Secretary and pilot are as they were: nothing would change"
