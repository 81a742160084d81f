"""Who or what is recognised, and is it in good standing?"""

from __future__ import annotations

from typing import Annotated, NamedTuple
from uuid import UUID

from msgspec import Meta

from service.domain.chamber import Chamber
from service.domain.chamber_record import STANDING
from service.domain.claim import Records
from service.domain.party_branch import BranchState, PartyBranch
from service.domain.recognition_terms import RULES, RecognitionKind, SubjectKind
from service.domain.refusal import InvalidInput, NotFound, require

BranchId = Annotated[UUID, Meta(extra={"ref": "PartyBranch"})]


class Subject(NamedTuple):
    """A chamber, the Party branch of one, or a place; once it is known, also where it lies."""

    chamber: UUID | None = None
    branch: UUID | None = None
    division: UUID | None = None

    @property
    def kind(self) -> SubjectKind:
        """What it is: a branch has a chamber, and both lie in a division."""
        if self.branch is not None:
            return SubjectKind.BRANCH
        return SubjectKind.CHAMBER if self.chamber is not None else SubjectKind.PLACE


def subject_of(kind: RecognitionKind, named: Subject, records: Records) -> Subject:
    """The subject that was named, with its chamber and its division.

    Raises InvalidInput unless an honour of this kind is for such a subject, NotFound when there is none, GuardFailed
    when it is not in good standing.
    """
    rule = RULES[kind]
    if named.kind not in rule.subjects:
        raise InvalidInput(ANOTHER_SUBJECT, path=(rule.subjects[0].value,), kind=kind)
    if named.branch is not None:
        return _branch(named.branch, records)
    return named if named.chamber is None else _chamber(named.chamber, records)


def _chamber(id: UUID, records: Records) -> Subject:
    chamber = records.get(Chamber, id)
    if not chamber.exists:
        raise NotFound("没有该商会 | There is no such chamber", path=("chamber",))
    require(chamber.state in STANDING, NOT_STANDING, path=("chamber",))
    return Subject(chamber=id, division=chamber.division)


def _branch(id: UUID, records: Records) -> Subject:
    branch = records.get(PartyBranch, id)
    if not branch.exists:
        raise NotFound("没有该党组织 | There is no such Party branch", path=("branch",))
    require(branch.state is BranchState.ACTIVE, NOT_ACTIVE, path=("branch",))
    return Subject(branch.chamber, id, branch.division)


ANOTHER_SUBJECT = (
    "{kind} 的对象不符，请指明应认定的商会、党组织或地区 | Name the subject that {kind} is for, and no other"
)
NOT_STANDING = "商会不在登记存续期，不能认定 | Only a registered chamber can be recognised"
NOT_ACTIVE = "党组织未在活动，不能认定 | Only a Party branch that is at work can be recognised"
