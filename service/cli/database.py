"""Commands about the database and its views: migrate, projections, replay."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from projections.engine.connection import connect
from projections.engine.progress import Progress, Report
from projections.engine.rebuild import RebuildRunning, ensure, rebuild
from projections.engine.replay import replay
from projections.engine.verdict import Verdict
from service.cli.options import Data, Json, moment, settings
from service.cli.output import Meter, meter, note, show
from service.cli.positions import position_at
from service.domain.refusal import NotFound
from service.ledger.migrate import migrate, pending
from service.resources import Database, acting, prepared, views

FINISHING = "完成各表 | Finishing the tables"
projections = typer.Typer(no_args_is_help=True, help="视图 | The views that are folded from the log.")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("migrate")(migrate_command)
    app.command("replay")(replay_command)
    app.add_typer(projections, name="projections")


def migrate_command(
    check: Annotated[bool, typer.Option("--check", help="只检查 | Only say what is pending.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """执行数据库迁移 | Bring the database up to date; with --check, exit 1 when it is not."""
    database = Database(settings(data))
    try:
        uri = database.start()
        found = pending(uri) if check else migrate(uri)
    finally:
        database.stop()
    names = [each.name for each in found]
    chinese, english = ("待执行", "Pending") if check else ("已执行", "Applied")
    show({"pending" if check else "applied": names}, f"{chinese} | {english}: {', '.join(names) or '—'}", as_json)
    raise typer.Exit(1 if check and names else 0)


@projections.command("list")
def list_projections(as_json: Json = False) -> None:
    """列出全部视图 | Name the projections and their tables."""
    found = {name: [table.name for table in each.tables] for name, each in views().projections.items()}
    show(found, "\n".join(f"{name:<24} {', '.join(tables)}" for name, tables in found.items()), as_json)


@projections.command()
def status(data: Data = None, as_json: Json = False) -> None:
    """视图状态 | How far each projection is; exit 1 when one is parked or missing."""
    store = views()
    with prepared(settings(data)) as uri, connect(acting(uri)) as connection:
        head = store.events.head(connection)
        tracked = store.tracking.read(connection) if store.tracking.exists(connection) else []
    rows: list[dict[str, Any]] = [
        {"name": t.name, "position": t.position, "lag": head - t.position, "parkedAt": t.parked_at, "error": t.error}
        for t in tracked
    ]
    lines = [f"{row['name']:<24} {row['position']:>12} {row['lag']:>8}  {row['error'] or ''}".rstrip() for row in rows]
    show({"head": head, "projections": rows}, "\n".join(lines) or "尚未建立 | Not built yet", as_json)
    raise typer.Exit(1 if not rows or any(row["error"] for row in rows) else 0)


@projections.command("rebuild")
def rebuild_projections(
    name: Annotated[str | None, typer.Argument(help="只重建这一个 | Only this projection.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """重建视图 | Build the views anew beside those being read, then put them in their place.

    One that was cut off is taken up again. Exits 1 when a row of the old views was not what the log makes of it.
    """
    if name is not None and name not in views().projections:
        raise NotFound("没有视图 {name} | There is no projection {name}", name=name)
    with prepared(settings(data)) as uri, meter("重建 | Rebuilding") as tell:
        if name is not None:
            ensure(acting(uri), views())
        found = rebuild(acting(uri), views(), built(tell), name)
    text = f"已重建至位置 {found.position} | Rebuilt up to position {found.position}"
    show(_plain(found), "\n".join([text, *_difference(found)]), as_json)
    raise typer.Exit(1 if found.difference else 0)


@projections.command()
def resume(name: str, data: Data = None, as_json: Json = False) -> None:
    """恢复停住的视图 | Let a parked projection try again."""
    with prepared(settings(data)) as uri, connect(acting(uri)) as connection:
        try:
            views().tracking.resume(connection, name)
        except LookupError:
            raise NotFound("没有视图 {name} | There is no projection {name}", name=name) from None
    show({"resumed": name}, f"已恢复 {name} | Resumed {name}", as_json)


def replay_command(
    to: Annotated[str | None, typer.Option(metavar="POSITION|DATE", help="重放至此 | How far; all by default.")] = None,
    check: Annotated[bool, typer.Option("--check", help="与现有视图比较 | Compare with the live views.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """重放日志 | Fold the log again beside the live views; with --check, exit 1 naming the first row that differs."""
    with prepared(settings(data)) as uri, meter("重放 | Replaying") as tell:
        ensure(acting(uri), views())
        upto = position_at(acting(uri), None if to is None else moment(to))
        found = replay(acting(uri), views(), upto, check, built(tell))
    note(f"{found.events} 个事件，{found.seconds:.1f} 秒 | {found.events} events in {found.seconds:.1f} s")
    show(_plain(found), _told(found, check), as_json)
    raise typer.Exit(1 if found.difference else 0)


def bring_views_up_to_date(uri: str) -> None:
    """Rebuild the views, visibly, if they are missing or not those of this release: before, no question makes sense."""
    try:
        with meter("建立视图 | Building the views") as tell:
            ensure(acting(uri), views(), built(tell))
    except RebuildRunning:
        note("另一个进程正在建立视图 | Another process is building the views")


def built(tell: Meter) -> Report:
    """Show how far a build is: its events, then its tables."""

    def report(progress: Progress) -> None:
        if progress.tables:
            tell(progress.finished, progress.tables, FINISHING)
        else:
            tell(progress.position, progress.upto)

    return report


def _told(found: Verdict, check: bool) -> str:
    lines = [f"{table:<28} {digest}" for table, digest in found.tables.items()]
    if check and not found.difference:
        lines.append(f"位置 {found.position} 处完全一致 | Equal in every row at position {found.position}")
    return "\n".join([*lines, *_difference(found)])


def _difference(found: Verdict) -> list[str]:
    if found.difference is None:
        return []
    table, live, folded = found.difference
    return [f"不一致 | Differs: {table}", f"  live     {live}", f"  replayed {folded}"]


def _plain(found: Verdict) -> dict[str, Any]:
    """A verdict as JSON."""
    differs = found.difference
    shown = differs and {"table": differs.table, "live": differs.found, "replayed": differs.folded}
    return {**found._asdict(), "difference": shown}
