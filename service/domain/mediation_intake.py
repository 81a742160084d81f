"""申请与受理 | How does a dispute come before a mediation body, and does the body take it up?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from service.domain.claim import Records
from service.domain.command import NEW, command
from service.domain.deadline import MEDIATION_CONCLUSION
from service.domain.identifiers import Line, MediationBodyId, Paragraph, Yuan, money
from service.domain.mediation_body import LIVING, CaseFiled, MediationBody
from service.domain.mediation_record import HANDLERS, CaseRecord, Party, PartyEntry, Persons, Remedies, told
from service.domain.mediation_terms import (
    DisputeKind,
    MediationBodyState,
    MediationCaseState,
    MediationOpening,
    Participation,
    PartyKind,
    Remedy,
)
from service.domain.policy import mediation_law, mediation_rules
from service.domain.record import Fact, Occasion, leads_to
from service.domain.refusal import NotFound, require

BETWEEN: Mapping[DisputeKind, Counter[PartyKind]] = {
    DisputeKind.MEMBER_MEMBER: Counter({PartyKind.MEMBER: 2}),
    DisputeKind.MEMBER_EMPLOYEE: Counter({PartyKind.MEMBER: 1, PartyKind.EMPLOYEE: 1}),
    DisputeKind.MEMBER_COUNTERPART: Counter({PartyKind.MEMBER: 1, PartyKind.COUNTERPART: 1}),
    DisputeKind.MEMBER_OTHER: Counter({PartyKind.MEMBER: 1, PartyKind.OTHER: 1}),
    DisputeKind.OTHER_CIVIL: Counter(),
}
"""Which parties, at least, make a dispute one of its kind."""

Entries = Annotated[list[PartyEntry], Meta(min_length=1, max_length=50)]
REFUSABLE = (MediationCaseState.APPLIED, MediationCaseState.ACCEPTED, MediationCaseState.IN_MEDIATION)


@leads_to(MediationCaseState.APPLIED)
class CaseApplied(Fact):
    """申请调解 | A dispute was brought before a body, which gave it a number."""

    body: UUID
    chamber: UUID
    division: UUID
    case_no: str
    kind: DisputeKind
    opening: MediationOpening
    dispute: str
    parties: tuple[Party, ...]
    amount: Decimal | None = None

    def apply(self, record: CaseRecord, occasion: Occasion, /) -> None:
        """Remember when: the body has five working days."""
        record.applied_on = occasion.effective_on


@leads_to(MediationCaseState.ACCEPTED)
class CaseAccepted(Fact):
    """受理 | The body took the case up; it is usually concluded within a month."""

    participation: Participation
    conclude_by: date
    led_by: str | None = None


@leads_to(MediationCaseState.DECLINED)
class CaseDeclined(Fact):
    """不予受理 | The body did not take the case up, and told which other remedies there are."""

    remedies: tuple[Remedy, ...]


@leads_to(MediationCaseState.WITHDRAWN)
class CaseWithdrawn(Fact):
    """撤回申请 | The applicant no longer wants mediation."""


class PartyRefused(Fact):
    """当事人拒绝调解 | A party clearly refused mediation."""

    refused_by: UUID


class Intake(CaseRecord):
    """The commands that bring a case in."""

    @command(by=HANDLERS, when=NEW, basis=mediation_law("十七"))
    def apply_for_mediation(
        self,
        body: MediationBodyId,
        kind: DisputeKind,
        opening: MediationOpening,
        parties: Entries,
        dispute: Paragraph,
        amount: Yuan | None = None,
        *,
        records: Records,
        on: date,
    ) -> CaseApplied:
        """申请调解 | Bring a dispute before a body, on a party's application or on the body's own initiative."""
        found = records.get(MediationBody, body)
        if not found.exists:
            raise NotFound("没有该调解组织 | There is no such mediation body", path=("body",))
        require(found.state in LIVING, NOT_LIVING, path=("body",))
        named = _parties(parties, opening)
        case_no = f"调〔{on.year}〕{found.next_number(on.year)}"
        records.add(found, CaseFiled(self.id, on.year))
        disputed = None if amount is None else money(amount, "amount")
        return CaseApplied(body, *found.home, case_no, kind, opening, dispute, named, disputed)

    @command(by=HANDLERS, when=MediationCaseState.APPLIED, basis=mediation_rules("三十三"))
    def accept(
        self,
        participation: Participation = Participation.LED,
        led_by: Line | None = None,
        consented: Persons | None = None,
        *,
        records: Records,
        on: date,
    ) -> CaseAccepted:
        """受理 | Take the case up; on the body's own initiative only if all parties consented."""
        self.require_willing()
        active = self.own_body(records).state is MediationBodyState.ACTIVE
        require(active, NOT_ACTIVE)
        assert self.kind is not None, "a case begins with its kind"
        present = Counter(each.kind for each in self.parties)
        require(BETWEEN[self.kind] <= present, OUT_OF_KIND, basis=SCOPE, kind=self.kind)
        if self.opening is MediationOpening.OWN_INITIATIVE:
            self.require_everyone(consented, CONSENT_NEEDED, "consented", mediation_law("十七"))
        assisting = participation is Participation.ASSISTED
        require(assisting == bool(led_by), WHO_LED, path=("ledBy",))
        return CaseAccepted(participation, MEDIATION_CONCLUSION.due(on), led_by)

    @command(by=HANDLERS, when=MediationCaseState.APPLIED, basis=mediation_law("二十六"), reason=True)
    def decline(self, remedies: Remedies) -> CaseDeclined:
        """不予受理 | Decline the case, and tell which other remedies there are."""
        return CaseDeclined(told(remedies))

    @command(by=HANDLERS, when=REFUSABLE, basis=mediation_law("十七"))
    def record_refusal(self, party: UUID) -> PartyRefused:
        """记录当事人拒绝 | Record that a party clearly refused mediation."""
        require(self.is_party(party), NO_PARTY, path=("party",))
        self.require_willing()
        return PartyRefused(party)

    @command(by=HANDLERS, when=REFUSABLE, basis=mediation_law("十七"), reason=True)
    def withdraw(self) -> CaseWithdrawn:
        """撤回申请 | Withdraw the application; once accepted, only while nobody has refused."""
        if self.state is not MediationCaseState.APPLIED:
            self.require_willing()
        return CaseWithdrawn()


def _parties(entries: list[PartyEntry], opening: MediationOpening) -> tuple[Party, ...]:
    found = tuple(Party(e.person, e.person_name, e.kind, e.applicant, e.unit_name) for e in entries)
    different = len({each.person for each in found}) == len(found) > 1
    require(different, TWO_PARTIES, path=("parties",))
    applied = any(each.applicant for each in found)
    require(applied == (opening is MediationOpening.APPLICATION), WHO_APPLIED, path=("parties",))
    return found


SCOPE = "全国工商联、司法部关于推进商会人民调解工作的意见（2018年）"
NOT_LIVING = "该调解组织未设立或已撤销 | The body has not been established, or is no more"
NOT_ACTIVE = "调解组织未处于运行状态，不能受理 | The body is not active and cannot take cases up"
OUT_OF_KIND = "当事人与纠纷类别 {kind} 不符 | These parties do not make a dispute of the kind {kind}"
CONSENT_NEEDED = "主动调解须各方当事人同意 | On its own initiative a body mediates only if all parties consent"
WHO_LED = "协助调解须说明由谁主持，主持调解则不填 | Say who led if, and only if, the body assisted"
NO_PARTY = "不是本案当事人 | This is no party to the case"
TWO_PARTIES = "须有两名以上不同的当事人 | A dispute has two different parties or more"
WHO_APPLIED = "依申请须注明申请人，主动调解则无申请人 | Name who applied if, and only if, a party did"
