"""Is a server answering on a data folder, and where?"""

import socket
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg
from psycopg import sql

from service.postgres.cluster import DATABASE, SUPERUSER


class Postmaster(NamedTuple):
    """What a running server writes of itself into `postmaster.pid`."""

    pid: int
    port: int
    sockets: str
    ready: bool

    @classmethod
    def of(cls, data: Path) -> "Postmaster | None":
        """Return what the file says, or None when it is absent or half written. After a crash it may be stale."""
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        if len(lines) < 8:
            return None
        return cls(int(lines[0]), int(lines[3]), lines[4], lines[7].strip() == "ready")

    def uri(self, database: str = DATABASE) -> str:
        """Return the libpq URI of a database of this server."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(self.sockets, safe='')}&port={self.port}"

    def answers(self, database: str = DATABASE) -> bool:
        """Whether the server lets us into a database now."""
        if not self.ready:
            return False
        try:
            psycopg.connect(self.uri(database), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def listens(self) -> bool:
        """Whether a live process holds the server's socket, whatever it would answer."""
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(f"{self.sockets}/.s.PGSQL.{self.port}") == 0


def ensure_database(postmaster: Postmaster) -> None:
    """Create the service's database unless it is there already."""
    with psycopg.connect(postmaster.uri("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
