"""Which migrations of the ledger are there, and which has this database had?

The event table is the library's; ours are numbered plain SQL files that add keys, grants and append-only triggers. One
runner at a time applies them, each in a transaction with the note that it ran and the digest of its text.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import Any, NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

from service.ledger.store import ROLE, SCHEMA, LedgerStore

MIGRATORS_LOCK = 0x5348_474D
PREPARE = """
CREATE SCHEMA IF NOT EXISTS ledger;
CREATE TABLE IF NOT EXISTS ledger.migration (
    number int PRIMARY KEY, name text NOT NULL, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
)"""


class Migration(NamedTuple):
    """One file: its number, its name, its text and that text's SHA-256."""

    number: int
    name: str
    text: str
    digest: str


class MigrationError(RuntimeError):
    """The database was migrated by other files than these."""


def migrations() -> list[Migration]:
    """All files, in order."""
    folder = files(__package__) / "migrations"
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".sql")), key=lambda path: path.name)
    return [_migration(path.name, path.read_text(encoding="utf-8")) for path in paths]


def pending(uri: str) -> list[Migration]:
    """The files this database has not had; all of them when it is new.

    Raises MigrationError when one it had has changed since, or when it had one that is unknown here.
    """
    with psycopg.connect(uri, connect_timeout=3) as connection:
        return _pending(connection)


def migrate(uri: str) -> list[Migration]:
    """Bring the database up to date and return what was applied. The login needs the right to create roles once."""
    with psycopg.connect(uri, autocommit=True, connect_timeout=3) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [MIGRATORS_LOCK])
        _create_role(connection)
        connection.execute(PREPARE)
        LedgerStore(uri, role=None, create=True).close()
        todo = _pending(connection)
        for migration in todo:
            _apply(connection, migration)
        return todo


def _migration(name: str, text: str) -> Migration:
    return Migration(int(name[:4]), name, text, hashlib.sha256(text.encode()).hexdigest())


def _pending(connection: psycopg.Connection[Any]) -> list[Migration]:
    row = connection.execute("SELECT to_regclass('ledger.migration')").fetchone()
    if row is None or row[0] is None:
        return migrations()
    applied = dict(connection.execute("SELECT number, digest FROM ledger.migration").fetchall())
    known = {each.number: each for each in migrations()}
    for number, digest in applied.items():
        if number not in known or known[number].digest != digest:
            raise MigrationError(
                f"数据库的第 {number} 号迁移与本程序不符 | Migration {number} of this database is not this release's"
            )
    return [each for number, each in sorted(known.items()) if number not in applied]


def _create_role(connection: psycopg.Connection[Any]) -> None:
    """The role that all of the program's work is done as; the login becomes a member of it."""
    try:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
            connection.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(ROLE)))
        if not _member(connection):
            connection.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(ROLE)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            "此登录无权创建角色，请由管理员执行 deploy/roles.sql"
            " | This login may not create roles: let an administrator run deploy/roles.sql"
        ) from error


def _member(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [ROLE]).fetchone()
    return row is not None and bool(row[0])


def _apply(connection: psycopg.Connection[Any], migration: Migration) -> None:
    with connection.transaction():
        connection.execute(migration.text.encode())
        connection.execute(
            "INSERT INTO ledger.migration (number, name, digest) VALUES (%s, %s, %s)",
            [migration.number, migration.name, migration.digest],
        )


__all__ = ["SCHEMA", "Migration", "MigrationError", "migrate", "migrations", "pending"]
