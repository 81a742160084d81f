"""How does a request become facts in the log: exactly once, on fresh grounds, or not at all?"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple
from uuid import UUID

import msgspec
import psycopg

from service.domain.decision import Decided, Decision, Missing, Request
from service.domain.identifiers import event_id, name_id
from service.domain.record import Envelope, Recorded
from service.domain.refusal import Busy, IdempotencyKeyReused, Refused
from service.ledger.appender import Appender, Earlier, Row
from service.ledger.committer import PATIENCE, Committer
from service.ledger.loader import Loader, unavailable
from service.ledger.mapper import LedgerMapper
from service.ledger.shelf import Shelf
from service.ledger.store import LedgerStore
from service.ledger.turns import Turns
from service.ledger.writer import Submission, Writer
from service.postgres.line import Line

CHINA = timezone(timedelta(hours=8))
"""A date is a calendar day there; there has been no summer time since 1991."""
MAPPER = LedgerMapper()
ENCODE = msgspec.json.Encoder(order="deterministic").encode
ATTEMPTS = 4
RECONNECT_SECONDS = 0.1
Clock = Callable[[], datetime]


class Outcome(NamedTuple):
    """What a request came to: its record's new version, and where its facts stand. A dry run has no positions."""

    record: UUID
    version: int
    positions: tuple[int, ...]

    @property
    def position(self) -> int | None:
        """The position at which all of it can be seen."""
        return max(self.positions, default=None)


class Ready(NamedTuple):
    """A request that was decided and may be committed, and the digest by which it is known again."""

    request: Request
    decided: Decided
    digest: bytes

    @property
    def last(self) -> int:
        """The version that its record will have."""
        return self.decided.reads[self.decided.record] + len(self.decided.facts[self.decided.record])

    def submission(self) -> Submission:
        """What is to be committed. Its events are made in that moment, whose time they carry."""
        request, decided, digest = self

        def events(now: datetime) -> list[Row]:
            return [_row(event) for event in recorded(request, decided, now)]

        first, written = decided.reads[decided.record] + 1, frozenset(decided.facts)
        return Submission(events, decided.reads, written, key_of(request), digest, decided.record, first, self.last)


class Ledger:
    """Executes requests against the log. All of it runs on one event loop; only loading runs in a thread."""

    def __init__(
        self,
        store: LedgerStore,
        clock: Clock = lambda: datetime.now(UTC),
        patience: float = PATIENCE,
    ) -> None:
        self.store, self._clock = store, clock
        self._appender = Appender(Line(store.uri, RECONNECT_SECONDS))
        self._committer = Committer(Writer(self._appender, clock), patience)
        self._turns = Turns(patience)
        self._shelf = Shelf()
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="ledger-reader")
        self._loader = Loader(store, self._readers)

    async def execute(self, request: Request, *, dry_run: bool = False) -> Outcome:
        """Carry out a request, or say why not.

        A request that comes again with its key is answered as it was the first time. Raises a Refused.
        """
        if request.record is None:
            return await self._execute(request, dry_run)
        await self._turns.take(request.record)
        try:
            return await self._execute(request, dry_run)
        finally:
            self._turns.give(request.record)

    async def execute_together(self, requests: Sequence[Request]) -> list[Outcome]:
        """Carry out requests none of which looks at what another one writes: in their order, in one commit.

        All are decided before that. What no longer held then is decided again and follows in a commit of its own; more
        than MOST_AT_ONCE requests take several. Raises a Refused, the first one's if there are several.
        """
        decided = await asyncio.gather(*map(self._decide, requests, map(digest_of, requests)))
        ready = [each for each in decided if isinstance(each, Ready)]
        placed = iter(await self._committer.submit_together([each.submission() for each in ready]))
        return [each if isinstance(each, Outcome) else await self._conclude(each, next(placed)) for each in decided]

    async def close(self) -> None:
        """Commit what waits, then let go of the database."""
        await self._committer.close()
        await self._appender.close()
        self._readers.shutdown()
        self.store.close()

    async def _execute(self, request: Request, dry_run: bool) -> Outcome:
        digest = digest_of(request)
        for _ in range(ATTEMPTS):
            ready = await self._decide(request, digest)
            if isinstance(ready, Outcome):
                return ready
            if dry_run:
                return Outcome(ready.decided.record, ready.last, ())
            outcome = await self._settle(ready, await self._committer.submit(ready.submission()))
            if outcome is not None:
                return outcome
        raise Busy("记录正被频繁修改，请稍后再试 | The record is being changed by many at once; try again in a moment")

    async def _conclude(self, ready: Ready, positions: list[int] | None) -> Outcome:
        """The outcome of what was submitted; decided again if its grounds have shifted."""
        outcome = await self._settle(ready, positions)
        return await self.execute(ready.request) if outcome is None else outcome

    async def _decide(self, request: Request, digest: bytes) -> Ready | Outcome:
        """The decision on what is at hand; a refusal counts once the records it rests on are known to be the last."""
        decision = self._decision(request)
        try:
            return Ready(request, await self._run(decision), digest)
        except Refused:
            earlier, shifted = await self._grounds(request, decision)
            if earlier is not None:
                return _same(earlier, digest)
            if not shifted:
                raise
        self._shelf.drop(shifted)
        return Ready(request, await self._run(self._decision(request)), digest)

    def _decision(self, request: Request) -> Decision:
        return Decision(request, self._shelf.find, self.today)

    @property
    def now(self) -> datetime:
        """The moment by the ledger's clock, in UTC."""
        return self._clock()

    @property
    def today(self) -> date:
        """The calendar day in China."""
        return self.now.astimezone(CHINA).date()

    async def _run(self, decision: Decision) -> Decided:
        """Run a decision until every record it needs is at hand."""
        while True:
            try:
                return decision.run()
            except Missing as missing:
                await self._fetch(missing)
                decision.restart()

    async def _fetch(self, missing: Missing) -> None:
        self._shelf.put(await self._loader.load(missing.kind, missing.id))

    async def _settle(self, ready: Ready, positions: list[int] | None) -> Outcome | None:
        """The outcome, or None when the grounds have shifted and the request must be decided again."""
        request, decided, digest = ready
        if positions is not None:
            self._shelf.keep(decided.changed)
            return Outcome(decided.record, ready.last, tuple(positions[-len(decided.facts[decided.record]) :]))
        earlier = await self._earlier(request, digest)
        if earlier is None:
            self._shelf.drop(decided.reads)
        return earlier

    async def _earlier(self, request: Request, digest: bytes) -> Outcome | None:
        """What the request's key stood for before.

        Raises IdempotencyKeyReused when that was something else.
        """
        found = (await self.earlier([key := key_of(request)])).get(key)
        return None if found is None else _same(found, digest)

    async def earlier(self, keys: Collection[UUID]) -> dict[UUID, Earlier]:
        """What these keys, as the log knows them, were used for before.

        Raises LedgerUnavailable when the database does not answer.
        """
        try:
            return await self._appender.earlier(keys)
        except psycopg.Error as error:
            raise unavailable(error) from error

    async def _grounds(self, request: Request, decision: Decision) -> tuple[Earlier | None, list[UUID]]:
        """What the key of a refused request was used for before, and which records it looked at have moved on."""
        try:
            return await self._appender.grounds(key_of(request), decision.reads)
        except psycopg.Error as error:
            raise unavailable(error) from error


def digest_of(request: Request) -> bytes:
    """What tells one request from another under the same key: everything its sender chose but the key."""
    chosen = (
        request.command.topic, request.record, request.input, request.effective_on,
        request.expected_version, request.reason, request.basis, request.on_behalf_of,
    )  # fmt: skip
    return hashlib.sha256(ENCODE(chosen)).digest()


def key_of(request: Request) -> UUID:
    """The request's key as the log knows it: one account's keys never meet another's."""
    return name_id(f"key/{request.actor.account}/{request.key.hex}")


def recorded(request: Request, decided: Decided, now: datetime) -> list[Recorded]:
    """The decided facts in their envelopes; those of the request's own record last, so that its position covers all."""
    own_last = sorted(decided.facts, key=lambda id: id == decided.record)
    return [
        Recorded(id, version, fact, _envelope(request, decided, now, event_id(id, version)))
        for id in own_last
        for version, fact in enumerate(decided.facts[id], decided.reads[id] + 1)
    ]


def _row(event: Recorded) -> Row:
    return Row(event.originator_id, event.originator_version, event.fact.topic, msgspec.Raw(MAPPER.state(event)))


def _envelope(request: Request, decided: Decided, now: datetime, id: UUID) -> Envelope:
    return Envelope(
        id=id,
        effective_on=decided.on,
        recorded_at=now,
        account=request.actor.account,
        role=decided.grant.role,
        organ=decided.grant.organ,
        division=decided.grant.division,
        place=decided.place,
        on_behalf_of=request.on_behalf_of,
        basis=request.basis or request.command.declaration.basis or None,
        reason=request.reason,
        key=request.key,
        correlation=request.correlation,
        causation=request.causation,
        source=request.source,
        client=request.client,
    )


def _same(earlier: Earlier, digest: bytes) -> Outcome:
    if earlier.digest != digest:
        raise IdempotencyKeyReused(
            "该幂等键已用于另一请求，请换用新的键 | This idempotency key belongs to another request; use a new one",
            path=("idempotencyKey",),
        )
    return Outcome(earlier.record, earlier.last, tuple(earlier.positions))
