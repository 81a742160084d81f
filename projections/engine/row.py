"""What is a row of a view, and which PostgreSQL types keep its columns?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from struct import Struct
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, ClassVar, NamedTuple, Self, Union, dataclass_transform, get_args, get_origin
from typing import get_type_hints as resolve
from uuid import UUID

import msgspec
import psycopg
from msgspec.structs import astuple, replace

from service.domain.record import Recorded

Key = tuple[Hashable, ...]
"""The values of a row's key columns, in their order."""

Position = Annotated[int, msgspec.Meta(extra={"scalar": "Position"})]
"""A place in the log. It has 64 bits, which `extra` tells to whoever shows it."""
UUID_TYPE = "uuid"
JSON = "json"
"""Kept as text: it is printed far more often than it is looked into."""
TEXTS, LENGTH = Struct(">iiiii"), Struct(">i")
"""How an array begins: its dimensions, whether it holds nulls, of which type; how many elements, the first's index."""
TEXT_OID = psycopg.adapters.types["text"].oid
SCALARS: dict[Any, str] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    UUID: UUID_TYPE,
    date: "date",
    datetime: "timestamptz",
    Decimal: "numeric",
}


@dataclass_transform(frozen_default=True)
class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row of a view: an immutable value whose fields are its columns.

    It travels to and from PostgreSQL as the array of its fields, which is why it is `array_like`.
    """

    table: ClassVar[Any]
    """The Table of these rows: what `@table` declares."""

    def stamped(self, event: Recorded) -> Self:
        """The row with the columns that tell which event made it; a plain row has none."""
        return self


class RecordRow(Row, kw_only=True):
    """A row that tells its record and the event that last touched it; the engine fills these columns after a fold."""

    id: UUID = UUID(int=0)
    version: int = 0
    position: Position = 0
    effective_on: date = date.min
    recorded_at: datetime = datetime.min.replace(tzinfo=UTC)

    def stamped(self, event: Recorded) -> Self:
        """The row as this event left it."""
        return replace(
            self,
            id=event.originator_id,
            version=event.originator_version,
            position=event.position,
            effective_on=event.envelope.effective_on,
            recorded_at=event.envelope.recorded_at,
        )


class LogRow(Row, kw_only=True):
    """A row that is written once. The engine fills these columns: the event's position, the place among its rows."""

    position: Position = 0
    ordinal: int = 0

    def numbered(self, position: int, ordinal: int) -> Self:
        """The row in its place."""
        return replace(self, position=position, ordinal=ordinal)


class Derived(NamedTuple):
    """What follows from a value that a column keeps: its type, and SQL for it, in which `{value}` is the value's JSON.

    A struct names what it does not keep in `derived`, and has a property for each.
    """

    type: Any
    sql: str


class Column(NamedTuple):
    """A field of a row as PostgreSQL keeps it."""

    name: str
    type: str
    nullable: bool

    @property
    def sent_as(self) -> str:
        """As which type a binary COPY sends it: as bytes what is encoded here, UUIDs, JSON and arrays of text."""
        return "bytea" if self.type == UUID_TYPE or self.type in ENCODED else self.type


def columns_of(row: type[Row]) -> tuple[Column, ...]:
    """The columns that a row's annotations mean; Annotated is looked through.

    Raises TypeError for a type that no column can keep.
    """
    hints = resolve(row)
    return tuple(_column(name, hints[name]) for name in row.__struct_fields__)


DAY = 1
FIXED = {"date": DAY, "timestamptz": 2, "bigint": 3, "boolean": 4, UUID_TYPE: 5}
"""Types of which all values are as wide. Dates fill what a history's segment leaves of a word."""


def laid(columns: Sequence[Column], key: Collection[str]) -> list[Column]:
    """Columns in the order in which a table had best lie: those first of which each row has them in the same place.

    What a scan looks at is then found without going through the values before it. And it lies in few lines of memory:
    days, the key, by which whatever is sorted is told apart, and what else there is to sort by, before other ids.
    """

    def place(column: Column) -> tuple[bool | int, ...]:
        kind = FIXED.get(column.type, 0)
        return column.type not in FIXED, column.nullable, kind != DAY, column.name not in key, kind

    return sorted(columns, key=place)


CONTENT_ID = Column("content_id", UUID_TYPE, nullable=False)
"""By which a row tells what of it stands apart."""


def to_cells(row: type[Row], columns: tuple[Column, ...]) -> Callable[..., list[Any]]:
    """How these columns of a row, and whatever is to follow them, become the values that psycopg writes."""
    special = [(n, wrap) for n, column in enumerate(columns) if (wrap := _wrapper(column.type))]
    uuids = [n for n, column in enumerate(columns) if column.type == UUID_TYPE]
    names = tuple(column.name for column in columns)
    picked = astuple if names == row.__struct_fields__ else picker(names)

    def cells(row: Row, *more: Any) -> list[Any]:
        found = [*picked(row), *more]
        for n in uuids:
            if (id := found[n]) is not None:
                found[n] = id.int.to_bytes(16)  # what psycopg does in a function of its own, and `bytes` in another
        for n, wrap in special:
            if found[n] is not None:
                found[n] = wrap(found[n])
        return found

    return cells


def picker(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What has a row's values of these names, in their order."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    value = attrgetter(names[0])
    return lambda row: (value(row),)


def _wrapper(type: str) -> Callable[[Any], Any] | None:
    return ENCODED.get(type) or (list if type.endswith("[]") else None)


@lru_cache(4_096)
def _texts(values: tuple[str, ...]) -> bytes:
    """An array of text as a binary COPY has it; most come again soon, and psycopg's own way is in Python."""
    texts = [text.encode() for text in values]
    head = TEXTS.pack(1, 0, TEXT_OID, len(texts), 1) if texts else TEXTS.pack(0, 0, TEXT_OID, 0, 0)[: -LENGTH.size * 2]
    return head + b"".join([LENGTH.pack(len(text)) + text for text in texts])


ENCODED: Mapping[str, Callable[[Any], bytes]] = MappingProxyType(
    {JSON: msgspec.json.Encoder().encode, "text[]": _texts}
)


def _column(name: str, annotation: Any) -> Column:
    kinds = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    known = [kind for kind in kinds if kind is not NoneType]
    if len(known) != 1:
        raise TypeError(f"column {name}: {annotation} is more than one type")
    return Column(name, _postgres_type(name, known[0]), NoneType in kinds)


def _postgres_type(name: str, kind: Any) -> str:
    if get_origin(kind) is tuple:
        element = _postgres_type(name, get_args(kind)[0])
        return f"{element}[]" if element in SCALARS.values() else JSON
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "text"
    if kind is Any or get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, dict | msgspec.Struct)):
        return JSON
    if kind not in SCALARS:
        raise TypeError(f"column {name}: no PostgreSQL type for {kind}")
    return SCALARS[kind]
