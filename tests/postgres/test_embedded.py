"""Does the embedded PostgreSQL live, end, and come back as its owner does?"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from service.postgres import Embedded, EmbeddedError
from service.postgres.postmaster import Postmaster
from tests.postgres.processes import another_process, answer, in_a_fork

STARTED = "SELECT pg_postmaster_start_time()"


@pytest.fixture(scope="module")
def folder(session_folder: Path, bindir: Path) -> Path:
    """One folder for the tests of this module; the first of them makes its data."""
    return session_folder / f"embedded-{bindir.parent.name}"


@pytest.fixture
def server(folder: Path, bindir: Path) -> Iterator[Embedded]:
    server = Embedded(folder, bindir)
    yield server
    server.stop()


def postmaster(server: Embedded) -> Postmaster:
    found = Postmaster.of(server.data)
    assert found
    return found


def test_the_service_finds_its_database_and_account(server: Embedded) -> None:
    assert answer(server.start(), "SELECT current_user || '@' || current_database()") == "shanghui_owner@shanghui"


def test_the_server_is_durable_and_private(server: Embedded) -> None:
    names = "data_checksums fsync full_page_writes synchronous_commit unix_socket_permissions listen_addresses TimeZone"
    query = "SELECT string_agg(current_setting(name), ' ') FROM unnest(string_to_array('{}', ' ')) name"
    assert answer(server.start(), query.format(names)) == "on on on on 0700  UTC"


def test_chinese_text_sorts_by_code_point(server: Embedded) -> None:
    query = "SELECT string_agg(word, '' ORDER BY word) FROM unnest(ARRAY['商', 'b', '会', 'B']) word"
    assert answer(server.start(), query) == "Bb会商"


def test_data_survives_a_restart(server: Embedded) -> None:
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT '开封' AS city")
    server.stop()
    assert answer(server.start(), "SELECT city FROM kept") == "开封"


def test_starting_twice_gives_the_same_server(server: Embedded) -> None:
    assert answer(server.start(), STARTED) == answer(server.start(), STARTED)


def test_stopping_twice_is_harmless(server: Embedded) -> None:
    server.start()
    server.stop()
    server.stop()
    assert not server.owned


def test_the_server_ends_in_order_when_its_owner_is_killed(server: Embedded, bindir: Path) -> None:
    with another_process(server.folder, bindir) as owner:
        before = server.log.stat().st_size
        owner.kill()
        owner.wait()  # until it is gone, its server would be attached to, and end under us
        assert answer(server.start()) == 1
    log = server.log.read_text()[before:]
    assert "database system is shut down" in log
    assert "interrupted" not in log


def test_a_second_process_attaches_and_never_stops_the_server(server: Embedded, bindir: Path) -> None:
    uri = server.start()
    with another_process(server.folder, bindir) as guest:
        guest.communicate()
    assert answer(uri) == 1


def test_a_fork_of_the_owner_does_not_stop_the_server(server: Embedded) -> None:
    uri = server.start()
    assert in_a_fork(server.stop)
    assert answer(uri) == 1


def test_an_attached_process_takes_over_when_the_owner_leaves(server: Embedded, bindir: Path) -> None:
    with another_process(server.folder, bindir) as owner:
        server.start()
        assert not server.owned
        owner.communicate()
    assert answer(server.start()) == 1
    assert server.owned


def test_a_start_during_a_shutdown_waits_for_its_end(server: Embedded, bindir: Path) -> None:
    former = Embedded(server.folder, bindir)
    begun = answer(former.start(), STARTED)
    pid = postmaster(former).pid
    with ThreadPoolExecutor() as pool:
        os.kill(pid, signal.SIGSTOP)
        stopping = pool.submit(former.stop)
        time.sleep(0.1)
        starting = pool.submit(server.start)
        time.sleep(0.1)
        assert not stopping.done()
        assert not starting.done()
        os.kill(pid, signal.SIGCONT)
    assert answer(starting.result(), STARTED) != begun


def test_a_crashed_server_comes_back_with_the_next_start(server: Embedded) -> None:
    server.start()
    os.kill(postmaster(server).pid, signal.SIGKILL)
    assert answer(server.start()) == 1


def test_a_stale_process_id_that_is_now_anothers_does_not_matter(server: Embedded) -> None:
    server.start()
    trace = (server.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    with server._account.spawn("/bin/cat", log=sys.stderr.buffer, keep=0) as bystander:
        (server.data / "postmaster.pid").write_text("\n".join([str(bystander.pid), *trace[1:]]) + "\n")
        assert answer(server.start()) == 1
        bystander.communicate()


def test_a_server_started_by_other_means_is_left_alone(server: Embedded, bindir: Path) -> None:
    uri = server.start()
    for lock in server.folder.glob("*.lock"):
        lock.unlink()
    with pytest.raises(EmbeddedError, match="other means"):
        Embedded(server.folder, bindir).start()
    assert answer(uri) == 1


def test_a_server_that_cannot_start_says_why(server: Embedded, bindir: Path) -> None:
    server.start()
    server.stop()
    with pytest.raises(EmbeddedError, match=r'did not start.*"max_connections"'):
        Embedded(server.folder, bindir, {"max_connections": "many"}).start()


def test_anothers_shutdown_is_not_awaited_for_ever(server: Embedded) -> None:
    server.start()
    server.stop()
    with (server.folder / "server.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(EmbeddedError, match="in time"):
            server.start(timeout=0.1)
