"""Which events make up the city that reads are measured on?

2,000 townships in ten units, each with a registered chamber of fifteen members that was inspected four times, and in
all 200,000 events in the order of time. Seeds make them, the same ones each time.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID, uuid5

from service.domain.chamber import Chamber
from service.domain.claim import Taken
from service.domain.division import CODES, Defined, Division, DivisionKind
from service.domain.identifiers import name_id
from service.domain.record import Envelope, Fact, Recorded, Source
from service.domain.roles import Role
from tests.bench.reads.life import Entry, Life, Seat

CITY = "9901"
BEGUN = datetime(2018, 6, 1, 1, tzinfo=UTC)
KINDS = (DivisionKind.TOWN, DivisionKind.TOWNSHIP, DivisionKind.STREET)
BASIS = {
    fact: command.declaration.basis
    for record in (Chamber, Division)
    for command in record.commands.values()
    for fact in command.facts
}


class Size(NamedTuple):
    """How large the city is, and how much happened in it."""

    units: int = 10
    townships: int = 2_000
    events: int = 200_000


class Place(NamedTuple):
    """A division to be defined."""

    code: str
    name: str
    kind: DivisionKind
    above: UUID | None

    @property
    def id(self) -> UUID:
        """The id that the code names."""
        return name_id(f"division/{self.code}")


def events(size: Size) -> Iterator[Recorded]:
    """All events of the city in the order of their positions.

    Raises ValueError when the city is too large for so few events.
    """
    versions: Counter[UUID] = Counter()
    for number, entry in enumerate(sorted(entries(size), key=attrgetter("at"))):
        versions[entry.record] += 1
        yield recorded(entry, versions[entry.record], entry.at + timedelta(microseconds=number))


def entries(size: Size) -> list[Entry]:
    """The facts of the divisions, then those of each chamber."""
    city, *below = places(size)
    defined = [entry for place in (city, *below) for entry in _defined(place)]
    lives = [Life(seat) for seat in seats(below, size)]
    _fill(lives, size.events - len(defined))
    return [*defined, *(entry for life in lives for entry in life.entries)]


def places(size: Size) -> list[Place]:
    """The city, its units, their townships."""
    city = Place(CITY, "测试市", DivisionKind.PREFECTURE, None)
    units = [Place(f"{CITY}{n + 1:02d}", f"测试{n + 1}区", DivisionKind.DISTRICT, city.id) for n in range(size.units)]
    return [city, *units, *(_township(units, n) for n in range(size.townships))]


def seats(below: list[Place], size: Size) -> Iterator[Seat]:
    """The townships, each with its unit."""
    units = {unit.id: unit for unit in below[: size.units]}
    for number, place in enumerate(below[size.units :], 1):
        assert place.above is not None
        unit = units[place.above]
        yield Seat(number, place.id, place.name, unit.id, unit.name, unit.code)


def recorded(entry: Entry, version: int, at: datetime) -> Recorded:
    """The event of an entry."""
    envelope = Envelope(
        id=uuid5(entry.record, str(version)),
        effective_on=entry.at.date(),
        recorded_at=at,
        account=f"bench-{entry.role.lower()}",
        role=entry.role,
        key=uuid5(entry.record, f"key/{version}"),
        source=Source.DEMO,
        place=entry.place,
        organ="测试机关",
        division=CITY,
        basis=BASIS.get(type(entry.fact)),
    )
    return Recorded(entry.record, version, entry.fact, envelope)


def _township(units: list[Place], number: int) -> Place:
    unit = units[number % len(units)]
    serial = number // len(units) + 1
    return Place(f"{unit.code}{serial:03d}", f"测试{serial:03d}镇", KINDS[number % len(KINDS)], unit.id)


def _defined(place: Place) -> Iterator[Entry]:
    facts: dict[UUID, Fact] = {
        name_id(f"claim/{CODES}/{place.code}"): Taken(CODES, place.code, place.id),
        place.id: Defined(place.code, place.name, place.kind, place.above, place.above),
    }
    for id, fact in facts.items():
        yield Entry(BEGUN, id, fact, Role.CITY_FIC, place.id)


def _fill(lives: list[Life], events: int) -> None:
    """Let the chambers go on until there are so many events."""
    missing = events - sum(len(life.entries) for life in lives)
    if missing < 0:
        raise ValueError(f"{-missing} events fewer than the city needs")
    share, rest = divmod(missing, len(lives))
    for number, life in enumerate(lives):
        life.go_on(share + (number < rest))
