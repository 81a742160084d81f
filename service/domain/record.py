"""What is a record, and what does it remember?

A record decides and returns facts; all it knows, it knows from facts. Its fields are declared with their defaults and
hold immutable values only: an old value is replaced, never changed in place, so two moments compare field by field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum, auto
from itertools import compress, islice
from operator import is_not
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, TypeVar, dataclass_transform
from uuid import UUID

import msgspec

from service.domain.command import NEW, Command, commands_in
from service.domain.lifecycle import Lead, Part, Parts, next_state, states
from service.domain.refusal import NotFound
from service.domain.roles import Role
from service.domain.vocabulary import Term


class Movement(Term):
    """六动 | The six movements of the working method, one of which every fact belongs to."""

    MOBILISE = auto()
    DRIVE = auto()
    COORDINATE = auto()
    DEMONSTRATE = auto()
    STANDARDISE = auto()
    SERVE = auto()


class Source(Term):
    """来源 | Where a fact came from."""

    API = auto()
    IMPORT = auto()
    TIMER = auto()
    DEMO = auto()


if TYPE_CHECKING:
    from service.domain.claim import Claims
    from service.domain.deadline import Due
    from service.domain.division import Divisions


class Occasion(Protocol):
    """What a fact may know of the moment it happened in."""

    @property
    def effective_on(self) -> date:
        """The date on which it happened or took effect."""
        ...

    @property
    def account(self) -> str:
        """Who did it."""
        ...


F = TypeVar("F", bound="type[Fact]")


@dataclass_transform(frozen_default=True)
class Fact(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What happened, in the past tense; the docstring is its label.

    Like its envelope it holds plain values and can be part of no cycle: the garbage collector may pass it over.

    Fields are plain, without constraints: yesterday's facts must load under tomorrow's rules.

    When fields change, raise `class_version` and add `upcast_vN_vN+1(state: dict) -> dict`.
    """

    topic: ClassVar[str] = ""
    class_version: ClassVar[int] = 1
    movement: ClassVar[Movement | None] = None
    lead: ClassVar[Lead] = None
    kept: ClassVar[tuple[str, ...]] = ()
    """The fields that the record, or the part it is about, remembers under the same name."""
    part: ClassVar[Parts | None] = None
    """The parts one of which it is about, when it leads to a state of theirs."""

    @property
    def deed(self) -> str:
        """Under which name the record remembers who did it."""
        return _deed(self.topic, getattr(self, self.part.parameter) if self.part else None)

    def moves(self) -> Movement:
        """The movement that it belongs to: that of its type, unless what it says decides."""
        assert self.movement is not None, f"{self.topic} belongs to no movement"
        return self.movement

    def apply(self, record: Any, occasion: Occasion, /) -> None:
        """Remember more than the fields and the state; most facts need nothing here.

        The record is still as it was before the fact, which may no longer be refused.
        """


def leads_to(state: Lead, movement: Movement | None = None) -> Callable[[F], F]:
    """Say which state a fact leads to, or which from which (msgspec's metaclass takes no keywords of ours)."""

    def declare(fact: F) -> F:
        fact.lead, fact.movement = state, movement
        return fact

    return declare


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """Who, when, why and from where: on every event, whole."""

    id: UUID
    effective_on: date
    recorded_at: datetime
    account: str
    role: Role
    key: UUID
    source: Source
    place: UUID | None = None
    organ: str = ""
    division: str | None = None
    on_behalf_of: str | None = None
    basis: str | None = None
    reason: str | None = None
    correlation: UUID | None = None
    causation: UUID | None = None
    client: str | None = None


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """A fact in its envelope: the domain event as the ledger keeps it. `position` is 0 until it has one."""

    originator_id: UUID
    originator_version: int
    fact: Fact
    envelope: Envelope
    position: int = 0

    def mutate(self, record: Record | None) -> Record:
        """Fold this event into the record, as eventsourcing's repository asks."""
        kept = record if record is not None else RECORDS[self.fact.topic.split(".")[0]](self.originator_id)
        kept.remember(self)
        return kept


class Record:
    """An aggregate: its declared fields, its commands, and the facts they may return.

    A subclass that gives a `name` is registered with its commands and facts; one without is a part of another.
    """

    type_name: ClassVar[str] = ""
    movement: ClassVar[Movement] = Movement.STANDARDISE
    commands: ClassVar[Mapping[str, Command]] = {}
    parts: ClassVar[Mapping[type[Any], Parts]] = {}
    """Lifecycles within the record, by the type of their states."""
    readers: ClassVar[tuple[Role, ...]] = ()
    """The only roles that may read it and its changes, each as far as its grant reaches; none: whoever may read."""
    facts: ClassVar[tuple[type[Fact], ...]] = ()
    """Facts that no command returns: those of claims, which go with another record's command."""
    fields: ClassVar[tuple[str, ...]] = ()
    """The names of what the record remembers, in order of declaration."""
    field_order: ClassVar[Mapping[str, int]] = {}
    """Where in that order each of them stands."""
    state: StrEnum | None = None

    def __init__(self, id: UUID) -> None:
        self.id, self.version = id, 0
        self.doers: Mapping[str, str] = {}

    def __init_subclass__(cls, name: str = "", movement: Movement = Movement.STANDARDISE) -> None:
        super().__init_subclass__()
        cls.fields = _fields(cls)
        cls.field_order = {name: n for n, name in enumerate(cls.fields)}
        if name:
            cls.type_name, cls.movement = name, movement
            cls.commands = commands_in(cls)
            RECORDS[name] = cls
            for fact in (*cls.facts, *(f for each in cls.commands.values() for f in each.facts)):
                _register(cls, fact)

    @property
    def exists(self) -> bool:
        """Whether anything is recorded of it."""
        return self.version > 0

    @property
    def place(self) -> UUID | None:
        """The division this record belongs to, by which scope is judged: the one it remembers as `division`."""
        found: UUID | None = getattr(self, "division", None)
        return found

    @property
    def belongs_to(self) -> UUID:
        """The record to which a grant may be narrowed: the `chamber` it remembers, else itself."""
        chamber: UUID | None = getattr(self, "chamber", None)
        return chamber or self.id

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID | None:
        """The id of the record that a NEW command begins; None when it has no natural name."""
        return None

    @classmethod
    def entitled(cls, command: Command, stage: StrEnum | None, known: Any) -> tuple[Role, ...]:
        """Who may give a command in a state to what is `known`: a record, or a row that shows it."""
        return command.roles(stage)

    def deadlines(self) -> Iterable[Due]:
        """What has to be done about it, and by when, as it stands."""
        return ()

    def stage(self, command: Command, arguments: Mapping[str, Any]) -> StrEnum | None:
        """The state a command is judged by: the record's own, or that of the part it names.

        Raises NotFound when the record has no such part.
        """
        part = self.part(command, arguments)
        if part is not None:
            state: StrEnum = part.state
            return state
        return self.state if self.exists else NEW

    def place_of(self, command: Command, arguments: Mapping[str, Any]) -> UUID | None:
        """The division a command is judged by: that of the part it names, else the record's own.

        Raises NotFound when the record has no such part.
        """
        part = self.part(command, arguments)
        return part.place if part is not None and part.place is not None else self.place

    def part(self, command: Command, arguments: Mapping[str, Any]) -> Part | None:
        """The part that a command names, if it is about one.

        Raises NotFound when the record has no such part.
        """
        parts = self.parts.get(command.stages)
        if parts is None:
            return None
        part = parts.of(self).get(arguments[parts.parameter])
        if part is None:
            text = "{field} 中没有该编号 | There is no such entry in {field}"
            raise NotFound(text, path=(parts.parameter,), field=parts.field)
        return part

    def doer(self, topic: str, arguments: Mapping[str, Any]) -> str | None:
        """Who last brought about this fact, of the record or of the part that the arguments name."""
        part = FACTS[topic].part
        return self.doers.get(_deed(topic, arguments[part.parameter] if part else None))

    def remember(self, event: Recorded) -> None:
        """Take in one event."""
        self.learn(event.fact, event.originator_version, event.envelope)

    def learn(self, fact: Fact, version: int, occasion: Occasion) -> None:
        """Take in one fact: its fields, its state, who did it."""
        fact.apply(self, occasion)
        if fact.part:
            fact.part.learn(self, fact, occasion.effective_on)
        else:
            for field in fact.kept:
                setattr(self, field, getattr(fact, field))
            self.state = next_state(fact.lead, self.state)
        self.doers = {**self.doers, fact.deed: occasion.account}
        self.version = version

    def fork(self) -> Self:
        """A copy to try facts on. Values are immutable, so a shallow one is whole."""
        fork = object.__new__(type(self))
        fork.__dict__.update(self.__dict__)
        return fork

    def replaced(self, before: Record) -> list[str]:
        """The fields that are not what they were in the record that this one was forked from, in order of declaration.

        What an event leaves alone stays the same object, and in the same place: a fork begins with all that was known.
        """
        were, are = vars(before), vars(self)
        names = [*compress(are, map(is_not, are.values(), were.values())), *islice(are, len(were), None)]
        return sorted(filter(self.field_order.__contains__, names), key=self.field_order.__getitem__)

    def values(self) -> dict[str, Any]:
        """What the record knows now, by field."""
        return {name: getattr(self, name) for name in self.fields}


RECORDS: dict[str, type[Record]] = {}
FACTS: dict[str, type[Fact]] = {}


def whole_of(kind: type[Record]) -> type[Record]:
    """The registered record that a class is, or is what one is built on.

    Two records that look at each other name what the other is built on: their modules cannot both come first.
    """
    return kind if kind.type_name else next(each for each in RECORDS.values() if issubclass(each, kind))


def snake(name: str) -> str:
    """`AgreementReached` as `agreement_reached`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _register(record: type[Record], fact: type[Any]) -> None:
    topic = f"{record.type_name}.{snake(fact.__name__)}"
    if FACTS.setdefault(topic, fact) is not fact:
        raise TypeError(f"two facts are named {topic}")
    fact.topic = topic
    fact.movement = fact.movement or record.movement
    fact.part = record.parts.get(states(fact.lead))
    remembered = fact.part.kind.__struct_fields__ if fact.part else record.fields
    fact.kept = tuple(name for name in fact.__struct_fields__ if name in remembered)


def _deed(topic: str, part: object) -> str:
    return topic if part is None else f"{topic}/{part}"


def _fields(cls: type[Record]) -> tuple[str, ...]:
    owners = [c for c in reversed(cls.__mro__) if issubclass(c, Record)]
    names = [name for owner in owners for name, kind in owner.__annotations__.items() if "ClassVar" not in str(kind)]
    return tuple(dict.fromkeys(names))
