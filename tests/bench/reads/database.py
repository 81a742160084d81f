"""Where does the city of the measurements stand?

In a folder of its own outside the project, named by what made it, so that a second run finds the first one's database:
durable, on the embedded PostgreSQL, reached by its Unix socket.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import psycopg
import typer

from projections.engine.rebuild import ensure
from service.ledger.log import EventLog
from service.ledger.mapper import LedgerMapper
from service.ledger.migrate import migrate
from service.postgres import Embedded
from service.postgres.binaries import find_bindir, major_version
from service.postgres.postmaster import Postmaster
from service.resources import acting, views
from tests.bench.reads.city import Size, events

MADE_BY = ("city.py", "life.py")
COPY = "COPY ledger.shanghui_events (originator_id, originator_version, topic, state) FROM STDIN (FORMAT binary)"
TYPES = ("uuid", "int8", "text", "bytea")


class Server(NamedTuple):
    """A running PostgreSQL: its database's URI, the folder of its socket, its first process."""

    uri: str
    sockets: str
    pid: int


@contextmanager
def city_server(cache: Path, size: Size) -> Iterator[Server]:
    """A PostgreSQL with the city in it, made if need be, until the block ends."""
    embedded = Embedded(cache / f"city-{_fingerprint(size)}")
    with embedded as uri:
        fill(uri, size)
        postmaster = Postmaster.of(embedded.data)
        assert postmaster is not None, "it runs"
        yield Server(uri, postmaster.sockets, postmaster.pid)


def fill(uri: str, size: Size) -> None:
    """Bring a database to hold the city, its views and the statistics of its planner; nothing when it does already."""
    migrate(uri)
    with psycopg.connect(uri, autocommit=True) as connection:
        if EventLog().head(connection) == 0:
            typer.echo(f"writing {size.events} events", err=True)
            write(connection, size)
        if ensure(acting(uri), views()):
            connection.execute("VACUUM ANALYZE")


def write(connection: psycopg.Connection[tuple[object, ...]], size: Size) -> None:
    """Append the city's events to an empty log: all of them, or none."""
    mapper = LedgerMapper()
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(TYPES)
        for event in events(size):
            stored = mapper.to_stored_event(event)
            copy.write_row((stored.originator_id, stored.originator_version, stored.topic, stored.state))


def _fingerprint(size: Size) -> str:
    """What the city depends on; another PostgreSQL would not open the folder."""
    texts = (Path(__file__).with_name(name).read_bytes() for name in MADE_BY)
    made = sha256(b"".join(texts) + repr((*size, major_version(find_bindir()))).encode())
    return made.hexdigest()[:12]
