"""Commands that bring files in: import divisions."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from service.cli.options import Data, Json, settings
from service.cli.output import meter, show
from service.domain.roles import Actor, Grant, Role
from service.imports.divisions import ImportResult, Report, import_divisions
from service.imports.rows import MOST_BYTES, RowError
from service.resources import ledger, prepared

importing = typer.Typer(no_args_is_help=True, help="导入 | Files that become commands.")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(importing, name="import")


@importing.callback()
def _importing() -> None:
    """Keep `divisions` a sub-command although it is the only one."""


@importing.command()
def divisions(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查 | Only say what would be done.")] = False,
    account: Annotated[str, typer.Option(help="记录的账号 | The account to record.")] = "import",
    effective_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="生效日期，默认今天 | When it takes effect; today.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """导入行政区划 | Bring divisions to what a CSV file says: all of it, or nothing while a row is wrong (exit 1)."""
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    actor = Actor(account, (Grant(Role.CITY_FIC),))
    on = effective_on.date() if effective_on else None

    async def run(uri: str, tell: Report) -> ImportResult:
        async with ledger(uri) as into:
            return await import_divisions(into, content, actor, effective_on=on, dry_run=dry_run, report=tell)

    with prepared(settings(data)) as uri, meter("导入 | Importing") as tell:
        result = asyncio.run(run(uri, tell))
    show(msgspec.to_builtins(result), _told(file, result), as_json)
    raise typer.Exit(1 if result.errors else 0)


def _told(file: Path, result: ImportResult) -> str:
    chinese = f"新增 {result.defined}，更名 {result.renamed}，改隶 {result.handed_over}，不变 {result.unchanged}"
    english = f"{result.defined} defined, {result.renamed} renamed, {result.handed_over} handed over"
    total = f"{chinese} | {english}, {result.unchanged} unchanged"
    return "\n".join([*(_flaw(file, error) for error in result.errors), total])


def _flaw(file: Path, error: RowError) -> str:
    where = f"{file}:{error.line}" + (f" {error.column}" if error.column else "")
    return f"{where}: {error.code}: {error.message}"
