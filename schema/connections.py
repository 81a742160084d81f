"""How is a long list read page by page, from either end, without losing its place?

Keyset cursors: the values a row is sorted by, signed so that nobody makes one up. A page is one statement; nested pages
of many parents are one statement together.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, get_type_hints

import msgspec
import strawberry

from projections.engine.table import Table
from schema.errors import BadInput
from schema.scalars import print_datetime
from schema.statement import Order, Select
from schema.statement import after as comes_after

T = TypeVar("T")
DEFAULT_SIZE = 20
LARGEST_SIZE = 100
TAG = 4
BLOCK = 64
BETWEEN = "\x1f"
"""The unit separator, between the values of a cursor."""


@strawberry.type
class PageInfo:
    """分页信息 | Where a page stands."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(
    description="列表中的一项 | One item of a list, with its cursor"
)  # said here: strawberry copies a generic type without its docstring
class Edge(Generic[T]):
    """列表中的一项 | One item of a list, with its cursor."""

    cursor: str
    node: T


@strawberry.type(
    description="一页列表 | One page of a list"
)  # said here: strawberry copies a generic type without its docstring
class Connection(Generic[T]):
    """一页列表 | One page of a list."""

    edges: list[Edge[T]]
    page_info: PageInfo
    counter: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field
    def nodes(self) -> list[T]:
        """The items without their cursors."""
        return [edge.node for edge in self.edges]

    @strawberry.field
    async def total_count(self) -> int:
        """How many items there are on all pages; counted only when it is asked for."""
        return await self.counter()


class PageArguments(NamedTuple):
    """The arguments of a connection, as given."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


class Window(NamedTuple):
    """A page as it is asked of the database: one row more than it holds tells whether there are others."""

    select: Select
    size: int
    backwards: bool
    bounded: bool

    def rows(self, found: Sequence[Any]) -> list[Any]:
        """The rows of the page, in the list's order."""
        page = list(found[: self.size])
        return page[::-1] if self.backwards else page

    def info(self, found: Sequence[Any], cursors: Sequence[str]) -> PageInfo:
        """Where the page stands."""
        more = len(found) > self.size
        ends = (cursors[0], cursors[-1]) if cursors else (None, None)
        before, behind = (more, self.bounded) if self.backwards else (self.bounded, more)
        return PageInfo(has_next_page=behind, has_previous_page=before, start_cursor=ends[0], end_cursor=ends[1])


class Cursors:
    """Signs and reads the cursors of one order of one table.

    A cursor is a tag and the values a row is sorted by, as text, one after the other. The tag is cut from a keyed
    SHA-256 (HMAC), of which PostgreSQL can do its part: `inner` and `outer` are what it needs to know of the key.
    """

    def __init__(self, key: bytes, table: Table[Any], order: Sequence[Order]) -> None:
        self.columns = [each.column for each in order]
        hints = get_type_hints(table.row)
        self._types = [hints[name] for name in self.columns]
        whole = hashlib.sha256(key + repr((table.name, tuple(order))).encode()).digest().ljust(BLOCK, b"\0")
        self.inner, self.outer = (bytes(byte ^ pad for byte in whole) for pad in (0x36, 0x5C))

    def write(self, row: Any) -> str:
        """The cursor of a row."""
        plain = BETWEEN.join(_text(getattr(row, name)) for name in self.columns).encode()
        return base64.urlsafe_b64encode(self._tag(plain) + plain).decode().rstrip("=")

    def read(self, text: str) -> tuple[Any, ...]:
        """The values in a cursor.

        Raises BadInput for one that is not of this list and this order.
        """
        try:
            whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            if not hmac.compare_digest(whole[:TAG], self._tag(whole[TAG:])):
                raise ValueError(text)
            parts = whole[TAG:].decode().split(BETWEEN)
            return tuple(msgspec.convert(p, t, strict=False) for p, t in zip(parts, self._types, strict=True))
        except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
            text = "游标无效或不属于此列表与排序 | The cursor is not of this list in this order"
            raise BadInput(text) from error

    def _tag(self, plain: bytes) -> bytes:
        return hashlib.sha256(self.outer + hashlib.sha256(self.inner + plain).digest()).digest()[:TAG]


cursors = lru_cache(maxsize=1_000)(Cursors)
"""Cursors that were made before, or new ones."""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return print_datetime(value) if isinstance(value, datetime) else str(value)


def window(select: Select, arguments: PageArguments, read: Callable[[str], Sequence[Any]]) -> Window:
    """The page of a list that the arguments ask for; `read` finds the values in a cursor.

    Raises BadInput when they contradict each other or ask for too much.
    """
    size, backwards = _size(arguments)
    onwards, back = select.order, tuple(each.flipped() for each in select.order)
    for text, way in ((arguments.after, onwards), (arguments.before, back)):
        if text is not None:
            select = select.matching(comes_after(way, read(text)))
    bounded = (arguments.before if backwards else arguments.after) is not None
    return Window(replace(select, order=back if backwards else onwards, limit=size + 1), size, backwards, bounded)


def _size(arguments: PageArguments) -> tuple[int, bool]:
    first, last = arguments.first, arguments.last
    if first is not None and last is not None:
        raise BadInput("first 与 last 只能给一个 | Give first or last, not both")
    size = first if first is not None else last if last is not None else DEFAULT_SIZE
    if not 0 <= size <= LARGEST_SIZE:
        raise BadInput(f"每页为 0 至 {LARGEST_SIZE} 项 | A page has 0 to {LARGEST_SIZE} items")
    return size, last is not None
