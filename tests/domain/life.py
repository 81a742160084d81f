"""What must the tests know of a record to try every edge of its lifecycles?

Each `*_life.py` beside this module holds a `LIFE`; `test_lifecycles.py` tries them all in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NamedTuple
from uuid import UUID

import tests.domain
from service.domain.command import NEW, Command
from service.domain.record import Fact, Record
from service.domain.roles import Actor, Role
from tests.domain.harness import At, Facts, Given, Then, grant

MACHINES = json.loads((Path(__file__).parents[1] / "data/state_machines.json").read_text(encoding="utf-8"))
"""The lifecycles as the rules have them, drawn up apart from the code."""


class Case(NamedTuple):
    """A command in one of its states."""

    life: Life
    command: Command
    state: StrEnum

    def __str__(self) -> str:
        return f"{self.command.topic} in {self.state}"

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who may give it there."""
        return self.command.roles(self.state)

    def situation(self) -> Given:
        """A world in which the command may be asked."""
        return self.life.given(self.state, *self.life.prerequisites.get(self.command.name, ()))

    def asked(self, actor: Actor, reason: str | None = "有理由") -> Then:
        """Let an actor ask it there."""
        return self.situation().ask(self.command, actor, self.life.input(self.command), reason=reason)


@dataclass(frozen=True, kw_only=True, eq=False)
class Life:
    """One record: the facts that bring it to each of its states, and input that each of its commands accepts."""

    record: type[Record]
    id: UUID
    lifecycles: Mapping[str, type[StrEnum]]
    """The states by the name that the carried lifecycles have for them."""
    actors: Mapping[str, set[Role]]
    """The roles by the words that the carried lifecycles have for those who act."""
    lives: Mapping[StrEnum, Facts]
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Input by command; a command that is not here needs none."""
    prerequisites: Mapping[str, Facts] = field(default_factory=dict)
    """What must have happened in the state for a command to succeed."""
    parts: Mapping[type[StrEnum], object] = field(default_factory=dict)
    """The key of the part that the facts tell of, by the type of its states."""
    around: Callable[[Given], Given] = lambda world: world
    """Lets happen to other records what the commands look at."""

    def given(self, state: StrEnum | None, *more: Fact | At) -> Given:
        """A world in which the record is in this state, or not there at all."""
        facts = self.lives[state] if state is not None else ()
        return self.around(Given(self.id, *facts, *more))

    def input(self, command: Command) -> Mapping[str, Any]:
        """Input that the command accepts."""
        return self.inputs.get(command.name, {})

    def state(self, world: Given, kind: type[StrEnum]) -> StrEnum | None:
        """The state of the record, or of the part that the facts tell of."""
        record = world.world.find(self.record, self.id)
        parts = self.record.parts.get(kind)
        if parts is None:
            return record.state
        part = parts.of(record).get(self.parts[kind])
        state: StrEnum | None = part.state if part else None
        return state

    @property
    def commands(self) -> tuple[Command, ...]:
        """All that may be asked of the record."""
        return tuple(self.record.commands.values())

    def cases(self) -> Iterator[Case]:
        """Every command in every state that it is declared for."""
        for command in self.commands:
            for state in command.declaration.when:
                if state is not NEW:
                    yield Case(self, command, state)


def clerk(*roles: Role) -> Actor:
    """Somebody with these roles where they reach."""
    return Actor("a clerk", tuple(grant(role) for role in roles))


def all_lives() -> list[Life]:
    """One for each record with a lifecycle."""
    names = [module.name for module in iter_modules(tests.domain.__path__)]
    return [import_module(f"tests.domain.{name}").LIFE for name in names if name.endswith("_life")]
