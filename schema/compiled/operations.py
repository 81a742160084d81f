"""How is an operation answered whose document is known: a query by a statement, a mutation by giving its commands?

The plan of an operation belongs to the shape of its variables and of what its viewer may read; values are bound, and
commands given, each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from types import NoneType
from typing import Any, Generic, TypeVar

import orjson
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    print_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from schema.compiled.bindings import NotPlannable, Unfit, shapes
from schema.compiled.kept import Kept
from schema.compiled.mutations import Base, Mutation, mutations
from schema.compiled.planner import Plan, whole
from schema.compiled.selections import Selections
from schema.context import Caller, Reading
from schema.scalars import position_of

P = TypeVar("P")
PLAIN: Mapping[str, type] = {"ID": str, "String": str, "Boolean": bool, "Position": str}
"""How variables arrive that are plain text or booleans, as most are; those of other types have no Python type here."""
MOST_SHAPES = 30
"""Of how many shapes of variables and viewers the plans are remembered."""


class Operation(Generic[P]):
    """The one operation of a known document that is meant, and the plans for the shapes of its variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        chosen: OperationDefinitionNode,
        make: Callable[[Selections, OperationDefinitionNode], P],
    ) -> None:
        self._schema, self._chosen, self._make = schema, chosen, make
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._inputs = _inputs(schema, chosen)
        self._plans: Kept[P] = Kept(MOST_SHAPES)

    def plan(self, variables: Mapping[str, Any], reading: Reading) -> P | None:
        """The plan for variables of this shape and a viewer who reads this far, if it was made."""
        return self._plans.find(self._key(variables, reading))

    def learn(self, given: Mapping[str, Any], reading: Reading) -> P | None:
        """The plan for variables like these and a viewer who reads this far: made now, unless it was.

        Raises Unfit when they do not fit.
        """
        variables = self._coerced(given).coerced
        asked = partial(Selections, self._schema, self._fragments, variables, reading)
        return self._plans.made(self._key(variables, reading), lambda: self._make(asked(), self._chosen))

    def _key(self, variables: Mapping[str, Any], reading: Reading) -> Hashable:
        return *reading.shape, shapes(variables, self._inputs)

    def _coerced(self, given: Mapping[str, Any]) -> VariableValues:
        found = get_variable_values(self._schema, self._chosen.variable_definitions or (), dict(given))
        if isinstance(found, list):
            raise Unfit("variables")
        return found


class Query(Operation[Plan]):
    """A query that was answered."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, chosen: OperationDefinitionNode) -> None:
        super().__init__(schema, document, chosen, whole)
        self._plain = {name: PLAIN.get(type, NoneType) for name, type in _declared(chosen)}
        self._positions = [name for name, type in _declared(chosen) if type == "Position"]

    def variables(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The variables as coerced.

        Raises Unfit when they do not fit: the ordinary path words the error.
        """
        if {name: type(value) for name, value in given.items()} == self._plain:
            return {**given, **{name: position_of(given[name]) for name in self._positions}}  # no more to coerce
        return self._coerced(given).coerced


class Commands(Operation[Mapping[str, Mutation]]):
    """A mutation that was carried out."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, chosen: OperationDefinitionNode) -> None:
        super().__init__(schema, document, chosen, mutations)

    async def carry_out(self, given: Mapping[str, Any], caller: Caller, base: Base) -> bytes | None:
        """The JSON of `data`, when all commands have been given, one after the other; None when there is no plan.

        Raises Unfit when variables do not fit, or the ordinary path has to tell what came of a command.
        """
        variables = self._coerced(given)
        planned = self.plan(variables.coerced, caller.reading)
        if planned is None:
            return None
        return orjson.dumps({key: await each.carry_out(variables, caller, base) for key, each in planned.items()})


KINDS: Mapping[OperationType, type[Query | Commands]] = {
    OperationType.QUERY: Query,
    OperationType.MUTATION: Commands,
}


def operation_of(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Query | Commands:
    """The operation of a document that is meant.

    Raises NotPlannable when it is left to the ordinary path.
    """
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    chosen = [o for o in operations if name is None or (o.name and o.name.value == name)]
    if len(chosen) != 1 or chosen[0].operation not in KINDS or chosen[0].directives:
        raise NotPlannable("not one plain operation")
    return KINDS[chosen[0].operation](schema, document, chosen[0])


def _inputs(schema: GraphQLSchema, operation: OperationDefinitionNode) -> frozenset[str]:
    """The variables that are whole inputs of commands: no plan depends on what is in them."""
    assert schema.mutation_type is not None
    fields = schema.mutation_type.fields.values()
    types = {str(field.args["input"].type) for field in fields if "input" in field.args}
    declared = operation.variable_definitions or ()
    return frozenset(each.variable.name.value for each in declared if print_ast(each.type) in types)


def _declared(operation: OperationDefinitionNode) -> list[tuple[str, str]]:
    """The variables and the names of their types, whether they may be null or not."""
    declared = operation.variable_definitions or ()
    return [(each.variable.name.value, print_ast(each.type).rstrip("!")) for each in declared]
