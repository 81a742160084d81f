"""How does a selection become one SQL statement that returns its JSON text?

A row's object is text put together from its columns, and from sub-selects for what it leads to. A list is an aggregate
of such texts, in the order of qualified columns. Nothing a caller wrote enters the statement but response names, which
GraphQL keeps to letters, digits and underscores.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_type_hints

from graphql import GraphQLObjectType, GraphQLSchema

from projections.divisions import DivisionRow
from schema.compiled.bindings import NotPlannable, Placeholders, arguments
from schema.compiled.columns import document, is_document, printed
from schema.compiled.moments import PRESENT, At
from schema.compiled.pages import Given, Page, Wanted, chosen
from schema.compiled.predicates import narrowed, readable, within
from schema.compiled.selections import Selected, Selections
from schema.compiled.texts import Json, Known, named, object_of, optional, sql
from schema.context import Reading
from schema.filters import ordered
from schema.names import camel
from schema.relations import Every, Identity, Many, One, Relation, relation_of
from schema.scalars import id_head
from schema.views import View

MISSING = "concat('nothing for ', {})::int::text"
"""Fails the statement, and says of which value, where a relation leads nowhere that must lead somewhere."""


class Compiler:
    """Compiles selections of one document for one shape of its variables."""

    def __init__(
        self, schema: GraphQLSchema, selections: Selections, variables: Mapping[str, Any], reading: Reading
    ) -> None:
        self._schema, self.selections, self._variables = schema, selections, variables
        self.placeholders = Placeholders(reading)
        self._rows = 0

    def given(self, selected: Selected) -> Given:
        """The arguments of a field."""
        declared = selected.parent.fields[selected.name].args
        return arguments(declared, selected.node.arguments or (), self._variables)

    def every(self, selected: Selected, relation: Every, at: At) -> Json:
        """A page of all the objects of a view."""
        kind, given, alias = relation.kind(), self.given(selected), self.alias()
        where = given.get("where")
        tests = [*narrowed(alias, kind.table, where, self.placeholders)]
        tests += within(kind, alias, where, at.table(DivisionRow.table), self.placeholders)
        named = {name for name, each in where.fields().items() if each.value is not None} if where else set()
        if relation.unless and camel(relation.unless[0]) not in named:
            tests.append(f"{alias}.{relation.unless[0]} <> '{relation.unless[1]}'")
        order = ordered(chosen(given.get("orderBy")), relation.order, kind.table)
        return self._page(selected, Wanted(kind, alias, tuple(tests), order, at), given)

    def many(self, selected: Selected, relation: Many, parent: str, at: At) -> Json:
        """A page of the objects that belong to a parent row."""
        kind, alias = relation.kind(), self.alias()
        test = f'{alias}."{relation.to}" = {parent}."{relation.by}"'
        order = ordered(None, relation.order, kind.table)
        return self._page(selected, Wanted(kind, alias, (test,), order, at), self.given(selected))

    def related(self, selected: Selected, relation: Relation, parent: str, at: At) -> Json:
        """What a relation leads to from a parent row, or null."""
        if isinstance(relation, Many):
            return self.many(selected, relation, parent, at)
        return optional((self._other(selected, relation, parent, at),))

    def _other(self, selected: Selected, relation: Relation, parent: str, at: At) -> str:
        if not isinstance(relation, One):
            raise NotPlannable("a question of the root beneath a row")
        other = self.alias()
        test = f'{other}."{relation.to}" = {parent}."{relation.by}"'
        return self.one(selected, relation.kind(), test, other, PRESENT if relation.present else at)

    def one(self, selected: Selected, kind: type[View], test: str, alias: str, at: At) -> str:
        """SQL for the one object that meets a test on the columns of `alias`; null when none does."""
        tests = " AND ".join([test, *readable(kind, alias, self.placeholders)])
        object_type = self._schema.type_map[kind.__name__]
        assert isinstance(object_type, GraphQLObjectType)
        found = self.object(kind, alias, self.selections.of(object_type, selected.beneath), at)
        return f"(SELECT {sql(found)} FROM {at.source(kind)} AS {alias} WHERE {tests} LIMIT 1)"

    def alias(self) -> str:
        """A new name for a row."""
        self._rows += 1
        return f"t{self._rows}"

    def _page(self, selected: Selected, wanted: Wanted, given: Given) -> Json:
        """The connection: its parts, each over the same rows."""
        _, parts = self.selections.beneath(selected)
        tests = (*wanted.tests, *readable(wanted.kind, wanted.alias, self.placeholders))
        page = Page(self, wanted._replace(tests=tests), given)
        return object_of({key: page.part(part) for key, part in parts.items()})

    def object(self, kind: type[View], alias: str, fields: Mapping[str, Selected], at: At) -> Json:
        """What is selected of a row."""
        hints = get_type_hints(kind.table.row, include_extras=True)
        return object_of({key: self._member(kind, hints, each, alias, at) for key, each in fields.items()})

    def _member(self, kind: type[View], hints: Mapping[str, Any], each: Selected, alias: str, at: At) -> Json:
        if each.name == "__typename":
            return named(kind.__name__)
        relation = relation_of(each.field)
        if isinstance(relation, Identity):
            return identity(relation, kind, alias, at)
        if isinstance(relation, One) and relation.required:
            missing = MISSING.format(f'{alias}."{relation.by}"')
            return (f"coalesce({self._other(each, relation, alias, at)}, {missing})",)
        return self.related(each, relation, alias, at) if relation else self._column(kind, hints, each, alias)

    def _column(self, kind: type[View], hints: Mapping[str, Any], each: Selected, alias: str) -> Json:
        name, column = each.field.python_name, f'{alias}."{each.field.python_name}"'
        if each.field.base_resolver is not None or name not in hints:
            raise NotPlannable(f"{kind.__name__}.{each.name} has a resolver of its own")
        if not is_document(hints[name]):
            return printed(hints[name], column)
        struct, fields = self.selections.beneath(each)
        return document(hints[name], column, {key: field.name for key, field in fields.items()}, struct.name)


def identity(relation: Identity, kind: type[View], alias: str, at: At) -> Json:
    """The opaque id of a record as `encode_id` makes it: a uuid's 36 characters need neither + nor / nor =."""
    head: str = Known(id_head(kind.__name__))
    if relation.heads is not None:
        column, heads = relation.heads
        head = f"('{json.dumps(heads)}'::jsonb ->> {alias}.{column})"
    return Known('"'), head, f"encode({alias}.{relation.column}::text::bytea, 'base64')", *at.tail, Known('"')
