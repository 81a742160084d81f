"""Views to test the engine with: every kind of column, of key and of view, over the facts of divisions and claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec
import psycopg
from psycopg.sql import SQL

from projections.engine import (
    Event,
    Key,
    Layout,
    Log,
    LogRow,
    Projection,
    RecordRow,
    Row,
    Share,
    Source,
    Tally,
    View,
    replace,
    table,
)
from projections.engine.connection import Connection
from projections.engine.view import Moment
from service.domain.claim import Released, Taken
from service.domain.division import Abolished, Defined, DivisionKind, ManagerChanged, Recoded, Renamed
from service.domain.identifiers import NAMESPACE
from service.domain.record import Envelope, Fact, Recorded
from service.domain.record import Source as Origin
from service.domain.roles import Role
from service.ledger.log import EventLog
from service.ledger.mapper import LedgerMapper

SMALL = Layout(segment_bits=4)
"""Segments of 16 positions, so that a short log has many."""
POISON = "毒"


class Seat(msgspec.Struct, frozen=True):
    """A value with parts, kept as a document."""

    manager: UUID
    since: date


@table("town", key=("id",), indexes=((), ("code",), ("kind", "code"), ("names",)), apart=("seat", "facts"))
class TownRow(RecordRow):
    code: str
    kind: DivisionKind
    area: Annotated[Decimal, "km²"]
    names: tuple[str, ...] = ()
    seat: Seat | None = None
    facts: dict[str, int] | None = None


towns = View(TownRow)


@towns.on(Defined)
def founded(_: TownRow | None, e: Event[Defined]) -> TownRow:
    area = Decimal(len(e.fact.name)) / 4
    return TownRow(code=e.fact.code, kind=e.fact.kind, area=area, names=(e.fact.name,), facts={"区": 1})


@towns.on(Renamed)
def renamed(row: TownRow | None, e: Event[Renamed]) -> TownRow | None:
    if e.fact.name == POISON:
        raise RuntimeError("nobody can pronounce this")
    return row and replace(row, kind=e.fact.kind, names=(*row.names[-2:], e.fact.name))


@towns.on(ManagerChanged)
def managed(row: TownRow | None, e: Event[ManagerChanged]) -> TownRow | None:
    return row and replace(row, seat=Seat(e.fact.managed_by, e.envelope.effective_on), area=row.area + Decimal("0.50"))


@towns.on(Abolished)
def abolished(_: TownRow | None, __: Event[Abolished]) -> None:
    return None


@table("kind_count", key=("kind",))
class KindRow(Row):
    kind: DivisionKind
    towns: int = 0
    area: Decimal = Decimal(0)


kinds = Tally(KindRow, of=towns)


@kinds.counts
def share(row: TownRow) -> Share:
    return None if row.kind is DivisionKind.SPECIAL else ((row.kind,), {"towns": 1, "area": row.area})


@table("name", key=("town", "name"), indexes=(("name",),), seldom=("name",))
class NameRow(Row):
    town: UUID
    name: str
    times: int = 1


names = View(NameRow)


@names.on(Defined, Renamed, key=lambda e: (e.originator_id, e.fact.name))
def used(row: NameRow | None, e: Event[Defined] | Event[Renamed]) -> NameRow:
    return replace(row, times=row.times + 1) if row else NameRow(e.originator_id, e.fact.name)


@names.each(Recoded, keys=lambda e: [(e.originator_id, e.fact.name), (e.originator_id, e.fact.code)])
def recoded(row: NameRow | None, e: Event[Recoded], key: Key) -> NameRow | None:
    return None if row else NameRow(e.originator_id, str(key[1]))


@table("holder", key=("holder", "key"))
class HolderRow(Row):
    """A row that is nothing but its key."""

    holder: UUID
    key: str


holders = View(HolderRow)


@holders.on(Taken, key=lambda e: (e.fact.holder, e.fact.key))
def taken(_: HolderRow | None, e: Event[Taken]) -> HolderRow:
    return HolderRow(e.fact.holder, e.fact.key)


@holders.on(Released, key=lambda e: (e.fact.released_by, e.fact.key))
def released(_: HolderRow | None, __: Event[Released]) -> None:
    return None


@table("diary", log=True, indexes=(("record", "position"),))
class DiaryRow(LogRow):
    record: UUID
    field: str
    before: str | None
    at: datetime


diary = Log(DiaryRow)


@diary.each
def noted(moment: Moment) -> Iterator[DiaryRow]:
    event, old, new = moment.event, moment.before.values(), moment.after.values()
    for name in old:
        if old[name] != new[name]:
            yield DiaryRow(event.originator_id, name, str(old[name]), event.envelope.recorded_at)


TOWN = Projection("town", towns, kinds)
NAMES = Projection("names", names, holders)
DIARY = Projection("diary", diary)
ALL = (TOWN, NAMES, DIARY)
TABLES = [t for projection in ALL for t in projection.tables]


class Town:
    """Writes facts straight into the log, at positions of its choice."""

    def __init__(self, uri: str, seed: int = 0) -> None:
        self.connection: Connection = psycopg.connect(uri, autocommit=True)
        self.position, self._random = 0, Random(seed)
        self._versions: dict[UUID, int] = {}
        self._mapper = LedgerMapper()

    def record(self, *facts: tuple[UUID, Fact], gap: int = 0) -> list[Recorded]:
        """Append facts in one transaction, after leaving out some positions."""
        self.position += gap
        events = [self._recorded(id, fact) for id, fact in facts]
        insert = f"INSERT INTO {EventLog.TABLE} VALUES (%s, %s, %s, %s, %s)"
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.executemany(insert.encode(), [self._values(event) for event in events])
            cursor.execute(f"NOTIFY {EventLog.CHANNEL}".encode())
        return events

    def live(self, count: int, *, gaps: bool = False) -> list[Recorded]:
        """Let so many things happen."""
        gap = self._random.choice((0, 0, 1, 7, 40)) if gaps else 0
        return self.record(*(self.any_fact() for _ in range(count)), gap=gap)

    def _recorded(self, id: UUID, fact: Fact) -> Recorded:
        self.position += 1
        version = self._versions[id] = self._versions.get(id, 0) + 1
        return Recorded(id, version, fact, envelope_of(self.position), self.position)

    def _values(self, event: Recorded) -> tuple[Any, ...]:
        stored = self._mapper.to_stored_event(event)
        return event.originator_id, event.originator_version, stored.topic, stored.state, event.position

    def any_fact(self) -> tuple[UUID, Fact]:
        """Something that may happen, and to whom."""
        some, kind = self._random.randrange, self._random.choice(list(DivisionKind))
        id, name = uuid5(NAMESPACE, f"town/{some(12)}"), f"乡{some(5)}"
        facts: Sequence[Fact] = (
            Defined(str(some(9)), name, kind),
            Renamed(name, kind),
            Renamed(name, kind),
            Recoded(str(some(9)), name, kind),
            ManagerChanged(id),
            Abolished(),
        )
        if some(5) == 0:
            claim = uuid5(NAMESPACE, name)
            return claim, self._random.choice((Taken("name", name, id), Released("name", name, id)))
        return id, self._random.choice(facts)


def envelope_of(position: int) -> Envelope:
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=position, microseconds=position)
    return Envelope(
        id=uuid5(NAMESPACE, str(position)),
        effective_on=at.date() - timedelta(days=position % 5),
        recorded_at=at,
        account="clerk",
        role=Role.CITY_FIC,
        key=uuid5(NAMESPACE, f"key/{position}"),
        source=Origin.API,
    )


Rows = dict[str, list[str]]
"""The rows of tables, each as text, in an order that only their contents decide."""


def everything(connection: Connection, layout: Layout) -> Rows:
    """All current rows, all versions, and what stands apart."""
    stored = {name: _rows(connection, Source(layout.name(name), {})) for t in TABLES for name in t.stored}
    return stored | as_of(connection, layout)


def as_of(connection: Connection, layout: Layout, position: int | None = None) -> Rows:
    """The rows of all tables as they stood at a position, or now."""
    return {t.name: _rows(connection, t.source(position, layout)) for t in TABLES}


def _rows(connection: Connection, source: Source) -> list[str]:
    query = SQL("SELECT row::text FROM {} AS row ORDER BY 1").format(source.sql)
    return [text for (text,) in connection.execute(query, source.parameters)]
