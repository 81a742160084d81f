"""What can be done from the command line?

Results go to standard output, as text or with `--json` as JSON; progress and trouble go to standard error. The exit
code is 0 when all is well, 1 when something was found or could not be done, 2 when the question was wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import psycopg
import typer
from eventsourcing.persistence import PersistenceError

from projections.engine.rebuild import RebuildRunning
from service.cli import bench, database, demo, importing, reading, serving, settings, timing
from service.config import SettingsError
from service.domain.refusal import Refused
from service.ledger.migrate import MigrationError
from service.ledger.store import UnsafeSetting
from service.postgres import EmbeddedError

app = typer.Typer(
    name="shanghui",
    help="商会 | Chambers of commerce under law.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (demo, serving, database, reading, importing, bench, timing, settings):
    module.register(app)

WRONG_QUESTION = (SettingsError, UnsafeSetting)
CODES: dict[type[Exception], str] = {
    SettingsError: "SETTINGS",
    UnsafeSetting: "UNSAFE_SETTING",
    EmbeddedError: "EMBEDDED_POSTGRESQL",
    MigrationError: "MIGRATIONS",
}
UNAVAILABLE = (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction, PersistenceError)
FORESEEN: tuple[type[Exception], ...] = (*CODES, *UNAVAILABLE, Refused, RebuildRunning, OSError)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; what was foreseen to go wrong ends in one line and an exit code."""
    try:
        app(None if arguments is None else list(arguments))
    except FORESEEN as error:
        typer.echo(line(error), err=True)
        sys.exit(2 if isinstance(error, WRONG_QUESTION) else 1)


def line(error: Exception) -> str:
    """An error in one line: its stable code, then the text, `中文 | English`."""
    if isinstance(error, Refused):
        return str(error)
    if code := CODES.get(type(error)):
        return f"{code}: {error}"
    if isinstance(error, RebuildRunning):
        return "REBUILD_RUNNING: 另一个进程正在重建 | Another process is rebuilding these views"
    reason = " ".join(str(error).split())
    if isinstance(error, OSError):
        return f"SYSTEM: 操作系统拒绝了请求 | The operating system refused: {reason}"
    return f"DATABASE_UNAVAILABLE: 数据库无法访问 | The database cannot be reached: {reason}"
