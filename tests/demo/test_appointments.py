"""Has everybody in office in the demonstration been through the whole procedure, and did some not come far?"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

import pytest

from projections.engine.connection import Connection
from service.domain.appointment_terms import AppointmentState, TermEnding
from service.domain.record import Recorded

PROCEDURE = ("nominated", "evaluation_recorded", "inspection_recorded", "pre_appointment_talk_held",
             "public_notice_opened", "united_front_consented", "candidate_approved", "elected")  # fmt: skip


@pytest.fixture
def ways(events: list[Recorded]) -> dict[UUID, list[str]]:
    """What happened to each candidate."""
    found = defaultdict(list)
    for event in events:
        if event.fact.topic.startswith("appointment."):
            found[event.originator_id].append(event.fact.topic.removeprefix("appointment."))
    return found


def values(connection: Connection, query: str) -> list[object]:
    return [row[0] for row in connection.execute(query.encode())]


def went(way: Sequence[str]) -> bool:
    return tuple(way[: len(PROCEDURE)]) == PROCEDURE


def test_nobody_holds_an_office_without_the_whole_procedure(
    connection: Connection, ways: dict[UUID, list[str]]
) -> None:
    held = values(connection, "SELECT id FROM views.appointment WHERE state IN ('IN_OFFICE', 'ENDED')")
    assert len(held) > 98
    assert all(went(ways[UUID(str(each))]) for each in held)


def test_every_registered_chamber_has_one_president_in_office_and_shows_him(connection: Connection) -> None:
    query = """
    SELECT officers::jsonb @> jsonb_build_array(jsonb_build_object('post', 'PRESIDENT', 'person', a.person))
    FROM views.chamber c JOIN views.chamber_content USING (content_id) LEFT JOIN views.appointment a
      ON a.chamber_id = c.id AND a.post = 'PRESIDENT' AND a.state = 'IN_OFFICE'
    WHERE c.state = 'REGISTERED'"""
    assert Counter(values(connection, query)) == {True: 98}


def test_candidates_stand_in_every_state_that_lasts(connection: Connection) -> None:
    states = Counter(map(str, values(connection, "SELECT state FROM views.appointment")))
    passing = {AppointmentState.EVALUATED, AppointmentState.TALKED, AppointmentState.APPROVED}
    assert set(AppointmentState) - set(states) <= passing
    assert (states["REJECTED"], states["WITHDRAWN"]) == (2, 2)


def test_one_candidate_found_no_majority(ways: dict[UUID, list[str]]) -> None:
    assert Counter(way[-1] for way in ways.values())["not_elected"] == 1


def test_terms_expire_and_officers_resign(connection: Connection) -> None:
    endings = Counter(map(str, values(connection, "SELECT ending FROM views.appointment WHERE ending IS NOT NULL")))
    assert endings == {TermEnding.EXPIRED: 1, TermEnding.RESIGNED: 4}
