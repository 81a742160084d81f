"""Which options do commands share?"""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from service.cli.logs import configure
from service.config import Settings, load
from service.ledger.ledger import CHINA

Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出 | Print JSON.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="数据文件夹 | The data folder, instead of SHANGHUI_DATA."),
]
Host = Annotated[str | None, typer.Option(help="监听地址 | The address to listen on.")]
Port = Annotated[int | None, typer.Option(min=0, max=65_535, help="监听端口 | The port to listen on.")]


def settings(data: Path | None = None, *, serving: bool = False, **given: object) -> Settings:
    """The settings of this command, options first; a command that ends soon logs only what is amiss.

    Raises SettingsError.
    """
    found = load(data=data, **given)
    configure(found.log_level if serving else "WARNING", found.log_format if serving else "text")
    return found


def moment(text: str) -> int | datetime:
    """A position in the log, or a moment; a date means its end, in China.

    Raises typer.BadParameter for anything else.
    """
    if text.isdecimal():
        return int(text)
    try:
        return _end(date.fromisoformat(text)) if len(text) == len("2025-03-01") else _aware(text)
    except ValueError:
        raise typer.BadParameter(
            f"须为位置、日期或带时区的时间 | not a position, a date, or a time with its offset: {text}"
        ) from None


def _end(day: date) -> datetime:
    return datetime.combine(day, time.max, CHINA)


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at
