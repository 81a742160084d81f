"""How is a command carried out that comes in a known document? Without walking through that again.

Only what a payload tells at once can be asked for in such a document: the position and the errors. What has to be read
of the views, the record or the changes since, is the ordinary path's. It carries the command out again, under the same
idempotency key, and so comes to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLSchema,
    get_argument_values,
    is_leaf_type,
)
from graphql.execution.values import VariableValues

from schema.compiled.bindings import NotPlannable, Unfit
from schema.compiled.selections import Selected, Selections
from schema.context import Caller
from schema.errors import UserError, user_error
from schema.inputs import Inputs
from service.domain.decision import Request
from service.domain.refusal import Refused
from service.ledger.ledger import Outcome


class Told(NamedTuple):
    """What a command came to: the position that shows it, or none; why it was refused, if it was."""

    position: int | None
    error: UserError | None


Tell = Callable[[Told], Any]
"""Makes the value of a payload's field. Raises Unfit where the ordinary path has to."""


class Executes(Protocol):
    """What carries requests out."""

    async def execute(self, request: Request, *, dry_run: bool = False) -> Outcome:
        """Carry out a request. Raises a Refused."""
        ...


class Mutation(NamedTuple):
    """One root field: a command, and what is asked of its payload by response name."""

    node: FieldNode
    field: GraphQLField
    inputs: Inputs
    tells: Mapping[str, Tell]

    @classmethod
    def of(cls, schema: GraphQLSchema, selections: Selections, selected: Selected) -> Mutation:
        """The command of a root field.

        Raises NotPlannable when there is none, or when something of its payload has to be read.
        """
        inputs = (selected.field.metadata or {}).get("inputs")
        if inputs is None:
            raise NotPlannable(f"{selected.name} is no command")
        tells = {key: _tell(schema, selections, each) for key, each in selections.beneath(selected).items()}
        return cls(selected.node, selected.parent.fields[selected.name], inputs, tells)

    async def carry_out(self, variables: VariableValues, caller: Caller, ledger: Executes) -> dict[str, Any]:
        """Give the command, and tell what came of it.

        Raises Unfit when the ordinary path has to tell that.
        """
        given = get_argument_values(self.field, self.node, variables)
        try:
            request = self.inputs.request(given["input"], caller.actor, caller.client)
            told = Told((await ledger.execute(request, dry_run=given["dryRun"])).position, None)
        except Refused as refused:
            told = Told(None, user_error(refused))
        return {key: tell(told) for key, tell in self.tells.items()}


def _tell(schema: GraphQLSchema, selections: Selections, asked: Selected) -> Tell:
    if asked.name == "__typename":
        return lambda _: asked.parent.name
    if asked.name == "position":
        return lambda told: None if told.position is None else str(told.position)
    if asked.name == "errors":
        return _errors(schema, selections, asked)
    raise NotPlannable(f"{asked.name} is read of the views")


def _errors(schema: GraphQLSchema, selections: Selections, asked: Selected) -> Tell:
    kinds = schema.get_possible_types(asked.type)
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
