"""Which records are at hand?

A bounded shelf of folded records. One may be out of date when another process has written: that does no harm, since a
commit names the versions it rests on, and a refusal is only believed on fresh records.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from service.domain.record import Record


class Shelf:
    """The records used last, at most `size` of them."""

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._records: OrderedDict[UUID, Record] = OrderedDict()

    def find(self, kind: type[Record], id: UUID) -> Record | None:
        """The record, if it is at hand and of this kind."""
        record = self._records.get(id)
        if record is None or not isinstance(record, kind):
            return None
        self._records.move_to_end(id)
        return record

    def put(self, record: Record) -> None:
        """Keep a record, dropping the one unused for longest when there is no room."""
        self._records[record.id] = record
        self._records.move_to_end(record.id)
        if len(self._records) > self._size:
            self._records.popitem(last=False)

    def drop(self, ids: Iterable[UUID]) -> None:
        """Forget records that may be out of date."""
        for id in ids:
            self._records.pop(id, None)

    def keep(self, records: Iterable[Record]) -> None:
        """Take records as they stand after a commit, unless a later state is at hand."""
        for record in records:
            known = self._records.get(record.id)
            if known is None or known.version < record.version:
                self.put(record)
