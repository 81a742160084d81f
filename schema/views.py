"""How does a row of a view become a GraphQL type: columns by name, relations in a line?

`@view(SomeRow)` takes every column of the row that the class does not name itself; `one` and `many` lead to others.
An object keeps its row and the moment it was read at, and all that is reached from it is read at the same moment.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, TypeVar, cast, get_type_hints

import msgspec
import strawberry
from strawberry.types import Info

from projections.engine.row import RecordRow, Row
from projections.engine.table import Table
from schema import kinds
from schema.connections import Connection, Edge, PageArguments, cursors, window
from schema.context import Context, context_of
from schema.filters import order_type, where_type
from schema.moment import Moment, moment_of
from schema.relations import Every, Many, One, declared, relation_of
from schema.scope import CONFIDENTIAL, readable
from schema.statement import Order, Select, among, equals
from service.domain.record import snake
from service.domain.roles import Role

V = TypeVar("V", bound=type)


class View:
    """An object read from a view."""

    table: ClassVar[Table[Any]]
    place: ClassVar[str | None] = None
    public: ClassVar[tuple[str, Sequence[str]] | None] = None
    shared: ClassVar[bool] = False
    readers: ClassVar[Sequence[Role]] = ()
    tells: ClassVar[tuple[str, str] | None] = None
    where: ClassVar[Any]
    sort: ClassVar[Any]
    row: strawberry.Private[Any]
    moment: strawberry.Private[Moment]

    @classmethod
    def of(cls, row: Row, moment: Moment) -> Any:
        """The object of a row as read at a moment."""
        found = object.__new__(cls)
        found.row, found.moment = row, moment
        return found


VIEWS: dict[str, type[View]] = {}


def view(
    row: type[Row],
    *,
    place: str | None = None,
    public: tuple[str, Sequence[str]] | None = None,
    hide: Sequence[str] = (),
    shared: bool = False,
    readers: Sequence[Role] = (),
    tells: tuple[str, str] | None = None,
) -> Callable[[V], V]:
    """Declare a GraphQL type over a row.

    `place` is the column with the division by which reading is scoped (none: everybody may read it); `public` says
    which rows the public sees, by the values of a column; `hide` names columns that are not fields. `shared` lets
    whoever reads anything read it wherever its place is, as a county reads what the city issued.
    `readers` are the only roles that may read it, if not all may: each where its grant reaches, by the place or by the
    chamber in `chamber_id`. `tells` names the columns with the type and the id of the record that a row tells of: it is
    read by those who may read the record.
    """

    def declare(cls: V) -> V:
        relations = [found for each in vars(cls).values() if (found := relation_of(each))]
        led = {found.by for found in relations if isinstance(found, One | Many)}
        hidden = frozenset({*hide, *led, *([place] if place else [])}) - {"id"}
        for name, annotation in get_type_hints(row, include_extras=True).items():
            if name not in cls.__annotations__ and name not in vars(cls) and name not in hidden | {"id"}:
                cls.__annotations__[name] = kinds.output(annotation)
        shaped: Any = strawberry.type(cls)
        shaped.table, shaped.place, shaped.public, shaped.shared = row.table, place, public, shared
        shaped.readers, shaped.tells = tuple(readers), tells
        shaped.where = where_type(cls, row.table, hidden, placed=place is not None)
        shaped.sort = order_type(cls, row.table, hidden)
        VIEWS[cls.__name__] = shaped
        if readers and issubclass(row, RecordRow):
            CONFIDENTIAL[snake(cls.__name__).upper()] = shaped
        return cast(V, shaped)

    return declare


def column(parent: Any, name: str) -> Any:
    """What a field without a resolver means: the row's column of that name, else the object's attribute."""
    row = getattr(parent, "row", None)
    return getattr(row, name) if row is not None and hasattr(row, name) else getattr(parent, name)


def one(target: str, *, by: str, to: str = "id", required: bool = True) -> Any:
    """The one object of a view (`module.Type`) whose `to` is this row's `by`."""
    kind, annotation = _lazy(target)

    async def resolve(self: Any, info: Any) -> Any:
        key = getattr(self.row, by)
        return None if key is None else await fetch_one(context_of(info), kind(), to, key, self.moment)

    resolve.__annotations__ = {"info": Info, "return": annotation if required else annotation | None}
    return declared(One(kind, by, to, required))(strawberry.field(resolver=resolve))


def many(target: str, *, of: str, order: Sequence[str], by: str = "id") -> Any:
    """The objects of a view whose `of` is this row's `by`, page by page; `-column` sorts downwards."""
    kind, annotation = _lazy(target)

    async def resolve(
        self: Any, info: Any, first: Any = None, after: Any = None, last: Any = None, before: Any = None
    ) -> Any:
        select = replace(relation.select(self.moment), parents=(of, ()))
        arguments = PageArguments(first, after, last, before)
        return await page(context_of(info), kind(), select, arguments, self.moment, getattr(self.row, by))

    relation = Many(kind, by, of, _orders(order))
    resolve.__annotations__ = {"info": Info, "return": Connection[annotation], **PAGED}  # type: ignore[valid-type]  # made at run time
    return declared(relation)(strawberry.field(resolver=resolve))


def every(kind: Any, *, order: Sequence[str], unless: tuple[str, str] | None = None) -> Any:
    """All objects of a view, page by page, narrowed and sorted as the caller asks.

    `unless` is a column and a value: rows that have it are left out unless the caller's `where` names the column.
    """

    async def resolve(
        self: Any,
        info: Any,
        where: Any = None,
        order_by: Any = None,
        first: Any = None,
        after: Any = None,
        last: Any = None,
        before: Any = None,
    ) -> Any:
        moment, arguments = moment_of(self), PageArguments(first, after, last, before)
        return await page(context_of(info), kind, relation.select(moment, where, order_by), arguments, moment)

    relation = Every(lambda: kind, _orders(order), unless)
    given = {"where": kind.where | None, "order_by": kind.sort | None}
    resolve.__annotations__ = {"info": Info, "return": Connection[kind], **given, **PAGED}
    return declared(relation)(strawberry.field(resolver=resolve))


PAGED = {"first": int | None, "after": str | None, "last": int | None, "before": str | None}


async def page(
    context: Context,
    kind: type[View],
    select: Select,
    arguments: PageArguments,
    moment: Moment,
    parent: Hashable = None,
) -> Any:
    """One page of a list; the pages of one field under many parents are read together."""
    select = select.matching(*readable(kind, context.reading()))
    marking = cursors(context.cursor_key, kind.table, select.order)
    asked = window(select, arguments, marking.read)
    name = (kind.__name__, select.parents and select.parents[0], select.order, arguments, moment)
    found = await (context.reader.rows(asked.select) if parent is None else _rows(context, name, asked.select, parent))
    rows = asked.rows(found)
    marks = [marking.write(row) for row in rows]
    edges = [Edge(cursor=mark, node=kind.of(row, moment)) for mark, row in zip(marks, rows, strict=True)]

    async def count() -> int:
        return await _count(context, name, select, parent)

    return Connection(edges=edges, page_info=asked.info(found, marks), counter=count)


async def fetch_one(context: Context, kind: type[View], to: str, key: Hashable, moment: Moment) -> Any:
    """The object whose `to` column has this value, or None; those asked for at once are read together.

    By effective date, what is dated is there from its day on; any other record is folded from the facts of that time.
    """
    if moment.effective_on is not None and to == "id" and kind.table.dated is None:
        return await _effective(context, kind, key, moment)

    async def load(keys: list[Any]) -> list[Any]:
        conditions = (among(to, keys), *readable(kind, context.reading()))
        select = Select(kind.table, moment.position, conditions, on=moment.effective_on)
        found = {getattr(row, to): kind.of(row, moment) for row in await context.reader.rows(select)}
        return [found.get(each) for each in keys]

    return await context.loader((kind.__name__, to, moment), load).load(key)


async def _effective(context: Context, kind: type[View], id: Any, moment: Moment) -> Any:
    """One record as it was on an effective date, by the facts recorded up to the position."""
    allowed = Select(kind.table, moment.position, (equals("id", id), *readable(kind, context.reading())))
    if not await context.reader.rows(allowed):
        return None
    row = await context.reader.effective(kind.table, id, moment)
    return None if row is None else kind.of(row, moment)


async def _rows(context: Context, name: Hashable, select: Select, parent: Hashable) -> Any:
    async def load(parents: list[Any]) -> list[Any]:
        assert select.parents is not None
        together = replace(select, parents=(select.parents[0], parents))
        found: dict[Any, list[Any]] = {each: [] for each in parents}
        for key, *values in await context.reader.fetch(together.rows()):
            found[key].append(msgspec.convert(values, select.table.row))
        return [found[each] for each in parents]

    return await context.loader(("rows", name), load).load(parent)


async def _count(context: Context, name: Hashable, select: Select, parent: Hashable) -> int:
    if parent is None:
        return int((await context.reader.fetch(select.count()))[0][0])

    async def load(parents: list[Any]) -> list[int]:
        assert select.parents is not None
        together = replace(select, parents=(select.parents[0], parents))
        found = dict(await context.reader.fetch(together.count()))
        return [found.get(each, 0) for each in parents]

    return int(await context.loader(("count", name), load).load(parent))


def _orders(names: Sequence[str]) -> tuple[Order, ...]:
    return tuple(Order(each.lstrip("-"), each.startswith("-")) for each in names)


def _lazy(target: str) -> tuple[Callable[[], type[View]], Any]:
    """A view that may be declared further on, and its annotation."""
    module, _, name = target.rpartition(".")
    return lambda: VIEWS[name], Annotated[name, strawberry.lazy(module)]
