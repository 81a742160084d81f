"""What do a chamber and its offices do, day after day?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from service.demo import offices
from service.demo.divisions import ids
from service.demo.invented import Person, person
from service.demo.invented import number as chosen
from service.demo.places import Place
from service.demo.schedule import Step
from service.domain.chamber import Chamber
from service.domain.decision import Request
from service.domain.identifiers import name_id
from service.domain.record import Source
from service.domain.roles import Actor

SATURDAY = 5


def chamber_id(township: Place, number: int = 1) -> UUID:
    """The id of a township's first chamber, or of a later one."""
    return name_id(f"chamber/{ids()[township.code]}/{number}")


def president(chamber: UUID) -> Person:
    """Whom the demonstration puts forward as president of a chamber."""
    return person(f"{chamber}/president")


class Diary:
    """The steps of one chamber, from its first day on; `township` is its place as it was called then."""

    def __init__(self, township: Place, unit: Place, opened: date, number: int = 1) -> None:
        self.township, self.unit, self.number = township, unit, number
        self.chamber = chamber_id(township, number)
        self.steps: list[Step] = []
        self.on(opened)

    @property
    def secretariat(self) -> Actor:
        """The chamber's own office."""
        return offices.secretariat(self.township, self.chamber, self.number)

    @property
    def name(self) -> str:
        """What the chamber is called: county and township, in a district with the city before them."""
        city = "开封市" if self.unit.name.endswith("区") and not self.unit.name.startswith("开封市") else ""
        return f"{city}{self.unit.name}{self.township.name}商会"

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
        """What chance, which is the same each time, decides for this chamber."""
        return chosen(f"{self.chamber}/{what}", sides)

    def write(
        self,
        actor: Actor,
        command_name: str,
        /,
        *,
        ago: int = 0,
        reason: str | None = None,
        reads: Iterable[UUID] = (),
        **input: Any,
    ) -> Self:
        """Give a command. It took effect `ago` days before it is recorded."""
        command = Chamber.commands[command_name]
        request = Request(
            command=command,
            actor=actor,
            key=name_id(f"demo/{self.chamber}/{len(self.steps)}"),
            source=Source.DEMO,
            record=None if command.creates else self.chamber,
            input=input,
            effective_on=self.ago(ago),
            reason=reason,
        )
        looked_at = frozenset({ids()[self.township.code], ids()[self.unit.code], *reads})
        self.steps.append(Step(self.day, request, frozenset({self.chamber}), looked_at))
        return self
