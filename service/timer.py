"""Who does what nobody did in time? The timer: once a day has passed, it gives the command that the deadline names.

Each command is carried out exactly once, however many timers run and wherever one dies: its idempotency key follows
from the record, the rule, the part and the day, and the ledger decides on the record as it stands, not on the list of
deadlines, which may lag behind. What is refused is logged and kept to be shown, and tried again on the next day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import psycopg
import structlog
from psycopg import sql
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from projections.deadlines import DeadlineRow
from service.domain.command import Command
from service.domain.decision import Request
from service.domain.identifiers import name_id
from service.domain.record import RECORDS, Source
from service.domain.refusal import IdempotencyKeyReused, Refused, TryLater
from service.domain.roles import Actor, Grant, Role
from service.ledger.ledger import Ledger

TIMER: Final = Actor("timer", (Grant(Role.TIMER, organ="定时任务"),))
REASON = "逾期未办，系统自动执行 | Nobody did it in time: done by the service"
EVERY_SECONDS = 60.0
MOST_AT_ONCE = 500
OVERDUE = sql.SQL(
    "SELECT {columns} FROM {deadline} WHERE command IS NOT NULL AND due_on < %(on)s"
    " ORDER BY due_on, record_id, kind, part LIMIT %(most)s"
).format(
    columns=sql.SQL(", ").join(map(sql.Identifier, DeadlineRow.table.names)), deadline=DeadlineRow.table.source().sql
)
Pool = AsyncConnectionPool[Any]
log = structlog.get_logger()


class Refusal(NamedTuple):
    """A command of the timer that was not carried out, and on which day it was tried."""

    deadline: DeadlineRow
    error: Refused
    on: date


class Round(NamedTuple):
    """What one look at the deadlines came to."""

    done: list[DeadlineRow]
    refused: list[Refusal]


async def overdue(pool: Pool, on: date, most: int) -> list[DeadlineRow]:
    """What is overdue on a day and has a command for the timer, the longest overdue first, so many at most."""
    async with pool.connection() as connection:
        cursor = await connection.execute(OVERDUE, {"on": on, "most": most})
        return [msgspec.convert(row, DeadlineRow) for row in await cursor.fetchall()]


def key_of(row: DeadlineRow) -> UUID:
    """The idempotency key of what is done about a deadline: the same wherever and whenever it is done."""
    return name_id(f"timer/{row.record_id}/{row.kind}/{row.part}/{row.due_on}")


class Timer:
    """Remembers what was refused; everything else is in the log."""

    def __init__(self) -> None:
        self.refusals: dict[UUID, Refusal] = {}

    async def run(self, ledger: Ledger, pool: Pool, on: date | None = None) -> Round:
        """Do what is overdue on a day, today unless one is given.

        Raises TryLater when the ledger cannot be written to.
        """
        # What was refused stands at the head of the line until somebody looks at it: it must not hold up the others.
        most = MOST_AT_ONCE + len(self.refusals)
        return await self.carry_out(ledger, await overdue(pool, on or ledger.today, most))

    async def carry_out(self, ledger: Ledger, rows: Iterable[DeadlineRow]) -> Round:
        """Give the commands of these deadlines, but for those that were refused today."""
        wanted = {key_of(row): row for row in rows}
        self.refusals = {key: refusal for key, refusal in self.refusals.items() if key in wanted}
        done = [row for key, row in wanted.items() if self._due(key, ledger) and await self._give(ledger, key, row)]
        return Round(done, list(self.refusals.values()))

    def _due(self, key: UUID, ledger: Ledger) -> bool:
        return key not in self.refusals or self.refusals[key].on < ledger.today

    async def _give(self, ledger: Ledger, key: UUID, row: DeadlineRow) -> bool:
        """Whether it is done, by this timer or another."""
        self.refusals.pop(key, None)
        try:
            await ledger.execute(_request(key, row))
        except TryLater:
            raise  # it is not about this record: the round is off
        except IdempotencyKeyReused:
            log.info("timer.done_before", record=str(row.record_id), command=row.command)  # by another release
        except Refused as refusal:
            self.refusals[key] = Refusal(row, refusal, ledger.today)
            log.warning("timer.refused", record=str(row.record_id), command=row.command, error=str(refusal))
            return False
        log.info("timer.done", record=str(row.record_id), command=row.command, due=str(row.due_on))
        return True

    async def keep(self, leads: Callable[[], tuple[Ledger, Pool] | None], stopping: asyncio.Event) -> None:
        """Look again and again until told to stop, while `leads` gives what to work with: one process does."""
        while not stopping.is_set():
            tools = leads()
            if tools is not None:
                await self._try(*tools)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), EVERY_SECONDS if tools else 1.0)

    async def _try(self, ledger: Ledger, pool: Pool) -> None:
        try:
            await self.run(ledger, pool)
        except (psycopg.Error, PoolTimeout, TryLater) as error:
            log.warning("timer.interrupted", error=str(error))
        except Exception:
            log.exception("timer.failed")


def _request(key: UUID, row: DeadlineRow) -> Request:
    assert row.command is not None, "only deadlines with a command are asked for"
    command = RECORDS[row.record_type.lower()].commands[row.command]
    return Request(
        command=command,
        actor=TIMER,
        key=key,
        source=Source.TIMER,
        record=row.record_id,
        input=_input(command, row.part),
        reason=REASON,
    )


def _input(command: Command, part: str) -> dict[str, str]:
    """The part that the command is about, where it is about one."""
    parts = command.record.parts.get(type(command.declaration.when[0]))
    return {parts.parameter: part} if parts else {}
