"""会员 | Who belongs to a chamber, and are they enough to found it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from service.domain.chamber_record import DRAFTING, PREPARERS, ChamberRecord, Member
from service.domain.chamber_terms import ChamberState, MemberKind
from service.domain.command import By, command
from service.domain.identifiers import Line, PersonName, UsccText, name_id
from service.domain.policy import MODEL_CHARTER, registration_policy
from service.domain.record import Fact, Occasion
from service.domain.refusal import require
from service.domain.roles import Role
from service.domain.uscc import credit_code
from service.domain.value import Value

MEMBERSHIP: By = {**dict.fromkeys(DRAFTING, PREPARERS), ChamberState.REGISTERED: Role.CHAMBER_SECRETARIAT}


class Applicant(Value, frozen=True, kw_only=True):
    """入会申请人 | A unit by its name and, if it has one, its credit code; or an individual by person and name."""

    unit_name: Line | None = None
    uscc: UsccText | None = None
    person: UUID | None = None
    person_name: PersonName | None = None


Applicants = Annotated[list[Applicant], msgspec.Meta(min_length=1, max_length=500)]


class MemberAdmitted(Fact):
    """会员入会 | A member was admitted."""

    member: Member

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Enter the member."""
        record.members = {**record.members, self.member.id: self.member}


class MemberLeft(Fact):
    """会员退会 | A member left; its kind goes with it, so that a count of members needs to know no more."""

    member: UUID
    kind: MemberKind

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Strike the member off."""
        members = {**record.members}  # a copy hashes no key again
        members.pop(self.member, None)
        record.members = members


class Membership(ChamberRecord):
    """The commands on members."""

    @command(by=MEMBERSHIP, basis=MODEL_CHARTER)
    def admit_member(
        self,
        unit_name: Line | None = None,
        uscc: UsccText | None = None,
        person: UUID | None = None,
        person_name: PersonName | None = None,
    ) -> MemberAdmitted:
        """会员入会 | Admit a unit, by its name and credit code, or an individual, by person and name."""
        member = self._member(Applicant(unit_name=unit_name, uscc=uscc, person=person, person_name=person_name))
        _require_new([member], self.members)
        return MemberAdmitted(member)

    @command(by=MEMBERSHIP, basis=MODEL_CHARTER)
    def admit_members(self, applicants: Applicants) -> tuple[MemberAdmitted, ...]:
        """批量入会 | Admit several members at once: all of them, or none."""
        members = [self._member(each) for each in applicants]
        _require_new(members, self.members)
        return tuple(MemberAdmitted(each) for each in members)

    @command(by=MEMBERSHIP, basis=MODEL_CHARTER)
    def member_leaves(self, member: UUID) -> MemberLeft:
        """会员退会 | Record that a member left."""
        require(member in self.members, NO_MEMBER, path=("member",))
        return MemberLeft(member, self.members[member].kind)

    def require_enough_members(self, on: date) -> None:
        """Refuse a chamber with fewer members than the law asks of one made up as this is."""
        policy = registration_policy(on)
        counts = {kind: sum(each.kind is kind for each in self.members.values()) for kind in MemberKind}
        needed = policy.mixed
        if not counts[MemberKind.INDIVIDUAL]:
            needed = policy.units
        elif not counts[MemberKind.UNIT]:
            needed = policy.individuals
        total = sum(counts.values())
        require(total >= needed.value, TOO_FEW, basis=needed.basis, total=total, needed=needed.value)

    def _member(self, applicant: Applicant) -> Member:
        unit, person = applicant.unit_name, applicant.person
        require(bool(unit) != bool(person), UNIT_OR_PERSON, path=("unitName",))
        if unit:
            require(applicant.person_name is None, UNIT_OR_PERSON, path=("personName",))
            return self._unit(unit, applicant.uscc)
        require(applicant.uscc is None, UNIT_OR_PERSON, path=("uscc",))
        assert person is not None
        require(bool(applicant.person_name), NAME_NEEDED, path=("personName",))
        return Member(person, MemberKind.INDIVIDUAL, applicant.person_name or "")

    def _unit(self, name: str, uscc: str | None) -> Member:
        """A unit is the enterprise with its credit code, or without one whoever bears its name here."""
        code = credit_code(uscc) if uscc else None
        id = name_id(f"enterprise/{code}" if code else f"member/{self.id}/{name}")
        return Member(id, MemberKind.UNIT, name, code)


def _require_new(members: list[Member], known: Mapping[UUID, Member]) -> None:
    twice = next(_twice(members, set(known)), None)
    require(twice is None, ADMITTED_ALREADY, path=("unitName",), name=twice)


def _twice(members: list[Member], seen: set[UUID]) -> Iterator[str]:
    for each in members:
        if each.id in seen:
            yield each.name
        seen.add(each.id)


UNIT_OR_PERSON = "须填单位（名称、代码）或个人（人员、姓名）之一 | Give a unit (name, code) or a person (person, name)"
NAME_NEEDED = "须填姓名 | The person's name is needed"
ADMITTED_ALREADY = "“{name}”已是会员 | “{name}” is a member already"
NO_MEMBER = "不是本会会员 | This is no member"
TOO_FEW = "会员 {total} 个，不足 {needed} 个 | {total} members, {needed} are needed"
