"""How fast does a server answer one question, asked over so many connections, and what does it cost?"""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.bench.reads.install import program
from tests.bench.reads.servers import Running
from tests.bench.reads.usage import await_rest, cpu, cpu_with_children

SCRIPT = Path(__file__).with_name("ask.lua")
RESULT = "RESULT "
LONGEST = "30s"
"""How long wrk waits for one answer."""


class Load(NamedTuple):
    """What came of it: answers a second; microseconds of latency; microseconds of processor time an answer."""

    rate: float
    p50: float
    p99: float
    cpu: float
    database: float


class Report(msgspec.Struct, frozen=True):
    """What wrk says."""

    answers: int
    microseconds: int
    p50: float
    p99: float
    errors: int


class Failed(RuntimeError):
    """Not all questions were answered."""


def load(server: Running, question: str, connections: int, seconds: int, database: int) -> Load:
    """Ask for so many seconds, or longer if no answer comes in that time; `database` is PostgreSQL's first process.

    Raises Failed when an answer was not to be had.
    """
    before = cpu(server.pid), cpu_with_children(database)
    report = _wrk(server, question, connections, seconds)
    after = cpu(server.pid), cpu_with_children(database)
    await_rest(server.pid)
    if report.errors:
        raise Failed(f"{server.contender.name}, {question}: {report}")
    if not report.answers:
        return load(server, question, connections, 2 * seconds, database)
    worked_on = report.answers + connections / 2  # those under way when time is up are half done, on average
    own, databases = ((now - then) / worked_on for now, then in zip(after, before, strict=True))
    return Load(report.answers / report.microseconds * 1e6, report.p50, report.p99, own, databases)


def _wrk(server: Running, question: str, connections: int, seconds: int) -> Report:
    wrk, how = (
        program("wrk", "wrk"),
        ("-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", LONGEST, "-s", str(SCRIPT)),
    )
    asked = {"BENCH_BODY": server.contender.questions[question].body.decode()}
    if server.contender.token:
        asked["BENCH_TOKEN"] = server.contender.token
    done = subprocess.run(
        [wrk, *how, server.url(question)], env={**os.environ, **asked}, check=True, capture_output=True, text=True
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith(RESULT))
    return msgspec.json.decode(line.removeprefix(RESULT), type=Report)
