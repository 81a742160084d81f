"""Is a statement told a segment only where it is certain which one it is, and of which table?"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from random import Random
from typing import Any

import orjson
import psycopg
import pytest

from projections import ALL
from projections.engine.rebuild import rebuild
from projections.engine.table import BEGUN
from schema.compiled.bindings import Request
from schema.compiled.moments import SEGMENT
from schema.compiled.planner import Plan
from schema.compiled.reader import PlainReader, ReadFailed
from schema.context import Reading
from schema.scalars import encode_id
from schema.segments import PAUSE, Known, Segments, Sought
from service.domain.identifiers import name_id
from service.resources import READ_ONLY, acting, views
from tests.schema.conftest import AUDITOR, CITY, KEY, Api
from tests.schema.paths import Paths, query, walked

TABLES = [table for each in ALL for table in each.tables if not table.log]
CHAMBERS = Sought("views.chamber_history", '"id"', 1)
KNOWN = Known(upto=9_000, table=77, numbers=[0, 2, 3, 8])


class Histories:
    """What reads a history, and how often it did."""

    def __init__(self) -> None:
        self.known, self.read = KNOWN, 0

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        assert "views.chamber_history" in sql
        self.read += 1
        numbers = [each for each in self.known.numbers if each >= values[0]]
        return orjson.dumps((self.known.upto, self.known.table, numbers) if numbers else (None, None, None))


class Watched:
    """Lines over a database, and the statements that were asked there."""

    def __init__(self, api: Api, reader: PlainReader) -> None:
        self._api, self._reader, self.segments = api, reader, Segments(reader.fetch)
        self.asked: list[str] = []

    async def fetch(self, sql: str, values: Sequence[Any]) -> bytes:
        self.asked.append(sql)
        return await self._reader.fetch(sql, values)

    async def reached(self, position: int, seconds: float) -> bool:
        return await self._api.runner.reached(position, seconds)


@pytest.fixture
async def lines(api: Api, database: str) -> AsyncIterator[Watched]:
    reader = PlainReader(acting(database, READ_ONLY))
    await reader.open()
    yield Watched(api, reader)
    await reader.close()


@pytest.fixture(scope="module")
def paths(city: str) -> Iterator[Paths]:
    with walked(city) as found:
        yield found


@pytest.mark.parametrize(
    ("position", "segment"), [(0, None), (1, 0), (1_024, 0), (2_048, 0), (2_049, 2), (8_192, 3), (8_193, 8)]
)
def test_a_position_lies_in_the_last_segment_that_had_begun_before_it(position: int, segment: int | None) -> None:
    assert KNOWN.at(position) == segment


def test_before_the_first_segment_there_is_none() -> None:
    assert KNOWN._replace(numbers=[2]).at(2_048) is None


@pytest.mark.anyio
async def test_a_statement_is_told_the_segment_and_the_table_it_is_known_of() -> None:
    assert await Segments(Histories().fetch).told([CHAMBERS], [2_049]) == [2, 77]


@pytest.mark.anyio
async def test_nothing_is_told_of_what_was_not_shown_when_the_history_was_read() -> None:
    segments = Segments(Histories().fetch)
    assert await segments.told([CHAMBERS], [9_000]) == [8, 77]
    assert await segments.told([CHAMBERS], [9_001]) is None


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets a history be read again."""

    def wait() -> None:
        moment = time.monotonic() + PAUSE
        monkeypatch.setattr(time, "monotonic", lambda: moment)

    return wait


@pytest.mark.anyio
async def test_a_history_is_read_again_after_a_pause_from_its_last_segment_on(later: Callable[[], None]) -> None:
    histories = Histories()
    segments = Segments(histories.fetch)
    assert [await segments.told([CHAMBERS], [9_500]) for _ in range(3)] == [None] * 3
    assert histories.read == 1
    histories.known = KNOWN._replace(upto=9_500, numbers=[1, 8, 9])
    later()
    assert await segments.told([CHAMBERS], [9_500]) == [9, 77]
    assert await segments.told([CHAMBERS], [5_000]) == [3, 77]


@pytest.mark.anyio
async def test_what_is_known_of_a_table_is_not_added_to_that_of_another(later: Callable[[], None]) -> None:
    histories = Histories()
    segments = Segments(histories.fetch)
    assert await segments.told([CHAMBERS], [9_000]) == [8, 77]
    histories.known = Known(upto=9_500, table=78, numbers=[0, 8, 9])
    later()
    assert await segments.told([CHAMBERS], [9_500]) is None
    assert await segments.told([CHAMBERS], [5_000]) is None


@pytest.mark.anyio
async def test_of_an_empty_history_nothing_is_known() -> None:
    histories = Histories()
    histories.known = KNOWN._replace(numbers=[])
    assert await Segments(histories.fetch).told([CHAMBERS], [5]) is None


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_is_told_is_what_would_be_found(paths: Paths, city: str, table: Any) -> None:
    history, key = f"views.{table.history}", f'"{table.key[0]}"'
    sought = BEGUN.format(history=history, key=key, segment=SEGMENT.format(position="%s::bigint"))
    with psycopg.connect(city) as connection:
        head = connection.execute("SELECT min(position) FROM views.projection").fetchone()
        assert head is not None
        positions = [1, head[0], *(Random(table.name).randint(1, head[0]) for _ in range(40))]
        found = [connection.execute(f"SELECT {sought}", [each]).fetchone() for each in positions]
        told = [paths.runner.run(paths.segments.told([Sought(history, key, 1)], [each])) for each in positions]
        filled = connection.execute(f"SELECT EXISTS (SELECT FROM {history})").fetchone()
    assert filled is not None
    assert [each and (each[0],) for each in told] == (found if filled[0] else [None] * len(found))


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["node(id: $id) { ... on Division { name } }", "divisions { nodes { name } }"])
async def test_no_answer_comes_of_segments_of_a_table_that_was_replaced(
    api: Api, database: str, lines: Watched, text: str
) -> None:
    await api.done("divisionDefine", CITY, code="410221", name="杞县", kind="COUNTY")
    plan, request = planned(text, await api.head())
    answer = await plan.read(request, lines)
    assert lines.asked == [plan.told]
    await asyncio.to_thread(rebuild, acting(database), views(), name="divisions")
    with pytest.raises(ReadFailed):
        await plan.read(request, lines)
    assert (await plan.read(request, lines), lines.asked[2:]) == (answer, [plan.sql])


def planned(text: str, position: int) -> tuple[Plan, Request]:
    """The plan of a question as of a position, and a request for it."""
    given = {"p": str(position)} | ({"id": encode_id("Division", name_id("division/410221"))} if "$id" in text else {})
    declared = "$p: Position!, $id: ID!" if "$id" in text else "$p: Position!"
    operation = query(f"query({declared}) {{ asOf(at: {{position: $p}}) {{ {text} }} }}")
    plan = operation.learn(given, Reading.of(AUDITOR))
    assert plan is not None
    return plan, Request(operation.variables(given), Reading.of(AUDITOR), KEY)
