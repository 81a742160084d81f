"""How do tests speak of the domain: given facts, when a command, then facts or a refusal?

Records lie in a dictionary; everything else is the domain itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

from service.domain.claim import Taken
from service.domain.command import Command
from service.domain.decision import Decided, Decision, Now, Request
from service.domain.division import CODES, Defined, DivisionKind
from service.domain.identifiers import name_id
from service.domain.record import Fact, Record, Source
from service.domain.refusal import NotFound, Refused
from service.domain.registry import RECORDS
from service.domain.roles import Actor, Grant, Role

TODAY = date(2026, 6, 30)
SOMEBODY = "somebody"
CITY, COUNTY, TOWNSHIP, OTHER_COUNTY = "4102", "410225", "410225103", "410221"
TOWNSHIP_ID = name_id(f"division/{TOWNSHIP}")
CHAMBER = name_id(f"chamber/{TOWNSHIP_ID}/1")
PLACES = (
    (CITY, "开封市", DivisionKind.PREFECTURE, None),
    (COUNTY, "兰考县", DivisionKind.COUNTY, CITY),
    (TOWNSHIP, "考城镇", DivisionKind.TOWN, COUNTY),
    (OTHER_COUNTY, "杞县", DivisionKind.COUNTY, CITY),
)
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class At:
    """A given fact with the day it happened and who did it."""

    fact: Fact
    on: date = TODAY
    by: str = SOMEBODY


Facts = tuple[Fact | At, ...]


@dataclass
class World:
    """All records of a test."""

    records: dict[UUID, Record] = field(default_factory=dict)
    today: date = TODAY

    def find(self, kind: type[R], id: UUID) -> R:
        """The record, blank when it does not exist."""
        record = self.records.setdefault(id, kind(id))
        assert isinstance(record, kind)
        return record

    def learn(self, id: UUID, at: At) -> None:
        """Let a record know a fact."""
        record = self.find(RECORDS[at.fact.topic.split(".")[0]], id)
        record.learn(at.fact, record.version + 1, Now(at.on, at.by))

    def decide(self, request: Request) -> Decided:
        """Decide a request and keep what comes of it.

        Raises a Refused.
        """
        decided = Decision(request, self.find, self.today).run()
        for id, facts in decided.facts.items():
            for fact in facts:
                self.learn(id, At(fact, decided.on, request.actor.account))
        return decided


class Given:
    """A world in which something has happened, to one record above all."""

    def __init__(self, id: UUID, *facts: Fact | At) -> None:
        self.id, self.world = id, World()
        for code, name, kind, above in PLACES:
            self.place(code, name, kind, above)
        self.also(*facts)

    def place(self, code: str, name: str, kind: DivisionKind, manager: str | None = None) -> Self:
        """Let there be a division."""
        id, above = name_id(f"division/{code}"), name_id(f"division/{manager}") if manager else None
        return self.also(Defined(code, name, kind, above, above), of=id).held(CODES, code, id)

    def held(self, kind: str, key: object, holder: UUID | None = None) -> Self:
        """Let something be taken, by another unless a holder is named."""
        return self.also(Taken(kind, str(key), holder or uuid4()), of=name_id(f"claim/{kind}/{key}"))

    def also(self, *facts: Fact | At, of: UUID | None = None) -> Self:
        """Let more have happened, to this record or to another."""
        for each in facts:
            self.world.learn(of or self.id, each if isinstance(each, At) else At(each))
        return self

    def when(self, name: str, /, *, by: str = "a clerk", on: date | None = None, **input: Any) -> Then:
        """Let an account with the right role give a command, with a reason."""
        command = command_named(name)
        actor = Actor(by, (grant(self._role(command, input)),))
        return self.ask(command, actor, input, on)

    def ask(
        self,
        command: Command,
        actor: Actor,
        input: Mapping[str, Any],
        on: date | None = None,
        reason: str | None = "有理由",
        expected: int | None = None,
    ) -> Then:
        """Let an actor give a command."""
        request = Request(
            command=command,
            actor=actor,
            key=uuid4(),
            source=Source.API,
            record=None if command.creates else self.id,
            input=input,
            effective_on=on,
            reason=reason,
            expected_version=expected,
        )
        try:
            return Then(self, self.world.decide(request))
        except Refused as refusal:
            return Then(self, refusal)

    def _role(self, command: Command, input: Mapping[str, Any]) -> Role:
        record = self.world.find(command.record, self.id)
        return command.roles(self._stage(record, command, input))[0]

    @staticmethod
    def _stage(record: Record, command: Command, input: Mapping[str, Any]) -> StrEnum | None:
        try:
            return None if command.creates else record.stage(command, input)
        except NotFound:
            return None


@dataclass(frozen=True)
class Then:
    """What a command came to."""

    given: Given
    result: Decided | Refused

    @property
    def decided(self) -> Decided:
        """What was decided; a test that asks must not have been refused."""
        assert isinstance(self.result, Decided), self.result
        return self.result

    def then_accepted(self) -> Self:
        """It was not refused."""
        assert isinstance(self.result, Decided), self.result
        return self

    def then(self, *facts: Fact) -> Self:
        """The record's own new facts are exactly these."""
        assert self.decided.facts[self.decided.record] == list(facts)
        return self

    def then_claim(self, kind: str, key: object, *facts: type[Fact]) -> Self:
        """With it, in the same commit, a claim got these facts."""
        told = self.decided.facts.get(name_id(f"claim/{kind}/{key}"), [])
        assert [type(each) for each in told] == list(facts)
        return self

    def then_refused(self, code: str, basis: str | None = None, path: tuple[str, ...] | None = None) -> Refused:
        """It was refused with this code, on this article, because of this input."""
        assert isinstance(self.result, Refused), self.result
        assert self.result.code == code, self.result
        assert basis is None or self.result.basis == basis, self.result.basis
        assert path is None or self.result.path == path, self.result.path
        return self.result

    def when(self, name: str, /, *, by: str = "a clerk", on: date | None = None, **input: Any) -> Then:
        """Go on, having succeeded."""
        self.then_accepted()
        return self.given.when(name, by=by, on=on, **input)


def given(*facts: Fact | At) -> Given:
    """What happened to the chamber of 考城镇."""
    return Given(CHAMBER, *facts)


def command_named(name: str) -> Command:
    """`division.define`, or `prepare` for `chamber.prepare`."""
    record, _, command = name.rpartition(".")
    return RECORDS[record or "chamber"].commands[command]


def grant(role: Role) -> Grant:
    """A grant that reaches what its role is for."""
    return Grant(role, CITY if role in (Role.CITY_FIC, Role.TIMER) else COUNTY)
