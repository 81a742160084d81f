"""What is done with one record of the demonstration, day after day?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID, uuid5

from service.demo.invented import number as chosen
from service.demo.schedule import Step
from service.domain.decision import Request
from service.domain.identifiers import NAMESPACE, name_id
from service.domain.record import Record, Source
from service.domain.roles import Actor

SATURDAY = 5


class Journal:
    """The steps of one record, from its first day on.

    `name` tells the record from all others of the demonstration; `id` is its own, and that of a record without a
    natural name follows from `name`. `reads` are the records that every step looks at, `writes` those that it changes
    besides its own.
    """

    def __init__(
        self,
        record: type[Record],
        name: str,
        opened: date,
        *,
        id: UUID | None = None,
        reads: Iterable[UUID] = (),
        writes: Iterable[UUID] = (),
    ) -> None:
        self.record, self._name = record, name
        self.id = id or uuid5(NAMESPACE, str(self._key(0)))
        self._reads, self._writes = frozenset(reads), frozenset(writes)
        self.steps: list[Step] = []
        self.on(opened)

    def _key(self, step: int) -> UUID:
        return name_id(f"demo/{self._name}/{step}")

    def on(self, day: date) -> Self:
        """Go on at a day, on a working day, and never back."""
        day = max(day, self.steps[-1].day) if self.steps else day
        self.day = day + timedelta(7 - day.weekday()) if day.weekday() >= SATURDAY else day
        return self

    def after(self, days: int) -> Self:
        """Let days go by."""
        return self.on(self.day + timedelta(days))

    def ago(self, days: int) -> date:
        """A day before this one."""
        return self.day - timedelta(days)

    def dice(self, what: str, sides: int) -> int:
        """What chance, which is the same each time, decides for this record."""
        return chosen(f"{self._name}/{what}", sides)

    def write(
        self,
        actor: Actor,
        command_name: str,
        /,
        *,
        ago: int = 0,
        reason: str | None = None,
        reads: Iterable[UUID] = (),
        writes: Iterable[UUID] = (),
        **input: Any,
    ) -> Self:
        """Give a command. It took effect `ago` days before it is recorded."""
        request = self._request(actor, command_name, self.ago(ago), reason, input)
        changed = frozenset({self.id, *self._writes, *writes})
        self.steps.append(Step(self.day, request, changed, frozenset({*self._reads, *reads})))
        return self

    def _request(
        self, actor: Actor, command_name: str, on: date, reason: str | None, input: Mapping[str, Any]
    ) -> Request:
        command = self.record.commands[command_name]
        return Request(
            command=command,
            actor=actor,
            key=self._key(len(self.steps)),
            source=Source.DEMO,
            record=None if command.creates else self.id,
            input=input,
            effective_on=on,
            reason=reason,
        )
