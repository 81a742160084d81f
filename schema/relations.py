"""How does a field of one view lead to others? Declared once, for the ordinary path and the compiled one alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from schema.statement import Order

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


class Every(NamedTuple):
    """All objects of a view, page by page, narrowed and sorted as the caller asks."""

    kind: Callable[[], type[View]]
    order: tuple[Order, ...]
    unless: tuple[str, str] | None


class Identity(NamedTuple):
    """The opaque id of the record whose uuid is in a column.

    It is of the view's own type; or `heads` are the column that tells the type, and what the ids of each begin with.
    """

    column: str = "id"
    heads: tuple[str, Mapping[str, str]] | None = None


class Named(NamedTuple):
    """The one object that an argument names: by its id, or by a column of the view.

    `argument` is an id itself, or an object with the id or the column. Without a view, the id says of which it is.
    """

    argument: str
    kind: Callable[[], type[View]] | None = None
    columns: tuple[str, ...] = ()


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
