"""Can an auditor read events and changes from the command line?"""

import asyncio

import pytest

from projections.engine.connection import connect
from schema.scalars import encode_id
from service.cli.reading import following_events
from service.domain.identifiers import name_id
from service.ledger.log import EventLog
from tests.cli.conftest import Cli, define

LANKAO = name_id("division/410225")


@pytest.mark.usefixtures("recorded")
def test_the_last_events_are_shown_in_order(cli: Cli) -> None:
    events = cli("events", "tail", "--limit", 2, "--json").lines
    assert [event["position"] for event in events] == [5, 6]
    assert events[1]["topic"] == "division.defined"
    assert events[1]["fact"]["name"] == "考城镇"
    assert (events[1]["envelope"]["role"], events[1]["envelope"]["source"]) == ("CITY_FIC", "API")


@pytest.mark.usefixtures("recorded")
def test_events_after_a_position_are_shown(cli: Cli) -> None:
    events = cli("events", "tail", "--after", 2, "--limit", 3, "--json").lines
    assert [event["position"] for event in events] == [3, 4, 5]


@pytest.mark.usefixtures("migrated")
def test_an_empty_log_has_no_last_event(cli: Cli) -> None:
    assert cli("events", "tail").out == ""


@pytest.mark.parametrize("name", ["410225", str(LANKAO), encode_id("Division", LANKAO)])
@pytest.mark.usefixtures("recorded")
def test_a_record_is_found_by_any_of_its_names(cli: Cli, name: str) -> None:
    (change,) = cli("diff", name, "--from", 0, "--json").lines
    assert (change["kind"], change["actor"]) == ("DIVISION_DEFINED", "city-fic")
    assert {"path": "name", "label": "名称", "label_en": "name", "before": "", "after": "兰考县"} in change["fields"]


@pytest.mark.usefixtures("recorded")
def test_nothing_changed_before_the_first_moment_or_after_the_last(cli: Cli) -> None:
    assert cli("diff", "410225", "--from", 4, "--json").out == ""
    assert cli("diff", "410225", "--from", 0, "--to", "2020-01-01", "--json").out == ""


@pytest.mark.usefixtures("recorded")
def test_a_record_that_is_not_there_is_named(cli: Cli) -> None:
    ran = cli("diff", "419999", "--from", 0)
    assert (ran.code, ran.err.splitlines()[-1]) == (
        1,
        "NOT_FOUND: 没有 419999 所指的记录 | No record has the id or code 419999",
    )


def test_what_comes_later_is_followed(recorded: str) -> None:
    with connect(recorded) as connection:
        following = following_events(connection, EventLog(), 5)
        assert next(following).position == 6
        asyncio.run(define(recorded, ("410202", "龙亭区", "DISTRICT", "410200")))
        assert [next(following).position, next(following).position] == [7, 8]
