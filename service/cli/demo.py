"""The command demo: a city to look at, brought about by the same commands that the API gives."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import orjson
import typer
from uvloop import new_event_loop

from projections.engine.connection import Connection, connect
from projections.engine.rebuild import ensure
from schema.schema import build as build_schema
from service.access.tokens import DevelopmentTokens
from service.cli.options import Data, Host, Json, Port, settings
from service.cli.output import Meter, meter, note, show
from service.config import Settings
from service.demo.city import DemoClock, build
from service.demo.figures import figures
from service.domain.record import Source
from service.domain.refusal import GuardFailed
from service.domain.roles import Grant, Role
from service.ledger.log import EventLog
from service.main import Database, Service, acting, ledger, secret_of, views
from service.web.server import listening, serve_on

SHOWN = (Role.CITY_FIC, Role.AUDITOR, Role.INSPECTOR, Role.REGISTRAR)
"""Whose tokens are printed: a front-end developer's, and those of the three who look at a record most closely."""

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
        with nullcontext() if leave else listening(chosen.host, chosen.port) as where:
            issued, found = _tokens(chosen, tokens), _built(database)
            _report(found | ({"url": where.url, "tokens": issued} if where else {}), as_json)
            if where:
                serve_on(where, Service(chosen, database).application(build_schema()))
    finally:
        database.stop()
    raise typer.Exit(0 if all(claim["holds"] for claim in found["claims"]) else 1)


def _built(database: Database) -> dict[str, Any]:
    """The city's figures, once it stands."""
    began, store = time.monotonic(), views()
    uri = database.prepare()
    with connect(acting(uri)) as connection:
        refuse_real_records(connection)
        with meter("演示城市 | The demonstration city") as tell, asyncio.Runner(loop_factory=new_event_loop) as loop:
            loop.run(_build(uri, tell))
        ensure(acting(uri), store)
        store.catch_up(connection)
        return {
            **figures(connection),
            "events": _count(connection),
            "position": store.events.head(connection),
            "seconds": round(time.monotonic() - began, 2),
        }


async def _build(uri: str, tell: Meter) -> None:
    clock = DemoClock()
    async with ledger(uri, clock=clock) as opened:
        await build(opened, clock, tell)


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
