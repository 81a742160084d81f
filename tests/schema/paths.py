"""On which paths is a question answered, and are the answers the same? By the resolvers, by statements, by both."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
from graphql import SelectionSetNode, Visitor, parse, visit

from schema.compiled.bindings import Request
from schema.compiled.fragments import Subplans
from schema.compiled.operations import Query, operation_of
from schema.compiled.pipeline import PipelinedReader
from schema.context import Reading
from schema.scalars import decode_id
from schema.schema import build
from schema.segments import Segments
from service.domain.roles import Actor, Grant, Role
from service.resources import READ_ONLY, acting
from tests.schema.conftest import AUDITOR, KEY, Api, opened

VIEWERS = [AUDITOR, Actor("lankao", (Grant(Role.COUNTY_FIC, "410225"),)), Actor("public", (Grant(Role.PUBLIC_API),))]


@dataclass
class Paths:
    """The ordinary path, the same with compiled fields in it, and the compiled one."""

    api: Api
    reader: PipelinedReader
    runner: asyncio.Runner

    def __post_init__(self) -> None:
        self.segments = Segments(self.fetch)
        self.mixed = replace(self.api, subplans=Subplans(build()._schema, self))

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        return await self.reader.fetch(sql, values)

    async def reached(self, position: int, seconds: float) -> bool:
        return await self.api.runner.reached(position, seconds)

    def compare(self, text: str, viewer: Actor = AUDITOR, variables: dict[str, Any] | None = None) -> str:
        """Ask all paths and say how it went: refused by the ordinary one, mixed or equal, which is compiled whole."""
        return self.runner.run(self._compare(text, viewer, variables or {}))

    async def _compare(self, text: str, viewer: Actor, variables: dict[str, Any]) -> str:
        ordinary = await self.api.run(text, viewer, **variables)
        context = self.mixed.context(viewer)
        mixed = await build().execute(text, variable_values=variables, context_value=context)
        if ordinary.errors:
            assert [str(each) for each in mixed.errors or ()] == [str(each) for each in ordinary.errors], text
            return "refused"
        assert mixed.errors is None, text
        expected = json.loads(json.dumps(ordinary.data, default=str))
        assert json.loads(orjson.dumps(mixed.data)) == expected, text
        whole = await self._whole(text, viewer, variables)
        assert whole is None or json.loads(whole) == expected, text
        return "equal" if whole else "mixed" if context.passed else "ordinary"

    async def _whole(self, text: str, viewer: Actor, variables: dict[str, Any]) -> bytes | None:
        """The compiled answer, if there is a plan: whether the statement is told of segments or looks for them."""
        operation, reading = query(text), Reading.of(viewer)
        plan, coerced = operation.learn(variables, reading), operation.variables(variables)
        if plan is None:
            return None
        request = Request(coerced, reading, KEY)
        found = await plan.read(request, self)
        assert found == await plan._replace(sought=()).read(request, self), text
        return found


def query(text: str) -> Query:
    """A document's one query, ready to be planned."""
    operation = operation_of(build()._schema, parse(text), None)
    assert isinstance(operation, Query)
    return operation


@asynccontextmanager
async def both(uri: str) -> AsyncIterator[tuple[Api, PipelinedReader]]:
    reader = PipelinedReader(acting(uri, READ_ONLY))
    async with opened(uri) as api:
        await reader.open()
        yield api, reader
        await reader.close()


@contextmanager
def walked(uri: str) -> Iterator[Paths]:
    """All paths over one database."""
    with asyncio.Runner() as runner:
        opening = both(uri)
        yield Paths(*runner.run(opening.__aenter__()), runner)
        runner.run(opening.__aexit__(None, None, None))


def narrowed(paths: Paths) -> list[Actor]:
    """Whoever reads only a part of what there is: of a county, of a chamber, of what is not for every role."""
    cases = paths.runner.run(paths.api.ask("{ mediationCases(first: 1) { nodes { chamber { id } } } }"))
    decoded = decode_id(cases["mediationCases"]["nodes"][0]["chamber"]["id"])
    assert decoded is not None
    mediator = Grant(Role.MEDIATOR, chamber=decoded[1])
    return [
        Actor("mediator", (mediator,)),
        Actor("secretariat", (Grant(Role.CHAMBER_SECRETARIAT, chamber=decoded[1]),)),
        Actor("justice", (Grant(Role.JUSTICE_BUREAU, "410225"),)),
        Actor("registrar", (Grant(Role.REGISTRAR),)),
        Actor("mediator and lankao", (mediator, Grant(Role.COUNTY_FIC, "410225"))),
        Actor("mediator and public", (mediator, Grant(Role.PUBLIC_API))),
    ]


def at(text: str, position: int | None) -> str:
    """A question, now or as of a position."""
    fields = text.strip().removeprefix("query").strip()
    return text if position is None else f'{{ asOf(at: {{position: "{position}"}}) {fields} }}'


class Blocks(Visitor):
    """Finds where the selections of a document begin."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[int] = []

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        assert node.loc is not None
        self.found.append(node.loc.start + 1)


def unplannable(text: str, place: int) -> str:
    """The same question with a response name in one of its selections that no column of PostgreSQL can have."""
    blocks = Blocks()
    visit(parse(text), blocks)
    start = blocks.found[place % len(blocks.found)]
    return f"{text[:start]} {'n' * 64}: __typename {text[start:]}"
