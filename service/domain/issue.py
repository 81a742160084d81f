"""问题 | What may be done about a blocker of registration, or about what an enterprise asks for?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from service.domain.campaign import Campaign
from service.domain.chamber import Chamber
from service.domain.claim import Records
from service.domain.command import NEW, command
from service.domain.deadline import ISSUE_HANDLING
from service.domain.division import Divisions
from service.domain.document import document_in_force
from service.domain.identifiers import ChamberId, DivisionCode, DocumentId, Line, Paragraph, UsccText
from service.domain.issue_line import both_lines, level_of, seat, unit_of
from service.domain.issue_record import (
    IssueAssigned,
    IssueClosed,
    IssueCommented,
    IssueDeclined,
    IssueEscalated,
    IssueRaised,
    IssueRecord,
    IssueReopened,
    IssueSolved,
    IssueTransferred,
    PolicyLinked,
)
from service.domain.issue_terms import CAUSES, IssueCause, IssueKind, IssueState, SolvingChannel
from service.domain.organ_kind import ORGANS, Level, OrganKind
from service.domain.record import Movement
from service.domain.refusal import NotFound, OutOfScope, require
from service.domain.roles import Grant, Role
from service.domain.uscc import credit_code

Satisfaction = Annotated[int, Meta(ge=1, le=5)]
FEDERATION = (Role.COUNTY_FIC, Role.CITY_FIC, Role.TOWNSHIP_UF_COMMISSIONER)
"""The federation's line: in a township the united-front commissioner stands for it."""
HOLDERS = (*FEDERATION, Role.REGISTRAR)
"""Who acts for the organ that has an issue in hand; for organs without an account the federation records it."""
RAISERS = (Role.CHAMBER_SECRETARIAT, *FEDERATION)
LINE = "商会登记堵点问题逐级沟通联动机制"


class Issue(IssueRecord, name="issue", movement=Movement.SERVE):
    """问题（堵点、诉求） | Something that blocks a registration, or that an enterprise asks for."""

    @command(by=RAISERS, when=NEW)
    def raise_issue(
        self,
        division: DivisionCode,
        kind: IssueKind,
        cause: IssueCause,
        title: Line,
        description: Paragraph,
        campaign: Campaign | None = None,
        chamber: ChamberId | None = None,
        uscc: UsccText | None = None,
        *,
        divisions: Divisions,
        records: Records,
    ) -> IssueRaised:
        """提出问题 | Raise an issue where it arose; `uscc` is the enterprise that it concerns."""
        place = divisions.open(division, "division")
        require(cause in CAUSES[kind], CAUSE_UNFIT, path=("cause",))
        if chamber is not None:
            _require_here(records.get(Chamber, chamber), place.id)
        code, unit = credit_code(uscc) if uscc else None, unit_of(place, divisions)
        return IssueRaised(kind, level_of(place), place.id, unit, title, description, cause, campaign, chamber, code)

    @command(by=FEDERATION, when=IssueState.RAISED, basis=LINE)
    def assign(
        self,
        organ: OrganKind,
        level: Level | None = None,
        due_on: date | None = None,
        *,
        divisions: Divisions,
        grant: Grant,
        on: date,
    ) -> IssueAssigned:
        """交办问题 | Give the issue to an organ, by a day; a blocker to one of the level it was raised at."""
        at = level or self.at
        blocks = self.kind is IssueKind.REGISTRATION_BLOCKER
        require(at is self.at or not blocks, NO_JUMP, path=("level",))
        holder = self._seat(at, divisions)
        _require_reach(grant, self._seat(self.at, divisions), divisions)
        _require_organ(organ, at)
        return IssueAssigned(self.sort, at, organ, holder, _due(due_on, on), both_lines(at, holder, self.told))

    @command(by=FEDERATION, when=IssueState.RAISED, reason=True)
    def decline(self, *, divisions: Divisions, grant: Grant) -> IssueDeclined:
        """不予受理 | Decline the issue, saying why."""
        self._require_holder(grant, divisions)
        return IssueDeclined(self.sort)

    @command(by=HOLDERS, when=IssueState.ASSIGNED, basis=LINE)
    def transfer(
        self, organ: OrganKind, due_on: date | None = None, *, divisions: Divisions, grant: Grant, on: date
    ) -> IssueTransferred:
        """转办问题 | Hand the issue on to another organ of the same level."""
        self._require_holder(grant, divisions)
        require(organ is not self.organ, HELD_ALREADY, path=("organ",))
        _require_organ(organ, self.at)
        return IssueTransferred(self.sort, organ, _due(due_on, on))

    @command(by=(*HOLDERS, Role.TIMER), when=IssueState.ASSIGNED, basis=LINE)
    def escalate(
        self,
        level: Level | None = None,
        organ: OrganKind | None = None,
        due_on: date | None = None,
        *,
        divisions: Divisions,
        grant: Grant,
        on: date,
    ) -> IssueEscalated:
        """逐级上报 | Take the issue one level up, to the same organ there unless another is named."""
        assert self.organ is not None, "an issue in hand is in an organ's"
        self._require_holder(grant, divisions)
        above = self.at.above
        require(above is not None, NOTHING_ABOVE, path=("level",))
        assert above is not None, "or it was refused"
        require(level in (None, above), NO_JUMP, path=("level",))
        taking = organ or (self.organ if self.organ in ORGANS[above] else OrganKind.FIC)
        _require_organ(taking, above)
        holder = self._seat(above, divisions)
        return IssueEscalated(self.sort, above, taking, holder, _due(due_on, on), both_lines(above, holder, self.told))

    @command(by=HOLDERS, when=(IssueState.RAISED, IssueState.ASSIGNED))
    def solve(
        self,
        result: Paragraph,
        channel: SolvingChannel,
        on_site: bool = False,
        *,
        divisions: Divisions,
        grant: Grant,
    ) -> IssueSolved:
        """解决问题 | Record how the issue was solved; one that nobody was given only if it was solved on site."""
        self._require_holder(grant, divisions)
        require(not on_site or channel is SolvingChannel.OFFLINE, ON_SITE_IS_OFFLINE, path=("channel",))
        require(on_site or self.state is not IssueState.RAISED, NOBODY_HAS_IT, path=("onSite",))
        return IssueSolved(self.sort, result, channel, on_site)

    @command(by=RAISERS, when=IssueState.SOLVED, reason=True)
    def reopen(self, due_on: date | None = None, *, divisions: Divisions, account: str, on: date) -> IssueReopened:
        """重新办理 | Say, having raised the issue, that it is not solved: who had it in hand has it again."""
        self._require_raiser(account)
        holder = self.held_in or self._seat(self.at, divisions)
        return IssueReopened(self.sort, self.organ or OrganKind.FIC, holder, _due(due_on, on))

    @command(by=RAISERS, when=IssueState.SOLVED, unlike="issue_solved")
    def confirm_solved(self, satisfaction: Satisfaction, *, account: str) -> IssueClosed:
        """确认办结 | Confirm, having raised the issue, that it is solved, and how satisfied one is."""
        self._require_raiser(account)
        return IssueClosed(self.sort, satisfaction)

    @command(
        by=(*RAISERS, Role.REGISTRAR),
        when=(IssueState.RAISED, IssueState.ASSIGNED, IssueState.SOLVED),
    )
    def comment(self, text: Paragraph) -> IssueCommented:
        """留言 | Say something of the issue."""
        return IssueCommented(self.sort, text)

    @command(by=FEDERATION, when=(IssueState.ASSIGNED, IssueState.SOLVED, IssueState.CLOSED))
    def link_policy(self, document: DocumentId, *, records: Records) -> PolicyLinked:
        """关联政策 | Link a document in force that answers the issue."""
        document_in_force(records, document, "document")
        require(document not in self.policies, LINKED_ALREADY, path=("document",))
        return PolicyLinked(self.sort, document)

    def _seat(self, level: Level, divisions: Divisions) -> UUID:
        assert self.division is not None, "an issue is raised somewhere"
        return seat(level, divisions.get(self.division), divisions).id

    def _require_holder(self, grant: Grant, divisions: Divisions) -> None:
        """What an issue has left below is no longer the business of those there."""
        _require_reach(grant, self.held_in or self._seat(self.at, divisions), divisions)

    def _require_raiser(self, account: str) -> None:
        if self.doers.get(IssueRaised.topic) != account:
            raise OutOfScope(NOT_THE_RAISER)


def _require_here(chamber: Chamber, place: UUID) -> None:
    if not chamber.exists:
        raise NotFound("没有该商会 | There is no such chamber", path=("chamber",))
    require(chamber.place == place, CHAMBER_ELSEWHERE, path=("chamber",))


def _require_reach(grant: Grant, holder: UUID, divisions: Divisions) -> None:
    codes = {code for each in divisions.chain(divisions.get(holder)) for code in each.codes}
    if grant.division is not None and grant.division not in codes:
        raise OutOfScope(HELD_ABOVE, basis=LINE)


def _require_organ(organ: OrganKind, level: Level) -> None:
    require(organ in ORGANS[level], NO_SUCH_ORGAN, path=("organ",), organ=organ, level=level)


def _due(due_on: date | None, on: date) -> date:
    """The day given, which is not past, or the one that the rule gives."""
    require(due_on is None or due_on >= on, DUE_BEFORE, path=("dueOn",))
    return due_on or ISSUE_HANDLING.due(on)


CAUSE_UNFIT = "成因与问题类别不符 | The cause does not fit the kind of issue"
CHAMBER_ELSEWHERE = "该商会不在提出地 | That chamber is of another place"
NO_JUMP = "只能逐级上报：乡镇、县区、市 | One level at a time: township, county, city"
NOTHING_ABOVE = "已在市级，无上一级可报 | The issue is at the city: there is no level above it"
NO_SUCH_ORGAN = "{level} 一级没有 {organ} | There is no {organ} at the level {level}"
HELD_ALREADY = "该机构正在办理 | That organ has the issue in hand"
HELD_ABOVE = "问题由上级机构办理 | The issue is in the hands of an organ above"
ON_SITE_IS_OFFLINE = "现场解决属线下，渠道须为 OFFLINE | Solved on site is offline: give the channel OFFLINE"
NOBODY_HAS_IT = "尚未交办的问题只能现场解决，请先交办 | Assign it first: what nobody was given is solved on site only"
DUE_BEFORE = "办理期限不能早于生效日期 | The issue cannot be due before the effective date"
NOT_THE_RAISER = "只能由提出人办理 | Only whoever raised the issue may do this"
LINKED_ALREADY = "已关联该文件 | That document is linked already"
