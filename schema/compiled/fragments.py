"""What of an answer that cannot be compiled whole can be compiled all the same?

Wherever graphql-core comes upon a field that leads to rows, all that is selected beneath it is one statement, for all
parents of the field together, whose JSON goes into the answer as it is. A field that cannot be planned, a moment by
effective date, a value that does not fit, a null that may not be: then its resolver answers, as if nothing had been.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import structlog
from graphql import FieldNode, FragmentDefinitionNode, GraphQLObjectType, GraphQLSchema
from strawberry.dataloader import DataLoader

from schema.compiled.bindings import NotPlannable, Request, Unfit
from schema.compiled.planner import SEPARATOR, Plan, Planner
from schema.compiled.plans import shapes
from schema.compiled.reader import ReadFailed
from schema.compiled.selections import Selected
from schema.context import Context, Lines
from schema.moment import Moment, moment_of
from schema.relations import Every, Many, Named, One, Relation, relation_of

MOST_FIELDS = 1_000
"""How many fields of documents are remembered with their plans."""
log = structlog.get_logger()


class Field(NamedTuple):
    """A field as a document asks for it: of a type, by nodes that a parsed document has once."""

    parent: GraphQLObjectType
    nodes: tuple[FieldNode, ...]
    relation: Relation

    def selected(self) -> Selected:
        """All that is selected beneath it."""
        sets = [node.selection_set for node in self.nodes if node.selection_set]
        return Selected(self.nodes[0], self.parent, tuple(each for found in sets for each in found.selections))


class Known(NamedTuple):
    """A field with its plan, if it can be planned. While it is here, no other node has the place of its nodes."""

    field: Field
    plan: Plan | None


class Subplans:
    """The plans of the fields that were asked for last, and what they are run on."""

    def __init__(self, schema: GraphQLSchema, lines: Lines, most: int = MOST_FIELDS) -> None:
        self.lines, self._schema, self._most = lines, schema, most
        self._known: OrderedDict[Hashable, Known] = OrderedDict()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._known)

    def plan(
        self, field: Field, fragments: Mapping[str, FragmentDefinitionNode], request: Request, shape: Hashable
    ) -> Plan | None:
        """The plan of a field for variables of this shape, at a moment like the request's; None if there is none."""
        past = request.position is not None
        key = (field.parent.name, *map(id, field.nodes), past, *request.reading.shape, shape)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key].plan
        planner = Planner(self._schema, fragments, request.variables, request.reading)
        self._known[key] = Known(field, _made(planner, field, past))
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return self._known[key].plan


def _made(planner: Planner, field: Field, past: bool) -> Plan | None:
    try:
        return planner.field(field.selected(), field.relation, past=past)
    except (NotPlannable, Unfit):
        return None
    except Exception:  # the resolver can answer: a planner that stumbles must not undo that
        log.exception("unplanned")
        return None


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

    def answer(self, parent: GraphQLObjectType, source: Any, asked: Sequence[Any]) -> Awaitable[bytes | None] | None:
        """The JSON of a field of this parent, or what comes to nothing; None when its resolver has to answer.

        `asked` is what the execution knows of the field, the same object for all parents that lie beside each other.
        """
        relation = _leads(parent, asked)
        if relation is None:
            return None
        moment = moment_of(source)
        key = (parent.name, id(asked), moment)
        if key not in self._loaders:
            field = Field(parent, tuple(each.node for each in asked), relation)
            self._loaders[key] = asked, self._loader(field, moment)
        _, loader = self._loaders[key]
        own = getattr(source.row, relation.by) if isinstance(relation, One | Many) else None
        return None if loader is None else loader.load(own)

    def _loader(self, field: Field, moment: Moment) -> DataLoader[Any, bytes | None] | None:
        context, position = self._context, moment.position
        if moment.effective_on is not None:
            return None
        request = Request(self._variables, context.reading(), context.cursor_key, position=position)
        plan = self._subplans.plan(field, self._fragments, request, self._shape)
        if plan is None:
            return None

        async def load(parents: list[Any]) -> Sequence[bytes | None]:
            return await self._read(plan, request._replace(parents=parents))

        return DataLoader(load)

    async def _read(self, plan: Plan, request: Request) -> Sequence[bytes | None]:
        try:
            answer = await plan.read(request, self._subplans.lines)
        except (Unfit, ReadFailed):
            answer = None
        if answer is None:
            return [None] * len(request.parents)
        self._context.passed += 1
        return answer.split(SEPARATOR)


def _leads(parent: GraphQLObjectType, asked: Sequence[Any]) -> Relation | None:
    """How a field leads to rows, if it does."""
    field = parent.fields.get(asked[0].node.name.value)
    relation = relation_of(field.extensions.get("strawberry-definition")) if field else None
    return relation if isinstance(relation, Every | Many | Named | One) else None
