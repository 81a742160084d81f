"""Do both readers give one value a statement, each its own, whatever befalls its neighbours or the connection?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from schema.compiled.pipeline import MOST_WAITING, PipelinedReader
from schema.compiled.reader import LINES, PlainReader, ReadFailed
from service.config import load
from service.ledger.migrate import migrate
from service.main import reader_of
from service.postgres.line import MOST_PREPARED
from service.resources import READ_ONLY, acting

pytestmark = pytest.mark.anyio
Reader = PipelinedReader | PlainReader


@pytest.fixture(params=[PipelinedReader, PlainReader])
async def reader(request: pytest.FixtureRequest, database: str) -> AsyncIterator[Reader]:
    migrate(database)
    opened: Reader = request.param(acting(database, f"{READ_ONLY} -c statement_timeout=200"))
    await opened.open()
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("type", "value", "text"),
    [
        ("text", None, "null"),
        ("text", "商会 'q' \"d\" \\", "商会 'q' \"d\" \\"),
        ("text[]", ["a,b", 'c"d\\', None], '{"a,b","c\\"d\\\\",NULL}'),
        ("bigint", 2**63 - 1, "9223372036854775807"),
        ("boolean", True, "true"),
        ("bytea", b"\x00\xff", "\\x00ff"),
        ("date", date(2025, 3, 1), "2025-03-01"),
        ("timestamptz", datetime(2025, 3, 1, tzinfo=UTC), "2025-03-01 00:00:00+00"),
        ("uuid", UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
)
async def test_a_value_arrives_as_it_was_sent(reader: Reader, type: str, value: Any, text: str) -> None:
    assert await reader.fetch(f"SELECT $1::{type}::text", [value]) == text.encode()


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
async def test_text_that_cannot_be_stored_is_never_sent(reader: Reader, text: str) -> None:
    with pytest.raises(ReadFailed):
        await reader.fetch("SELECT $1::text", [text])


async def test_a_statement_that_fails_takes_no_neighbour_with_it(reader: Reader) -> None:
    statements = [f"SELECT ({n} / ($1::int - {n}))::text" for n in range(100)]
    found = await asyncio.gather(*(reader.fetch(each, [7]) for each in statements), return_exceptions=True)
    assert [n for n, each in enumerate(found) if isinstance(each, ReadFailed)] == [7]
    assert all(isinstance(each, bytes) for n, each in enumerate(found) if n != 7)


async def test_a_statement_that_cannot_be_prepared_fails_alone(reader: Reader) -> None:
    asked = [reader.fetch(each, []) for each in ("SELECT nothing", "SELECT 'a'", "SELECT nothing", "SELECT 'b'")]
    one, a, two, b = await asyncio.gather(*asked, return_exceptions=True)
    assert (type(one), a, type(two), b) == (ReadFailed, b"a", ReadFailed, b"b")


async def test_what_takes_too_long_or_has_no_row_gives_no_answer(reader: Reader) -> None:
    for statement in ("SELECT pg_sleep(9)::text", "SELECT 1 WHERE false"):
        with pytest.raises(ReadFailed):
            await reader.fetch(statement, [])
    assert await reader.fetch("SELECT 'then'", []) == b"then"


async def test_nothing_can_be_written(reader: Reader) -> None:
    with pytest.raises(ReadFailed, match="read-only"):
        await reader.fetch("WITH w AS (DELETE FROM pg_description RETURNING 1) SELECT count(*)::text FROM w", [])


async def test_more_statements_than_are_kept_prepared(reader: Reader) -> None:
    for n in [*range(MOST_PREPARED * LINES + 9), *range(9)]:
        assert await reader.fetch(f"SELECT ($1::int + {n})::text", [1]) == str(n + 1).encode()


async def test_a_lost_connection_is_made_again(reader: Reader, database: str) -> None:
    await reader.fetch("SELECT 'before'", [])
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                      " WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
    async with asyncio.timeout(10):
        while True:
            try:
                assert await reader.fetch("SELECT 'again'", []) == b"again"
                break
            except ReadFailed:
                await asyncio.sleep(0.1)


async def test_when_too_many_wait_the_others_are_sent_away(database: str) -> None:
    migrate(database)
    reader = PipelinedReader(acting(database, READ_ONLY))
    await reader.open()
    asked = [reader.fetch("SELECT $1::text", [n]) for n in range(MOST_WAITING + 100)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    await reader.close()
    refused = sum(isinstance(each, ReadFailed) for each in found)
    assert refused == 100
    assert all(each == str(n).encode() for n, each in enumerate(found) if isinstance(each, bytes))


async def test_a_server_that_does_not_answer_is_given_up(database: str) -> None:
    migrate(database)
    reader = PipelinedReader(acting(database, READ_ONLY), silence=0.2)
    await reader.open()
    with pytest.raises(ReadFailed, match="no answer"):
        await reader.fetch("SELECT pg_sleep(4)::text", [])
    assert await reader.fetch("SELECT 'then'", []) == b"then"
    await reader.close()


async def test_a_slow_statement_holds_up_none_that_is_asked_later(database: str) -> None:
    migrate(database)
    reader = PipelinedReader(acting(database, READ_ONLY))
    await reader.open()
    slow = asyncio.create_task(reader.fetch("SELECT pg_sleep(0.5)::text", []))
    await asyncio.sleep(0.05)
    assert [await reader.fetch("SELECT $1::text", [n]) for n in range(9)] == [b"%d" % n for n in range(9)]
    assert not slow.done()
    await slow
    await reader.close()


@pytest.mark.parametrize(("chosen", "able", "kind"), [
    ("pipeline", True, PipelinedReader), ("pipeline", False, PlainReader), ("plain", True, PlainReader),
])  # fmt: skip
def test_the_plain_reader_is_chosen_or_stands_in(
    monkeypatch: pytest.MonkeyPatch, chosen: str, able: bool, kind: type
) -> None:
    monkeypatch.setattr("psycopg.capabilities.has_pipeline", lambda: able)
    assert reader_of(load(reader=chosen)) is kind
