"""At which fields of a record does a function look?"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from projections.engine.connection import connect
from service.domain.record import RECORDS, Record
from service.ledger.log import EventLog
from service.resources import acting


def read_of_all(city: str, record: type[Record], look: Callable[[Any], object]) -> set[str]:
    """The fields that a function looks at in any record of a type, as it was after any event of the city."""
    records: dict[UUID, Record] = {}
    read: set[str] = set()
    with connect(acting(city)) as connection:
        for event in EventLog().read(connection, 0, 1_000_000):
            if RECORDS[event.fact.topic.split(".")[0]] is record:
                known = records[event.originator_id] = event.mutate(records.get(event.originator_id))
                read |= _read(look, known)
    assert records
    return read


def _read(look: Callable[[Any], object], record: Record) -> set[str]:
    seen: set[str] = set()

    class Watched(type(record)):  # type: ignore[misc]  # the type is known at run time
        def __getattribute__(self, name: str) -> Any:
            seen.add(name)
            return super().__getattribute__(name)

    watched = object.__new__(Watched)
    watched.__dict__.update(vars(record))
    look(watched)
    return seen.intersection(record.fields)
