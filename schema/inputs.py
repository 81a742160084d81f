"""What may a caller give a command, and which request does it mean? Both follow from the command's declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, get_args, get_origin
from uuid import UUID

import msgspec
import strawberry
from strawberry.types.arguments import InputContext

from schema import kinds
from schema.names import camel, command_name
from schema.scalars import decode_id
from service.domain.command import Command, Parameter
from service.domain.decision import Request
from service.domain.record import Source
from service.domain.refusal import InvalidInput
from service.domain.roles import Actor

Convert = Callable[[Any], Any]


@strawberry.input
class Envelope:
    """每个操作共有的输入 | What the input of every command has."""

    idempotency_key: UUID
    effective_on: date | None = None
    basis: str | None = None
    reason: str | None = None
    on_behalf_of: str | None = None
    correlation_id: UUID | None = None


class Entry(NamedTuple):
    """An input's field: what GraphQL and Python call it, whether null is a value, and how a value is taken in."""

    given: str
    name: str
    nullable: bool
    convert: Convert | None


class Inputs:
    """What a caller gives one command."""

    def __init__(self, command: Command) -> None:
        self.command, self.type = command, _input(command)
        self._entries = tuple(Entry(camel(p.name), p.name, p.required, _parameter(p)) for p in command.parameters)

    def request(self, given: Mapping[str, Any], actor: Actor, client: str | None) -> Request:
        """The request that an input means, of which `given` is the value as GraphQL coerces it.

        Raises InvalidInput for an id that is not of this kind of record.
        """
        command = self.command
        return Request(
            command=command,
            actor=actor,
            key=given["idempotencyKey"],
            source=Source.API,
            record=None if command.creates else _record(given["id"], command.record.__name__, "id"),
            input=_taken(self._entries, given),
            effective_on=given.get("effectiveOn"),
            expected_version=given.get("expectedVersion"),
            reason=given.get("reason"),
            basis=given.get("basis"),
            on_behalf_of=given.get("onBehalfOf"),
            correlation=given.get("correlationId"),
            client=client,
        )


def _input(command: Command) -> Any:
    annotations: dict[str, Any] = {p.name: _type(p) for p in command.parameters}
    if not command.creates:
        annotations |= {"id": strawberry.ID, "expected_version": int | None}
    defaults = {p.name: strawberry.field(default=strawberry.UNSET) for p in command.parameters if not p.required}
    if not command.creates:
        defaults["expected_version"] = strawberry.field(default=None)
    name = f"{command_name(command)}Input"
    shape = type(name, (Envelope,), {"__annotations__": annotations, "__module__": __name__, **defaults})
    kind: Any = strawberry.input(shape, description=command.text)
    kind.__strawberry_definition__.from_input = _as_coerced
    return kind


def _type(parameter: Parameter) -> Any:
    """What a caller may leave out he may also give as null: both mean the default."""
    kind = kinds.input(parameter.type)
    return kind if parameter.required else kind | None


def _as_coerced(_: Any, values: Mapping[str, Any], __: InputContext) -> Mapping[str, Any]:
    """An input as graphql-core coerced it: its scalars and terms are ready, and no more is asked of Strawberry."""
    return values


def _parameter(parameter: Parameter) -> Convert | None:
    kind = kinds.extra(parameter.type).get("ref")
    return (lambda text: text and _record(text, kind, parameter.name)) if kind else _convert(parameter.type)


def _convert(annotation: Any) -> Convert | None:
    """How a value is taken in: objects as dictionaries of what was given; None for what is taken as it is."""
    plain, _ = kinds.bare(annotation)
    if get_origin(plain) in (tuple, list, frozenset):
        return _each(_convert(get_args(plain)[0]))
    return _object(plain) if isinstance(plain, type) and issubclass(plain, msgspec.Struct) else None


def _each(convert: Convert | None) -> Convert | None:
    return None if convert is None else (lambda values: values and [convert(each) for each in values])


def _object(struct: type[msgspec.Struct]) -> Convert:
    fields = msgspec.structs.fields(struct)
    entries = tuple(Entry(camel(each.name), each.name, False, _convert(each.type)) for each in fields)
    return lambda values: values and _taken(entries, values)


def _taken(entries: tuple[Entry, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    found = ((entry, given.get(entry.given)) for entry in entries)
    return {
        name: value if convert is None else convert(value)
        for (_, name, nullable, convert), value in found
        if value is not None or nullable
    }


def _record(text: str, kind: str, name: str) -> UUID:
    found = decode_id(text)
    if found is None or found[0] != kind:
        raise InvalidInput("标识无效 | This is not the id of a {kind}", path=(name,), kind=kind)
    return found[1]
