"""What has to be done by when, about which record, and under which rule?"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date
from uuid import UUID

from projections.change_history import TYPE_OF, RecordType
from projections.engine.projection import Projection
from projections.engine.reflection import Reflection
from projections.engine.row import Row
from projections.engine.table import table
from projections.engine.view import Sources
from service.domain.chamber import Chamber
from service.domain.deadline import DayKind, DeadlineKind, Due
from service.domain.record import Record


@table(
    "deadline",
    key=("record_id", "kind", "part"),
    indexes=(("due_on", "record_id"), ("division_id", "due_on"), ("kind", "due_on")),
)
class DeadlineRow(Row, kw_only=True):
    """Something that is still to be done.

    `part` names the part of the record that it concerns, such as a year. `days` or `months` are how long the rule
    gives, none when it names a day of the year; `command` is what the timer does once `due_on` is past.
    """

    record_id: UUID
    kind: DeadlineKind
    part: str
    record_type: RecordType
    division_id: UUID | None
    due_on: date
    basis: str
    counted: DayKind
    days: int | None
    months: int | None
    default_of_ours: bool
    command: str | None


SOURCES: Sources = {
    Chamber: {"division", "state", "filed_on", "registered_on", "liquidation_ended_on", "changes", "inspections"}
}


def grounds(record: Record) -> Hashable:
    """What the rows of a record follow from."""
    return (record.place, *record.deadlines())


open_deadlines = Reflection(DeadlineRow, grounds, SOURCES)


@open_deadlines.of
def told(record: Record) -> Iterator[DeadlineRow]:
    for due in record.deadlines():
        yield _row(record, due)


def _row(record: Record, due: Due) -> DeadlineRow:
    rule = due.rule
    return DeadlineRow(
        record_id=record.id,
        kind=rule.kind,
        part=due.part,
        record_type=TYPE_OF[type(record)],
        division_id=record.place,
        due_on=due.by,
        basis=rule.basis,
        counted=rule.counted,
        days=rule.days or None,
        months=rule.months or None,
        default_of_ours=rule.default_of_ours,
        command=due.command,
    )


deadlines = Projection("deadlines", open_deadlines)
