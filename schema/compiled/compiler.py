"""How does a selection become one SQL statement that returns its JSON text?

A row's object is text put together from its columns, and from sub-selects for what it leads to. A list is an aggregate
of such texts, in the order of qualified columns. Nothing a caller wrote enters the statement but response names, which
GraphQL keeps to letters, digits and underscores.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

from schema.compiled.bindings import Getter, NotPlannable, Placeholders, Request, Unfit, getter
from schema.compiled.columns import document, hints_of, is_document, printed
from schema.compiled.moments import LATEST, PRESENT, At, at_position, at_time
from schema.compiled.pages import Page
from schema.compiled.selections import Selected, Selections, members
from schema.compiled.stand_ins import Given, Row, Viewer, present, text
from schema.compiled.texts import Json, Known, optional, quoted, sql
from schema.relations import Every, Identity, Many, Named, One, Past, Reached, Relation
from schema.scalars import decode_id, id_head
from schema.scope import readable
from schema.statement import Predicate, Select, equals
from schema.views import VIEWS, View

MISSING = "concat('nothing for ', {})::int::text"
"""Fails the statement, and says of which value, where a relation leads nowhere that must lead somewhere."""


class Compiler:
    """Compiles selections of one document for one shape of its variables, into one statement."""

    def __init__(self, selections: Selections) -> None:
        self.selections, self._viewer = selections, Viewer.like(selections.reading)
        self.placeholders, self.positions = Placeholders(), list[Getter]()
        self._names = (f"t{n}" for n in count(1))

    def at(self, position: Getter) -> At:
        """The moment of a position, which the views must show."""
        self.positions.append(position)
        return at_position(position, self.placeholders)

    def questions(self, fields: Mapping[str, Selected], at: At) -> Json:
        """What is asked of the root, as of a moment."""
        return members(fields, lambda each: self.question(each, at))

    def question(self, each: Selected, at: At) -> Json:
        """One question of the root."""
        match each.relation:
            case Every() as every:
                given, row = self.selections.given(each), self._row(every.kind(), at)
                return self._page(each, every.select(row.moment, given.where, given.order_by), row)
            case Named() as one:
                return optional((self._named(each, one, at),))
            case Past() as past:
                return self._past(each, past)
            case Reached() as reached:
                self.positions.append(getter(getattr(self.selections.given(each), reached.argument)))
                return self.questions(self.selections.beneath(each), at)
        return _about(each, at)

    def object(self, fields: Mapping[str, Selected], row: Row) -> Json:
        """What is selected of a row."""
        return members(fields, lambda each: self.member(each, each.relation, row))

    def member(self, each: Selected, relation: Relation | None, row: Row) -> Json:
        """One field of a row's object."""
        match relation:
            case None:
                return _column(self.selections, each, row)
            case Identity():
                return identity(relation, row)
            case Many():
                rows = self._row(relation.kind(), row.at)
                return self._page(each, relation.select(rows.moment).matching(_led(relation, row)), rows)
            case One():
                at = PRESENT if relation.present else row.at
                missing = MISSING.format(row.sql(relation.by)) if relation.required else "'null'"
                return (f"coalesce({self.one(each, relation.kind(), _led(relation, row), at)}, {missing})",)
        raise NotPlannable("a question of the root beneath a row")

    def _past(self, each: Selected, past: Past) -> Json:
        given, fields = self.selections.given(each), self.selections.beneath(each)
        if set(given) != {past.argument}:
            raise NotPlannable("a moment by effective date")
        moment = getattr(given, past.argument)
        if moment.position is not None:
            return self.questions(fields, self.at(getter(moment.position)))
        at, source = at_time(getter(moment.time), self.placeholders, next(self._names))
        return (f"(SELECT {sql(self.questions(fields, at))} FROM {source})",)

    def _named(self, each: Selected, relation: Named, at: At) -> str:
        given = self.selections.given(each)
        by = getattr(given, relation.argument)
        by = by if isinstance(by, Given) else given
        [column] = by
        if column == "id":
            return self._by_id(each, by.id, at)
        if relation.kind is None or column not in relation.columns:
            raise NotPlannable(f"by {column}")
        find, written = getter(getattr(by, column)), relation.columns[column]
        return self.one(each, relation.kind(), equals(column, lambda request: written(find(request))), at)

    def _by_id(self, each: Selected, id: Any, at: At) -> str:
        decoded = decode_id(present(id))
        kind = VIEWS.get(decoded[0]) if decoded else None
        if decoded is None or kind is None:
            raise NotPlannable("an id of nothing")
        part = partial(_id_part, getter(id), kind.__name__)
        return self.one(each, kind, equals("id", part(1)), at if decoded[2] is None else self.at(part(2)))

    def _page(self, each: Selected, select: Select, row: Row) -> Json:
        """The connection: its parts, each over the same rows."""
        readably = select.matching(*readable(row.kind, self._viewer))
        page = Page(self, readably, self.selections.given(each), row, scattered=isinstance(each.relation, Every))
        return members(self.selections.beneath(each), page.part)

    def one(self, each: Selected, kind: type[View], test: Predicate, at: At) -> str:
        """SQL for the one object that meets a test; null when none does."""
        row = self._row(kind, at)
        found = self.object(self.selections.beneath(each, kind.__name__), row)
        select = Select(kind.table, row.moment.position, (test, *readable(kind, self._viewer)))
        return f"({select.all(text(sql(found)), row).as_string()} LIMIT 1)"

    def _row(self, kind: type[View], at: At) -> Row:
        return Row(kind, at, self.placeholders, next(self._names))


def identity(relation: Identity, row: Row) -> Json:
    """The opaque id of a record as `encode_id` makes it: a uuid's 36 characters need neither + nor / nor =."""
    head: str = Known(id_head(row.kind.__name__))
    if relation.heads is not None:
        column, heads = relation.heads
        head = f"('{json.dumps(heads)}'::jsonb ->> {row.sql(column)})"
    return Known('"'), head, f"encode({row.sql(relation.column)}::text::bytea, 'base64')", *row.at.tail, Known('"')


def _about(each: Selected, at: At) -> Json:
    """What can be said of the moment itself."""
    if each.name == "position":
        return quoted(f"{at.position or LATEST}::text")
    if each.name == "recordedAt" and at.position:
        return printed(datetime | None, at.recorded())
    raise NotPlannable(f"{each.parent.name}.{each.name}")


def _column(selections: Selections, each: Selected, row: Row) -> Json:
    name, hints = each.field.python_name, hints_of(row.kind.table)
    if each.field.base_resolver is not None or name not in hints:
        raise NotPlannable(f"{row.kind.__name__}.{each.name} has a resolver of its own")
    if not is_document(hints[name]):
        return printed(hints[name], row.sql(name))
    fields = {key: field.name for key, field in selections.beneath(each).items()}
    return document(hints[name], row.sql(name), fields, each.type.name)


def _led(relation: One | Many, row: Row) -> Predicate:
    """Where a relation leads to from a row."""
    return equals(relation.to, row.column(relation.by))


def _id_part(id: Getter, kind: str, part: int) -> Getter:
    """The uuid or the position in an id, which must be of this kind whenever the plan runs."""

    def get(request: Request) -> Any:
        decoded = decode_id(str(id(request)))
        if decoded is None or decoded[0] != kind:
            raise Unfit("id")
        return decoded[part]

    return get
