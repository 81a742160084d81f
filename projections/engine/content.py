"""What of a row stands apart, and what of that is new? Content goes by its digest, so that the same is kept once."""

from __future__ import annotations

from hashlib import blake2b
from operator import is_
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from projections.engine.row import Row, picker
from projections.engine.table import Table

R = TypeVar("R", bound=Row)
ENCODE = msgspec.json.Encoder().encode


class Content(msgspec.Struct, gc=False):
    """The values of the columns that stand apart, their name, and the last row that was found to have them."""

    values: tuple[Any, ...]
    id: UUID
    row: Row


class Contents(Generic[R]):
    """Names the content of rows, and keeps what is new of it until it is taken to be stored."""

    def __init__(self, table: Table[R]) -> None:
        self._key_of, self._values = table.order(table.key), picker([column.name for column in table.apart])
        self._known: dict[Any, Content] = {}
        self._new: dict[UUID, R] = {}

    def seen(self, row: R) -> None:
        """Know the content of a row that is stored."""
        self._known[self._key_of(row)] = _content(self._values(row), row)

    def id_of(self, row: R) -> UUID:
        """The name of a row's content.

        As a rule that of the version before it: what a fold leaves alone stays the same object, and costs no digest.
        """
        known = self._known.get(key := self._key_of(row))
        if known is None or known.row is not row:  # a keyframe has rows that were written before
            values = self._values(row)
            if known is not None and all(map(is_, known.values, values)):
                known.row = row
            else:
                known = self._known[key] = self._another(known, values, row)
        return known.id

    def _another(self, known: Content | None, values: tuple[Any, ...], row: R) -> Content:
        """The content of a row that is perhaps not that of the version before it."""
        content = _content(values, row)
        if known is None or content.id != known.id:
            self._new[content.id] = row
        return content

    def taken(self) -> dict[UUID, R]:
        """Take out what is new: by name, a row that has it."""
        taken, self._new = self._new, {}
        return taken


def _content(values: tuple[Any, ...], row: Row) -> Content:
    return Content(values, UUID(bytes=blake2b(ENCODE(values), digest_size=16).digest()), row)
