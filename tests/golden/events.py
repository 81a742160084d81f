"""Which facts have ever been written, in which form, and how would each look today?

`events.jsonl` has one line for every fact and class version, with a sample and the types of its fields. Lines are only
ever added, by `python -m tests.golden`: what was written once must be readable for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from service.domain.record import Fact
from service.domain.registry import FACTS

FILE = Path(__file__).with_name("events.jsonl")
SAMPLES: Mapping[type, Any] = {
    str: "文",
    int: 1,
    bool: True,
    UUID: UUID(int=1),
    date: date(2026, 1, 1),
    datetime: datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
    Decimal: Decimal("1.00"),
}


class Line(msgspec.Struct, frozen=True):
    """One form of one fact."""

    topic: str
    version: int
    fields: dict[str, Any]
    fact: dict[str, Any]


def facts() -> list[type[Fact]]:
    """All facts of the domain, by topic."""
    return [FACTS[topic] for topic in sorted(FACTS)]


def lines() -> list[Line]:
    """The golden lines."""
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    return [msgspec.json.decode(line, type=Line) for line in text.splitlines()]


def line_of(fact: type[Fact]) -> Line:
    """The line of a fact as it is today."""
    made = msgspec.json.decode(msgspec.json.encode(sample(fact)))
    return Line(fact.topic, fact.class_version, types(fact), made)


def types(kind: type[Any]) -> dict[str, Any]:
    """The names of the types of a structure's fields, those within included. Values of enumerations are left out:
    a new one changes nothing for what is already written.
    """
    return {name: _name(hint) for name, hint in get_type_hints(kind).items() if name in kind.__struct_fields__}


def sample(kind: Any) -> Any:
    """A value of a type with nothing left at its default."""
    origin, parts = get_origin(kind), [part for part in get_args(kind) if part not in (NoneType, ...)]
    if origin is tuple:
        return (sample(parts[0]),)
    if parts:
        return sample(parts[0])
    if issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind)
        return kind(**{name: sample(hints[name]) for name in kind.__struct_fields__})
    return next(iter(kind)) if issubclass(kind, StrEnum) else SAMPLES[kind]


def _name(kind: Any) -> Any:
    parts = get_args(kind)
    if get_origin(kind) is tuple:
        return [_name(parts[0])]
    if parts:
        return {"any of": [_name(part) for part in parts]}
    return types(kind) if issubclass(kind, msgspec.Struct) else kind.__name__
