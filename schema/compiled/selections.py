"""Which fields does a selection ask of a type, once fragments are opened and directives obeyed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    get_named_type,
)

from schema.compiled.bindings import NotPlannable, arguments


class Selected(NamedTuple):
    """One response name: the field, the type it is asked of, and all that is selected beneath it."""

    node: FieldNode
    parent: GraphQLObjectType
    beneath: tuple[SelectionNode, ...]

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self.node.name.value

    @property
    def field(self) -> Any:
        """The field's declaration, as Strawberry keeps it."""
        return self.parent.fields[self.name].extensions["strawberry-definition"]


class Selections:
    """Opens the selections of one document for one choice of its variables."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self._schema, self._fragments, self._variables = schema, fragments, variables

    def of(self, parent: GraphQLObjectType, nodes: Iterable[SelectionNode]) -> dict[str, Selected]:
        """What is selected of a type, by response name, in the order of its first mention."""
        found: dict[str, Selected] = {}
        self._collect(parent, nodes, found)
        return found

    def beneath(self, selected: Selected) -> tuple[GraphQLObjectType, dict[str, Selected]]:
        """The object type of a field and what is selected of it.

        Raises NotPlannable for a field of an abstract type.
        """
        kind = get_named_type(selected.parent.fields[selected.name].type)
        if not isinstance(kind, GraphQLObjectType):
            raise NotPlannable("an abstract type")
        return kind, self.of(kind, selected.beneath)

    def _collect(self, parent: GraphQLObjectType, nodes: Iterable[SelectionNode], found: dict[str, Selected]) -> None:
        for node in nodes:
            if not self._wanted(node):
                continue
            if isinstance(node, FieldNode):
                self._add(parent, node, found)
            elif isinstance(node, FragmentSpreadNode):
                self._fragment(parent, self._fragments[node.name.value], found)
            elif isinstance(node, InlineFragmentNode):
                self._fragment(parent, node, found)

    def _add(self, parent: GraphQLObjectType, node: FieldNode, found: dict[str, Selected]) -> None:
        key = (node.alias or node.name).value
        beneath = tuple(node.selection_set.selections) if node.selection_set else ()
        earlier = found.get(key)
        found[key] = Selected(node, parent, (*(earlier.beneath if earlier else ()), *beneath))

    def _fragment(
        self, parent: GraphQLObjectType, node: FragmentDefinitionNode | InlineFragmentNode, found: dict[str, Selected]
    ) -> None:
        condition = node.type_condition.name.value if node.type_condition else parent.name
        kind = self._schema.type_map[condition]
        met = kind is parent or (isinstance(kind, GraphQLInterfaceType) and self._schema.is_sub_type(kind, parent))
        if met:
            self._collect(parent, node.selection_set.selections, found)

    def _wanted(self, node: SelectionNode) -> bool:
        """Whether @skip and @include let a selection stand. Their values are part of a plan's shape."""
        for directive in node.directives or ():
            declared = self._schema.get_directive(directive.name.value)
            if declared is None or directive.name.value not in ("skip", "include"):
                raise NotPlannable("a directive")
            [condition] = arguments(declared.args, directive.arguments or (), self._variables).values()
            if bool(condition.value) is (directive.name.value == "skip"):
                return False
        return True
