"""How is an object found again by its id, now or as of the moment in it?"""

from __future__ import annotations

from asyncio import gather
from typing import Any

import strawberry
from strawberry.types import Info

from schema.audit import Node
from schema.context import Context, context_of
from schema.moment import Moment, moment_of
from schema.positions import reach
from schema.relations import Named, declared
from schema.scalars import decode_id
from schema.views import VIEWS, fetch_one


def single(kind: Any) -> Any:
    """A root field: the one object of a view that has this id; null for one that the viewer may not read."""

    async def resolve(self: Any, info: Any, id: Any) -> Any:
        return await of_kind(context_of(info), kind, id, moment_of(self))

    resolve.__annotations__ = {"info": Info, "id": strawberry.ID, "return": kind | None}
    return declared(Named("id", lambda: kind))(strawberry.field(resolver=resolve))


async def nodes_of(context: Context, ids: list[strawberry.ID], moment: Moment) -> list[Any]:
    """Objects by their ids, each at the moment in its id, else at that of the question."""
    return list(await gather(*(node_of(context, each, moment) for each in ids)))


async def node_of(context: Context, id: str, moment: Moment) -> Any:
    """The object with this id; None for one that is unknown, malformed or not the viewer's to read."""
    decoded = decode_id(id)
    context.reading()
    if decoded is None or not issubclass(VIEWS.get(decoded[0], object), Node):
        return None
    kind, uuid, position = decoded
    if position is not None:
        await reach(context, position)
        moment = Moment(position, moment.effective_on)
    return await fetch_one(context, VIEWS[kind], "id", uuid, moment)


async def of_kind(context: Context, kind: Any, id: Any, moment: Moment) -> Any:
    """The same, if it is an object of this kind."""
    found = await node_of(context, str(id), moment)
    return found if isinstance(found, kind) else None
