"""What changed, when, by whom, in which role, on which basis and why: field by field, for every event there is?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, compress, islice
from operator import is_, is_not
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import msgspec

from projections.engine.projection import Projection
from projections.engine.row import Derived, LogRow
from projections.engine.table import table
from projections.engine.view import Log, Moment
from projections.field_labels import camel, labels, labels_sql
from service.domain.record import Movement, Source
from service.domain.registry import FACTS, RECORDS
from service.domain.roles import Role

K = TypeVar("K")
LATE_DAYS = 30
"""A fact recorded more than this after it took effect is late (our default)."""


def code(name: str) -> str:
    """A fixed name as an enumeration's value: `chamber.member_admitted` as CHAMBER_MEMBER_ADMITTED."""
    return name.upper().replace(".", "_")


def _summary(kind: type) -> str:
    return (kind.__doc__ or "").split("\n")[0].rstrip(".")


EventKind = StrEnum("EventKind", {code(topic): code(topic) for topic in FACTS})  # type: ignore[misc]  # from the records
RecordType = StrEnum("RecordType", {code(name): code(name) for name in RECORDS})  # type: ignore[misc]  # likewise
EventKind.__doc__ = "事件类型 | What kind of fact an event records"
RecordType.__doc__ = "记录类型 | What kind of record an event concerns"
TYPE_OF = {record: RecordType(code(name)) for name, record in RECORDS.items()}
KIND_OF = {fact: EventKind(code(topic)) for topic, fact in FACTS.items()}
LABELS: dict[Any, dict[str, str]] = {
    EventKind: {kind: _summary(fact) for fact, kind in KIND_OF.items()},
    RecordType: {code(name): _summary(record) for name, record in RECORDS.items()},
}
"""What the two are called: as their facts and records are, where those are declared."""


class FieldChange(msgspec.Struct, frozen=True, gc=False):
    """字段变更 | What one field was before an event and what it was after it."""

    derived: ClassVar[Mapping[str, Derived]] = {
        "label": Derived(str, labels_sql("zh", "{value}->>'path'")),
        "label_en": Derived(str, labels_sql("en", "{value}->>'path'")),
    }
    path: str
    before: Any
    after: Any

    @property
    def label(self) -> str:
        """What the field is called in Chinese."""
        return labels(self.path)[0]

    @property
    def label_en(self) -> str:
        """What the field is called in English."""
        return labels(self.path)[1]


@table(
    "change",
    log=True,
    dated="effective_on",
    indexes=(
        ("record_id", "position"),
        ("division_id", "position"),
        ("kind", "position"),
        ("movement", "position"),
        ("recorded_at", "position"),
        ("paths",),
    ),
)
class ChangeRow(LogRow, kw_only=True):
    """One event as an inspector reads it."""

    event_id: UUID
    record_type: RecordType
    record_id: UUID
    version: int
    kind: EventKind
    movement: Movement
    division_id: UUID | None
    actor: str
    role: Role
    organ: str
    actor_division: str | None
    on_behalf_of: str | None
    basis: str | None
    reason: str | None
    effective_on: date
    recorded_at: datetime
    late: bool
    source: Source
    key: UUID
    correlation_id: UUID | None
    causation_id: UUID | None
    client: str | None
    paths: tuple[str, ...]
    """The paths of the fields, by which the changes of one are found."""
    fields: tuple[FieldChange, ...]


changes = Log(ChangeRow)


@changes.each
def change(moment: Moment) -> Iterator[ChangeRow]:
    """The one row of an event."""
    event = moment.event
    e, fact, fields = event.envelope, event.fact, tuple(differences(moment))
    yield ChangeRow(
        event_id=e.id,
        record_type=TYPE_OF[type(moment.after)],
        record_id=event.originator_id,
        version=event.originator_version,
        kind=KIND_OF[type(fact)],
        movement=fact.moves(),
        division_id=e.place,
        actor=e.account,
        role=e.role,
        organ=e.organ,
        actor_division=e.division,
        on_behalf_of=e.on_behalf_of,
        basis=e.basis,
        reason=e.reason,
        effective_on=e.effective_on,
        recorded_at=e.recorded_at,
        late=(e.recorded_at.date() - e.effective_on).days > LATE_DAYS,
        source=e.source,
        key=e.key,
        correlation_id=e.correlation,
        causation_id=e.causation,
        client=e.client,
        paths=tuple([field.path for field in fields]),  # a list: half the time of a generator
        fields=fields,
    )


def differences(moment: Moment) -> Iterator[FieldChange]:
    """The fields that differ, in the order the record declares them; collections entry by entry."""
    for name in moment.changed:
        yield from _compare((name,), getattr(moment.before, name), getattr(moment.after, name))


def _touched(old: dict[K, Any], new: dict[K, Any]) -> Iterator[K]:
    """The keys of which the values are not the same objects, as are all that an event leaves alone.

    No key is hashed: a UUID's hash is dear, and dictionaries made of dictionaries know it.
    """
    if len(old) <= len(new) and all(map(is_, old, new)):  # as a rule entries stay in place, and others come after them
        return chain(compress(new, map(is_not, new.values(), old.values())), islice(new, len(old), None))
    both = dict.fromkeys({**old, **new})
    return compress(both, map(is_not, {**both, **old}.values(), {**both, **new}.values()))


def _compare(path: tuple[str, ...], old: Any, new: Any) -> Iterator[FieldChange]:
    if isinstance(old, dict) and isinstance(new, dict):  # all mappings are; to ask for a Mapping is dear
        for key in _touched(old, new):
            yield from _compare((*path, str(key)), old.get(key), new.get(key))
    elif isinstance(old, msgspec.Struct) and type(old) is type(new):
        for name in new.__struct_fields__:
            yield from _compare((*path, name), getattr(old, name), getattr(new, name))
    elif old != new:
        yield _field(path, old, new)


def _field(path: tuple[str, ...], old: Any, new: Any) -> FieldChange:
    return FieldChange(".".join(map(camel, path)), msgspec.to_builtins(old), msgspec.to_builtins(new))


change_history = Projection("change_history", changes)
