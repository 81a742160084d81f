"""Which release is this?"""

from __future__ import annotations

import platform
import tomllib
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

NAME = "shanghui"


def version() -> dict[str, str]:
    """The program's name and release, and the Python it runs on."""
    return {"name": NAME, "version": release(), "python": platform.python_version()}


def release() -> str:
    """The installed distribution's version, or that of the source folder which this runs from."""
    try:
        return installed(NAME)
    except PackageNotFoundError:
        project = Path(__file__).parents[2] / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
