"""On what are writes measured? A durable PostgreSQL of their own, with the ledger and what it is compared with."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from service.ledger.migrate import migrate
from service.postgres import Embedded, EmbeddedError

PEER = """
CREATE TABLE peer (originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL,
    state bytea NOT NULL, notification_id bigserial, PRIMARY KEY (originator_id, originator_version));
CREATE UNIQUE INDEX peer_notification_id ON peer (notification_id)"""
STORED = """
INSERT INTO {table} (originator_id, originator_version, topic, state)
SELECT gen_random_uuid(), 1, 'division.renamed', convert_to(repeat('x', {bytes}), 'UTF8')
FROM generate_series(1, {n})"""
SCRIPT = """
INSERT INTO peer (originator_id, originator_version, topic, state)
VALUES (gen_random_uuid(), 1, 'division.renamed', convert_to(repeat('x', {bytes}), 'UTF8'));
"""
STATE_BYTES = 400
"""As large as a renaming in its envelope."""


@contextmanager
def durable(stored: int = 0) -> Iterator[str]:
    """The URI of a migrated server with so many events in the log and as many in the peer's table."""
    folder = Path(tempfile.mkdtemp(prefix="shanghui-bench-"))
    folder.chmod(0o711)
    try:
        with Embedded(folder / "server") as uri:
            migrate(uri)
            with psycopg.connect(uri, autocommit=True) as connection:
                connection.execute(PEER)
                for table in ("ledger.shanghui_events", "peer"):
                    connection.execute(STORED.format(table=table, bytes=STATE_BYTES, n=stored).encode())
                connection.execute("VACUUM ANALYZE")
            yield uri
    finally:
        shutil.rmtree(folder)


def settle(uri: str) -> None:
    """Write out what an earlier measurement left to write, so that the next does not pay for it."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def pgbench(uri: str, clients: int, seconds: float) -> float:
    """Transactions a second of one row and its commit, over prepared statements."""
    settle(uri)
    where = {name: str(value) for name, value in conninfo_to_dict(uri).items()}
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(SCRIPT.format(bytes=STATE_BYTES))
        script.flush()
        done = subprocess.run(
            [_program(), "-n", "-M", "prepared", "-f", script.name, "-c", str(clients), "-j", "2",
             "-T", str(round(seconds)), "-h", where["host"], "-p", where["port"], "-U", where["user"], where["dbname"]],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps = "))
    return float(line.split()[2])


def _program() -> str:
    found = [shutil.which("pgbench"), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench")))]
    for each in filter(None, found):
        return each
    raise EmbeddedError("未找到 pgbench | pgbench is not here: install postgresql")
