"""Are the fields of an answer compiled, for all their parents together, and their plans kept?"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from schema.compiled.fragments import Subplans
from schema.compiled.kept import MOST_TEXT
from schema.compiled.reader import PlainReader, ReadFailed
from schema.connections import LARGEST_SIZE
from schema.schema import build
from schema.segments import Segments
from service.domain.roles import Actor, Grant, Role
from service.resources import READ_ONLY, acting
from tests.schema.conftest import CITY, Api

pytestmark = pytest.mark.anyio
PARTS = """query($n: Int) { divisions { nodes { code availableCommands { name }
    history(first: $n) { nodes { kind division { name } } } lastChange { kind } } } }"""
WHOLE = [("410221", "杞县"), ("410225", "兰考县"), ("410223", "尉氏县")]


class Counting:
    """Lines that note what they are asked, and may be told to fail."""

    def __init__(self, api: Api, reader: PlainReader) -> None:
        self.api, self.reader, self.segments = api, reader, Segments(reader.fetch)
        self.asked: list[str] = []
        self.failing = False

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        self.asked.append(sql)
        if self.failing:
            raise ReadFailed("told to")
        return await self.reader.fetch(sql, values)

    async def reached(self, position: int, seconds: float) -> bool:
        return await self.api.runner.reached(position, seconds)


@asynccontextmanager
async def counted(api: Api, uri: str) -> AsyncIterator[tuple[Api, Counting]]:
    reader = PlainReader(acting(uri, READ_ONLY))
    await reader.open()
    lines = Counting(api, reader)
    try:
        yield replace(api, subplans=Subplans(build()._schema, lines)), lines
    finally:
        await reader.close()


@pytest.fixture
async def parts(api: Api, database: str) -> AsyncIterator[tuple[Api, Counting]]:
    for code, name in WHOLE:
        await api.done("divisionDefine", CITY, code=code, name=name, kind="COUNTY")
    async with counted(api, database) as both:
        yield both


async def test_a_field_of_many_parents_is_one_statement(api: Api, parts: tuple[Api, Counting]) -> None:
    mixed, lines = parts
    answer = await mixed.ask(PARTS, n=3)
    assert len(lines.asked) == 2
    assert orjson.loads(orjson.dumps(answer)) == await api.ask(PARTS, n=3)


async def test_of_a_long_document_nothing_is_remembered(api: Api, parts: tuple[Api, Counting]) -> None:
    mixed, lines = parts
    answer = await mixed.ask(PARTS + "#" * MOST_TEXT, n=3)
    assert (orjson.loads(orjson.dumps(answer)), lines.asked) == (await api.ask(PARTS, n=3), [])
    assert mixed.subplans is not None
    assert len(mixed.subplans) == 0


async def test_a_plan_is_made_once_for_each_shape_of_the_variables(parts: tuple[Api, Counting]) -> None:
    mixed, lines = parts
    for n in (1, None, 1):
        await mixed.ask(PARTS, n=n)
    assert mixed.subplans is not None
    fields, shapes = 3, 2  # one of the three cannot be planned, and that is remembered as well
    assert (len(lines.asked), len(mixed.subplans)) == (3 * 2, fields * shapes)


async def test_what_fails_is_resolved_as_if_nothing_had_been(api: Api, parts: tuple[Api, Counting]) -> None:
    mixed, lines = parts
    lines.failing = True
    assert await mixed.ask(PARTS, n=3) == await api.ask(PARTS, n=3)
    assert lines.asked


async def test_a_page_that_is_too_large_is_a_mistake_of_the_callers_alone(parts: tuple[Api, Counting]) -> None:
    mixed, _ = parts
    with capture_logs() as logs:
        text = "query($n: Int) { divisions(first: $n) { totalCount } }"
        assert await mixed.fails(text, n=LARGEST_SIZE + 1) == "BAD_USER_INPUT"
    assert logs == []


async def test_by_effective_date_the_resolvers_answer(api: Api, parts: tuple[Api, Counting]) -> None:
    mixed, lines = parts
    text = '{ asOf(at: {position: "3"}, effectiveOn: "2030-01-01") { division(by: {code: "410221"}) { name } } }'
    assert await mixed.ask(text) == await api.ask(text)
    assert lines.asked == []


async def test_who_may_read_nothing_is_told_so(parts: tuple[Api, Counting]) -> None:
    mixed, lines = parts
    blind = Actor("administrator", (Grant(Role.SYSTEM_ADMIN),))
    assert await mixed.fails("{ divisions { totalCount } }", blind) == "FORBIDDEN"
    assert await mixed.fails("{ divisions { totalCount } }", None) == "UNAUTHENTICATED"
    assert lines.asked == []
