"""How much may one request ask?

One pass over the validated document, each fragment measured once: how deep it goes, how many root fields it has, and
how many objects it could bring, which is page sizes multiplied along the way down. Strawberry's own limiters walk
fragments anew wherever they are spread, which is exponential.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from strawberry.extensions import SchemaExtension

from schema.connections import DEFAULT_SIZE, LARGEST_SIZE

DEEPEST = 15
MOST_ROOT_FIELDS = 50
MOST_OBJECTS = 5_000
PAGES = frozenset({"edges", "nodes"})
"""The fields of a connection that bring its items: their page size stands in the connection's arguments."""


class Measure(NamedTuple):
    """How deep a selection goes and how many objects it could bring."""

    depth: int = 0
    objects: int = 0

    def beside(self, other: Measure) -> Measure:
        """Both selections together."""
        return Measure(max(self.depth, other.depth), self.objects + other.objects)


class Limits(SchemaExtension):
    """Refuses what asks for too much, before anything is read."""

    def on_validate(self) -> Iterator[None]:
        """Measure a document that is otherwise valid."""
        yield
        context = self.execution_context
        if context.graphql_document is not None and not context.pre_execution_errors:
            found = list(excesses(context.graphql_document, context.variables or {}))
            context.pre_execution_errors = found or context.pre_execution_errors


def excesses(document: DocumentNode, variables: Mapping[str, Any]) -> Iterator[GraphQLError]:
    """What of a document is too much."""
    ruler = Ruler(document, variables)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            found = ruler.measure(operation.selection_set, 1)
            yield from _over("层级过深 | nested too deep", found.depth, DEEPEST)
            yield from _over("根字段过多 | too many root fields", ruler.roots(operation), MOST_ROOT_FIELDS)
            yield from _over("请求的对象过多 | asks for too many objects", found.objects, MOST_OBJECTS)


def _over(text: str, found: int, limit: int) -> Iterator[GraphQLError]:
    if found > limit:
        yield GraphQLError(f"{text}: {found} > {limit}", extensions={"code": "BAD_USER_INPUT"})


class Ruler:
    """Measures selections; a fragment's measure is kept, so that spreading it again costs nothing."""

    def __init__(self, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._known: dict[tuple[str, int], Measure] = {}

    def measure(self, selections: SelectionSetNode | None, size: int) -> Measure:
        """The measure of a selection whose pages, if it has any, are of this size."""
        total = Measure()
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                total = total.beside(self._field(selection, size))
            elif isinstance(selection, InlineFragmentNode):
                total = total.beside(self.measure(selection.selection_set, size))
            elif isinstance(selection, FragmentSpreadNode):
                total = total.beside(self._fragment(selection.name.value, size))
        return total

    def roots(self, operation: OperationDefinitionNode) -> int:
        """How many fields stand at the root, however they came there."""
        return self._roots(operation.selection_set, set())

    def _field(self, node: FieldNode, size: int) -> Measure:
        inner = self.measure(node.selection_set, self._size(node))
        many = size if node.name.value in PAGES else 1
        return Measure(inner.depth + 1, many * (inner.objects + (node.selection_set is not None)))

    def _fragment(self, name: str, size: int) -> Measure:
        key = (name, size)
        if key not in self._known:
            self._known[key] = Measure()  # stands while the fragment is measured: a cycle is the validator's to refuse
            self._known[key] = self.measure(self._fragments[name].selection_set, size)
        return self._known[key]

    def _size(self, node: FieldNode) -> int:
        """The page size that a field's arguments ask for."""
        given = {each.name.value: each.value for each in node.arguments or ()}
        sizes = [self._number(given[name]) for name in ("first", "last") if name in given]
        return max((size for size in sizes if size is not None), default=DEFAULT_SIZE)

    def _number(self, value: Any) -> int | None:
        if isinstance(value, IntValueNode):
            return int(value.value)
        if isinstance(value, VariableNode):
            found = self._variables.get(value.name.value, LARGEST_SIZE)
            return found if isinstance(found, int) else None
        return None

    def _roots(self, selections: SelectionSetNode, seen: set[str]) -> int:
        count = 0
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                count += 1
            elif isinstance(selection, InlineFragmentNode):
                count += self._roots(selection.selection_set, seen)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                count += self._roots(self._fragments[selection.name.value].selection_set, seen)
        return count
