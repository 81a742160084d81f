"""Where is the log, and is it safe to write to?

An eventsourcing application on PostgreSQL whose settings are ours alone: the library would also take them from the
environment, where a well-meant line can lose events or make them unreadable.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment, get_topic
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.domain.record import Record
from service.ledger.mapper import LedgerMapper
from service.ledger.recorder import CommandRecorder

SCHEMA = "ledger"
ROLE = "shanghui_app"
CONNECT_SECONDS = 3
ONE_PLAN = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off"
"""Batches differ in size only: planning each anew would cost as much as carrying it out. A plan that was made while the
log was empty must do when it has grown, so none reads a whole table, which is what planners do with empty ones."""
UNSAFE = {
    "POSTGRES_ENABLE_DB_FUNCTIONS": "drops the writers' lock, so that readers lose events",
    "APPLICATION_RECORDER_TOPIC": "replaces the recorder that keeps commands apart",
    "CIPHER_TOPIC": "makes events unreadable to auditors",
    "COMPRESSOR_TOPIC": "makes events unreadable to auditors",
    "MAPPER_TOPIC": "bypasses upcasting",
    "TRANSCODER_TOPIC": "bypasses upcasting",
    "PERSISTENCE_MODULE": "stores events somewhere else",
    "ORIGINATOR_ID_TYPE": "changes the type of every id",
}


class UnsafeSetting(RuntimeError):
    """The environment carries a setting of the library that this ledger must not run with."""


def refuse_unsafe_settings(environment: Mapping[str, str] = os.environ) -> None:
    """Raise UnsafeSetting when the library's own configuration is found in the environment."""
    for name, harm in UNSAFE.items():
        for key in (name, f"SHANGHUI_{name}"):
            if environment.get(key):
                raise UnsafeSetting(f"取消环境变量 {key} 后再启动 | Unset {key}: it {harm}")


class LedgerFactory(PostgresFactory):
    """The library's factory, connecting as the URI says and acting as the role that may only append."""

    def __init__(self, environment: Environment, parameters: Mapping[str, Any]) -> None:
        super().__init__(environment)
        kwargs = self.datastore.pool.kwargs
        assert isinstance(kwargs, dict)
        kwargs.update(parameters)


class LedgerStore(Application[UUID]):
    """The log of events, opened for appending and for reading records back.

    `role` is what its connections act as; None leaves them the login's own rights, for migrations.
    """

    name = "shanghui"

    def __init__(self, uri: str, *, role: str | None = ROLE, create: bool = False) -> None:
        refuse_unsafe_settings()
        self._parameters = {k: v for k, v in conninfo_to_dict(uri).items() if v is not None}
        if role:
            self._parameters["options"] = f"{self._parameters.get('options', '')} -c role={role} {ONE_PLAN}".strip()
        self._create = create
        super().__init__()

    @property
    def uri(self) -> str:
        """For connections of the same kind, beside those of the library."""
        timed = {"connect_timeout": str(CONNECT_SECONDS)} | {name: str(each) for name, each in self._parameters.items()}
        return make_conninfo("", **timed | {"client_encoding": "utf8"})

    def construct_env(self, name: str, env: Any = None) -> Environment:
        """Our settings only: nothing from the process environment."""
        login = {key: str(self._parameters.get(key, "")) for key in ("dbname", "host", "port", "user", "password")}
        settings = {f"POSTGRES_{key.upper()}": value for key, value in login.items()}
        return Environment(name, settings | {
            "POSTGRES_SCHEMA": SCHEMA,
            "POSTGRES_CONNECT_TIMEOUT": str(CONNECT_SECONDS),
            "POSTGRES_POOL_SIZE": "1",
            "POSTGRES_MAX_OVERFLOW": "0",
            "APPLICATION_RECORDER_TOPIC": get_topic(CommandRecorder),
            "CREATE_TABLE": "y" if self._create else "n",
        })  # fmt: skip

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The factory with the URI's own parameters (TLS, options, time limits)."""
        return cast(InfrastructureFactory[Any], LedgerFactory(env, self._parameters))

    def construct_mapper(self) -> LedgerMapper:
        """Our mapper, which upcasts."""
        return LedgerMapper()

    @property
    def commands(self) -> CommandRecorder:
        """The recorder, as what it is."""
        return cast(CommandRecorder, self.recorder)

    def load(self, records: Sequence[Record]) -> None:
        """Fold these blank records from the log, in one query."""
        blank = {record.id: record for record in records}
        event = cast(LedgerMapper, self.mapper).event
        for row in self.commands.events_of(list(blank)):
            blank[row[0]].remember(event(*row))
