"""Does the list of deadlines hold what each record of the city says of itself, no more and no less?"""

from uuid import UUID

import msgspec
import pytest

from projections.deadlines import SOURCES, DeadlineRow, grounds, told
from projections.engine.connection import connect
from service.domain.record import Record
from service.ledger.log import EventLog
from service.resources import acting
from tests.projections.watched import read_of_all


def test_the_list_is_what_the_records_say(city: str) -> None:
    columns = ", ".join(DeadlineRow.table.names)
    with connect(acting(city)) as connection:
        listed = connection.execute(f"SELECT {columns} FROM views.deadline".encode()).fetchall()
        events = EventLog().read(connection, 0, 1_000_000)
    records: dict[UUID, Record | None] = {}
    for event in events:
        records[event.originator_id] = event.mutate(records.get(event.originator_id))
    said = [row for record in records.values() if record for row in told(record)]
    assert said
    assert set(said) == {msgspec.convert(row, DeadlineRow) for row in listed}


@pytest.mark.parametrize("record", SOURCES)
def test_deadlines_follow_from_the_fields_that_are_named(city: str, record: type[Record]) -> None:
    assert read_of_all(city, record, grounds) == SOURCES[record]
