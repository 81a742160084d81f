"""How does a declared command become a mutation: input, errors, labels, all from the one declaration?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import strawberry
from psycopg.sql import SQL
from strawberry.schema.name_converter import NameConverter
from strawberry.types import Info
from strawberry.types.arguments import InputContext
from strawberry.types.base import StrawberryContainer, has_object_definition

from schema import kinds
from schema.changes import BY_POSITION, Change
from schema.context import Context, context_of
from schema.errors import user_error
from schema.moment import NOW
from schema.names import command_name, mutation_name
from schema.payloads import READ_YOUR_WRITES, payload, told
from schema.runs import views_rebuild, views_replay
from schema.scalars import decode_id
from schema.scope import readable
from schema.statement import Select, Statement, Values, compares, equals
from schema.upkeep import projection_resume
from schema.views import VIEWS
from service.domain.command import Command, Parameter
from service.domain.decision import Request
from service.domain.record import RECORDS, Source
from service.domain.refusal import InvalidInput, Refused, VersionConflict

MOST_CHANGES = 100
"""How many changes a version conflict tells of, the first of them first."""
LAST_POSITION_OF = SQL(
    "SELECT coalesce(max(notification_id), 0) FROM ledger.shanghui_events WHERE originator_id = {id}"
)


@strawberry.input
class Envelope:
    """每个操作共有的输入 | What the input of every command has."""

    idempotency_key: UUID
    effective_on: date | None = None
    basis: str | None = None
    reason: str | None = None
    on_behalf_of: str | None = None
    correlation_id: UUID | None = None


def mutations() -> type[Any]:
    """The mutation type: every command of every record that has a view, and what concerns the views themselves."""
    fields: dict[str, Any] = {
        "projection_resume": projection_resume,
        "views_rebuild": views_rebuild,
        "views_replay": views_replay,
    }
    for record in RECORDS.values():
        if record.__name__ in VIEWS:
            for command in record.commands.values():
                fields[mutation_name(command)] = _mutation(command)
    return strawberry.type(type("Mutation", (), fields), description="操作 | Every command, in serial order")


def _mutation(command: Command) -> Any:
    input_type, payload_type = _input(command), payload(command)

    async def resolve(info: Any, input: Any, dry_run: bool = False) -> Any:
        context = context_of(info)
        try:
            outcome = await context.ledger.execute(_request(context, command, input), dry_run=dry_run)
        except VersionConflict as stale:
            return payload_type(errors=[user_error(stale, await _changes_since(context, stale))])
        except Refused as refused:
            return payload_type(errors=[user_error(refused)])
        return told(payload_type, outcome)

    resolve.__annotations__ = {"info": Info, "input": input_type, "dry_run": bool, "return": payload_type}
    return strawberry.mutation(resolve, name=mutation_name(command), description=command.text)


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
    kind.__strawberry_definition__.from_input = _given
    return kind


def _given(kind: Any, values: Mapping[str, Any], context: InputContext) -> SimpleNamespace:
    """An input as it came. Its scalars and terms are ready; only objects are left for Strawberry to make."""
    names, objects, blank = _shape(kind, context.config.name_converter)
    made = {
        names[name]: context.convert(value, objects[name], name) if name in objects else value
        for name, value in values.items()
    }
    return SimpleNamespace(**blank | made)


@cache
def _shape(kind: Any, converter: NameConverter) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
    """The names of an input's fields by what GraphQL calls them, the types of those with objects, and all defaults."""
    fields = {converter.from_field(field): field for field in kind.__strawberry_definition__.fields}
    types = {name: field.resolve_type() for name, field in fields.items()}
    defaults = {each.python_name: None if each.default is MISSING else each.default for each in fields.values()}
    names = {name: field.python_name for name, field in fields.items()}
    return names, {name: each for name, each in types.items() if has_object_definition(_item(each))}, defaults


def _item(kind: Any) -> Any:
    return _item(kind.of_type) if isinstance(kind, StrawberryContainer) else kind


def _type(parameter: Parameter) -> Any:
    """What a caller may leave out he may also give as null: both mean the default."""
    kind = kinds.input(parameter.type)
    return kind if parameter.required else kind | None


def _request(context: Context, command: Command, given: Any) -> Request:
    """The request that an input means.

    Raises InvalidInput for an id that is not of this kind of record.
    """
    return Request(
        command=command,
        actor=context.actor(),
        key=given.idempotency_key,
        source=Source.API,
        record=None if command.creates else _record(given.id, command.record.__name__, "id"),
        input={p.name: value for p in command.parameters if (value := _value(p, given)) is not strawberry.UNSET},
        effective_on=given.effective_on,
        expected_version=None if command.creates else given.expected_version,
        reason=given.reason,
        basis=given.basis,
        on_behalf_of=given.on_behalf_of,
        correlation=given.correlation_id,
        client=context.client,
    )


def _value(parameter: Parameter, given: Any) -> Any:
    value = getattr(given, parameter.name)
    kind = kinds.extra(parameter.type).get("ref")
    if value is strawberry.UNSET or (value is None and not parameter.required):
        return strawberry.UNSET
    return _record(value, kind, parameter.name) if kind else _plain(value)


def _plain(value: Any) -> Any:
    """Inputs as the domain takes them: objects as dictionaries of what was given."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if hasattr(type(value), "__strawberry_definition__") and not isinstance(value, str):
        fields: Mapping[str, Any] = vars(value)
        return {n: _plain(v) for n, v in fields.items() if v is not strawberry.UNSET and v is not None}
    return value


def _record(text: str, kind: str, name: str) -> UUID:
    found = decode_id(text)
    if found is None or found[0] != kind:
        raise InvalidInput("标识无效 | This is not the id of a {kind}", path=(name,), kind=kind)
    return found[1]


async def _changes_since(context: Context, stale: VersionConflict) -> list[Change]:
    """What happened to the record since the version that its caller had read, as far as he may see it."""
    values = Values()
    query = LAST_POSITION_OF.format(id=values.bind(stale.record))
    await context.views.reached((await context.reader.fetch(Statement(query, values)))[0][0], READ_YOUR_WRITES)
    later = (equals("record_id", stale.record), compares("{} > {}", "version", stale.expected))
    select = Select(Change.table, None, (*later, *readable(Change, context)), BY_POSITION, MOST_CHANGES)
    return [Change.of(row, NOW) for row in await context.reader.rows(select)]
