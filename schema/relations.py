"""How does a field of one view lead to others? Declared once, for the ordinary path and the compiled one alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg.sql import Literal

from schema.filters import ordered, predicates
from schema.moment import Moment
from schema.scope import within
from schema.statement import Order, Predicate, Select, compares

if TYPE_CHECKING:
    from schema.views import View


class One(NamedTuple):
    """The one object of a view whose `to` is this row's `by`; `present` reads it as it is now, also from the past."""

    kind: Callable[[], type[View]]
    by: str
    to: str
    required: bool = True
    present: bool = False


class Many(NamedTuple):
    """The objects of a view whose `to` is this row's `by`, in an order, page by page."""

    kind: Callable[[], type[View]]
    by: str
    to: str
    order: tuple[Order, ...]

    def select(self, moment: Moment) -> Select:
        """The objects of all rows."""
        table = self.kind().table
        return Select(table, moment.position, (), ordered(None, self.order, table), on=moment.effective_on)


class Every(NamedTuple):
    """All objects of a view, page by page, narrowed and sorted as the caller asks."""

    kind: Callable[[], type[View]]
    order: tuple[Order, ...]
    unless: tuple[str, str] | None

    def select(self, moment: Moment, where: Any, order_by: Any) -> Select:
        """The objects as a caller narrows and sorts them."""
        table, tests = self.kind().table, tuple(self._tests(moment, where))
        return Select(table, moment.position, tests, ordered(order_by, self.order, table), on=moment.effective_on)

    def _tests(self, moment: Moment, where: Any) -> Iterator[Predicate]:
        kind = self.kind()
        yield from predicates(where, kind.table)
        if kind.place is not None and (code := getattr(where, "within", None)) is not None:
            yield within(kind.place, [code], moment.position)
        if self.unless and getattr(where, self.unless[0], None) is None:
            yield compares("{} <> {}", self.unless[0], Literal(self.unless[1]))


class Identity(NamedTuple):
    """The opaque id of the record whose uuid is in a column.

    It is of the view's own type; or `heads` are the column that tells the type, and what the ids of each begin with.
    """

    column: str = "id"
    heads: tuple[str, Mapping[str, str]] | None = None


class Named(NamedTuple):
    """The one object that an argument names: by its id, or by a column of the view.

    `argument` is an id itself, or an object with the id or the column. Without a view, the id says of which it is.
    `columns` are those it may name, and how the value that somebody gave is written there.
    """

    argument: str
    kind: Callable[[], type[View]] | None = None
    columns: Mapping[str, Callable[[Any], Any]] = MappingProxyType({})


class Past(NamedTuple):
    """The same questions as of a moment: `argument` holds the position."""

    argument: str


class Reached(NamedTuple):
    """The same questions in the present, which must show a position: `argument` holds it."""

    argument: str


Relation = One | Many | Every | Identity | Named | Past | Reached


def relation_of(field: Any) -> Relation | None:
    """How a field is declared to be read, if it is more than a column and less than a resolver of its own."""
    found: Relation | None = (getattr(field, "metadata", None) or {}).get("relation")
    return found


def declared(relation: Relation) -> Callable[[Any], Any]:
    """Declare what a field with a resolver of its own means in terms of rows."""

    def declare(field: Any) -> Any:
        field.metadata = {**(field.metadata or {}), "relation": relation}
        return field

    return declare
