"""Who was talked to about what, what was demanded by when, and did it help?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from projections.engine.projection import Projection
from projections.engine.row import RecordRow
from projections.engine.table import table
from projections.engine.view import Event, View
from projections.remember import facts_of, remembered
from service.domain.organ_kind import Level
from service.domain.record import Fact
from service.domain.roles import Role
from service.domain.talk import Talk, TalkHeld, TalkOrdered
from service.domain.talk_rule import TalkCause, Talkee, TalkState


@table(
    "talk",
    key=("id",),
    indexes=(
        ("ordered_on", "id"),
        ("division_id", "ordered_on", "id"),
        ("level", "state", "ordered_on", "id"),
        ("state", "ordered_on", "id"),
        ("due_on", "id"),
        ("escalated_from",),
    ),
)
class TalkRow(RecordRow, kw_only=True):
    """A talk as it stands; `due_on` is the day by which what was demanded must be done."""

    division_id: UUID
    level: Level
    talker: Role
    talkee: Talkee
    cause: TalkCause
    demands: tuple[str, ...]
    due_on: date
    state: TalkState
    since: date
    ordered_on: date
    held_on: date | None = None
    minutes: str | None = None
    outcome: str | None = None
    evidence: tuple[str, ...] = ()
    supervision: UUID | None = None
    finding: UUID | None = None
    assessment: UUID | None = None
    escalated_from: UUID | None = None
    next_talk: UUID | None = None
    points: Decimal | None = None


rows = View(TalkRow)


@rows.on(TalkOrdered)
def ordered(_: TalkRow | None, e: Event[TalkOrdered]) -> TalkRow:
    fact, on = e.fact, e.envelope.effective_on
    return TalkRow(
        division_id=fact.division,
        level=fact.level,
        talker=fact.talker,
        talkee=fact.talkee,
        cause=fact.cause,
        demands=fact.demands,
        due_on=fact.due_on,
        state=TalkState.ORDERED,
        since=on,
        ordered_on=on,
        supervision=fact.supervision,
        finding=fact.finding,
        assessment=fact.assessment,
        escalated_from=fact.escalated_from,
    )


@rows.on(TalkHeld)
def held(row: TalkRow, e: Event[TalkHeld]) -> TalkRow:
    return remembered(row, e, held_on=e.envelope.effective_on)


@rows.on(*facts_of(Talk, TalkOrdered, TalkHeld))
def moved(row: TalkRow, e: Event[Fact]) -> TalkRow:
    return remembered(row, e)


talks = Projection("talks", rows)
