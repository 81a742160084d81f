"""How does a selection become one SQL statement that returns its JSON text?

A row's object is a select list: columns by name, relations as lateral joins whose JSON becomes a column. A list is an
aggregate over such rows, ordered by qualified columns where it is cut and again where it is gathered. Nothing a caller
wrote enters the text but response names, which GraphQL keeps to letters, digits and underscores.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

from graphql import GraphQLObjectType, GraphQLSchema

from projections.divisions import DivisionRow
from schema.compiled.bindings import NotPlannable, Placeholders, arguments
from schema.compiled.columns import document, is_document, printed, quoted
from schema.compiled.moments import PRESENT, At
from schema.compiled.pages import Given, Page, Wanted, chosen
from schema.compiled.predicates import narrowed, readable, within
from schema.compiled.selections import Selected, Selections
from schema.context import Reading
from schema.filters import ordered
from schema.names import camel
from schema.relations import Computed, Every, Many, One, Relation, relation_of
from schema.scalars import id_head
from schema.views import View


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

    def every(self, selected: Selected, relation: Every, at: At) -> str:
        """A statement for a page of all the objects of a view."""
        kind, given, alias = relation.kind(), self.given(selected), self.alias()
        where = given.get("where")
        tests = [*narrowed(alias, kind.table, where, self.placeholders)]
        tests += within(kind, alias, where, at.table(DivisionRow.table), self.placeholders)
        named = {name for name, each in where.fields().items() if each.value is not None} if where else set()
        if relation.unless and camel(relation.unless[0]) not in named:
            tests.append(f"{alias}.{relation.unless[0]} <> '{relation.unless[1]}'")
        order = ordered(chosen(given.get("orderBy")), relation.order, kind.table)
        return self._page(selected, Wanted(kind, alias, tuple(tests), order, at), given)

    def many(self, selected: Selected, relation: Many, parent: str, at: At) -> str:
        """A statement for a page of the objects that belong to a parent row."""
        kind, alias = relation.kind(), self.alias()
        test = f'{alias}."{relation.to}" = {parent}."{relation.by}"'
        order = ordered(None, relation.order, kind.table)
        return self._page(selected, Wanted(kind, alias, (test,), order, at), self.given(selected))

    def related(self, selected: Selected, relation: Relation, parent: str, at: At) -> str:
        """A statement for what a relation leads to from a parent row."""
        if isinstance(relation, Many):
            return self.many(selected, relation, parent, at)
        if not isinstance(relation, One):
            raise NotPlannable("a question of the root beneath a row")
        other = self.alias()
        test = f'{other}."{relation.to}" = {parent}."{relation.by}"'
        return self.one(selected, relation.kind(), test, other, PRESENT if relation.present else at)

    def one(self, selected: Selected, kind: type[View], test: str, alias: str, at: At) -> str:
        """A statement for the one object that meets a test on the columns of `alias`."""
        tests = " AND ".join([test, *readable(kind, alias, self.placeholders)])
        object_type = self._schema.type_map[kind.__name__]
        assert isinstance(object_type, GraphQLObjectType)
        fields = self.selections.of(object_type, selected.beneath)
        rows = f"(SELECT * FROM {at.source(kind)} AS {alias} WHERE {tests} LIMIT 1)"
        return f"SELECT to_json(r) FROM ({self.objects(kind, rows, alias, fields, at)}) AS r"

    def alias(self) -> str:
        """A new name for a row."""
        self._rows += 1
        return f"t{self._rows}"

    def _page(self, selected: Selected, wanted: Wanted, given: Given) -> str:
        """The connection: its parts, each over the same rows."""
        _, parts = self.selections.beneath(selected)
        tests = (*wanted.tests, *readable(wanted.kind, wanted.alias, self.placeholders))
        page = Page(self, wanted._replace(tests=tests), given)
        cells = [f"{page.part(part)} AS {quoted(key)}" for key, part in parts.items()]
        return f"SELECT to_json(r) FROM (SELECT {', '.join(cells)}) AS r"

    def objects(
        self, kind: type[View], rows: str, alias: str, fields: Mapping[str, Selected], at: At, order: str = ""
    ) -> str:
        """The rows of a list or of one object, as a select list with the joins that it needs."""
        cells: list[str] = []
        joins: list[str] = []
        hints = get_type_hints(kind.table.row, include_extras=True)
        for key, each in fields.items():
            cells.append(f"{self._cell(kind, hints, each, alias, joins, at)} AS {quoted(key)}")
        return f"SELECT {', '.join(cells)} FROM {rows} AS {alias}{''.join(joins)}{order}"

    def _cell(
        self, kind: type[View], hints: Mapping[str, Any], each: Selected, alias: str, joins: list[str], at: At
    ) -> str:
        if each.name == "__typename":
            return f"'{kind.__name__}'::text"
        relation = relation_of(each.field)
        if isinstance(relation, Computed):
            return relation.sql.format(t=alias, at=at.tail, head=id_head(kind.__name__))
        if relation is not None:
            return self._joined(each, relation, alias, joins, at)
        name = each.field.python_name
        if each.field.base_resolver is not None or name not in hints:
            raise NotPlannable(f"{kind.__name__}.{each.name} has a resolver of its own")
        if is_document(hints[name]):
            struct, fields = self.selections.beneath(each)
            names = {key: field.name for key, field in fields.items()}
            return document(hints[name], f'{alias}."{name}"', names, struct.name)
        return printed(hints[name], f'{alias}."{name}"')

    def _joined(self, each: Selected, relation: Relation, alias: str, joins: list[str], at: At) -> str:
        """A relation as a lateral join; one that must be there fails the statement when it is not."""
        statement = self.related(each, relation, alias, at)
        required = isinstance(relation, One) and relation.required
        name = f"j{len(joins)}_{alias}"
        joins.append(f" LEFT JOIN LATERAL ({statement}) AS {name}(v) ON true")
        return f"CASE WHEN 1 / ({name}.v IS NOT NULL)::int = 1 THEN {name}.v END" if required else f"{name}.v"
