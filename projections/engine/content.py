"""What of a row stands apart, and what of that is new? Content goes by its digest, so that the same is kept once."""

from __future__ import annotations

from hashlib import blake2b
from operator import is_
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from projections.engine.row import Key, Row, picker
from projections.engine.table import Table

R = TypeVar("R", bound=Row)
ENCODE = msgspec.json.Encoder().encode


class Content(NamedTuple):
    """The values of the columns that stand apart, and their name."""

    values: tuple[Any, ...]
    id: UUID


class Contents(Generic[R]):
    """Names the content of rows, and keeps what is new of it until it is taken to be stored."""

    def __init__(self, table: Table[R]) -> None:
        self._key_of, self._values = table.key_of, picker([column.name for column in table.apart])
        self._known: dict[Key, Content] = {}
        self._new: dict[UUID, R] = {}

    def seen(self, row: R) -> None:
        """Know the content of a row that is stored."""
        self._known[self._key_of(row)] = _content(self._values(row))

    def id_of(self, row: R) -> UUID:
        """The name of a row's content.

        As a rule that of the version before it: what a fold leaves alone stays the same object, and costs no digest.
        """
        key, values = self._key_of(row), self._values(row)
        known = self._known.get(key)
        if known is not None and all(map(is_, known.values, values)):
            return known.id
        content = self._known[key] = _content(values)
        if known is None or content.id != known.id:
            self._new[content.id] = row
        return content.id

    def taken(self) -> dict[UUID, R]:
        """Take out what is new: by name, a row that has it."""
        taken, self._new = self._new, {}
        return taken


def _content(values: tuple[Any, ...]) -> Content:
    return Content(values, UUID(bytes=blake2b(ENCODE(values), digest_size=16).digest()))
