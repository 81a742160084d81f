"""What does a request decide, having looked at which records, and which facts does it add?

A decision is pure: it asks for records through a lookup, and when one is not at hand it stops with Missing, to be run
again when it is. What it read, with the version it read, is part of its result: the ledger commits the facts only if
every record read is still at that version, so a guard can never have looked at yesterday's state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

import msgspec

from service.domain.admission import admit, grant_for
from service.domain.claim import Claims, Records
from service.domain.command import NEW, Command
from service.domain.division import Divisions
from service.domain.identifiers import name_id
from service.domain.record import Fact, Record, Source, whole_of
from service.domain.refusal import Duplicate, InvalidInput, NotFound, Refused, VersionConflict, require
from service.domain.roles import Actor, Grant

R = TypeVar("R", bound=Record)
Lookup = Callable[[type[Record], UUID], Record | None]
NOT_OVERDUE = "该事项已办理或尚未逾期 | It has been done, or is not overdue any more"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One command as somebody asks for it."""

    command: Command
    actor: Actor
    key: UUID
    source: Source
    record: UUID | None = None
    input: Mapping[str, Any] = msgspec.field(default_factory=dict)
    effective_on: date | None = None
    expected_version: int | None = None
    reason: str | None = None
    basis: str | None = None
    on_behalf_of: str | None = None
    correlation: UUID | None = None
    causation: UUID | None = None
    client: str | None = None


class Missing(Exception):
    """A record the decision needs is not at hand."""

    def __init__(self, kind: type[Record], id: UUID) -> None:
        super().__init__(kind.type_name, id)
        self.kind, self.id = kind, id


class Now(NamedTuple):
    """The occasion of the facts being decided."""

    effective_on: date
    account: str


class Decision:
    """One run of a request's command; the ports of its method look at records through it."""

    def __init__(self, request: Request, lookup: Lookup, today: date) -> None:
        self.request, self.today = request, today
        self.on = request.effective_on or today
        self.occasion = Now(self.on, request.actor.account)
        self.claims = Claims(self)
        self.divisions = Divisions(self, self.claims)
        self._lookup = lookup
        self._granted: Grant | None = None
        self.restart()

    def restart(self) -> None:
        """Forget what an unfinished run has read and added."""
        self.reads: dict[UUID, int] = {}
        self.added: dict[UUID, list[Fact]] = {}
        self._records: dict[UUID, Record] = {}

    def get(self, kind: type[R], id: UUID) -> R:
        """The record as it stands in this decision, blank when it does not exist.

        `kind` may also be what the record's class is built on.

        Raises Missing when it is not at hand.
        """
        record = self._records.get(id)
        if record is None:
            whole = whole_of(kind)
            found = self._lookup(whole, id)
            if found is None:
                raise Missing(whole, id)
            record = self._records[id] = found.fork()
            self.reads[id] = found.version
        return cast(R, record)

    def add(self, record: Record, fact: Fact) -> None:
        """Note a fact and let the record know it, so that later guards of this decision see it."""
        self.added.setdefault(record.id, []).append(fact)
        record.learn(fact, record.version + 1, self.occasion)

    def run(self) -> Decided:
        """Decide.

        Raises a Refused, or Missing when a record is not at hand.
        """
        command = self.request.command
        arguments = command.bind(self.request.input)
        record = self._target(arguments)
        stage = record.stage(command, arguments)
        if command.creates:
            self._decide(record, arguments)
            grant = self._grant(record, stage, arguments)
        else:
            grant = self._granted = self._grant(record, stage, arguments)
            self._check_version(record)
            self._check_overdue(record, arguments)
            admit(command, record, stage, self.request.actor, self.request.reason, arguments)
            self._decide(record, arguments)
        changed = [self._records[id] for id in self.added]
        return Decided(record.id, self.on, grant, record.place_of(command, arguments), self.reads, self.added, changed)

    def _target(self, arguments: dict[str, Any]) -> Record:
        request, kind = self.request, self.request.command.record
        self._check_dates()
        id = request.record
        if request.command.creates:
            id = kind.identify(arguments, self.claims, self.divisions) or name_id(str(request.key))
        if id is None:
            raise InvalidInput("须指明记录 | The record must be named", path=("id",))
        record: Record = self.get(kind, id)
        self._check_presence(record)
        return record

    def _check_dates(self) -> None:
        if self.on > self.today:
            raise InvalidInput(
                "生效日期不能晚于今天 {today} | effectiveOn cannot be after today, {today}",
                path=("effectiveOn",),
                today=self.today,
            )

    def _check_presence(self, record: Record) -> None:
        creates = self.request.command.creates
        if creates and record.exists:
            raise Duplicate("该记录已存在 | The record exists already")
        if not creates and not record.exists:
            raise NotFound("没有这条记录 | There is no such record", path=("id",))

    def _check_version(self, record: Record) -> None:
        expected = self.request.expected_version
        if expected is not None and expected != record.version:
            raise VersionConflict(record.id, expected, record.version)

    def _check_overdue(self, record: Record, arguments: dict[str, Any]) -> None:
        """The timer does only what is overdue as the record stands, whatever it has read elsewhere."""
        if self.request.source is Source.TIMER:
            told, named = self.request.command.name, {str(value) for value in arguments.values()}
            open_still = (due for due in record.deadlines() if due.command == told and due.part in {"", *named})
            require(any(due.overdue(self.today) for due in open_still), NOT_OVERDUE)

    def _grant(self, record: Record, stage: Any, arguments: Mapping[str, Any]) -> Grant:
        command, actor = self.request.command, self.request.actor
        place = record.place_of(command, arguments)
        codes = {code for each in self.divisions.above(place) for code in each.codes}
        return grant_for(command, stage, actor, record.belongs_to, codes, record)

    def _decide(self, record: Record, arguments: dict[str, Any]) -> None:
        command = self.request.command
        if command.creates:
            admit(command, record, NEW, self.request.actor, self.request.reason, arguments)
        ports = {name: getattr(self, name) for name in command.ports}
        try:
            result = command.method(record, **arguments, **ports)
        except Refused as refusal:
            refusal.basis = refusal.basis or command.declaration.basis or None
            raise
        for fact in result if isinstance(result, tuple) else (result,):
            self.add(record, fact)

    @property
    def grant(self) -> Grant:
        """The port that tells a command by which grant it is given; one that begins a record is not told."""
        assert self._granted is not None, "where a new record belongs is not known before it is decided"
        return self._granted

    @property
    def account(self) -> str:
        """The port that tells a command who gives it."""
        return self.request.actor.account

    @property
    def actor(self) -> Actor:
        """The port that tells a command which roles its giver has."""
        return self.request.actor

    @property
    def records(self) -> Records:
        """The port through which a command looks at other records."""
        return self


class Decided(msgspec.Struct, frozen=True):
    """What a decision came to: facts by record, its own record's among them, and every version it rests on.

    `changed` are the records as they stand once these facts are recorded.
    """

    record: UUID
    on: date
    grant: Grant
    place: UUID | None
    reads: Mapping[UUID, int]
    facts: Mapping[UUID, list[Fact]]
    changed: Sequence[Record]
