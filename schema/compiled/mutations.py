"""How is a command carried out that comes in a known document? Without walking through that again.

What its payload tells at once is written here; the record and the change are read by statements, once the views show
them. All else is the ordinary path's, which carries the command out again, under the same idempotency key, and so comes
to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import orjson
from graphql import FieldNode, GraphQLField, OperationDefinitionNode, get_argument_values, is_leaf_type
from graphql.execution.values import VariableValues

from schema.changes import Change
from schema.compiled.bindings import NotPlannable, Unfit
from schema.compiled.bindings import Request as Reads
from schema.compiled.planner import Plan, of_one
from schema.compiled.selections import Selected, Selections
from schema.context import Caller, Lines
from schema.errors import UserError, user_error
from schema.inputs import Inputs
from schema.names import camel
from schema.payloads import READ_YOUR_WRITES
from schema.views import VIEWS
from service.domain.decision import Request
from service.domain.record import Record
from service.domain.refusal import Refused
from service.ledger.ledger import Outcome


class Base(Lines, Protocol):
    """What answers: views to read, a ledger to write to."""

    async def execute(self, request: Request, *, dry_run: bool = False) -> Outcome:
        """Carry out a request. Raises a Refused."""
        ...


class Told(NamedTuple):
    """What a command came to, or why it was refused."""

    outcome: Outcome | None
    error: UserError | None

    @property
    def position(self) -> int | None:
        """The position that shows it; None after a refusal or a dry run."""
        return self.outcome and self.outcome.position


Tell = Callable[[Told], Any]
"""Makes the value of a payload's field. Raises Unfit where the ordinary path has to."""


class Read(NamedTuple):
    """A field that is read of the views: by which statement, and by what of the outcome."""

    plan: Plan
    by: Callable[[Outcome], Any]


class Mutation(NamedTuple):
    """One root field: a command, and what is asked of its payload by response name."""

    node: FieldNode
    field: GraphQLField
    inputs: Inputs
    asked: Mapping[str, Tell | Read]

    @classmethod
    def of(cls, selections: Selections, selected: Selected) -> Mutation:
        """The command of a root field.

        Raises NotPlannable when there is none, or something else is asked of its payload.
        """
        inputs = (selected.field.metadata or {}).get("inputs")
        if inputs is None:
            raise NotPlannable(f"{selected.name} is no command")
        fields = selections.beneath(selected).items()
        asked = {key: _asked(selections, inputs.command.record, each) for key, each in fields}
        return cls(selected.node, selected.parent.fields[selected.name], inputs, asked)

    async def carry_out(self, variables: VariableValues, caller: Caller, base: Base) -> dict[str, Any]:
        """Give the command, and tell what came of it.

        Raises Unfit when the ordinary path has to tell that, ReadFailed when PostgreSQL does not answer.
        """
        given = get_argument_values(self.field, self.node, variables)
        try:
            request = self.inputs.request(given["input"], caller.actor, caller.client)
            told = Told(await base.execute(request, dry_run=given["dryRun"]), None)
        except Refused as refused:
            told = Told(None, user_error(refused))
        reads = Reads(variables.coerced, caller.reading, caller.cursor_key)
        return {
            key: await _read(each, told, reads, base) if isinstance(each, Read) else each(told)
            for key, each in self.asked.items()
        }


def mutations(selections: Selections, operation: OperationDefinitionNode) -> dict[str, Mutation]:
    """The commands of an operation by response name. Raises NotPlannable."""
    return {key: Mutation.of(selections, each) for key, each in selections.root(operation).items()}


def _asked(selections: Selections, record: type[Record], asked: Selected) -> Tell | Read:
    if asked.name == "__typename":
        return lambda _: asked.parent.name
    if asked.name == "position":
        return lambda told: None if told.position is None else str(told.position)
    if asked.name == "errors":
        return _errors(selections, asked)
    if asked.name == "change":
        return Read(of_one(selections, asked, Change, "position"), lambda outcome: outcome.position)
    if asked.name == camel(record.type_name):
        return Read(of_one(selections, asked, VIEWS[record.__name__], "id"), lambda outcome: outcome.record)
    raise NotPlannable(asked.name)


async def _read(read: Read, told: Told, request: Reads, base: Base) -> orjson.Fragment | None:
    if told.outcome is None or told.position is None:
        return None
    if not await base.reached(told.position, READ_YOUR_WRITES):
        raise Unfit("the views do not show it")
    found = await read.plan.read(request._replace(parents=(read.by(told.outcome),)), base)
    if found is None:
        raise Unfit("the views do not show what is asked of it")
    return orjson.Fragment(found)


def _errors(selections: Selections, asked: Selected) -> Tell:
    kinds = selections.schema.get_possible_types(asked.type)
    attributes = {each.name: _attributes(selections.beneath(asked, each.name)) for each in kinds}

    def tell(told: Told) -> list[dict[str, Any]]:
        return [] if told.error is None else [_error(told.error, attributes[type(told.error).__name__])]

    return tell


def _attributes(fields: Mapping[str, Selected]) -> Mapping[str, str] | None:
    """By response name, the attributes of an error of one type that are asked for; None if more than its own is."""
    own = (each.name == "__typename" or is_leaf_type(each.type) for each in fields.values())
    return {key: _attribute(each) for key, each in fields.items()} if all(own) else None


def _attribute(asked: Selected) -> str:
    return "__typename" if asked.name == "__typename" else str(asked.field.python_name)


def _error(error: UserError, attributes: Mapping[str, str] | None) -> dict[str, Any]:
    if attributes is None:
        raise Unfit("what is asked of an error has to be read of the views")
    return {
        key: type(error).__name__ if name == "__typename" else getattr(error, name) for key, name in attributes.items()
    }
