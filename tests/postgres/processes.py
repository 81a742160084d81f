"""What do the tests of this folder ask of servers and of other processes?"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]
OWNER = """
import sys
from pathlib import Path
from service.postgres import Embedded
with Embedded(Path(sys.argv[1]), Path(sys.argv[2])) as uri:
    print(uri, flush=True)
    sys.stdin.read()
"""


def answer(uri: str, query: str = "SELECT 1") -> object:
    """The one value that a query gives."""
    with psycopg.connect(uri) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row and row[0]


@contextmanager
def starting_process(folder: Path, bindir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own that is about to start a server on the folder; killed at the end."""
    command: list[Path | str] = [sys.executable, "-c", OWNER, folder, bindir]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def another_process(folder: Path, bindir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The same once its server answers, or the one that it has attached to."""
    with starting_process(folder, bindir) as process:
        assert process.stdout
        assert process.stdout.readline().startswith(b"postgresql://")
        yield process


def in_a_fork(action: Callable[[], object]) -> bool:
    """Whether an action succeeds in a fork of this process."""
    if not (child := os.fork()):
        try:
            action()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0
