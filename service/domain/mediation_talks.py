"""调解过程 | How is a case mediated: rights explained, mediators assigned, sessions held, risks reported?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from service.domain.claim import Records
from service.domain.command import command
from service.domain.identifiers import Digest, Line, Paragraph
from service.domain.mediation_record import (
    HANDLERS,
    UNDER_WAY,
    CaseEvidence,
    CaseRecord,
    MediationRisk,
    Persons,
)
from service.domain.mediation_terms import MediationCaseState, Openness, RiskKind, SessionMode
from service.domain.policy import mediation_law, mediation_rules
from service.domain.record import Fact, Occasion, leads_to
from service.domain.refusal import require
from service.domain.roles import Role

HAPPENING = (MediationCaseState.APPLIED, *UNDER_WAY)


class RightsExplained(Fact):
    """告知权利义务 | The parties were told what mediation is and which rights they have, and chose who may attend."""

    openness: Openness

    def apply(self, record: CaseRecord, occasion: Occasion, /) -> None:
        """Remember when."""
        record.rights_explained_on = occasion.effective_on


@leads_to(MediationCaseState.IN_MEDIATION)
class MediatorsAssigned(Fact):
    """确定调解员 | Mediators were appointed by the director, or chosen by the parties."""

    mediators: tuple[UUID, ...]
    chosen_by_parties: bool


class MediatorReplaced(Fact):
    """更换调解员 | Another mediator took over."""

    left: UUID
    joined: UUID

    def apply(self, record: CaseRecord, _: Occasion, /) -> None:
        """The one takes the other's place."""
        record.mediators = tuple(self.joined if each == self.left else each for each in record.mediators)


@leads_to(MediationCaseState.IN_MEDIATION)
class SessionHeld(Fact):
    """召开调解会 | The mediators met the parties; the body's chamber goes with it, whose people may read of it."""

    session: int
    held_on: date
    mode: SessionMode
    attendees: tuple[UUID, ...]
    summary: str
    chamber: UUID

    def apply(self, record: CaseRecord, _: Occasion, /) -> None:
        """Count it."""
        record.sessions = self.session


@leads_to(MediationCaseState.IN_MEDIATION)
class TermExtended(Fact):
    """延长调解期限 | The parties agreed to go on for longer."""

    conclude_by: date


class RiskReported(Fact):
    """报告激化风险 | That the dispute may turn into a public-security or criminal case was reported."""

    risk: MediationRisk

    def apply(self, record: CaseRecord, _: Occasion, /) -> None:
        """Keep it with the others."""
        record.risks = (*record.risks, self.risk)


class EvidenceAttached(Fact):
    """附上材料 | A piece of evidence was put on file."""

    piece: CaseEvidence

    def apply(self, record: CaseRecord, _: Occasion, /) -> None:
        """Keep it with the others."""
        record.evidence = (*record.evidence, self.piece)


class Talks(CaseRecord):
    """The commands between acceptance and outcome."""

    @command(by=HANDLERS, when=MediationCaseState.ACCEPTED, basis=mediation_rules("三十"))
    def explain_rights(self, openness: Openness) -> RightsExplained:
        """告知权利义务 | Tell the parties what mediation is and their rights; they choose open or closed sessions."""
        self.require_willing()
        return RightsExplained(openness)

    @command(by=HANDLERS, when=MediationCaseState.ACCEPTED, basis=mediation_law("十九"))
    def assign_mediators(
        self, mediators: Persons, chosen_by_parties: bool = False, *, records: Records
    ) -> MediatorsAssigned:
        """确定调解员 | Appoint mediators of the roster, or record whom the parties chose."""
        self.require_willing()
        require(self.rights_explained_on is not None, RIGHTS_UNTOLD, basis=mediation_rules("三十"))
        self.require_mediators(mediators, records, "mediators")
        return MediatorsAssigned(tuple(dict.fromkeys(mediators)), chosen_by_parties)

    @command(by=HANDLERS, when=MediationCaseState.IN_MEDIATION, basis=mediation_law("十九"), reason=True)
    def replace_mediator(self, left: UUID, joined: UUID, *, records: Records) -> MediatorReplaced:
        """更换调解员 | Let another mediator of the roster take over."""
        self.require_willing()
        require(left in self.mediators and joined not in self.mediators, NOT_ASSIGNED, path=("left",))
        self.require_mediators([joined], records, "joined")
        return MediatorReplaced(left, joined)

    @command(by=Role.MEDIATOR, when=MediationCaseState.IN_MEDIATION, basis=mediation_law("二十三"))
    def hold_session(
        self, held_on: date, mode: SessionMode, attendees: Persons, summary: Paragraph, *, on: date
    ) -> SessionHeld:
        """召开调解会 | Record a session: its day, how it was held, which parties attended, what was said."""
        self.require_willing()
        require(held_on <= on, HELD_LATER, path=("heldOn",))
        require(self.applied_on is not None and held_on >= self.applied_on, HELD_EARLIER, path=("heldOn",))
        require(all(map(self.is_party, attendees)), STRANGERS, path=("attendees",))
        return SessionHeld(self.sessions + 1, held_on, mode, tuple(attendees), summary, self.belongs_to)

    @command(by=HANDLERS, when=MediationCaseState.IN_MEDIATION, basis=mediation_rules("三十三"))
    def extend(self, until: date, consented: Persons) -> TermExtended:
        """延长调解期限 | Go on for longer than a month, with the consent of all parties."""
        self.require_willing()
        self.require_everyone(consented, ALL_CONSENT, "consented", mediation_rules("三十三"))
        require(self.conclude_by is not None and until > self.conclude_by, NO_LONGER, path=("until",))
        return TermExtended(until)

    @command(by=HANDLERS, when=HAPPENING, basis=mediation_law("二十五"))
    def report_risk(self, kind: RiskKind, reported_to: Line) -> RiskReported:
        """报告激化风险 | Report that the dispute may turn into a public-security or criminal case."""
        return RiskReported(MediationRisk(kind, reported_to))

    @command(by=HANDLERS, when=HAPPENING, basis=mediation_law("二十七"))
    def attach_evidence(self, title: Line, sha256: Digest, party: UUID | None = None) -> EvidenceAttached:
        """附上材料 | Put a piece of evidence on file by its digest, and say which party gave it."""
        require(party is None or self.is_party(party), STRANGERS, path=("party",))
        return EvidenceAttached(CaseEvidence(title, sha256, party))


RIGHTS_UNTOLD = (
    "须先告知当事人调解的性质和权利义务 | First tell the parties what mediation is and which rights they have"
)
NOT_ASSIGNED = "须由未参与本案者接替本案调解员 | Name a mediator of this case, and one who is not yet"
HELD_LATER = "会议日期不能晚于生效日期 | The session cannot be later than the effective date"
HELD_EARLIER = "会议日期不能早于申请日期 | The session cannot be earlier than the application"
STRANGERS = "须为本案当事人 | Name parties to the case only"
ALL_CONSENT = "延长期限须各方当事人同意 | Going on for longer takes the consent of all parties"
NO_LONGER = "新期限须晚于原期限 | The new term must end later than the old one"
