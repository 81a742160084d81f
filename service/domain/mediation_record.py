"""What is known of a mediation case at any moment, and what do its commands ask of it in common?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from service.domain.claim import Records
from service.domain.deadline import (
    JUDICIAL_CONFIRMATION,
    MEDIATION_ACCEPTANCE,
    MEDIATION_CONCLUSION,
    MEDIATION_FOLLOW_UP,
    Due,
)
from service.domain.identifiers import Line, PersonName
from service.domain.mediation_body import MediationBody
from service.domain.mediation_terms import (
    AgreementForm,
    DisputeKind,
    MediationCaseState,
    MediationOpening,
    Openness,
    Participation,
    PartyKind,
    Performance,
    Remedy,
    RiskKind,
)
from service.domain.policy import mediation_law
from service.domain.record import Record
from service.domain.refusal import require
from service.domain.roles import Role
from service.domain.value import Value

HANDLERS = (Role.MEDIATOR, Role.CHAMBER_SECRETARIAT)
"""Who acts for the body: what applicants and parties declare reaches the file through it."""
UNDER_WAY = (MediationCaseState.ACCEPTED, MediationCaseState.IN_MEDIATION)
SETTLED = (MediationCaseState.AGREED, MediationCaseState.CONFIRMED)

Persons = Annotated[list[UUID], Meta(min_length=1, max_length=50)]
Remedies = Annotated[list[Remedy], Meta(max_length=3)]


class PartyEntry(Value, frozen=True, kw_only=True):
    """当事人情况 | A party as the application names it: a person, for himself or for a unit."""

    person: UUID
    person_name: PersonName
    kind: PartyKind
    unit_name: Line | None = None
    applicant: bool = False


class Party(Value, frozen=True):
    """当事人 | A party to a dispute: a person, for himself or for a unit."""

    person: UUID
    name: str
    kind: PartyKind
    applicant: bool
    unit_name: str | None = None


class CaseEvidence(Value, frozen=True):
    """案件材料 | A piece of evidence: its title, the SHA-256 of its bytes, and which party gave it."""

    title: str
    sha256: str
    party: UUID | None = None


class MediationRisk(Value, frozen=True):
    """风险报告 | What a dispute may turn into, and to whom that was reported."""

    kind: RiskKind
    reported_to: str


class CaseRecord(Record):
    """All fields of a mediation case; the modules that bring its commands build on it.

    `amount` is what the parties dispute, `agreed_amount` what they agreed on, both in yuan.
    """

    state: MediationCaseState | None = None
    body: UUID | None = None
    chamber: UUID | None = None
    division: UUID | None = None
    case_no: str = ""
    kind: DisputeKind | None = None
    opening: MediationOpening | None = None
    dispute: str = ""
    parties: tuple[Party, ...] = ()
    amount: Decimal | None = None
    applied_on: date | None = None
    refused_by: UUID | None = None
    participation: Participation | None = None
    led_by: str | None = None
    conclude_by: date | None = None
    openness: Openness | None = None
    rights_explained_on: date | None = None
    mediators: tuple[UUID, ...] = ()
    chosen_by_parties: bool = False
    sessions: int = 0
    risks: tuple[MediationRisk, ...] = ()
    evidence: tuple[CaseEvidence, ...] = ()
    agreement_form: AgreementForm | None = None
    content: str | None = None
    agreement: str | None = None
    agreed_amount: Decimal | None = None
    effect_on: date | None = None
    performance_due: date | None = None
    follow_ups: int = 0
    performance: Performance | None = None
    visited_on: date | None = None
    court: str | None = None
    document_no: str | None = None
    remedies: tuple[Remedy, ...] = ()
    file_digest: str | None = None

    @property
    def resolved(self) -> bool:
        """Whether the parties agreed and their agreement stands."""
        return self.agreement_form is not None

    def deadlines(self) -> Iterable[Due]:
        """What the body has to do, and until when the parties may go to court together."""
        if self.state is MediationCaseState.APPLIED and self.applied_on:
            yield Due(MEDIATION_ACCEPTANCE, MEDIATION_ACCEPTANCE.due(self.applied_on))
        if self.state in UNDER_WAY and self.conclude_by:
            yield Due(MEDIATION_CONCLUSION, self.conclude_by)
        if self.state is MediationCaseState.AGREED and self.agreement_form is AgreementForm.WRITTEN and self.effect_on:
            yield Due(JUDICIAL_CONFIRMATION, JUDICIAL_CONFIRMATION.due(self.effect_on))
        since = self.visited_on or self.performance_due
        if self.state in SETTLED and self.performance is not Performance.FULL and since:
            yield Due(MEDIATION_FOLLOW_UP, MEDIATION_FOLLOW_UP.due(since))

    def own_body(self, records: Records) -> MediationBody:
        """The body that has the case."""
        assert self.body is not None, "a case begins with its body"
        return records.get(MediationBody, self.body)

    def is_party(self, person: UUID) -> bool:
        """Whether this person is a party, or stands for one."""
        return any(each.person == person for each in self.parties)

    def require_willing(self) -> None:
        """Refuse to go on once a party has clearly refused: then the case can only be terminated."""
        require(self.refused_by is None, A_PARTY_REFUSED, basis=mediation_law("十七"))

    def require_everyone(self, persons: Sequence[UUID] | None, text: str, path: str, basis: str) -> None:
        """Refuse unless these are the parties, all of them."""
        named = set(persons or ())
        require(named == {each.person for each in self.parties}, text, path=(path,), basis=basis)

    def require_mediators(self, persons: Sequence[UUID], records: Records, path: str) -> None:
        """Refuse mediators who are not the body's, or are parties themselves."""
        body = self.own_body(records)
        require(all(map(body.has_mediator, persons)), NOT_ON_ROSTER, path=(path,), basis=mediation_law("十九"))
        require(not any(map(self.is_party, persons)), A_PARTY_HIMSELF, path=(path,), basis=mediation_law("十九"))


def told(remedies: Sequence[Remedy]) -> tuple[Remedy, ...]:
    """The other remedies that the parties were told of.

    Raises GuardFailed when there are none.
    """
    require(bool(remedies), REMEDIES_UNTOLD, path=("remedies",), basis=mediation_law("二十六"))
    return tuple(dict.fromkeys(remedies))


A_PARTY_REFUSED = (
    "当事人已明确拒绝调解，只能终止 | A party has clearly refused mediation; the case can only be terminated"
)
NOT_ON_ROSTER = "调解员须为本组织在册人员 | Mediators must be on the body's roster"
A_PARTY_HIMSELF = "调解员不得为本案当事人 | A mediator cannot be a party to the case"
REMEDIES_UNTOLD = (
    "须告知当事人可依法采取的其他救济途径 | Tell the parties which other remedies they have, and record which"
)
