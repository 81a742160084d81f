"""Which documents have been answered before, and how are they answered now?

One is known only when the ordinary path has answered it: parsed, validated, within its limits, allowed. The plan of a
query belongs to the document, the operation and the shape of the variables; values and the viewer are bound each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from types import NoneType
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    print_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from schema.compiled.bindings import NotPlannable, Unfit, shape
from schema.compiled.mutations import Executes, Mutation
from schema.compiled.planner import Plan, Planner, attempted
from schema.compiled.selections import Selections
from schema.context import Caller, Reading
from schema.scalars import decode_id

PLAIN: Mapping[str, type] = {"ID": str, "String": str, "Boolean": bool}
MOST_PLANS = 300
MOST_SHAPES = 30
"""How many operations are remembered, and of each how many shapes of variables and viewers."""
MOST_TEXT = 20_000


class Operation:
    """The one operation of a known document that is meant."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, chosen: OperationDefinitionNode) -> None:
        self._schema, self._chosen = schema, chosen
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}

    def _coerced(self, given: Mapping[str, Any]) -> VariableValues:
        found = get_variable_values(self._schema, self._chosen.variable_definitions or (), dict(given))
        if isinstance(found, list):
            raise Unfit("variables")
        return found


class Query(Operation):
    """A query that was answered, and the plans for the shapes of its variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, chosen: OperationDefinitionNode) -> None:
        super().__init__(schema, document, chosen)
        self._plans: OrderedDict[Any, Plan | None] = OrderedDict()
        self._plain = _plain(chosen)

    def variables(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The variables as coerced.

        Raises Unfit when they do not fit: the ordinary path words the error.
        """
        if given.keys() == self._plain.keys() and all(type(given[n]) is kind for n, kind in self._plain.items()):
            return dict(given)  # nothing to coerce: each is of just the type that is declared
        return self._coerced(given).coerced

    def learn(self, given: Mapping[str, Any], reading: Reading) -> None:
        """Make the plan for variables like these and a viewer who reads this far."""
        self.plan(self.variables(given), reading, make=True)

    def plan(self, variables: Mapping[str, Any], reading: Reading, *, make: bool) -> Plan | None:
        """The plan for variables of this shape and a viewer who reads this far; a new one only when it may be made."""
        key = (*reading.shape, shapes(variables))
        if key not in self._plans and make:
            planner = Planner(self._schema, self._fragments, variables, reading)
            self._plans[key] = attempted(lambda: planner.plan(self._chosen))
            if len(self._plans) > MOST_SHAPES:
                self._plans.popitem(last=False)
        return self._plans.get(key)


class Commands(Operation):
    """A mutation that was carried out, of commands of which no more is asked than came of them."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, chosen: OperationDefinitionNode) -> None:
        super().__init__(schema, document, chosen)
        if _directed(document):
            raise NotPlannable("directives, whose variables each request has anew")
        selections = Selections(schema, self._fragments, {})
        asked = selections.root(chosen)
        self._mutations = {key: Mutation.of(schema, selections, each) for key, each in asked.items()}

    def learn(self, given: Mapping[str, Any], reading: Reading) -> None:
        """Nothing more is to be known."""

    async def carry_out(self, given: Mapping[str, Any], caller: Caller, ledger: Executes) -> bytes:
        """The JSON of `data`, when all have been given, one after the other.

        Raises Unfit when variables do not fit, or the ordinary path has to tell what came of a command.
        """
        variables = self._coerced(given)
        data = {key: await each.carry_out(variables, caller, ledger) for key, each in self._mutations.items()}
        return orjson.dumps(data)


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


class Plans:
    """The operations answered last, at most so many."""

    def __init__(self, schema: GraphQLSchema, most: int = MOST_PLANS) -> None:
        self._schema, self._most = schema, most
        self._operations: OrderedDict[tuple[str, str | None], Query | Commands | None] = OrderedDict()

    def find(self, text: str, name: str | None) -> Query | Commands | None:
        """The operation of a document, if the ordinary path has answered it and it can be planned."""
        found = self._operations.get((text, name))
        if found is not None:
            self._operations.move_to_end((text, name))
        return found

    def learn(self, text: str, name: str | None, variables: Mapping[str, Any], reading: Reading) -> None:
        """Note that the ordinary path answered this, and make its plan."""
        if len(text) > MOST_TEXT:
            return
        if (text, name) not in self._operations:
            self._operations[text, name] = self._read(text, name)
            if len(self._operations) > self._most:
                self._operations.popitem(last=False)
        operation = self._operations[text, name]
        if operation is not None:
            operation.learn(variables, reading)

    def _read(self, text: str, name: str | None) -> Query | Commands | None:
        try:
            return operation_of(self._schema, parse(text), name)
        except NotPlannable:
            return None


def _directed(document: DocumentNode) -> bool:
    """Whether anything in a document stands under a directive."""
    return "@" in print_ast(document)


def _plain(operation: OperationDefinitionNode) -> dict[str, type]:
    """The variables that are plain text or booleans, as most are; those of other types have no Python type here."""
    declared = operation.variable_definitions or ()
    return {each.variable.name.value: PLAIN.get(print_ast(each.type).rstrip("!"), NoneType) for each in declared}


def shapes(variables: Mapping[str, Any]) -> Hashable:
    """What of the variables a plan depends on."""
    return (*((name, _shape(value)) for name, value in variables.items()),)


def _shape(value: Any) -> Any:
    """The shape of a variable; of an id also its kind, and whether it is of the past."""
    if isinstance(value, str) and (decoded := decode_id(value)) is not None:
        return decoded[0], decoded[2] is None
    if isinstance(value, Mapping):
        return tuple(sorted((name, _shape(each)) for name, each in value.items()))
    return shape(value)
