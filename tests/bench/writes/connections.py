"""How many connections does a serving process hold while it is asked and written to at once?"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg

from projections.engine.rebuild import ensure
from service.access.tokens import DevelopmentTokens
from service.resources import acting, views
from tests.bench.measured import Benchmark, Measured, Note, summary
from tests.bench.writes.append import CITY_FIC
from tests.bench.writes.server import durable

SECONDS, CLIENTS = 3.0, 16
HELD = """
SELECT count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()"""
DEFINE = """mutation($input: DivisionDefineInput!) { divisionDefine(input: $input) { errors { code } } }"""
READ = "{ divisions(first: 50) { edges { node { id name } } totalCount } }"


def benchmark(name: str) -> Benchmark:
    """What measures `connections.process`: the most that were seen in each round, in the place of a ratio."""

    def measure(rounds: int, note: Note) -> Measured:
        with durable() as uri:
            ensure(acting(uri), views())
            return summary(name, [_most(uri, note) for _ in range(rounds)])

    return measure


def _most(uri: str, note: Note) -> float:
    secret, until = secrets.token_hex(32), time.monotonic() + SECONDS
    with _serving(uri, secret) as url, psycopg.connect(uri, autocommit=True) as connection:
        token = DevelopmentTokens(secret.encode()).issue(CITY_FIC.account, CITY_FIC.grants)
        clients = [threading.Thread(target=_client, args=(url, token, until)) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        seen = 0
        while time.monotonic() < until:
            row = connection.execute(HELD).fetchone()
            seen = max(seen, int(row[0]) if row else 0)
            time.sleep(0.01)
        for client in clients:
            client.join()
    note(f"connections.process: {seen}")
    return float(seen)


@contextmanager
def _serving(uri: str, secret: str) -> Iterator[str]:
    """The address of a real serving process on this database."""
    environment = os.environ | {"DATABASE_URL": uri, "SHANGHUI_SECRET": secret, "SHANGHUI_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "service", "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"{json.loads(process.stdout.readline())['url']}/graphql"
        finally:
            process.terminate()


def _client(url: str, token: str, until: float) -> None:
    """Write, then read, until the time is up."""
    while time.monotonic() < until:
        code = f"{uuid4().int % 10**12:012}"
        given = {"idempotencyKey": str(uuid4()), "code": code, "name": "某乡", "kind": "TOWNSHIP"}
        _ask(url, token, DEFINE, {"input": given})
        _ask(url, token, READ, {})


def _ask(url: str, token: str, query: str, variables: object) -> None:
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:
        assert "errors" not in json.load(answer)
