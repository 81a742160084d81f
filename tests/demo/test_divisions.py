"""Do the divisions end as the carried file has them, by way of every change that was seen?"""

from datetime import date

import pytest

from projections.engine.connection import Connection
from service.demo.divisions import ids, origins
from service.demo.places import Place, changes, places
from service.domain.division import Division, DivisionKind
from service.domain.record import Recorded

OPEN = """
SELECT d.code, d.name, d.kind, coalesce(p.code, ''), coalesce(m.code, ''), d.villages, d.code !~ 'X',
       coalesce(d.note, '')
FROM views.division d LEFT JOIN views.division p ON p.id = d.parent LEFT JOIN views.division m ON m.id = d.managed_by
WHERE d.state = 'OPEN'"""


def division(events: list[Recorded], code: str) -> Division:
    """The division that has, or had last, this code."""
    found = Division(ids()[code])
    for event in events:
        if event.originator_id == found.id:
            found.remember(event)
    return found


def test_the_open_divisions_are_the_carried_file(connection: Connection) -> None:
    open_now = {Place(row[0], row[1], DivisionKind(row[2]), *row[3:]) for row in connection.execute(OPEN)}
    assert open_now == set(places())
    assert len(places()) == 135


@pytest.mark.parametrize(
    ("code", "state"), [("410211", "MERGED"), ("410223203", "ABOLISHED"), ("410223204", "ABOLISHED")]
)
def test_what_is_no_more_is_closed(events: list[Recorded], code: str, state: str) -> None:
    assert division(events, code).state == state


def test_a_county_that_became_a_district_keeps_its_id_and_its_old_code(events: list[Recorded]) -> None:
    xiangfu = division(events, "410212")
    assert (xiangfu.name, xiangfu.kind, xiangfu.former_codes) == ("祥符区", "DISTRICT", ("410224",))


def test_each_division_begins_as_the_oldest_edition_has_it() -> None:
    begun = {(origin.code, origin.name, str(origin.kind)) for origin in origins() if origin.place.name != origin.name}
    assert begun == {
        ("410205", "南关区", "DISTRICT"),
        ("410211", "郊区", "DISTRICT"),
        ("410224", "开封县", "COUNTY"),
        ("410202008", "宋城街道", "STREET"),
        ("410202009", "新城街道", "STREET"),
        ("410202203", "西郊乡", "TOWNSHIP"),
        ("410212100", "城关镇", "TOWN"),
    }


def test_every_change_that_was_seen_is_an_event_with_its_source(events: list[Recorded]) -> None:
    told = {
        (event.envelope.effective_on, event.envelope.basis)
        for event in events
        if event.originator_id in set(ids().values())
    }
    assert {(change.until, change.source) for change in changes()} <= told
    assert {change.until for change in changes()} == {date(2005, 6, 30), date(2014, 12, 31), date(2023, 6, 30)}


def test_dates_that_are_ours_say_so(events: list[Recorded]) -> None:
    of_divisions = [event for event in events if event.fact.topic.startswith("division.")]
    assert all("本示范设定" in (event.envelope.reason or "") for event in of_divisions)


def test_the_demonstration_zone_manages_what_lies_in_its_neighbour(connection: Connection) -> None:
    query = """
        SELECT count(*), count(*) FILTER (WHERE p.code = '410202') FROM views.division d
        JOIN views.division m ON m.id = d.managed_by JOIN views.division p ON p.id = d.parent WHERE m.code = '4102X1'"""
    assert connection.execute(query).fetchone() == (8, 8)
