"""Does a run that somebody started end with a verdict, whatever becomes of the process that does it?"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children, parent_process
from pathlib import Path
from subprocess import PIPE, Popen
from uuid import UUID

import pytest
from psycopg import sql

from projections.engine import Store
from projections.engine.apart import Apart
from projections.engine.connection import connect
from projections.engine.runs import RUNS, Run, RunKind, Runs, RunVerdict
from service.ledger.log import EventLog
from tests.projections.engine.town import ALL, SMALL, TABLES, Town

ROOT = Path(__file__).parents[3]
PARENT = """
import time
from projections.engine.apart import Apart
def work():
    print("begun", flush=True)
    time.sleep(600)
if __name__ == "__main__":
    Apart(work).wait()
"""

LONG_AGO = "UPDATE {run} SET verdict = NULL, ended_at = NULL, started_at = now() - interval '2 minutes'"
IS_HELD = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (
    SELECT oid FROM pg_database WHERE datname = current_database())"""


def views() -> Store:
    return Store(EventLog(), ALL, SMALL)


def views_of_the_parent() -> Store:
    if parent_process():
        raise ValueError("there are none here")
    return views()


def fail() -> None:
    sys.exit(3)


@pytest.fixture
def folded(uri: str, town: Town, store: Store) -> str:
    """A database whose views are up to date."""
    town.live(60)
    store.catch_up(town.connection)
    return uri


@pytest.fixture
def runs(folded: str) -> Iterator[Runs]:
    runs = Runs(folded, views)
    yield runs
    runs.stop()


def ended(runs: Runs, id: UUID) -> Run:
    for _ in range(6_000):
        if (found := runs.find(id)) and found.verdict:
            return found
        time.sleep(0.01)
    raise TimeoutError(f"run {id} has no verdict after a minute")


@pytest.mark.parametrize("kind", RunKind)
def test_a_run_ends_with_a_verdict_and_all_tables(runs: Runs, kind: RunKind) -> None:
    found = ended(runs, runs.start(kind, "auditor").id)
    assert (found.verdict, found.position, set(found.digests)) == (RunVerdict.EQUAL, 60, {t.name for t in TABLES})
    assert found.finished == found.tables


def test_what_went_wrong_is_written_down(folded: str) -> None:
    runs = Runs(folded, views_of_the_parent)
    found = ended(runs, runs.start(RunKind.REBUILD, "auditor").id)
    runs.stop()
    assert (found.verdict, found.error) == (RunVerdict.FAILED, "ValueError('there are none here')")


def test_a_run_whose_process_is_killed_has_failed(runs: Runs) -> None:
    run = runs.start(RunKind.REPLAY, "auditor")
    for each in active_children():
        each.kill()
    found = ended(runs, run.id)
    assert (found.verdict, found.error) == (RunVerdict.FAILED, "进程已终止 | its process ended with -9")


def test_runs_that_are_under_way_end_when_the_service_does(runs: Runs) -> None:
    run = runs.start(RunKind.REBUILD, "auditor")
    runs.stop()
    assert ended(runs, run.id).verdict is RunVerdict.FAILED
    assert not active_children()


def test_a_run_that_went_with_its_service_has_failed(folded: str, runs: Runs) -> None:
    run = ended(runs, runs.start(RunKind.REPLAY, "auditor").id)
    with connect(folded) as connection:
        connection.execute(sql.SQL(LONG_AGO).format(run=RUNS.name("run")))
    found = runs.find(run.id)
    assert found is not None
    assert (found.verdict, found.error) == (RunVerdict.FAILED, "服务中途停止 | its service was cut off")


def test_a_run_is_under_way_as_long_as_its_process_is_there(folded: str, runs: Runs) -> None:
    run = runs.start(RunKind.REPLAY, "auditor")
    (process,) = active_children()
    assert process.pid is not None
    with connect(folded) as connection:
        while connection.execute(IS_HELD).fetchone() == (0,):
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGSTOP)
        connection.execute(sql.SQL(LONG_AGO).format(run=RUNS.name("run")))
    found = runs.find(run.id)
    os.kill(process.pid, signal.SIGCONT)
    assert found is not None
    assert found.verdict is None
    assert ended(runs, run.id).verdict is RunVerdict.EQUAL


def test_a_run_that_was_only_late_to_begin_is_not_said_to_have_failed_in_the_end(folded: str, runs: Runs) -> None:
    run = runs.start(RunKind.REPLAY, "auditor")
    (process,) = active_children()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    with connect(folded) as connection:
        connection.execute(sql.SQL(LONG_AGO).format(run=RUNS.name("run")))
    assert ended(runs, run.id).verdict is RunVerdict.FAILED
    os.kill(process.pid, signal.SIGCONT)
    process.join()
    found = ended(runs, run.id)
    assert (found.verdict, found.error) == (RunVerdict.EQUAL, None)


def test_however_many_threads_watch_a_process_its_end_is_known() -> None:
    with ThreadPoolExecutor() as pool:
        for _ in range(20):
            waiting = pool.submit(Apart(fail).wait)
            while not waiting.done():
                active_children()
            assert waiting.result() == 3


def test_a_process_ends_with_the_one_that_began_it(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "begun\n"
        parent.kill()
        assert parent.stdout.read() == "", "whoever could still write is gone"
