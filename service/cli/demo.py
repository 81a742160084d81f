"""The command demo: a city to look at, brought about by the same commands that the API gives."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import orjson
import typer
from uvloop import new_event_loop

from projections.engine.connection import Connection, connect
from projections.engine.rebuild import ensure
from service.access.tokens import DevelopmentTokens
from service.cli.options import Data, Host, Json, Port, settings
from service.cli.output import Meter, meter, note, show
from service.config import Settings
from service.demo.city import DemoClock, build, schedule
from service.demo.figures import figures
from service.demo.schedule import Wave
from service.domain.record import Source
from service.domain.refusal import GuardFailed
from service.domain.roles import Grant, Role
from service.ledger.log import EventLog
from service.resources import Database, acting, ledger, secret_of, views

SHOWN = (Role.CITY_FIC, Role.AUDITOR, Role.INSPECTOR, Role.REGISTRAR)
"""Whose tokens are printed: a front-end developer's, and those of the three who look at a record most closely."""

UNHURRIED, FLUSH = "-c synchronous_commit=off", "SELECT pg_logical_emit_message(true, 'demo', '')"
"""A build's commits need not reach the disk one by one: what a crash takes back, the next run does again. The last one,
which writes something and does reach it, takes all before it along."""

COVERAGE: Mapping[str, str] = MappingProxyType(
    {
        "units": "县区 | units",
        "townships": "乡镇街道 | townships and sub-districts",
        "registered": "商会已登记 | with a registered chamber",
        "in_progress": "商会筹建中 | with one in progress",
        "none": "尚无商会 | without one",
    }
)


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(
    host: Host = None,
    port: Port = None,
    data: Data = None,
    leave: Annotated[
        bool, typer.Option("--exit", help="不启动服务；全部成立则为 0 | Do not serve; 0 if all claims hold.")
    ] = False,
    tokens: Annotated[Path | None, typer.Option(metavar="FILE", help="令牌文件 | Write role → token here.")] = None,
    as_json: Json = False,
) -> None:
    """演示 | Build the demonstration city, show what it proves, and serve it."""
    chosen = settings(data, serving=not leave, host=host, port=port)
    database = Database(chosen)
    try:
        found = _proven(chosen, database, tokens, as_json) if leave else _served(chosen, database, tokens, as_json)
    finally:
        database.stop()
    raise typer.Exit(0 if all(claim["holds"] for claim in found["claims"]) else 1)


def _proven(chosen: Settings, database: Database, tokens: Path | None, as_json: bool) -> dict[str, Any]:
    _tokens(chosen, tokens)
    found = _built(database)
    _report(found, as_json)
    return found


def _served(chosen: Settings, database: Database, tokens: Path | None, as_json: bool) -> dict[str, Any]:
    """Take the address first: whoever cannot have it learns that at once."""
    from service.cli.serving import answer  # noqa: PLC0415 - these two are most of the program,
    from service.web.server import listening  # noqa: PLC0415 - and who does not serve need not wait for them

    with listening(chosen.host, chosen.port) as where:
        issued, found = _tokens(chosen, tokens), _built(database)
        _report(found | {"url": where.url, "tokens": issued}, as_json)
        answer(where, chosen, database)
    return found


def _built(database: Database) -> dict[str, Any]:
    """The city's figures, once it stands."""
    began, store = time.monotonic(), views()
    with ThreadPoolExecutor(1) as aside:  # PostgreSQL comes up in processes of its own
        scheduled = aside.submit(schedule)
        uri = database.prepare()
    with connect(acting(uri)) as connection:
        refuse_real_records(connection)
        with meter("演示城市 | The demonstration city") as tell, asyncio.Runner(loop_factory=new_event_loop) as loop:
            loop.run(_build(acting(uri, UNHURRIED), scheduled.result(), tell))
        connection.execute(FLUSH)
        ensure(acting(uri), store)
        store.catch_up(connection)
        return {
            **figures(connection),
            "events": _count(connection),
            "position": store.events.head(connection),
            "seconds": round(time.monotonic() - began, 2),
        }


async def _build(uri: str, todo: Sequence[Wave], tell: Meter) -> None:
    clock = DemoClock()
    async with ledger(uri, clock=clock) as opened:
        await build(opened, clock, todo, tell)


def refuse_real_records(connection: Connection) -> None:
    """Raise GuardFailed when the log was begun by anything but a demonstration."""
    first = EventLog().read(connection, 0, 1)
    if first and first[0].envelope.source is not Source.DEMO:
        raise GuardFailed(
            "数据库存有正式记录，请另选 --data 文件夹 | This database holds real records: choose another --data folder"
        )


def _tokens(chosen: Settings, file: Path | None) -> dict[str, str]:
    """A token for each role, everywhere; written to the file, which only its owner may read."""
    tokens = DevelopmentTokens(secret_of(chosen))
    issued = {role.value: tokens.issue(f"demo-{role.lower().replace('_', '-')}", [Grant(role)]) for role in Role}
    if file is not None:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            os.fchmod(out.fileno(), 0o600)  # also when it was there before
            out.write(orjson.dumps(issued, option=orjson.OPT_INDENT_2))
    return issued


def _report(found: Mapping[str, Any], as_json: bool) -> None:
    lines = [f"{count:>4}  {COVERAGE[name]}" for name, count in found["coverage"].items()]
    for claim in found["claims"]:
        mark = "✓" if claim["holds"] else "✗"
        bounds = "–".join(str(each) for each in (claim["low"], claim["high"]) if each is not None)
        lines.append(f"{mark} {claim['id']:<24} {claim['derived']} ({claim['comparator']} {bounds})  {claim['figure']}")
    show(dict(found), "\n".join(lines), as_json)
    if "url" in found:
        note(f"GraphQL  {found['url']}/graphql")
        for role in SHOWN:
            note(f"{role:<10} {found['tokens'][role]}")


def _count(connection: Connection) -> int:
    row = connection.execute("SELECT count(*) FROM ledger.shanghui_events").fetchone()
    assert row is not None
    return int(row[0])
