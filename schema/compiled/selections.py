"""Which fields does a selection ask of a type, and with what: once fragments are opened and directives obeyed?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues

from schema.compiled.bindings import NotPlannable
from schema.compiled.stand_ins import Given, variable
from schema.compiled.texts import Json, named, object_of
from schema.context import Reading
from schema.relations import Relation, relation_of

OPERATION = OperationDefinitionNode(operation=OperationType.QUERY, selection_set=SelectionSetNode(selections=()))
"""Any operation: graphql-core wants one at hand, and looks for nothing in it."""


class Selected(NamedTuple):
    """One response name: the type the field is asked of, and the nodes that ask for it."""

    parent: GraphQLObjectType
    details: list[FieldDetails]

    @property
    def node(self) -> FieldNode:
        """The node that its arguments are with: there are no others with any that differ."""
        return self.details[0].node

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self.node.name.value

    @property
    def field(self) -> Any:
        """The field's declaration, as Strawberry keeps it."""
        return self.parent.fields[self.name].extensions["strawberry-definition"]

    @property
    def relation(self) -> Relation | None:
        """How the field leads to rows, if it does."""
        return relation(self.parent, self.name)

    @property
    def type(self) -> Any:
        """The named type of what the field leads to."""
        return get_named_type(self.parent.fields[self.name].type)


@cache  # there are as many as the schema has fields
def relation(parent: GraphQLObjectType, name: str) -> Relation | None:
    """How a field of a type leads to rows, if it does."""
    field = parent.fields.get(name)  # there is none of a name that every type has
    return relation_of(field.extensions.get("strawberry-definition")) if field else None


class Selections:
    """Opens the selections of one document for one choice of its variables, and for who reads this far."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        reading: Reading,
    ) -> None:
        self.schema, self.reading = schema, reading
        self._fragments = {name: FragmentDetails(each) for name, each in fragments.items()}
        self._variables = VariableValues({}, variable(variables))

    def root(self, operation: OperationDefinitionNode) -> dict[str, Selected]:
        """What an operation asks of its root: as if the root were what some field leads to."""
        kind = self.schema.get_root_type(operation.operation)
        assert kind is not None, "the ordinary path has answered it"
        root = FieldNode(name=NameNode(value=kind.name), selection_set=operation.selection_set)
        return self._of(kind, [FieldDetails(root, None)])

    def beneath(self, selected: Selected, name: str = "") -> dict[str, Selected]:
        """What is selected of what a field leads to, by response name: of its own type, or of the one of this name.

        Raises NotPlannable for an abstract type, and for one that the field cannot lead to.
        """
        kind, declared = self.schema.type_map[name or selected.type.name], selected.type
        possible = kind is declared or (is_abstract_type(declared) and self.schema.is_sub_type(declared, kind))
        if not possible or not isinstance(kind, GraphQLObjectType):
            raise NotPlannable(f"{selected.name} as {kind.name}")
        return self._of(kind, selected.details)

    def given(self, selected: Selected) -> Given:
        """The arguments of a field."""
        declared = selected.parent.fields[selected.name]
        return Given(get_argument_values(declared, selected.node, self._variables))

    def _of(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> dict[str, Selected]:
        found = collect_subfields(self.schema, self._fragments, self._variables, OPERATION, kind, details)
        return {key: Selected(kind, nodes) for key, nodes in found.grouped_field_set.items()}


def members(fields: Mapping[str, Selected], value: Callable[[Selected], Json]) -> Json:
    """An object: the value of each field that is selected of it."""

    def member(each: Selected) -> Json:
        return named(each.parent.name) if each.name == "__typename" else value(each)

    return object_of({key: member(each) for key, each in fields.items()})
