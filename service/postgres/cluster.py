"""How is a data folder made, and may these programs open it?"""

import os
import shutil
import sys
from pathlib import Path

from service.postgres.account import Account
from service.postgres.binaries import EmbeddedError, major_version

SUPERUSER = "shanghui_owner"
DATABASE = "shanghui"
INITDB_OPTIONS = ("-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--data-checksums", "--no-instructions")


def ensure_cluster(data: Path, bindir: Path, account: Account, timeout: float, lock: int) -> None:
    """Make the data folder unless it is there already.

    It is made beside its place and then renamed: an interrupted `initdb` is never mistaken for a data folder.
    `initdb` keeps the descriptor `lock` open, for it outlives a killed owner.

    Raises:
        EmbeddedError: `initdb` failed, or the folder belongs to another major version of PostgreSQL.
    """
    major = major_version(bindir)
    if data.exists():
        _require_major(data, major)
        return
    draft = data.with_name(f"{data.name}.new")
    if draft.exists():
        shutil.rmtree(draft)
    account.make_private_folder(draft)
    options = (*INITDB_OPTIONS, *_locale(major))
    done = account.run(bindir / "initdb", "-D", draft, *options, timeout=timeout, keep=lock)
    if done.returncode:
        raise EmbeddedError(f"无法建立数据库文件夹 | The data folder could not be made: {done.stderr.strip()}")
    draft.rename(data)
    _sync(data.parent)


def _require_major(data: Path, major: int) -> None:
    held = (data / "PG_VERSION").read_text().strip()
    if held != str(major):
        raise EmbeddedError(
            f"{data} 是 PostgreSQL {held} 的数据,现有程序是 {major}:请用旧版本备份,再用新版本恢复 | "
            f"{data} holds data of PostgreSQL {held}, the programs are {major}: "
            "back up with the old release and restore with the new one."
        )


def _locale(major: int) -> list[str]:
    """The same code-point order on every machine; before 17 only the operating system could offer it."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C" if sys.platform == "darwin" else "--locale=C.UTF-8"]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
