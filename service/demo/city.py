"""How is the demonstration city built, whole or from where a build was cut off?

Its past is written under a clock of its own, which no serving process takes; every event of it says DEMO.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from service.demo.assessments import assessments
from service.demo.branches import foundings
from service.demo.cast import journals
from service.demo.divisions import BEGINNING, history
from service.demo.firms import enterprises
from service.demo.giving import gifts
from service.demo.honours import honours
from service.demo.issues import issues
from service.demo.journal import Journal
from service.demo.mediation import mediation
from service.demo.outreach import activities
from service.demo.regulations import documents
from service.demo.schedule import Wave, waves
from service.demo.schemes import schemes
from service.demo.supervising import rounds
from service.demo.talks import talks
from service.domain.decision import Request
from service.domain.record import Recorded
from service.domain.refusal import GuardFailed, IdempotencyKeyReused
from service.ledger.appender import Earlier
from service.ledger.ledger import Ledger, digest_of, key_of

Report = Callable[[int, int], None]
"""Told how many requests are done, of how many."""
STORIES: Sequence[Callable[[], Iterable[Journal]]] = (
    journals,
    schemes,
    assessments,
    rounds,
    talks,
    issues,
    documents,
    activities,
    enterprises,
    mediation,
    foundings,
    gifts,
    honours,
)
"""Whose journals make up the city. What one looks at must have been recorded, so earlier days come first."""
OTHER_CITY = (
    "此处的示范城市由另一版本建成，请使用新的数据文件夹"
    " | The demonstration here was built by another release; use a new data folder"
)
TOO_LATE = (
    "日志中已有更晚的记录，示范城市无法在此建成，请使用新的数据文件夹"
    " | The log holds later records, so that the demonstration cannot be built here; use a new data folder"
)


class DemoClock:
    """The time of the demonstration: it stands still until the story moves it."""

    def __init__(self) -> None:
        self.moment = datetime.combine(BEGINNING, time(), UTC)

    def __call__(self) -> datetime:
        """The moment the story is at."""
        return self.moment


def schedule() -> list[Wave]:
    """All that happens, in the order in which it is recorded."""
    return waves([*history(), *(step for story in STORIES for journal in story() for step in journal.steps)])


async def build(
    ledger: Ledger, clock: DemoClock, todo: Sequence[Wave], report: Report = lambda _done, _total: None
) -> None:
    """Bring what is scheduled into the ledger, which must have been opened with this clock, unless it is there already.

    Raises IdempotencyKeyReused when another release built it, GuardFailed when the log already holds something later,
    LedgerUnavailable when the database goes: then the same call, on a new ledger, goes on from there.
    """
    pending = await _pending(ledger, todo)
    total = sum(len(wave.requests) for wave in todo)
    done = total - sum(len(wave.requests) for wave in pending)
    for wave in pending:
        clock.moment = wave.moment
        await ledger.execute_together(wave.requests)
        done += len(wave.requests)
        report(done, total)


async def _pending(ledger: Ledger, todo: Sequence[Wave]) -> list[Wave]:
    """What the log does not have yet."""
    keys = {key_of(request): request for wave in todo for request in wave.requests}
    recorded = await ledger.earlier(keys)
    _require_same(keys, recorded)
    left = (Wave(wave.moment, [each for each in wave.requests if key_of(each) not in recorded]) for wave in todo)
    pending = [wave for wave in left if wave.requests]
    last = await asyncio.to_thread(_last, ledger)
    if pending and last is not None and last.envelope.recorded_at >= pending[0].moment:
        raise GuardFailed(TOO_LATE)
    return pending


def _require_same(keys: Mapping[UUID, Request], recorded: Mapping[UUID, Earlier]) -> None:
    if any(earlier.digest != digest_of(keys[key]) for key, earlier in recorded.items()):
        raise IdempotencyKeyReused(OTHER_CITY)


def _last(ledger: Ledger) -> Recorded | None:
    """The event that was recorded last."""
    recorder = ledger.store.commands
    head = recorder.max_notification_id()
    for notification in recorder.select_notifications(head, limit=1):
        event = ledger.store.mapper.to_domain_event(notification)
        assert isinstance(event, Recorded)
        return event
    return None
