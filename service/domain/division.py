"""行政区划 | Which places are there, what are they called, and who manages them?

Two trees: `parent` is the statistical one of the codes, `managed_by` the one that permissions, statistics and the
registrar follow; a functional area manages sub-districts that lie, by their codes, in a neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import auto
from typing import Any
from uuid import UUID

from service.domain.claim import Claims, Records
from service.domain.command import NEW, command
from service.domain.identifiers import Count, DivisionCode, Line, Paragraph, name_id
from service.domain.record import Fact, Occasion, Record, leads_to
from service.domain.refusal import NotFound, require
from service.domain.roles import Role
from service.domain.vocabulary import Term

CODES = "division-code"
BASIS = "行政区划管理条例"


class DivisionKind(Term):
    """行政区划类别 | What kind of place it is."""

    PROVINCE = auto()
    PREFECTURE = auto()
    DISTRICT = auto()
    COUNTY = auto()
    FUNCTIONAL_AREA = auto()
    STREET = auto()
    TOWN = auto()
    TOWNSHIP = auto()
    SPECIAL = auto()


UNITS = frozenset({DivisionKind.DISTRICT, DivisionKind.COUNTY, DivisionKind.FUNCTIONAL_AREA})
"""County-level units (县区): each builds the chambers of the townships it manages."""
TOWNSHIPS = frozenset({DivisionKind.STREET, DivisionKind.TOWN, DivisionKind.TOWNSHIP})
"""Real townships and sub-districts: each needs a chamber. Farms and parks with a code (SPECIAL) do not."""


class DivisionState(Term):
    """行政区划状态 | Whether the place still stands."""

    OPEN = auto()
    MERGED = auto()
    ABOLISHED = auto()


@leads_to(DivisionState.OPEN)
class Defined(Fact):
    """设立 | The division was defined."""

    code: str
    name: str
    kind: DivisionKind
    parent: UUID | None = None
    managed_by: UUID | None = None
    villages: int | None = None
    note: str | None = None


class Renamed(Fact):
    """更名 | The division got a new name."""

    name: str
    kind: DivisionKind


class Recoded(Fact):
    """代码变更 | The division got a new code."""

    code: str
    name: str
    kind: DivisionKind

    def apply(self, record: Division, _: Occasion, /) -> None:
        """Keep the old code."""
        record.former_codes = (*record.former_codes, record.code)


@leads_to(DivisionState.MERGED)
class Merged(Fact):
    """并入 | The division became part of another."""

    merged_into: UUID


class ManagerChanged(Fact):
    """管理单位变更 | Another division manages it from now on."""

    managed_by: UUID


@leads_to(DivisionState.ABOLISHED)
class Abolished(Fact):
    """撤销 | The place is no more; its record stays."""


class Division(Record, name="division"):
    """行政区划 | An administrative division or functional area; its id stays when its name or code changes."""

    state: DivisionState | None = None
    code: str = ""
    name: str = ""
    kind: DivisionKind = DivisionKind.TOWNSHIP
    parent: UUID | None = None
    managed_by: UUID | None = None
    villages: int | None = None
    note: str | None = None
    former_codes: tuple[str, ...] = ()
    merged_into: UUID | None = None

    @property
    def place(self) -> UUID:
        """A division is its own place."""
        return self.id

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code this place has had: a grant in any of them reaches it."""
        return (self.code, *self.former_codes)

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID:
        """The id of the next division under this code: a code may serve another place once it is free."""
        code = arguments["code"]
        rounds = claims.find(CODES, code).rounds
        return name_id(f"division/{code}" if rounds == 0 else f"division/{code}/{rounds + 1}")

    @command(by=Role.CITY_FIC, when=NEW, basis=BASIS)
    def define(
        self,
        code: DivisionCode,
        name: Line,
        kind: DivisionKind,
        parent: DivisionCode | None = None,
        managed_by: DivisionCode | None = None,
        villages: Count | None = None,
        note: Paragraph | None = None,
        *,
        claims: Claims,
        divisions: Divisions,
    ) -> Defined:
        """设立行政区划 | Define a division."""
        above = divisions.open(parent, "parent") if parent else None
        manager = divisions.open(managed_by, "managedBy") if managed_by else above
        claims.take(CODES, code, self.id, TAKEN)
        return Defined(code, name, kind, _id(above), _id(manager), villages, note)

    @command(by=Role.CITY_FIC, when=DivisionState.OPEN, basis=BASIS)
    def rename(self, name: Line, kind: DivisionKind | None = None) -> Renamed:
        """更名 | Rename the division, with a new kind if that changes too."""
        require((name, kind or self.kind) != (self.name, self.kind), UNCHANGED, path=("name",))
        return Renamed(name, kind or self.kind)

    @command(by=Role.CITY_FIC, when=DivisionState.OPEN, basis=BASIS)
    def recode(
        self, code: DivisionCode, name: Line | None = None, kind: DivisionKind | None = None, *, claims: Claims
    ) -> Recoded:
        """变更代码 | Give the division a new code, and a new name and kind if those change too."""
        require(code != self.code, UNCHANGED, path=("code",))
        claims.take(CODES, code, self.id, TAKEN)
        claims.release(CODES, self.code, self.id)
        return Recoded(code, name or self.name, kind or self.kind)

    @command(by=Role.CITY_FIC, when=DivisionState.OPEN, basis=BASIS, reason=True)
    def merge(self, into: DivisionCode, *, claims: Claims, divisions: Divisions) -> Merged:
        """并入 | Merge the division into another, which must be open."""
        target = divisions.open(into, "into")
        require(target.id != self.id, "不能并入自身 | A division cannot be merged into itself", path=("into",))
        claims.release(CODES, self.code, self.id)
        return Merged(target.id)

    @command(by=Role.CITY_FIC, when=DivisionState.OPEN, basis=BASIS, reason=True)
    def change_manager(self, managed_by: DivisionCode, *, divisions: Divisions) -> ManagerChanged:
        """变更管理单位 | Put the division under another manager: permissions and statistics follow."""
        manager = divisions.open(managed_by, "managedBy")
        require(manager.id != self.managed_by, UNCHANGED, path=("managedBy",))
        circular = self.id in (each.id for each in divisions.chain(manager))
        require(not circular, "管理关系不能成环 | A division cannot be managed from below itself", path=("managedBy",))
        return ManagerChanged(manager.id)

    @command(by=Role.CITY_FIC, when=DivisionState.OPEN, basis=BASIS, reason=True)
    def abolish(self, *, claims: Claims) -> Abolished:
        """撤销 | Abolish the division; its code becomes free."""
        claims.release(CODES, self.code, self.id)
        return Abolished()


def _id(division: Division | None) -> UUID | None:
    return division.id if division else None


TAKEN = "行政区划代码 {key} 已在使用 | Division code {key} is in use"
UNCHANGED = "没有任何变更 | Nothing would change"


class Divisions:
    """The port through which other records look at divisions."""

    def __init__(self, records: Records, claims: Claims) -> None:
        self._records, self._claims = records, claims

    def get(self, id: UUID) -> Division:
        """The division with this id, blank when there is none."""
        return self._records.get(Division, id)

    def open(self, code: str, path: str) -> Division:
        """The division that has this code now.

        Raises NotFound when none has.
        """
        holder = self._claims.holder(CODES, code)
        if holder is None:
            raise NotFound("没有代码为 {code} 的行政区划 | No division has the code {code}", path=(path,), code=code)
        return self.get(holder)

    def chain(self, division: Division) -> Iterator[Division]:
        """The division and all that manage it, upwards."""
        while True:
            yield division
            if division.managed_by is None:
                return
            division = self.get(division.managed_by)

    def above(self, place: UUID | None) -> Iterator[Division]:
        """The divisions whose grants reach what belongs to a place: it and all that manage it."""
        if place is not None:
            yield from self.chain(self.get(place))
