"""Is what a line says of a transaction true, also when it fails, or its connection goes?"""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from service.postgres.line import Aborted, Line, Lost, Statement, Unconnected, checked

pytestmark = pytest.mark.anyio
TABLE = """
CREATE TABLE thing (n int PRIMARY KEY, other int REFERENCES thing DEFERRABLE INITIALLY DEFERRED)"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def line(database: str) -> AsyncIterator[Line]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(TABLE)
    line = Line(database)
    await line.ready(5)
    yield line
    await line.close()


def insert(n: int, other: int | None = None) -> Statement:
    return Statement("INSERT INTO thing VALUES ($1, $2)", [b"%d" % n, None if other is None else b"%d" % other])


async def count(line: Line) -> bytes | None:
    return (await line.send(Statement("SELECT count(*) FROM thing"))).get_value(0, 0)


async def test_a_transaction_fails_whole(line: Line) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        checked(await line.transact([insert(1), insert(1)]))
    assert await count(line) == b"0"


async def test_a_commit_that_fails_is_told(line: Line) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        checked(await line.transact([insert(1, other=2)]))
    assert await count(line) == b"0"


async def test_transactions_of_one_turn_fail_each_alone(line: Line) -> None:
    results = await asyncio.gather(*(line.transact([insert(n)]) for n in (1, 1, 2)))
    assert [each[0].error_message == b"" for each in results] == [True, False, True]
    assert await count(line) == b"2"


async def test_what_stands_behind_a_failure_in_its_turn_is_told_that_nothing_came_of_it(line: Line) -> None:
    _, behind = await asyncio.gather(line.send(Statement("SELECT 1 / 0")), line.send(insert(1)))
    with pytest.raises(Aborted):
        checked([behind])
    assert await count(line) == b"0"


async def test_a_lost_connection_is_told_and_made_anew(line: Line) -> None:
    under_way = line.transact([Statement("SELECT pg_terminate_backend(pg_backend_pid())")])
    with pytest.raises(Lost):
        await under_way
    with pytest.raises(Unconnected):
        line.transact([insert(1)])
    await line.ready(5)
    checked(await line.transact([insert(1)]))


async def test_who_waits_for_a_connection_in_vain_is_told() -> None:
    line = Line("host=/nowhere", pause=0.1)
    with pytest.raises(Unconnected):
        await line.ready(0.3)
    await line.close()


async def test_a_server_that_says_nothing_is_given_up(database: str) -> None:
    line = Line(database, silence=0.2)
    await line.ready(5)
    assert (await line.send(Statement("SELECT 1"))).get_value(0, 0) == b"1"
    with pytest.raises(Lost, match="no answer"):
        await line.send(Statement("SELECT pg_sleep(5)"))
    await line.ready(5)
    assert (await line.send(Statement("SELECT 2"))).get_value(0, 0) == b"2"
    await line.close()


async def test_a_server_that_has_much_to_do_but_answers_is_not_given_up(database: str) -> None:
    line = Line(database, silence=0.4)
    await line.ready(5)
    answers = [line.transact([Statement("SELECT pg_sleep(0.1)::text")]) for _ in range(8)]
    assert [checked(await each)[0].ntuples for each in answers] == [1] * 8
    await line.close()


async def test_the_silence_of_a_server_that_was_asked_nothing_does_not_count(database: str) -> None:
    line = Line(database, silence=0.6)
    await line.ready(5)
    await line.send(Statement("SELECT 1"))
    await asyncio.sleep(0.5)
    assert (await line.send(Statement("SELECT pg_sleep(0.3)::text"))).ntuples == 1
    await line.close()
