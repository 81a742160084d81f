"""Which statement answers an operation, or one field of it for all its parents together?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from graphql import (
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
)

from schema.compiled.bindings import Argument, Getter, NotPlannable, Request, Unfit
from schema.compiled.columns import printed
from schema.compiled.compiler import Compiler
from schema.compiled.moments import LATEST, PRESENT, At, at_position, at_time
from schema.compiled.predicates import type_of
from schema.compiled.selections import Selected, Selections
from schema.compiled.texts import Json, named, object_of, optional, quoted, sql
from schema.context import Lines, Reading
from schema.relations import Every, Many, Named, One, Past, Reached, Relation, relation_of
from schema.scalars import decode_id
from schema.views import VIEWS, View

SEPARATOR = b"\x1e"
"""Stands between the answers for several parents, and nowhere in JSON, where text escapes it."""
TOGETHER = "SELECT string_agg({each}, E'\\x1e' ORDER BY p.n) FROM unnest({parents}) WITH ORDINALITY AS p(\"{by}\", n)"


class Plan(NamedTuple):
    """A statement whose one value is JSON, the getters of its placeholders, the positions it reads at.

    The JSON is that of `data`; or of one field, for each of its parents, with separators. `checks` are the getters of
    values that have no place in the statement, but must fit.
    """

    sql: str
    getters: tuple[Getter, ...]
    checks: tuple[Getter, ...]
    positions: tuple[Getter, ...]

    async def read(self, request: Request, lines: Lines) -> bytes | None:
        """The value; None when the views do not show a position.

        Raises Unfit for a value that does not fit, ReadFailed when PostgreSQL does not answer.
        """
        for check in self.checks:
            check(request)
        for position in self.positions:
            if not await lines.reached(position(request), 0):
                return None
        return await lines.fetch(self.sql, [getter(request) for getter in self.getters])


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
        data = self._object(root, self._selections.of(root, operation.selection_set.selections), PRESENT)
        return self._planned(f"SELECT {sql(data)}")

    def field(self, selected: Selected, relation: Relation, *, past: bool) -> Plan:
        """One statement for a field: of the root, or of all its parents together, now or at the request's position."""
        at = self._at(lambda request: request.position) if past else PRESENT
        if not isinstance(relation, One | Many):
            return self._planned(f"SELECT {sql(self._root(selected.parent, selected, at))}")
        type = type_of(VIEWS[selected.parent.name].table, relation.by)
        parents = self._compiler.placeholders.bind(lambda request: request.parents, f"{type}[]")
        each = sql(self._compiler.related(selected, relation, "p", at))
        return self._planned(TOGETHER.format(parents=parents, by=relation.by, each=each))

    def _planned(self, sql: str) -> Plan:
        return Plan(*self._compiler.placeholders.used(sql), tuple(self._positions))

    def _object(self, kind: GraphQLObjectType, fields: Mapping[str, Selected], at: At) -> Json:
        return object_of({key: self._root(kind, each, at) for key, each in fields.items()})

    def _root(self, kind: GraphQLObjectType, each: Selected, at: At) -> Json:
        if each.name == "__typename":
            return named(kind.name)
        relation = relation_of(each.field)
        if isinstance(relation, Every):
            return self._compiler.every(each, relation, at)
        if isinstance(relation, Named):
            return optional((self._named(each, relation, at),))
        if isinstance(relation, Past) and at is PRESENT:
            return self._past(each, relation)
        if isinstance(relation, Reached) and at is PRESENT:
            return self._reached(each, relation)
        if each.name == "position":
            return quoted(f"{at.position or LATEST}::text")
        if each.name == "recordedAt" and at.position:
            return printed(datetime | None, at.recorded())
        raise NotPlannable(f"{kind.name}.{each.name}")

    def _past(self, each: Selected, relation: Past) -> Json:
        given = self._compiler.given(each)
        moment = {name: found for name, found in given[relation.argument].fields().items() if found.value is not None}
        if len(given) != 1 or len(moment) != 1:
            raise NotPlannable("a moment by effective date")
        kind, fields = self._selections.beneath(each)
        if "position" in moment:
            return self._object(kind, fields, self._at(moment["position"].getter))
        at, source = at_time(moment["time"].getter, self._compiler.placeholders, self._compiler.alias())
        return (f"(SELECT {sql(self._object(kind, fields, at))} FROM {source})",)

    def _reached(self, each: Selected, relation: Reached) -> Json:
        self._positions.append(self._compiler.given(each)[relation.argument].getter)
        kind, fields = self._selections.beneath(each)
        return self._object(kind, fields, PRESENT)

    def _at(self, position: Getter) -> At:
        self._positions.append(position)
        return at_position(position, self._compiler.placeholders)

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
