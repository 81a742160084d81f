"""What of an answer that cannot be compiled whole can be compiled all the same?

Wherever graphql-core comes upon a field that leads to rows, all that is selected beneath it is one statement, for all
parents of the field together, whose JSON goes into the answer as it is. A field that cannot be planned, a moment by
effective date, a value that does not fit, a null that may not be: then its resolver answers, as if nothing had been.
"""

from __future__ import annotations

from collections.abc import Awaitable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any

from graphql import FragmentDefinitionNode, GraphQLError, GraphQLObjectType, GraphQLSchema
from graphql.execution.collect_fields import FieldDetails
from strawberry.dataloader import DataLoader

from schema.compiled.bindings import Request, Unfit, shapes
from schema.compiled.kept import MOST_TEXT, Kept
from schema.compiled.planner import SEPARATOR, Plan, of_field
from schema.compiled.reader import ReadFailed
from schema.compiled.selections import Selected, Selections, relation
from schema.context import Context, Lines
from schema.moment import Moment, moment_of
from schema.relations import Every, Many, Named, One

MOST_FIELDS = 1_000
"""How many fields of documents are remembered with their plans."""


class Subplans:
    """The plans of the fields that were asked for last, and what they are run on."""

    def __init__(self, schema: GraphQLSchema, lines: Lines, most: int = MOST_FIELDS) -> None:
        self.lines, self._schema = lines, schema
        self._plans: Kept[Plan] = Kept(most)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._plans)

    def plan(
        self, field: Selected, fragments: Mapping[str, FragmentDefinitionNode], request: Request, shape: Hashable
    ) -> Plan | None:
        """The plan of a field for variables of this shape, at a moment like the request's; None if there is none."""
        past, place = request.position is not None, field.node.loc
        assert place is not None, "documents are parsed with their places"
        if len(place.source.body) > MOST_TEXT:
            return None
        nodes = (each.node.loc and each.node.loc.start for each in field.details)
        key = (place.source.body, field.parent.name, *nodes, past, *request.reading.shape, shape)
        asked = partial(Selections, self._schema, fragments, request.variables, request.reading)
        return self._plans.made(key, lambda: of_field(asked(), field, past=past))


class Fragments:
    """The compiled fields of one execution."""

    def __init__(
        self, context: Context, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self._context, self._fragments, self._variables = context, fragments, variables
        assert context.subplans is not None, "whoever makes this lets fields be compiled"
        self._subplans = context.subplans
        self._loaders: dict[Hashable, tuple[object, DataLoader[Any, bytes | None] | None]] = {}
        self._shape = shapes(variables)

    def answer(
        self, parent: GraphQLObjectType, source: Any, asked: list[FieldDetails]
    ) -> Awaitable[bytes | None] | None:
        """The JSON of a field of this parent, or what comes to nothing; None when its resolver has to answer.

        `asked` is what the execution knows of the field, the same object for all parents that lie beside each other.
        """
        leads = relation(parent, asked[0].node.name.value)
        if not isinstance(leads, Every | Many | Named | One):
            return None
        key = (parent.name, id(asked), moment_of(source))
        if key not in self._loaders:
            self._loaders[key] = asked, self._loader(Selected(parent, asked), moment_of(source))
        _, loader = self._loaders[key]
        own = getattr(source.row, leads.by) if isinstance(leads, One | Many) else None
        return None if loader is None else loader.load(own)

    def _loader(self, field: Selected, moment: Moment) -> DataLoader[Any, bytes | None] | None:
        if moment.effective_on is not None:
            return None
        context, position = self._context, moment.position
        request = Request(self._variables, context.reading(), context.cursor_key, position=position)
        plan = self._subplans.plan(field, self._fragments, request, self._shape)
        return None if plan is None else DataLoader(partial(self._read, plan, request))

    async def _read(self, plan: Plan, request: Request, parents: list[Any]) -> Sequence[bytes | None]:
        try:
            answer = await plan.read(request._replace(parents=parents), self._subplans.lines)
        except (Unfit, GraphQLError, ReadFailed):
            answer = None
        if answer is None:
            return [None] * len(parents)
        self._context.passed += 1
        return answer.split(SEPARATOR)
