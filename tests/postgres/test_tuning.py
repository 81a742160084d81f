"""Does a private server take what memory is its due, and does it come back with what it held there?"""

import time
from pathlib import Path

import psycopg
import pytest

from service.postgres import Embedded
from service.postgres.tuning import LEAST_BUFFERS, MOST_BUFFERS, buffers, memory

HELD = """
SELECT count(*) FROM pg_buffercache
WHERE relfilenode = pg_relation_filenode('kept') AND relforknumber = 0 AND reldatabase = (
    SELECT oid FROM pg_database WHERE datname = current_database())"""


@pytest.mark.parametrize(
    ("memory", "expected"),
    [(100, LEAST_BUFFERS), (4_000, 1_000), (1_000_000, MOST_BUFFERS)],
    ids=["small", "fair", "large"],
)
def test_the_cache_is_a_quarter_of_the_memory_within_bounds(memory: int, expected: int) -> None:
    assert buffers(memory) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("536870912\n", 512), ("max\n", memory([])), ("9223372036854771712\n", memory([]))]
)
def test_a_container_has_no_more_memory_than_its_limit(tmp_path: Path, text: str, expected: int) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text(text)
    assert memory([tmp_path / "none", limit]) == expected


def test_a_server_starts_with_what_its_cache_held(session_folder: Path, bindir: Path) -> None:
    server = Embedded(session_folder / f"warm-{bindir.parent.name}", bindir)
    with server as uri, psycopg.connect(uri) as connection:
        connection.execute("CREATE TABLE kept AS SELECT n FROM generate_series(1, 100000) AS n")
        connection.execute("CREATE EXTENSION pg_buffercache")
        held = connection.execute(HELD).fetchone()
    with server as uri, psycopg.connect(uri, autocommit=True) as connection:
        found, tries = None, 500
        while found != held and tries:
            time.sleep(0.02)
            found, tries = connection.execute(HELD).fetchone(), tries - 1
    assert found == held != (0,)
