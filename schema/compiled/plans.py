"""Which questions have been answered before, and by which statement are they answered now?

A plan is made only for a document that the ordinary path has answered: parsed, validated, within its limits, allowed.
It belongs to the document, the operation and the shape of the variables; values and the viewer are bound each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from types import NoneType
from typing import Any

import structlog
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    print_ast,
)
from graphql.execution.values import get_variable_values

from schema.compiled.bindings import NotPlannable, Unfit, shape
from schema.compiled.planner import Plan, Planner
from schema.context import Reading
from schema.scalars import decode_id

PLAIN: Mapping[str, type] = {"ID": str, "String": str, "Boolean": bool}
MOST_PLANS = 300
MOST_SHAPES = 30
"""How many operations are remembered, and of each how many shapes of variables and viewers."""
log = structlog.get_logger()
MOST_TEXT = 20_000


class Operation:
    """A document that was answered, and the plans for the shapes of its variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, name: str | None) -> None:
        operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        chosen = [o for o in operations if name is None or (o.name and o.name.value == name)]
        if len(chosen) != 1 or chosen[0].operation is not OperationType.QUERY or chosen[0].directives:
            raise NotPlannable("not one plain query")
        self._schema, self._operation = schema, chosen[0]
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._plans: OrderedDict[Any, Plan | None] = OrderedDict()
        self._plain = _plain(chosen[0])

    def variables(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The variables as coerced.

        Raises Unfit when they do not fit: the ordinary path words the error.
        """
        declared = self._operation.variable_definitions or ()
        if given.keys() == self._plain.keys() and all(type(given[n]) is kind for n, kind in self._plain.items()):
            return dict(given)  # nothing to coerce: each is of just the type that is declared
        found = get_variable_values(self._schema, declared, dict(given))
        if isinstance(found, list):
            raise Unfit("variables")
        return found.coerced

    def plan(self, variables: Mapping[str, Any], reading: Reading, *, make: bool) -> Plan | None:
        """The plan for variables of this shape and a viewer who reads this far; a new one only when it may be made."""
        key = (*reading.shape, shapes(variables))
        if key not in self._plans and make:
            self._plans[key] = self._made(variables, reading)
            if len(self._plans) > MOST_SHAPES:
                self._plans.popitem(last=False)
        return self._plans.get(key)

    def _made(self, variables: Mapping[str, Any], reading: Reading) -> Plan | None:
        try:
            return Planner(self._schema, self._fragments, variables, reading).plan(self._operation)
        except NotPlannable:
            return None
        except Exception:  # the question has been answered already: a planner that stumbles must not undo that
            log.exception("unplanned")
            return None


class Plans:
    """The operations answered last, at most so many."""

    def __init__(self, schema: GraphQLSchema, most: int = MOST_PLANS) -> None:
        self._schema, self._most = schema, most
        self._operations: OrderedDict[tuple[str, str | None], Operation | None] = OrderedDict()

    def find(self, text: str, name: str | None) -> Operation | None:
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
            operation.plan(operation.variables(variables), reading, make=True)

    def _read(self, text: str, name: str | None) -> Operation | None:
        try:
            return Operation(self._schema, parse(text), name)
        except NotPlannable:
            return None


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
