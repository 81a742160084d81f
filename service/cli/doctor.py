"""Is everything there that the service stands on: Python, PostgreSQL, a folder, a secret, a fit database?"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from service.config import Settings, SettingsError
from service.ledger.store import UnsafeSetting, refuse_unsafe_settings
from service.postgres import EmbeddedError
from service.postgres.binaries import find_bindir, major_version
from service.resources import Database
from service.web.health import Check, examine

OLDEST_PYTHON = (3, 11)


def diagnose(settings: Settings) -> list[Check]:
    """All checks of this installation; an embedded database is started for them if it is not running."""
    return [*_surroundings(settings), *_database(settings)]


def _surroundings(settings: Settings) -> Iterator[Check]:
    yield Check("python", sys.version_info >= OLDEST_PYTHON, f"Python {platform.python_version()}")
    yield _environment()
    if settings.database_url is None:
        yield _programs()
        yield _folder(settings.data)
    else:
        text = (
            "已设置 | Set"
            if settings.secret
            else "使用外部数据库时须设置 SHANGHUI_SECRET | SHANGHUI_SECRET must be set"
        )
        yield Check("secret", settings.secret is not None, text)


def _environment() -> Check:
    try:
        refuse_unsafe_settings()
    except UnsafeSetting as error:
        return Check("environment", False, str(error))
    return Check("environment", True, "没有危险的设置 | No unsafe setting")


def _programs() -> Check:
    try:
        bindir = find_bindir()
        return Check("postgresql", True, f"PostgreSQL {major_version(bindir)}", str(bindir))
    except (EmbeddedError, OSError) as error:
        return Check("postgresql", False, str(error))


def _folder(data: Path) -> Check:
    """The data folder, or as long as it is missing the one it will be made in."""
    standing = next(each for each in (data, *data.absolute().parents) if each.exists())
    ok = standing.is_dir() and os.access(standing, os.W_OK | os.X_OK)
    text = "可写 | Can be written" if ok else "不可写 | Cannot be written"
    return Check("data", ok, text, str(data))


def _database(settings: Settings) -> list[Check]:
    database = Database(settings)
    try:
        return examine(database.start())
    except (EmbeddedError, SettingsError, OSError) as error:
        return [Check("database", False, str(error))]
    finally:
        database.stop()
