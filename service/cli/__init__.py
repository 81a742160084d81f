"""What can be done from the command line?

Results go to standard output, as text or with `--json` as JSON; progress and trouble go to standard error. The exit
code is 0 when all is well, 1 when something was found or could not be done, 2 when the question was wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

import psycopg
import typer
from eventsourcing.persistence import PersistenceError

from projections.engine.rebuild import RebuildRunning
from service.config import SettingsError
from service.domain.refusal import Refused
from service.ledger.migrate import MigrationError
from service.ledger.store import UnsafeSetting
from service.postgres import EmbeddedError

MODULES: Mapping[str, str] = MappingProxyType(
    {
        "demo": "demo",
        "serve": "serving",
        "migrate": "database",
        "replay": "database",
        "projections": "database",
        "events": "reading",
        "diff": "reading",
        "import": "importing",
        "bench": "bench",
        "timer": "timing",
        "config": "settings",
        "doctor": "settings",
        "token": "settings",
        "schema": "settings",
    }
)
"""The module of each command. Only that of the one asked for is loaded: some need the whole schema, most do not."""

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
        given = sys.argv[1:] if arguments is None else list(arguments)
        program(given)(given)
    except FORESEEN as error:
        typer.echo(line(error), err=True)
        sys.exit(2 if isinstance(error, WRONG_QUESTION) else 1)


def program(arguments: Sequence[str]) -> typer.Typer:
    """The command line with the command that is asked for; with all of them when it is none of these."""
    app = typer.Typer(name="shanghui", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback(no_args_is_help=True, help="商会 | Chambers of commerce under law.")(lambda: None)
    asked = MODULES.get(next(iter(arguments), ""))
    for module in [asked] if asked else dict.fromkeys(MODULES.values()):
        import_module(f"service.cli.{module}").register(app)
    return app


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
