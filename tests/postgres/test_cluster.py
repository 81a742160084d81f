"""Is a data folder only ever opened when it is whole and of the right version?"""

import time
from pathlib import Path

import psycopg
import pytest

from service.postgres import Embedded, EmbeddedError
from service.postgres.binaries import find_bindir
from tests.postgres.processes import answer, starting_process


@pytest.fixture
def folder(session_folder: Path, request: pytest.FixtureRequest) -> Path:
    name: str = request.node.name
    return session_folder / name


def test_another_major_versions_folder_is_refused(folder: Path, pgbin: Path | None) -> None:
    (folder / "pgdata").mkdir(parents=True)
    (folder / "pgdata" / "PG_VERSION").write_text("13\n")
    folder.chmod(0o711)
    with pytest.raises(EmbeddedError, match="holds data of PostgreSQL 13"):
        Embedded(folder, pgbin).start()


def test_an_interrupted_initdb_is_begun_again(folder: Path, pgbin: Path | None) -> None:
    with starting_process(folder, pgbin or find_bindir()) as starter:
        while not (folder / "pgdata.new" / "PG_VERSION").exists():
            time.sleep(0.005)
        starter.kill()
    assert not (folder / "pgdata").exists()
    with Embedded(folder, pgbin) as uri:
        assert answer(uri) == 1


def test_a_socket_path_that_is_too_long_is_made_short(folder: Path, pgbin: Path | None) -> None:
    with Embedded(folder / ("长" * 30), pgbin) as uri:
        assert answer(uri) == 1
        sockets = Path(str(psycopg.conninfo.conninfo_to_dict(uri)["host"]))
        assert sockets.parent == Path("/tmp")
    assert not sockets.exists()
