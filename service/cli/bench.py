"""The command bench: how fast is it, compared with what else there is?"""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer

from service.cli.options import Json
from service.cli.output import note

PROGRAM = "tests.bench.__main__"
MISSING = (
    "基准程序只在源码目录中提供，请在源码目录运行 ./run bench"
    " | The benchmarks come with the source, not with an installed package: use ./run bench in a source tree"
)


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(bench)


def bench(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME…", help="名称；不写则列出 | Which; without one, their list.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="轮数 | In how many rounds.")] = 5,
    events: Annotated[
        int | None, typer.Option(min=100_000, help="事件数 | On how many events views are measured.")
    ] = None,
    as_json: Json = False,
) -> None:
    """性能比值 | Measure ratios side by side; a line each: name ratio low high rounds."""
    arguments = [*(names or ()), "--rounds", str(rounds), *(["--json"] if as_json else [])]
    arguments += ["--events", str(events)] if events else []
    _program().main(arguments)


def _program() -> Any:
    try:
        return import_module(PROGRAM)
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("tests"):
            raise
        note(MISSING)
        raise typer.Exit(2) from None
