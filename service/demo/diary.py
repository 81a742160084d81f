"""What do a chamber and its offices do, day after day?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from service.demo import offices
from service.demo.divisions import ids
from service.demo.invented import Person, person
from service.demo.journal import Journal
from service.demo.places import Place
from service.domain.chamber import Chamber
from service.domain.identifiers import name_id
from service.domain.roles import Actor


def chamber_id(township: Place, number: int = 1) -> UUID:
    """The id of a township's first chamber, or of a later one."""
    return name_id(f"chamber/{ids()[township.code]}/{number}")


def president(chamber: UUID) -> Person:
    """Whom the demonstration puts forward as president of a chamber."""
    return person(f"{chamber}/president")


class Diary(Journal):
    """The steps of one chamber, from its first day on; `township` is its place as it was called then.

    `candidacies` are the journals of those whom it put forward for an office.
    """

    def __init__(self, township: Place, unit: Place, opened: date, number: int = 1) -> None:
        self.township, self.unit, self.number = township, unit, number
        self.chamber = chamber_id(township, number)
        places = (ids()[township.code], ids()[unit.code])
        self.candidacies: list[Journal] = []
        super().__init__(Chamber, str(self.chamber), opened, id=self.chamber, reads=places)

    @property
    def secretariat(self) -> Actor:
        """The chamber's own office."""
        return offices.secretariat(self.township, self.chamber, self.number)

    @property
    def name(self) -> str:
        """What the chamber is called: county and township, in a district with the city before them."""
        city = "开封市" if self.unit.name.endswith("区") and not self.unit.name.startswith("开封市") else ""
        return f"{city}{self.unit.name}{self.township.name}商会"
