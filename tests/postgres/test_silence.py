"""Is whoever waits for a server that stands still told so, in time?"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import AsyncConnection

from service.postgres.silence import hang_up_after
from service.resources import reading

pytestmark = pytest.mark.anyio
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@contextmanager
def standing_still(uri: str) -> Iterator[None]:
    """Whatever serves a connection to this database does nothing more until the block ends."""
    with psycopg.connect(uri) as connection:
        pids = [pid for (pid,) in connection.execute(BACKENDS)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def test_a_question_to_a_server_that_stands_still_fails(database: str) -> None:
    connection = await AsyncConnection.connect(database, autocommit=True)
    with standing_still(database), pytest.raises(psycopg.OperationalError), hang_up_after(0.2, connection):
        await connection.execute("SELECT 1")
    assert connection.closed


async def test_an_answer_in_time_leaves_the_connection_alone(database: str) -> None:
    connection = await AsyncConnection.connect(database, autocommit=True)
    for _ in range(2):
        with hang_up_after(5, connection):
            await connection.execute("SELECT 1")
    await connection.close()


async def test_a_pool_replaces_a_connection_that_nobody_serves_any_more(ready_database: str) -> None:
    pool = reading(ready_database, 2)
    await pool.open(wait=True)
    with standing_still(ready_database):
        async with pool.connection() as connection:
            assert await (await connection.execute("SELECT 1")).fetchone() == (1,)
    await pool.close()
