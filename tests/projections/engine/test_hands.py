"""Is all that is left to PostgreSQL done, once, on one connection or the other?"""

from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest

from projections.engine.connection import Cursor
from projections.engine.hands import Work, hasty, two_at_a_time


class Cut(Exception):
    """It went wrong."""


def do(uri: str, works: Iterable[Work]) -> None:
    with hasty(uri) as connection, connection.cursor(binary=True) as cursor:
        two_at_a_time(uri, cursor, works)


def test_every_work_is_done_once(uri: str) -> None:
    done: list[Any] = []

    def work(number: int, cursor: Cursor) -> None:
        done.extend(cursor.execute("SELECT %s::int", [number]).fetchall())

    do(uri, (partial(work, number) for number in range(50)))
    assert sorted(done) == [(number,) for number in range(50)]


def test_after_a_failure_on_either_connection_nothing_more_is_begun(uri: str) -> None:
    def fail(_: Cursor) -> None:
        raise Cut

    begun: list[Cursor] = []
    with pytest.raises(Cut):
        do(uri, [fail, fail, *[begun.append] * 50])
    assert begun == []
