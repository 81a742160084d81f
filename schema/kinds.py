"""Which GraphQL type does a type of the domain or of a view have?"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import strawberry

from schema import scalars

SCALAR_NAMES: dict[str, Any] = {
    "DivisionCode": scalars.DivisionCode,
    "Uscc": scalars.Uscc,
    "Decimal": Decimal,
    "Position": scalars.Position,
}
OUTPUTS: dict[type[Any], Any] = {}
INPUTS: dict[type[Any], Any] = {}
ENUMS: dict[type[Enum], Any] = {}


def output(annotation: Any) -> Any:
    """The GraphQL type by which a value of this annotation is read."""
    return _graphql(annotation, _output_struct)


def input(annotation: Any) -> Any:
    """The GraphQL type by which a value of this annotation is given."""
    return _graphql(annotation, _input_struct)


def bare(annotation: Any) -> tuple[Any, bool]:
    """The annotation without `Annotated` and without `| None`, and whether it had the latter."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if _is_union(annotation):
        rest = [each for each in get_args(annotation) if each is not types.NoneType]
        return bare(rest[0])[0], True
    return annotation, False


def extra(annotation: Any) -> Mapping[str, Any]:
    """What an alias says of itself: the scalar it is printed as, the record it refers to."""
    found: dict[str, Any] = {}
    for each in (annotation, *get_args(annotation)):
        for mark in getattr(each, "__metadata__", ()):
            found |= getattr(mark, "extra", None) or {}
    return found


def enum(kind: type[Enum]) -> Any:
    """The GraphQL enumeration of a domain one."""
    if kind not in ENUMS:
        ENUMS[kind] = strawberry.enum(kind, description=summary(kind))
    return ENUMS[kind]


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (typing.Union, types.UnionType)


def _graphql(annotation: Any, struct: Any) -> Any:
    plain, optional = bare(annotation)
    named = SCALAR_NAMES.get(extra(annotation).get("scalar", ""))
    found = named or _plain(plain, struct, extra(annotation))
    return found | None if optional else found


def _plain(plain: Any, struct: Any, marks: Mapping[str, Any]) -> Any:
    if get_origin(plain) in (tuple, list, frozenset):
        return list[_graphql(get_args(plain)[0], struct)]  # type: ignore[misc]  # a type made at run time
    if "ref" in marks:
        return strawberry.ID
    if isinstance(plain, type) and issubclass(plain, Enum):
        return enum(plain)
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        return struct(plain)
    return scalars.Json | None if plain in (Any, object) else plain


def summary(kind: Any) -> str:
    """The first paragraph of a docstring, `中文 | English`, on one line and without its full stop."""
    return " ".join((kind.__doc__ or "").strip().split("\n\n")[0].split()).rstrip(".")


def members(kind: type[Any]) -> dict[str, Any]:
    """The annotations of all that can be asked of a struct: what it keeps, and what follows from that."""
    hints = get_type_hints(kind, include_extras=True)
    kept = {name: hints[name] for name in kind.__struct_fields__}
    return kept | {name: each.type for name, each in getattr(kind, "derived", {}).items()}


def _output_struct(kind: type[Any]) -> Any:
    if kind not in OUTPUTS:
        fields = {name: output(each) for name, each in members(kind).items()}
        shape = type(kind.__name__, (), {"__annotations__": fields, "__module__": kind.__module__})
        OUTPUTS[kind] = strawberry.type(shape, description=summary(kind))
    return OUTPUTS[kind]


def _input_struct(kind: type[Any]) -> Any:
    if kind not in INPUTS:
        fields = msgspec.structs.fields(kind)
        shape: dict[str, Any] = {
            "__annotations__": {f.name: input(f.type) if f.required else input(f.type) | None for f in fields},
            "__module__": kind.__module__,
        }
        shape |= {f.name: strawberry.field(default=strawberry.UNSET) for f in fields if not f.required}
        name = kind.__name__ if kind.__name__.endswith("Input") else f"{kind.__name__}Input"
        INPUTS[kind] = strawberry.input(type(name, (), shape), description=summary(kind))
    return INPUTS[kind]


__all__ = ["UUID", "bare", "enum", "extra", "input", "output"]
