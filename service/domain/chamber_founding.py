"""成立 | Which documents and which meeting found a chamber?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from msgspec import Meta

from service.domain.chamber_record import DRAFTING, PREPARERS, STANDING, ChamberRecord, Filing
from service.domain.chamber_terms import ChamberState, CharterMatter, FilingKind
from service.domain.command import command
from service.domain.identifiers import Count, Digest, Line
from service.domain.policy import article, registration_policy
from service.domain.record import Fact, Occasion
from service.domain.refusal import require
from service.domain.roles import Role

ARTICLE_11 = (
    FilingKind.REGISTRATION_APPLICATION,
    FilingKind.SUPERVISOR_APPROVAL,
    FilingKind.CAPITAL_AND_PREMISES,
    FilingKind.INITIATORS_AND_OFFICERS,
    FilingKind.CHARTER_DRAFT,
)
"""The documents of an application for registration."""

ATTACHING = {
    **dict.fromkeys(DRAFTING, (*PREPARERS, Role.COUNTY_FIC)),
    **dict.fromkeys((*STANDING, ChamberState.LIQUIDATING), (Role.CHAMBER_SECRETARIAT, Role.COUNTY_FIC)),
}
"""Who may attach documents: while an office reviews the file, nobody."""

MEETING = (ChamberState.APPROVED_TO_FOUND, ChamberState.RETURNED_BY_REGISTRAR)
Matters = Annotated[list[CharterMatter], Meta(max_length=9)]


class DocumentAttached(Fact):
    """附上文件 | A document was put on file; of a charter, which matters it settles."""

    filing: Filing
    matters: tuple[CharterMatter, ...] = ()

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Keep it with the others; a draft is the charter until the registrar approves a change."""
        record.filings = (*record.filings, self.filing)
        if self.filing.kind is FilingKind.CHARTER_DRAFT:
            record.charter = self.filing.sha256


class FoundingMeetingHeld(Fact):
    """召开成立大会 | The founding meeting adopted the charter and elected the officers."""

    founding_meeting_on: date
    entitled: int
    present: int
    votes_for: int


class Founding(ChamberRecord):
    """The commands that gather what an application needs."""

    @command(by=ATTACHING, basis=article("十一"))
    def attach_document(
        self, kind: FilingKind, title: Line, sha256: Digest, matters: Matters | None = None
    ) -> DocumentAttached:
        """附上文件 | Put a document on file by its digest; of a draft charter, confirm the nine matters it settles."""
        settled = tuple(dict.fromkeys(matters or ()))
        require(kind is FilingKind.CHARTER_DRAFT or not settled, NO_CHARTER, path=("matters",))
        if kind is FilingKind.CHARTER_DRAFT:
            require(self.state in DRAFTING, CHARTER_IN_FORCE, path=("kind",), basis=article("十八"))
            _require_whole(settled)
        return DocumentAttached(Filing(kind, title, sha256), settled)

    @command(by=PREPARERS, when=MEETING, basis=article("十"))
    def hold_founding_meeting(
        self, held_on: date, entitled: Count, present: Count, votes_for: Count, *, on: date
    ) -> FoundingMeetingHeld:
        """召开成立大会 | Record the founding meeting: entitled to vote, present, in favour of charter and officers."""
        require(held_on <= on, LATER_THAN_EFFECT, path=("heldOn",))
        require(votes_for <= present <= entitled, MISCOUNTED, path=("present",))
        policy = registration_policy(held_on)
        quorate = present > 0 and present >= entitled * policy.attendance.value
        require(quorate, NO_QUORUM, path=("present",), basis=policy.attendance.basis)
        agreed = votes_for > present * policy.majority.value
        require(agreed, NO_MAJORITY, path=("votesFor",), basis=policy.majority.basis)
        return FoundingMeetingHeld(held_on, entitled, present, votes_for)


def _require_whole(settled: Sequence[CharterMatter]) -> None:
    missing = [matter for matter in CharterMatter if matter not in settled]
    require(not missing, MATTERS_MISSING, path=("matters",), basis=article("十四"), missing="、".join(missing))


NO_CHARTER = "只有章程草案须确认章程事项 | Only a draft charter settles charter matters"
CHARTER_IN_FORCE = "章程生效后须经变更核准 | A charter in force changes only with the registrar's approval"
MATTERS_MISSING = "章程缺少事项：{missing} | The charter does not settle: {missing}"
LATER_THAN_EFFECT = "会议日期不能晚于生效日期 | The meeting cannot be later than the effective date"
MISCOUNTED = "人数不符：赞成 ≤ 到会 ≤ 应到 | Votes for ≤ present ≤ entitled does not hold"
NO_QUORUM = "到会人数不足 | Too few of those entitled were present"
NO_MAJORITY = "赞成票未过半数 | The motion did not find its majority"
