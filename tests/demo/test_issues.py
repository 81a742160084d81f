"""Does each unit of the city solve as many issues as planned (scenario 15), and do the others end otherwise?"""

from projections.engine.connection import Connection
from service.demo.places import plans, units

BY_UNIT = """
SELECT d.code, u.solved, u.solved_on_site FROM views.unit_issues AS u JOIN views.division AS d ON d.id = u.unit_id"""
ON_SITE = "SELECT DISTINCT channel FROM views.issue WHERE on_site"
STATES = "SELECT DISTINCT state FROM views.issue"
CLIMBED = "SELECT max(json_array_length(told)) FROM views.issue WHERE state IN ('SOLVED', 'CLOSED')"
CAMPAIGNS = "SELECT count(DISTINCT campaign) FROM views.issue"
OPEN = "SELECT count(*), count(DISTINCT level) FROM views.blocker"
REOPENED = "SELECT count(*) FROM views.issue WHERE reopened > 0 AND state = 'ASSIGNED'"


def asked(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query.encode()).fetchall()


def test_each_unit_solves_as_many_as_planned_and_so_many_on_site(connection: Connection) -> None:
    planned = {(plan.unit, plan.issues_solved_total, plan.issues_solved_on_site) for plan in plans()}
    found = asked(connection, BY_UNIT)
    assert set(found) == planned
    assert {code for code, *_ in found} == set(units())
    assert (sum(row[1] for row in planned), sum(row[2] for row in planned)) == (186, 36)


def test_what_was_solved_on_site_was_solved_offline(connection: Connection) -> None:
    assert asked(connection, ON_SITE) == [("OFFLINE",)]


def test_issues_are_in_every_state(connection: Connection) -> None:
    assert {state for (state,) in asked(connection, STATES)} == {"RAISED", "ASSIGNED", "SOLVED", "CLOSED", "DECLINED"}


def test_some_climbed_through_three_levels_before_they_were_solved(connection: Connection) -> None:
    assert asked(connection, CLIMBED) == [(6,)]


def test_three_campaigns_are_served_and_some_issues_came_back(connection: Connection) -> None:
    assert asked(connection, CAMPAIGNS) == [(3,)]
    assert asked(connection, REOPENED)[0] != (0,)


def test_blockers_are_open_at_every_level(connection: Connection) -> None:
    count, levels = asked(connection, OPEN)[0]
    assert isinstance(count, int)
    assert count > 3
    assert levels == 3
