"""约谈 | Who was called to account for slow progress, what was demanded by when, and did it help?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from service.domain.claim import Records
from service.domain.command import NEW, Command, command
from service.domain.deadline import IMPROVEMENT, Due
from service.domain.division import Division, Divisions
from service.domain.identifiers import Digest, DivisionCode, Line, Paragraph
from service.domain.organ_kind import Level
from service.domain.policy import TALK_MECHANISM
from service.domain.record import Fact, Movement, Record, leads_to
from service.domain.refusal import NotFound, require
from service.domain.roles import Actor, Role
from service.domain.supervision_findings import FindingId
from service.domain.talk_grounds import AssessmentId, require_assessment, require_finding
from service.domain.talk_rule import JUDGES, TALKERS, TalkCause, Talkee, TalkRule, TalkState, roles_at, rule_for

Demands = Annotated[list[Line], Meta(min_length=1, max_length=20)]
Evidence = Annotated[list[Digest], Meta(min_length=1, max_length=20)]
Points = Annotated[Decimal, Meta(extra={"scalar": "Decimal"})]
"""Points off an assessment; it takes them into its own account when it is scored."""
SupervisionId = Annotated[UUID, Meta(extra={"ref": "Supervision"})]
TalkId = Annotated[UUID, Meta(extra={"ref": "Talk"})]


@leads_to(TalkState.ORDERED)
class TalkOrdered(Fact):
    """决定约谈 | A talk was ordered: with whom, why, and what will be demanded by when."""

    division: UUID
    level: Level
    talker: Role
    talkee: Talkee
    cause: TalkCause
    demands: tuple[str, ...]
    due_on: date
    supervision: UUID | None = None
    finding: UUID | None = None
    assessment: UUID | None = None
    escalated_from: UUID | None = None


@leads_to(TalkState.HELD)
class TalkHeld(Fact):
    """进行约谈 | The talk was held; `minutes` is the SHA-256 of what was written down."""

    minutes: str
    demands: tuple[str, ...]
    due_on: date


@leads_to(TalkState.CANCELLED)
class TalkCancelled(Fact):
    """取消约谈 | The talk was called off."""


@leads_to(TalkState.IMPROVED)
class ImprovementConfirmed(Fact):
    """确认整改到位 | What was demanded was done; `evidence` are the SHA-256 of what proves it."""

    outcome: str
    evidence: tuple[str, ...]


@leads_to(TalkState.NOT_IMPROVED)
class NoImprovementRecorded(Fact):
    """记录整改不力 | It did not help: the next talk was ordered, or an assessment is to deduct these points."""

    outcome: str
    next_talk: UUID | None = None
    assessment: UUID | None = None
    points: Decimal | None = None


class Talk(Record, name="talk", movement=Movement.COORDINATE):
    """约谈 | An admonitory talk with those who answer for the building of chambers in a county or a township."""

    state: TalkState | None = None
    division: UUID | None = None
    level: Level | None = None
    talker: Role | None = None
    talkee: Talkee | None = None
    cause: TalkCause | None = None
    demands: tuple[str, ...] = ()
    due_on: date | None = None
    supervision: UUID | None = None
    finding: UUID | None = None
    assessment: UUID | None = None
    escalated_from: UUID | None = None
    minutes: str = ""
    outcome: str = ""
    evidence: tuple[str, ...] = ()
    next_talk: UUID | None = None
    points: Decimal | None = None

    @classmethod
    def entitled(cls, command: Command, stage: StrEnum | None, known: Any) -> tuple[Role, ...]:
        """Of the declared roles those that the rule names at the talk's level."""
        at_this_level = roles_at(known.level)
        return tuple(role for role in command.roles(stage) if role in at_this_level)

    def deadlines(self) -> Iterator[Due]:
        """By when what was demanded must be done."""
        if self.state is TalkState.HELD and self.due_on:
            yield Due(IMPROVEMENT, self.due_on)

    @command(by=TALKERS, when=NEW, basis=TALK_MECHANISM)
    def order(
        self,
        subject: DivisionCode,
        cause: TalkCause,
        demands: Demands,
        due_on: date,
        supervision: SupervisionId | None = None,
        finding: FindingId | None = None,
        assessment: AssessmentId | None = None,
        escalated_from: TalkId | None = None,
        *,
        actor: Actor,
        divisions: Divisions,
        records: Records,
        on: date,
    ) -> TalkOrdered:
        """决定约谈 | Order a talk about a county or a township; the rules say who talks to whom."""
        about = divisions.open(subject, "subject")
        rule = _rule(about, actor)
        require(due_on >= on, DUE_IN_THE_PAST, path=("dueOn",))
        if cause is TalkCause.FINDING or finding is not None:
            require_finding(supervision, finding, about, divisions, records)
        if cause is TalkCause.ASSESSMENT or assessment is not None:
            require_assessment(assessment, about, divisions, records)
        if escalated_from is not None:
            _require_earlier(escalated_from, about, records)
        return TalkOrdered(
            division=about.id,
            level=rule.level,
            talker=rule.talker,
            talkee=rule.talkee,
            cause=cause,
            demands=tuple(demands),
            due_on=due_on,
            supervision=supervision,
            finding=finding,
            assessment=assessment,
            escalated_from=escalated_from,
        )

    @command(by=TALKERS, when=TalkState.ORDERED, basis=TALK_MECHANISM)
    def hold_talk(
        self, minutes: Digest, demands: Demands | None = None, due_on: date | None = None, *, on: date
    ) -> TalkHeld:
        """进行约谈 | Hold the talk: its minutes, and what is demanded by when, unless that stays as it was ordered."""
        due = due_on or self.due_on
        assert due is not None, "a talk is ordered with its term"
        require(due >= on, DUE_IN_THE_PAST, path=("dueOn",))
        return TalkHeld(minutes, tuple(demands or self.demands), due)

    @command(by=TALKERS, when=TalkState.ORDERED, basis=TALK_MECHANISM, reason=True)
    def cancel_talk(self) -> TalkCancelled:
        """取消约谈 | Call the talk off; the office that ordered it may."""
        return TalkCancelled()

    @command(by=JUDGES, when=TalkState.HELD, basis=TALK_MECHANISM)
    def confirm_improvement(self, outcome: Paragraph, evidence: Evidence) -> ImprovementConfirmed:
        """确认整改到位 | Confirm, with evidence, that what was demanded is done."""
        return ImprovementConfirmed(outcome, tuple(evidence))

    @command(by=JUDGES, when=TalkState.HELD, basis=TALK_MECHANISM)
    def record_no_improvement(
        self,
        outcome: Paragraph,
        next_talk: TalkId | None = None,
        assessment: AssessmentId | None = None,
        points: Points | None = None,
        *,
        divisions: Divisions,
        records: Records,
    ) -> NoImprovementRecorded:
        """记录整改不力 | Record that it did not help, and what follows: the next talk, or points off an assessment."""
        require(next_talk is not None or points is not None, NOTHING_FOLLOWS, path=("nextTalk",))
        if next_talk is not None:
            self._require_next(next_talk, records)
        if points is not None or assessment is not None:
            require(points is not None and points > 0, NO_POINTS, path=("points",))
            require_assessment(assessment, self._about(divisions), divisions, records)
        return NoImprovementRecorded(outcome, next_talk, assessment, points)

    def _about(self, divisions: Divisions) -> Division:
        assert self.division is not None, "a talk is ordered about a place"
        return divisions.get(self.division)

    def _require_next(self, id: UUID, records: Records) -> None:
        following = _found(id, "nextTalk", records)
        require(following.escalated_from == self.id, NOT_ITS_NEXT, path=("nextTalk",))


def _rule(about: Division, actor: Actor) -> TalkRule:
    """The rule for a place, by which whoever talks at another level is refused; others are out of scope anyway."""
    rule = rule_for(about.kind)
    require(rule is not None, NO_RULE, path=("subject",), name=about.name)
    assert rule is not None, "or it would have been refused"
    elsewhere = actor.holds(*TALKERS) and not actor.holds(rule.talker)
    require(not elsewhere, ANOTHER_TALKS, path=("subject",), name=about.name, talker=rule.talker)
    return rule


def _require_earlier(id: UUID, about: Division, records: Records) -> None:
    """Refuse to follow up a talk that was about another place, was never held, or has helped."""
    earlier = _found(id, "escalatedFrom", records)
    require(earlier.division == about.id, ABOUT_ANOTHER, path=("escalatedFrom",))
    open = earlier.state in (TalkState.HELD, TalkState.NOT_IMPROVED)
    require(open, NOTHING_TO_ESCALATE, path=("escalatedFrom",))


def _found(id: UUID, path: str, records: Records) -> Talk:
    talk = records.get(Talk, id)
    if not talk.exists:
        raise NotFound("没有该约谈 | There is no such talk", path=(path,))
    return talk


NO_RULE = "{name}不在约谈范围：只约谈县区和乡镇（街道） | {name} is not talked to: only counties and townships are"
ANOTHER_TALKS = "{name}应由 {talker} 约谈 | It is for {talker} to talk about {name}"
DUE_IN_THE_PAST = "整改期限不能早于今天 | The day by which it is to be done cannot be past"
ABOUT_ANOTHER = "前一次约谈的对象不同 | The earlier talk was about another place"
NOTHING_TO_ESCALATE = "前一次约谈尚未进行或已见成效 | The earlier talk was not held yet, or has helped"
NOTHING_FOLLOWS = (
    "请指明后续约谈（须先行决定）或考核扣分 | Name the next talk, ordered first, or points off an assessment"
)
NO_POINTS = "扣分须大于零 | The points deducted must be more than zero"
NOT_ITS_NEXT = "该约谈不是本次约谈的后续 | That talk was not ordered as the next one after this"
