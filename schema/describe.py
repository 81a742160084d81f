"""Is everything in the schema explained in both languages?

Types are explained by their docstrings, everything else by the glossary; what neither explains is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)

from projections.change_history import LABELS
from schema.kinds import summary
from schema.names import camel
from service.domain.vocabulary import UnknownTerm, label


def describe(schema: GraphQLSchema) -> None:
    """Give every type, field, argument, input and enumeration value its description.

    Raises UnknownTerm, naming all of them, when some have none.
    """
    missing = [each for kind in schema.type_map.values() if not _builtin(kind) for each in _describe(kind)]
    if missing:
        raise UnknownTerm("glossary.csv does not explain: " + ", ".join(sorted(set(missing))))


def _builtin(kind: GraphQLNamedType) -> bool:
    return is_introspection_type(kind) or is_specified_scalar_type(kind)


def _describe(kind: GraphQLNamedType) -> Iterator[str]:
    origin = getattr(kind.extensions.get("strawberry-definition"), "origin", None)
    if not kind.description:
        kind.description = _documented(origin) or _label(kind.name, "")
    if not _bilingual(kind.description):
        yield kind.name
    documented = LABELS.get(getattr(kind.extensions.get("strawberry-definition"), "wrapped_cls", None), {})
    for name, element in _elements(kind):
        if not _bilingual(element.description):
            element.description = documented.get(name) or _label(name, kind.name)
        if not _bilingual(element.description):
            yield f"{kind.name}.{name}"


def _elements(kind: GraphQLNamedType) -> Iterator[tuple[str, Any]]:
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in kind.fields.items():
            yield name, field
            yield from field.args.items()
    elif isinstance(kind, GraphQLInputObjectType):
        yield from kind.fields.items()
    elif isinstance(kind, GraphQLEnumType):
        yield from kind.values.items()


def _documented(origin: Any) -> str | None:
    text = summary(origin) if origin is not None else ""
    return text if _bilingual(text) else None


def _bilingual(text: str | None) -> bool:
    return " | " in (text or "")


def _label(name: str, owner: str) -> str | None:
    """The glossary's word for a name; for a column to sort by, the field's."""
    for each in (name, camel(name.lower())) if name.isupper() else (name,):
        with suppress(UnknownTerm):
            return str(label(each, owner))
    return None
