"""Which divisions stand, by the log itself?

A view could be behind it; an import must not be.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from service.domain.division import Division, DivisionKind, DivisionState
from service.domain.record import FACTS, Recorded
from service.ledger.store import LedgerStore

PAGE = 5_000


class Standing:
    """The open divisions by their codes, and at which event each code was last heard of."""

    def __init__(self) -> None:
        self.open: dict[str, Division] = {}
        self.heard: dict[str, UUID] = {}
        self._all: dict[UUID, Division] = {}

    @classmethod
    def of(cls, store: LedgerStore) -> Standing:
        """What the log says at this moment."""
        standing = cls()
        for event in _events(store):
            standing._learn(event)
        return standing

    def parent(self, code: str) -> str | None:
        """The code of an open division's parent, as it is now."""
        return self._code(self.open[code].parent)

    def manager(self, code: str) -> str | None:
        """The code of its manager."""
        return self._code(self.open[code].managed_by)

    def is_other(self, code: str, name: str, kind: DivisionKind) -> bool:
        """Whether an open division has another name or kind."""
        return (self.open[code].name, self.open[code].kind) != (name, kind)

    def _code(self, id: UUID | None) -> str | None:
        return self._all[id].code if id else None

    def _learn(self, event: Recorded) -> None:
        division = self._all.setdefault(event.originator_id, Division(event.originator_id))
        self.open.pop(division.code, None)
        division.remember(event)
        self.heard[division.code] = event.envelope.id
        if division.state is DivisionState.OPEN:
            self.open[division.code] = division


def _events(store: LedgerStore) -> Iterator[Recorded]:
    """The events of all divisions, in order."""
    topics = [topic for topic in FACTS if topic.startswith(f"{Division.type_name}.")]
    start = 1
    while page := store.commands.select_notifications(start, PAGE, topics=topics):
        for notification in page:
            event = store.mapper.to_domain_event(notification)
            assert isinstance(event, Recorded)
            yield event
        start = page[-1].id + 1
