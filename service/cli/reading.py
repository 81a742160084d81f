"""Commands that read what happened: events tail, diff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
import typer
from psycopg import sql

from projections.change_history import ChangeRow
from projections.engine.connection import Connection, connect
from projections.engine.rebuild import ensure
from service.cli.changes import changes_of, find_record
from service.cli.options import Data, Json, moment, settings
from service.cli.output import show
from service.cli.positions import position_at
from service.domain.record import Recorded
from service.ledger.log import EventLog
from service.resources import acting, prepared, views

events = typer.Typer(no_args_is_help=True, help="事件 | The log of events.")
BATCH = 1_000
POLL_SECONDS = 1.0
"""A notification may be lost; the log is not."""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(events, name="events")
    app.command("diff")(diff)


@events.callback()
def _events() -> None:
    """Keep `tail` a sub-command although it is the only one."""


@events.command()
def tail(
    after: Annotated[int | None, typer.Option(min=0, help="从此位置之后开始 | Begin after this position.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多显示 | How many to show.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="持续显示 | Go on with what comes.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """显示事件 | Show events in the order of their positions: the last ones, or those after a position."""
    log = EventLog()
    with prepared(settings(data)) as uri, connect(acting(uri)) as connection:
        if follow:  # listen first, then look: what is committed in between is not lost
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(log.CHANNEL)))
        start = max(0, log.head(connection) - limit) if after is None else after
        found = log.read(connection, start, limit)
        for event in found:
            show(plain(event), text(event), as_json)
        position = found[-1].position if found else start
        for event in following_events(connection, log, position) if follow else ():
            show(plain(event), text(event), as_json)


def diff(
    record: Annotated[str, typer.Argument(help="GraphQL 标识、UUID、区划代码或信用代码 | An id or a code.")],
    since: Annotated[str, typer.Option("--from", metavar="MOMENT", help="位置、日期或时间 | A position, date, time.")],
    until: Annotated[str | None, typer.Option("--to", metavar="MOMENT", help="默认为现在 | Now by default.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """两个时刻之间的变更 | Show what changed on a record between two moments: by whom, why, field by field."""
    with prepared(settings(data)) as uri:
        ensure(acting(uri), views())
        first = position_at(acting(uri), moment(since))
        last = position_at(acting(uri), None if until is None else moment(until))
        with connect(acting(uri)) as connection:
            for change in changes_of(connection, find_record(connection, record), first, last):
                show(columns(change), described(change), as_json)


def plain(event: Recorded) -> dict[str, Any]:
    """An event as JSON: its place, its envelope and its fact."""
    place = {"position": event.position, "record": event.originator_id, "version": event.originator_version}
    built: dict[str, Any] = msgspec.to_builtins(
        {**place, "topic": event.fact.topic, "envelope": event.envelope, "fact": event.fact}
    )
    return built


def text(event: Recorded) -> str:
    """An event in one line."""
    e = event.envelope
    by = f"{e.account} ({e.role}{f' @ {e.division}' if e.division else ''})"
    fact = msgspec.json.encode(event.fact).decode()
    return f"{event.position:>8}  {e.recorded_at:%Y-%m-%d %H:%M:%S}  {event.fact.topic:<32} {by}  {fact}"


def columns(change: ChangeRow) -> dict[str, Any]:
    """A change as JSON, by the names of its columns."""
    built: dict[str, Any] = msgspec.to_builtins({name: getattr(change, name) for name in change.__struct_fields__})
    labelled = ({"path": f.path, "label": f.label, "label_en": f.label_en} for f in change.fields)
    return built | {"fields": [label | kept for label, kept in zip(labelled, built["fields"], strict=True)]}


def described(change: ChangeRow) -> str:
    """A change in a line, and one for each field."""
    why = "；".join(each for each in (change.basis, change.reason) if each)
    head = (
        f"{change.position:>8}  {change.recorded_at:%Y-%m-%d %H:%M:%S}  {change.kind}  {change.actor} ({change.role})"
    )
    fields = [f"          {f.label or f.path} | {f.path}: {_json(f.before)} → {_json(f.after)}" for f in change.fields]
    return "\n".join([f"{head}  {why}".rstrip(), *fields])


def following_events(connection: Connection, log: EventLog, position: int) -> Iterator[Recorded]:
    """What comes after a position, without end."""
    while True:
        while found := log.read(connection, position, BATCH):
            yield from found
            position = found[-1].position
        for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
            pass  # that there is one is all there is to know


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
