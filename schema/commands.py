"""How does a declared command become a mutation: input, errors, labels, all from the one declaration?"""

from __future__ import annotations

from typing import Any

import strawberry
from psycopg.sql import SQL
from strawberry.types import Info

from schema.changes import BY_POSITION, Change
from schema.context import Context, context_of
from schema.errors import user_error
from schema.inputs import Inputs
from schema.moment import NOW
from schema.names import mutation_name
from schema.payloads import READ_YOUR_WRITES, payload, told
from schema.runs import views_rebuild, views_replay
from schema.scope import readable
from schema.statement import Select, Statement, Values, compares, equals
from schema.upkeep import projection_resume
from schema.views import VIEWS
from service.domain.command import Command
from service.domain.record import RECORDS
from service.domain.refusal import Refused, VersionConflict

MOST_CHANGES = 100
"""How many changes a version conflict tells of, the first of them first."""
LAST_POSITION_OF = SQL(
    "SELECT coalesce(max(notification_id), 0) FROM ledger.shanghui_events WHERE originator_id = {id}"
)


def mutations() -> type[Any]:
    """The mutation type: every command of every record that has a view, and what concerns the views themselves."""
    fields: dict[str, Any] = {
        "projection_resume": projection_resume,
        "views_rebuild": views_rebuild,
        "views_replay": views_replay,
    }
    for record in RECORDS.values():
        if record.__name__ in VIEWS:
            for command in record.commands.values():
                fields[mutation_name(command)] = _mutation(command)
    return strawberry.type(type("Mutation", (), fields), description="操作 | Every command, in serial order")


def _mutation(command: Command) -> Any:
    inputs, payload_type = Inputs(command), payload(command)

    async def resolve(info: Any, input: Any, dry_run: bool = False) -> Any:
        context = context_of(info)
        try:
            request = inputs.request(input, context.actor(), context.client)
            outcome = await context.ledger.execute(request, dry_run=dry_run)
        except VersionConflict as stale:
            return payload_type(errors=[user_error(stale, await _changes_since(context, stale))])
        except Refused as refused:
            return payload_type(errors=[user_error(refused)])
        return told(payload_type, outcome)

    resolve.__annotations__ = {"info": Info, "input": inputs.type, "dry_run": bool, "return": payload_type}
    name, text = mutation_name(command), command.text
    return strawberry.mutation(resolve, name=name, description=text, metadata={"inputs": inputs})


async def _changes_since(context: Context, stale: VersionConflict) -> list[Change]:
    """What happened to the record since the version that its caller had read, as far as he may see it."""
    values = Values()
    query = LAST_POSITION_OF.format(id=values.bind(stale.record))
    await context.views.reached((await context.reader.fetch(Statement(query, values)))[0][0], READ_YOUR_WRITES)
    later = (equals("record_id", stale.record), compares("{} > {}", "version", stale.expected))
    select = Select(Change.table, None, (*later, *readable(Change, context.reading())), BY_POSITION, MOST_CHANGES)
    return [Change.of(row, NOW) for row in await context.reader.rows(select)]
