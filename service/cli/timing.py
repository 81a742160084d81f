"""The command timer: do once, now, what the serving process does from minute to minute."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated, Any

import typer

from projections.deadlines import DeadlineRow
from projections.engine.connection import connect
from service.cli.database import bring_views_up_to_date
from service.cli.options import Data, Json, settings
from service.cli.output import show
from service.domain.refusal import InvalidInput
from service.resources import acting, ledger, prepared, reading, views
from service.timer import Round, Timer

timer = typer.Typer(no_args_is_help=True, help="定时任务 | What is done once a deadline has passed.")
TO_COME = "{on} 尚未到来 | {on} is still to come"
On = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="以该日为准，默认今天 | Overdue on this day; today.")
]


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.add_typer(timer, name="timer")


@timer.callback()
def about() -> None:
    """定时任务 | What is done once a deadline has passed."""


@timer.command()
def run(on: On = None, data: Data = None, as_json: Json = False) -> None:
    """执行逾期事项 | Do what is overdue, each once; exit 1 if something was refused."""
    with prepared(settings(data)) as uri:
        bring_views_up_to_date(uri)
        with connect(acting(uri)) as connection:
            views().catch_up(connection)
        came = asyncio.run(_run(uri, on.date() if on else None))
    show(_told(came), "\n".join(_lines(came)) or "没有逾期事项 | Nothing is overdue", as_json)
    raise typer.Exit(1 if came.refused else 0)


async def _run(uri: str, on: date | None) -> Round:
    async with ledger(uri) as opened, reading(uri, 1) as pool:
        if on is not None and on > opened.today:
            raise InvalidInput(TO_COME, path=("on",), on=on)
        return await Timer().run(opened, pool, on)


def _told(came: Round) -> dict[str, Any]:
    refused = [{**_shown(each.deadline), "error": str(each.error)} for each in came.refused]
    return {"done": [_shown(row) for row in came.done], "refused": refused}


def _shown(row: DeadlineRow) -> dict[str, Any]:
    return {
        "record": str(row.record_id),
        "kind": row.kind.value,
        "part": row.part,
        "dueOn": str(row.due_on),
        "command": f"{row.record_type.lower()}.{row.command}",
    }


def _lines(came: Round) -> list[str]:
    done = [f"✓ {each['command']} {each['record']} {each['dueOn']}" for each in map(_shown, came.done)]
    return done + [f"✗ {each.deadline.command} {each.deadline.record_id}: {each.error}" for each in came.refused]
