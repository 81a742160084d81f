"""Which position does a moment mean that somebody names on the command line?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import sql

from projections.change_history import ChangeRow
from projections.engine.connection import connect
from service.resources import views

AT = """
SELECT coalesce(
    (SELECT position FROM {changes} WHERE recorded_at <= %s ORDER BY recorded_at DESC, position DESC LIMIT 1), 0)"""


def position_at(uri: str, moment: int | datetime | None) -> int:
    """The last position recorded by a moment, or by now, once the views have come as far as the log."""
    store = views()
    with connect(uri) as connection:
        store.catch_up(connection)
        head = store.events.head(connection)
        if moment is None or isinstance(moment, int):
            return head if moment is None else min(moment, head)
        query = sql.SQL(AT).format(changes=ChangeRow.table.source().sql)
        row: Any = connection.execute(query, [moment]).fetchone()
        return int(row[0])
