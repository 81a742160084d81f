"""Do the views of the whole demonstration city tell the truth, now and at any past position?"""

from collections.abc import Iterator

import pytest

from projections import ALL
from projections.engine import Store
from projections.engine.compare import fingerprint, first_difference
from projections.engine.connection import Connection, connect
from projections.engine.rebuild import build, rebuild
from projections.engine.table import VIEWS, Layout
from service.ledger.log import EventLog
from service.resources import acting, views

TABLES = [table for projection in ALL for table in projection.tables]
EVERY = 50


@pytest.fixture
def connection(city: str) -> Iterator[Connection]:
    with connect(acting(city)) as connection:
        yield connection


def pictures(connection: Connection, layout: Layout = VIEWS, at: int | None = None) -> dict[str, str]:
    return {table.name: fingerprint(connection, table, layout, at) for table in TABLES}


def histories(connection: Connection) -> list[object]:
    sql = "SELECT md5(coalesce(string_agg(r::text, '\n' ORDER BY r::text COLLATE \"C\"), '')) FROM views.{} AS r"
    names = [name for table in TABLES for name in table.stored if name != table.name]
    return [connection.execute(sql.format(name).encode()).fetchone() for name in names]


def test_dropping_every_view_and_rebuilding_gives_byte_equal_tables(city: str, connection: Connection) -> None:
    before = pictures(connection), histories(connection)
    connection.execute("DROP SCHEMA views CASCADE")
    rebuild(acting(city), views())
    assert (pictures(connection), histories(connection)) == before


def test_the_live_path_and_a_rebuild_give_byte_equal_tables(city: str, connection: Connection) -> None:
    layout = Layout("lived")
    lived = build(acting(city), views(), layout, 0)
    lived.catch_up(connection)
    for table in TABLES:
        assert first_difference(connection, table, layout) is None, table
    connection.execute("DROP SCHEMA lived CASCADE")


def test_every_fiftieth_position_as_of_then_equals_the_views_stopped_there(city: str, connection: Connection) -> None:
    layout, log = Layout("stopped"), EventLog()
    build(acting(city), views(), layout, 0)
    stopped = Store(log, ALL, layout)
    compared = 0
    while stopped.turn(connection, EVERY):
        position = stopped.tracking.read(connection)[0].position
        assert pictures(connection, at=position) == pictures(connection, layout), position
        compared += 1
    assert compared >= log.head(connection) // EVERY
    connection.execute("DROP SCHEMA stopped CASCADE")


@pytest.mark.parametrize("share", [0.1, 0.37, 0.52, 0.81, 0.99])
def test_a_rebuild_stopped_in_the_past_equals_the_past(city: str, connection: Connection, share: float) -> None:
    position = int(EventLog().head(connection) * share)
    layout = Layout("past")
    build(acting(city), views(), layout, position)
    assert pictures(connection, at=position) == pictures(connection, layout)
    connection.execute("DROP SCHEMA past CASCADE")
