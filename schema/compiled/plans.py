"""Which questions have been answered before, and by which statement are they answered now?

A plan is made only for a document that the ordinary path has answered: parsed, validated, within its limits, allowed.
It belongs to the document, the operation and the shape of the variables; values and the viewer are bound each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from types import NoneType
from typing import Any, NamedTuple

import structlog
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    is_abstract_type,
    parse,
    print_ast,
)
from graphql.execution.values import get_variable_values

from schema.compiled.bindings import Argument, Getter, NotPlannable, Request, Unfit, shape
from schema.compiled.columns import quoted
from schema.compiled.compiler import Compiler
from schema.compiled.moments import PRESENT, At
from schema.compiled.selections import Selected, Selections
from schema.context import Reading
from schema.relations import Every, Named, Past, Reached, relation_of
from schema.scalars import decode_id, id_tail
from schema.views import VIEWS, View

SEGMENT_BITS = 12
PLAIN: Mapping[str, type] = {"ID": str, "String": str, "Boolean": bool}
MOST_PLANS = 300
MOST_SHAPES = 30
"""How many operations are remembered, and of each how many shapes of variables and viewers."""
log = structlog.get_logger()
MOST_TEXT = 20_000


class Plan(NamedTuple):
    """A statement whose one value is the JSON of `data`, the getters of its placeholders, the positions it reads at."""

    sql: str
    getters: tuple[Getter, ...]
    positions: tuple[Getter, ...]


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
        shapes = (*((name, _chosen_shape(value)) for name, value in variables.items()),)
        key = (reading.codes is None, reading.public, shapes)
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


class Planner:
    """Makes the plan of one operation for one shape of its variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        reading: Reading,
    ) -> None:
        self._selections = Selections(schema, fragments, variables)
        self._compiler = Compiler(schema, self._selections, variables, reading)
        self._schema, self._positions = schema, list[Getter]()

    def plan(self, operation: OperationDefinitionNode) -> Plan:
        """One statement for all root fields."""
        root = self._schema.query_type
        assert root is not None
        cells = self._cells(root, self._selections.of(root, operation.selection_set.selections), PRESENT)
        sql = f"SELECT to_json(r)::text FROM (SELECT {', '.join(cells)}) AS r"
        sql, getters = self._compiler.placeholders.used(sql)
        return Plan(sql, getters, tuple(self._positions))

    def _cells(self, kind: GraphQLObjectType, fields: Mapping[str, Selected], at: At) -> list[str]:
        return [f"{self._root(kind, each, at)} AS {quoted(key)}" for key, each in fields.items()]

    def _root(self, kind: GraphQLObjectType, each: Selected, at: At) -> str:
        if each.name == "__typename":
            return f"'{kind.name}'::text"
        relation = relation_of(each.field)
        if isinstance(relation, Every):
            return f"({self._compiler.every(each, relation, at)})"
        if isinstance(relation, Named):
            return f"({self._named(each, relation, at)})"
        if isinstance(relation, Past) and at is PRESENT:
            return self._past(each, relation)
        if isinstance(relation, Reached) and at is PRESENT:
            return self._reached(each, relation)
        if each.name == "position" and at.position:
            return f"({at.position})::text"
        raise NotPlannable(f"{kind.name}.{each.name}")

    def _past(self, each: Selected, relation: Past) -> str:
        given = self._compiler.given(each)
        position = given[relation.argument].fields().get("position")
        if len(given) != 1 or position is None or position.value is None:
            raise NotPlannable("a moment that is not a position")
        kind, fields = self._selections.beneath(each)
        cells = self._cells(kind, fields, self._at(position.getter))
        return f"(SELECT to_json(r) FROM (SELECT {', '.join(cells)}) AS r)"

    def _reached(self, each: Selected, relation: Reached) -> str:
        self._positions.append(self._compiler.given(each)[relation.argument].getter)
        kind, fields = self._selections.beneath(each)
        return f"(SELECT to_json(r) FROM (SELECT {', '.join(self._cells(kind, fields, PRESENT))}) AS r)"

    def _at(self, position: Getter) -> At:
        self._positions.append(position)
        bind = self._compiler.placeholders.bind
        segment = bind(lambda request: position(request) >> SEGMENT_BITS, "bigint")
        return At(bind(position, "bigint"), segment, bind(lambda request: id_tail(position(request)), "text"))

    def _named(self, each: Selected, relation: Named, at: At) -> str:
        named = self._compiler.given(each)[relation.argument]
        if not isinstance(named.value, Mapping):
            return self._by_id(each, relation, named, at)
        [(column, argument)] = [(n, a) for n, a in named.fields().items() if a.value is not None]
        if column == "id":
            return self._by_id(each, relation, argument, at)
        if relation.kind is None or column not in relation.columns:
            raise NotPlannable(f"by {column}")
        alias = self._compiler.alias()
        value = self._compiler.placeholders.bind(_normal(argument.getter), "text")
        return self._compiler.one(each, relation.kind(), f'{alias}."{column}" = {value}', alias, at)

    def _by_id(self, each: Selected, relation: Named, argument: Argument, at: At) -> str:
        decoded = decode_id(str(argument.value))
        kind = VIEWS.get(decoded[0]) if decoded else None
        if decoded is None or kind is None or not self._may_be(each, kind):
            raise NotPlannable("an id of nothing")
        if decoded[2] is not None:
            at = self._at(_id_part(argument.getter, kind.__name__, 2))
        alias = self._compiler.alias()
        value = self._compiler.placeholders.bind(_id_part(argument.getter, kind.__name__, 1), "uuid")
        return self._compiler.one(each, kind, f"{alias}.id = {value}", alias, at)

    def _may_be(self, each: Selected, kind: type[View]) -> bool:
        """Whether a field may have an object of this view."""
        field, made = get_named_type(each.parent.fields[each.name].type), self._schema.type_map[kind.__name__]
        return field is made or (is_abstract_type(field) and self._schema.is_sub_type(field, made))


def _plain(operation: OperationDefinitionNode) -> dict[str, type]:
    """The variables that are plain text or booleans, as most are; those of other types have no Python type here."""
    declared = operation.variable_definitions or ()
    return {each.variable.name.value: PLAIN.get(print_ast(each.type).rstrip("!"), NoneType) for each in declared}


def _id_part(getter: Getter, kind: str, part: int) -> Getter:
    """The uuid or the position in an id, which must be of this kind whenever the plan runs."""

    def get(request: Request) -> Any:
        decoded = decode_id(str(getter(request)))
        if decoded is None or decoded[0] != kind:
            raise Unfit("id")
        return decoded[part]

    return get


def _normal(getter: Getter) -> Getter:
    return lambda request: str(getter(request)).replace(" ", "").replace("-", "").upper()


def _chosen_shape(value: Any) -> Any:
    """The shape of a variable; of an id also its kind, and whether it is of the past."""
    if isinstance(value, str) and (decoded := decode_id(value)) is not None:
        return decoded[0], decoded[2] is None
    if isinstance(value, Mapping):
        return tuple(sorted((name, _chosen_shape(each)) for name, each in value.items()))
    return shape(value)
