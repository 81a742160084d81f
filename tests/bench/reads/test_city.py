"""Is the city what the measurements say it is?"""

from collections.abc import Iterator

import psycopg
import pytest

from tests.bench.reads.city import Size, events
from tests.bench.reads.database import fill

SMALL = Size(units=2, townships=6, events=650)
COUNTS = """
SELECT (SELECT count(*) FROM views.chamber), (SELECT count(*) FROM views.chamber_member),
       (SELECT count(*) FROM views.annual_inspection), (SELECT count(*) FROM views.change)"""


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    fill(database, SMALL)
    with psycopg.connect(database) as connection:
        yield connection


def test_every_township_has_a_chamber_with_fifteen_members_and_four_inspections(
    connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    assert connection.execute(COUNTS).fetchone() == (6, 90, 24, 650)


def test_every_chamber_is_registered(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    assert connection.execute("SELECT DISTINCT state FROM views.chamber").fetchall() == [("REGISTERED",)]


def test_no_projection_stumbles(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    assert connection.execute("SELECT name FROM views.projection WHERE parked_at IS NOT NULL").fetchall() == []


def test_a_seed_makes_the_same_city_each_time() -> None:
    assert list(events(SMALL)) == list(events(SMALL))


def test_recorded_times_follow_positions() -> None:
    times = [event.envelope.recorded_at for event in events(SMALL)]
    assert times == sorted(set(times))


def test_too_few_events_make_no_city() -> None:
    with pytest.raises(ValueError, match="fewer than the city needs"):
        list(events(SMALL._replace(events=100)))
