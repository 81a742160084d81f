"""Which servers are measured, and how are they started?

Each is one process on the first processor core; PostgreSQL and whoever asks share the second one.
"""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx2

from service.access.tokens import DevelopmentTokens
from service.config import PREFIX, Settings
from service.domain.roles import Grant, Role
from tests.bench.reads.database import Server
from tests.bench.reads.install import Peers, program
from tests.bench.reads.questions import LISTS, OURS, POSTGRAPHILE, UUIDS, Question

ROOT = Path(__file__).parents[3]
SERVER_CORE, OTHER_CORE = 0, 1
UNCACHED = {f"{PREFIX}{name.upper()}": "0" for name in Settings.model_fields if name.startswith("answer_cache")}
"""Settings that make the product answer every question anew."""
PATIENCE = 60.0
"""Seconds for a server to begin to answer, and then for an answer."""


class Contender(NamedTuple):
    """A server as it is to be started; `{name}` in its path stands for the question's name."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    questions: Mapping[str, Question]
    token: str | None = None
    path: str = "/graphql"


class Running(NamedTuple):
    """A server that runs: its process, its port."""

    contender: Contender
    pid: int
    port: int

    def url(self, name: str) -> str:
        """Where a question is asked."""
        return f"http://127.0.0.1:{self.port}{self.contender.path.format(name=name)}"

    def ask(self, name: str) -> bytes:
        """The answer to a question.

        Raises httpx2.HTTPError when there is none.
        """
        headers = {"content-type": "application/json"}
        if self.contender.token:
            headers["authorization"] = f"Bearer {self.contender.token}"
        body = self.contender.questions[name].body
        return httpx2.post(self.url(name), content=body, headers=headers, timeout=PATIENCE).raise_for_status().content


def product(database: Server, port: int, environment: Mapping[str, str]) -> Contender:
    """The product, served by its own command, asked by an auditor."""
    secret = secrets.token_urlsafe(48)
    token = DevelopmentTokens(secret.encode()).issue("bench-auditor", [Grant(Role.AUDITOR)])
    settings = {"DATABASE_URL": database.uri, f"{PREFIX}SECRET": secret, f"{PREFIX}LOG_LEVEL": "WARNING"}
    command = (sys.executable, "-P", "-m", "service", "serve", "--port", str(port))
    return Contender("ours", command, {**settings, **environment, "PYTHONPATH": str(ROOT)}, OURS, token)


def python(name: str, module: str, questions: Mapping[str, Question], environment: Mapping[str, str]) -> Contender:
    """A peer written in Python."""
    command = (sys.executable, "-P", "-m", f"tests.bench.peers.{module}")
    return Contender(name, command, {**environment, "PYTHONPATH": str(ROOT)}, questions)


def node(name: str, peers: Peers, questions: Mapping[str, Question], environment: Mapping[str, str]) -> Contender:
    """A peer that runs on Node."""
    production = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    return Contender(name, (peers.node, peers.folder / f"{name}.mjs"), {**environment, **production}, questions)


def contender(name: str, port: int, database: Server, peers: Peers, answers: Path) -> Contender:
    """The server of this name.

    Raises KeyError when there is none.
    """
    libpq = {**_libpq(database), "PORT": str(port)}
    match name:
        case "ours":
            return product(database, port, UNCACHED)
        case "cached":
            return product(database, port, {})
        case "static":
            return python(name, "static", OURS, {**libpq, "STATIC": str(answers)})._replace(path="/{name}")
        case "strawberry":
            return python(name, "strawberry_plain", UUIDS, libpq)
        case "mercurius":
            return node(name, peers, LISTS, libpq)
        case "postgraphile":
            return node(name, peers, POSTGRAPHILE, libpq)
    raise KeyError(name)


@contextmanager
def running(contender: Contender, port: int, log: Path) -> Iterator[Running]:
    """A server that answers, until the block ends."""
    bound = (program("setpriv", "util-linux"), "--pdeathsig", "TERM")  # it ends with whoever measures
    pinned = (*bound, program("taskset", "util-linux"), "-c", str(SERVER_CORE), *contender.command)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment = {**inherited, **contender.environment}
    with log.open("wb") as written:
        process = subprocess.Popen(pinned, env=environment, cwd=ROOT, stdout=written, stderr=subprocess.STDOUT)
    try:
        server = Running(contender, process.pid, port)
        _await(server, process, log)
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def _await(server: Running, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the first answer.

    Raises RuntimeError, with what the server wrote, when it ends or takes too long.
    """
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.ask("Q1")
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{server.contender.name} does not answer:\n{log.read_text(errors='replace')[-2000:]}")


def _libpq(database: Server) -> dict[str, str]:
    """The variables by which libpq, and who follows it, finds the database."""
    split = urlsplit(database.uri)
    query = {name: values[0] for name, values in parse_qs(split.query).items()}
    user, name = split.username or "", split.path.removeprefix("/")
    return {"PGHOST": query["host"], "PGPORT": query["port"], "PGUSER": user, "PGDATABASE": name}
