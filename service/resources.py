"""What does a process open: a database, its log, its views, its secret?"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool

from projections import ALL
from projections.engine.store import Store
from service.config import Settings, SettingsError
from service.ledger.ledger import Clock, Ledger
from service.ledger.log import EventLog
from service.ledger.migrate import MigrationError, migrate, pending
from service.ledger.store import ROLE, LedgerStore
from service.postgres import Embedded
from service.postgres.account import Account
from service.postgres.silence import hang_up_after

READ_ONLY = (
    "-c timezone=UTC -c datestyle=ISO -c jit=off -c default_transaction_read_only=on -c search_path=views"
    " -c statement_timeout=5000"
)
CHECK_SECONDS = 2.0
"""Within which a connection that was idle must be found alive."""
REAL_TIME: Clock = partial(datetime.now, UTC)


class Database:
    """The PostgreSQL of this process: the one that DATABASE_URL names, else an embedded one in the data folder."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.database_url and settings.database_url.get_secret_value()
        self._embedded = None if self._url else Embedded(settings.data)

    def start(self) -> str:
        """The URI of a running server; starts one if need be, also when an earlier one has gone.

        Raises EmbeddedError when none can run.
        """
        return self._embedded.start() if self._embedded else str(self._url)

    def prepare(self) -> str:
        """The URI of a running server with a database of this release.

        Raises MigrationError when somebody else's database needs migrations: its owner decides when.
        """
        uri = self.start()
        todo = pending(uri)
        if todo and self._embedded is None:
            raise MigrationError(
                f"数据库有 {len(todo)} 个待执行的迁移，请先运行 shanghui migrate | "
                f"The database lacks {len(todo)} migrations: run shanghui migrate first"
            )
        if todo:
            migrate(uri)
        return uri

    def stop(self) -> None:
        """Stop the embedded server if this process owns it."""
        if self._embedded:
            self._embedded.stop()


@contextmanager
def prepared(settings: Settings) -> Iterator[str]:
    """The URI of this process's database, migrated, until the block ends."""
    database = Database(settings)
    try:
        yield database.prepare()
    finally:
        database.stop()


def acting(uri: str, more: str = "") -> str:
    """The same URI, its connections acting as the role that owns the views and may only append to the log."""
    given = conninfo_to_dict(uri).get("options") or ""
    return make_conninfo(uri, options=f"{given} -c role={ROLE} {more}".strip())


@asynccontextmanager
async def ledger(uri: str, clock: Clock = REAL_TIME) -> AsyncIterator[Ledger]:
    """A ledger on a migrated database until the block ends. Only the demonstration brings a clock of its own."""
    opened = Ledger(await asyncio.to_thread(LedgerStore, uri), clock)
    try:
        yield opened
    finally:
        await opened.close()


def reading(uri: str, most: int) -> AsyncConnectionPool[Any]:
    """Read-only connections to the views, not yet opened."""
    return AsyncConnectionPool(
        acting(uri, READ_ONLY),
        min_size=1,
        max_size=most,
        timeout=5,
        kwargs={"autocommit": True, "connect_timeout": 3},
        check=_answers,
        open=False,
    )


async def _answers(connection: AsyncConnection[Any]) -> None:
    """Raise an OperationalError unless the server is there."""
    with hang_up_after(CHECK_SECONDS, connection):
        await AsyncConnectionPool.check_connection(connection)


def views() -> Store:
    """The views that this program declares, where readers expect them."""
    return Store(EventLog(), ALL, made_by=views)


def secret_of(settings: Settings) -> bytes:
    """The key that signs tokens and cursors: as set, else one generated once beside the embedded database.

    Raises SettingsError when there is neither.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    if settings.database_url is not None:
        raise SettingsError("使用外部数据库时须设置 SHANGHUI_SECRET | With DATABASE_URL, SHANGHUI_SECRET must be set")
    return _generated(settings.data)


def _generated(folder: Path) -> bytes:
    path = folder / "secret"
    if not path.exists():
        Account.for_server().open_way(folder)
        draft = folder / f"secret.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was first: its secret counts
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_bytes()
