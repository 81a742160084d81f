"""Do the mediation bodies of the demonstration settle what its plan says, and leave the rest as life does?"""

from projections.engine.connection import Connection
from service.demo.figures import figures
from service.demo.places import plans
from service.domain.mediation_outcome import AgreementReached
from service.domain.record import Recorded

BY_UNIT = """
SELECT u.code, count(DISTINCT b.chamber_id) FILTER (WHERE b.state = 'ACTIVE'),
       (SELECT count(*) FROM views.mediation_case AS c JOIN views.division AS t ON t.id = c.division_id
        WHERE t.managed_by = u.id AND c.outcome = 'RESOLVED')
FROM views.mediation_body AS b JOIN views.division AS d ON d.id = b.division_id
JOIN views.division AS u ON u.id = d.managed_by GROUP BY u.id, u.code"""
ENDS = "SELECT coalesce(outcome, 'OPEN'), count(*) FROM views.mediation_case GROUP BY 1"


def test_each_unit_has_the_bodies_and_the_settled_disputes_of_the_plan(connection: Connection) -> None:
    found = {code: (bodies, resolved) for code, bodies, resolved in connection.execute(BY_UNIT).fetchall()}
    assert found == {plan.unit: (plan.mediation_chambers, plan.disputes_resolved) for plan in plans()}


def test_57_chambers_mediate_and_126_disputes_are_resolved(connection: Connection) -> None:
    claims = {each["id"]: each for each in figures(connection)["claims"]}
    for claim, derived in (("mediation_chambers", "57"), ("disputes_resolved", "126")):
        assert (claims[claim]["derived"], claims[claim]["holds"]) == (derived, True)


def test_every_resolved_dispute_is_one_agreement(events: list[Recorded]) -> None:
    agreed = [event.originator_id for event in events if isinstance(event.fact, AgreementReached)]
    assert len(agreed) == len(set(agreed)) == 126


def test_disputes_end_in_every_way_and_some_are_still_open(connection: Connection) -> None:
    found = {outcome for outcome, _ in connection.execute(ENDS).fetchall()}
    assert found == {"RESOLVED", "TERMINATED", "DECLINED", "WITHDRAWN", "OPEN"}


def test_bodies_are_in_every_state(connection: Connection) -> None:
    states = {row[0] for row in connection.execute("SELECT DISTINCT state FROM views.mediation_body").fetchall()}
    assert states == {"PROPOSED", "ACTIVE", "SUSPENDED", "DISSOLVED", "DROPPED"}


def test_a_dissolved_body_has_a_successor_and_no_case_left(connection: Connection) -> None:
    [(chamber, left)] = connection.execute(
        "SELECT chamber_id, open_cases FROM views.mediation_body WHERE state = 'DISSOLVED'"
    ).fetchall()
    [(living,)] = connection.execute(
        "SELECT count(*) FROM views.mediation_body WHERE chamber_id = %s AND state = 'ACTIVE'", [chamber]
    ).fetchall()
    assert (left, living) == (0, 1)
