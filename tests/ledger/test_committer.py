"""What becomes of commands that wait, are poisoned, or rest on grounds that are not there?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec import Raw

from service.domain.refusal import Busy, TryLater
from service.ledger import committer
from service.ledger.appender import Append, Appender, Row
from service.ledger.ledger import Ledger
from service.ledger.recorder import WRITERS_LOCK
from service.ledger.store import LedgerStore
from service.ledger.writer import Submission, Writer
from service.postgres.line import Line
from tests.ledger.conftest import ask, define

pytestmark = pytest.mark.anyio
SHORT = 0.5
CODES = """
SELECT convert_from(state, 'UTF8')::json->'fact'->>'code' FROM ledger.shanghui_events
WHERE topic = 'division.defined' ORDER BY notification_id"""


@pytest.fixture
async def hasty(ledger_uri: str) -> AsyncIterator[Ledger]:
    """A ledger whose commands do not wait long."""
    ledger = Ledger(LedgerStore(ledger_uri), patience=SHORT)
    try:
        yield ledger
    finally:
        await ledger.close()


@asynccontextmanager
async def held_up(uri: str) -> AsyncIterator[None]:
    """Another process has the writers' lock, and keeps it."""
    with psycopg.connect(uri) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
        yield


async def test_a_command_that_waits_too_long_is_refused_and_one_under_way_is_awaited(
    hasty: Ledger, ledger_uri: str
) -> None:
    async with held_up(ledger_uri):
        under_way = asyncio.create_task(hasty.execute(define("410225")))
        await asyncio.sleep(SHORT / 2)
        with pytest.raises(Busy) as refused:
            await hasty.execute(define("410222"))
        assert not under_way.done()
    assert refused.value.retry_after == Busy.retry_after
    assert (await under_way).version == 1
    assert codes(ledger_uri) == ["410225"]


async def test_who_waits_too_long_for_a_record_is_refused(hasty: Ledger, ledger_uri: str) -> None:
    id = (await hasty.execute(define("410225"))).record
    async with held_up(ledger_uri):
        first = asyncio.create_task(hasty.execute(ask("division.rename", id, name="甲")))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await hasty.execute(ask("division.rename", id, name="乙"))
    assert (await first).version == 2
    assert (await hasty.execute(ask("division.rename", id, name="丙"))).version == 3


async def test_more_than_so_many_do_not_wait(hasty: Ledger, ledger_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "MOST_WAITING", 2)
    async with held_up(ledger_uri):
        under_way = asyncio.create_task(hasty.execute(define("410225")))
        await asyncio.sleep(SHORT / 5)
        results = await asyncio.gather(*(hasty.execute(define(f"41022{n}")) for n in range(4)), return_exceptions=True)
    assert [type(each) for each in results] == [Busy] * 4
    await under_way
    assert codes(ledger_uri) == ["410225"]


async def test_a_caller_who_goes_away_while_waiting_takes_his_command_with_him(hasty: Ledger, ledger_uri: str) -> None:
    async with held_up(ledger_uri):
        under_way = asyncio.create_task(hasty.execute(define("410225")))
        await asyncio.sleep(SHORT / 5)
        waiting = asyncio.create_task(hasty.execute(define("410222")))
        await asyncio.sleep(SHORT / 5)
        waiting.cancel()
    await under_way
    await hasty.close()
    assert codes(ledger_uri) == ["410225"]


async def test_a_turn_that_was_waited_for_in_vain_goes_to_the_next(hasty: Ledger, ledger_uri: str) -> None:
    id = (await hasty.execute(define("410225"))).record
    async with held_up(ledger_uri):
        tasks = [asyncio.create_task(hasty.execute(ask("division.rename", id, name=name))) for name in "甲乙丙"]
        await asyncio.sleep(SHORT / 5)
        tasks[1].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [getattr(each, "version", None) for each in results] == [2, None, 3]


async def test_what_waits_is_committed_before_the_end(ledger: Ledger, ledger_uri: str) -> None:
    async with held_up(ledger_uri):
        commands = [asyncio.create_task(ledger.execute(define(f"4102{n:02}"))) for n in range(10, 30)]
        await asyncio.sleep(SHORT)
        closing = asyncio.create_task(ledger.close())
    await closing
    assert len(codes(ledger_uri)) == len(await asyncio.gather(*commands))


@pytest.fixture
async def appender(ledger_uri: str) -> AsyncIterator[Appender]:
    appender = Appender(Line(ledger_uri))
    await appender.ready()
    yield appender
    await appender.close()


def command(record: UUID, version: int = 1, topic: str = "division.renamed", reads: int | None = None) -> Submission:
    """A command that adds one event to a record."""
    event = Row(record, version, topic, Raw(b"{}"))
    read = {record: version - 1 if reads is None else reads}
    return Submission(lambda _: [event], read, frozenset(read), uuid4(), b"", record, version, version)


def append(submission: Submission) -> Append:
    return submission.append(datetime.now(UTC))


async def test_a_poisoned_command_fails_alone(appender: Appender) -> None:
    batch = [command(uuid4(), topic="division.\0" if n == 5 else "division.renamed") for n in range(9)]
    results = await Writer(appender, lambda: datetime.now(UTC)).commit(batch)
    assert [isinstance(each, psycopg.DataError if n == 5 else list) for n, each in enumerate(results)] == [True] * 9


@pytest.mark.parametrize(("version", "reads"), [(3, None), (3, 0), (1, 1), (2, 0)])
async def test_a_command_whose_events_would_not_come_next_is_left_out_alone(
    appender: Appender, version: int, reads: int | None
) -> None:
    batch = [command(uuid4()), command(uuid4(), version, reads=reads), command(uuid4())]
    results = await appender.append([append(each) for each in batch])
    assert [each is None for each in results] == [False, True, False]


async def test_a_command_that_looked_at_a_record_which_has_moved_on_is_left_out(appender: Appender) -> None:
    seen, own = uuid4(), command(uuid4())
    await appender.append([append(command(seen))])
    assert await appender.append([append(own._replace(reads={**own.reads, seen: 0}))]) == [None]
    assert await appender.append([append(own._replace(reads={**own.reads, seen: 1}))]) == [[2]]


async def test_a_command_of_another_batch_with_the_same_key_is_left_out(appender: Appender) -> None:
    first = command(uuid4())
    again = command(uuid4())._replace(key=first.key)
    assert await appender.append([append(first)]) == [[1]]
    assert await appender.append([append(again)]) == [None]


def codes(uri: str) -> list[str]:
    """The codes of the divisions that are recorded."""
    with psycopg.connect(uri) as connection:
        return [code for (code,) in connection.execute(CODES)]


def test_whoever_is_told_to_come_later_is_told_when() -> None:
    assert all(kind.retry_after > 0 for kind in TryLater.__subclasses__())
