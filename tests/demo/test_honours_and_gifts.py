"""Do honours, Party branches and contributions of the demonstration come out as the plan says, and no others count?"""

from decimal import Decimal
from typing import Any

import pytest

from projections.engine.connection import Connection
from service.demo.giving import FEN_OF_WAN, shares
from service.demo.places import plans

WAN = Decimal(10_000)
GIVEN = """
SELECT d.code, sum(t.verified_amount) FROM views.contribution AS t
JOIN views.division AS p ON p.id = t.division_id JOIN views.division AS d ON d.id = p.managed_by
WHERE t.kind = %s AND t.state = 'VERIFIED' GROUP BY d.code"""
BY_DAY = "SELECT kind, sum(amount), sum(contributions) FROM views.contribution_day GROUP BY kind ORDER BY kind"
HELD = """
SELECT {} FROM views.recognition AS t WHERE t.state = 'CONFERRED' AND t.kind = %s GROUP BY {} ORDER BY {}"""


def rows(connection: Connection, sql: str, *values: Any) -> list[Any]:
    return connection.execute(sql.encode(), values).fetchall()


def held(connection: Connection, kind: str, by: str) -> dict[Any, int]:
    """How many of a kind are held, by a column."""
    return dict(rows(connection, HELD.format(f"{by}, count(*)", by, by), kind))


@pytest.mark.parametrize(("kind", "column"), [("INVESTMENT", "investment_wan"), ("DONATION", "donation_wan")])
def test_every_unit_has_the_plans_contributions_to_the_fen(connection: Connection, kind: str, column: str) -> None:
    assert dict(rows(connection, GIVEN, kind)) == {plan.unit: getattr(plan, column) * WAN for plan in plans()}


def test_the_sums_by_day_are_those_of_the_article(connection: Connection) -> None:
    totals = {kind: amount for kind, amount, _ in rows(connection, BY_DAY)}
    assert totals == {"DONATION": Decimal("670000000.00"), "INVESTMENT": Decimal("1860000000.00")}


def test_what_is_unverified_or_void_is_there_and_does_not_count(connection: Connection) -> None:
    states = dict(rows(connection, "SELECT state, count(*) FROM views.contribution GROUP BY state"))
    assert states.keys() == {"RECORDED", "VERIFIED", "VOIDED"}
    counted = sum(count for _, _, count in rows(connection, BY_DAY))
    assert counted == states["VERIFIED"]
    assert rows(connection, "SELECT DISTINCT verified_amount FROM views.contribution WHERE state <> 'VERIFIED'") == [
        (Decimal(0),)
    ]


def test_every_unit_has_the_plans_demonstrations_from_one_to_three(connection: Connection) -> None:
    sql = """SELECT d.code, count(*) FROM views.recognition AS t JOIN views.division AS d ON d.id = t.county_id
        WHERE t.state = 'CONFERRED' AND t.kind = 'DEMONSTRATION' GROUP BY d.code"""
    found = dict(rows(connection, sql))
    assert found == {plan.unit: plan.demonstrations for plan in plans()}
    assert (min(found.values()), max(found.values()), sum(found.values())) == (1, 3, 20)


def test_thirteen_commendations_came_from_three_levels(connection: Connection) -> None:
    assert held(connection, "COMMENDATION", "t.level") == {"NATIONAL": 2, "PROVINCIAL": 4, "CITY": 7}


def test_there_are_branches_of_every_number_of_stars(connection: Connection) -> None:
    assert held(connection, "FIVE_STAR_BRANCH", "t.stars") == dict.fromkeys(range(1, 6), 5)


def test_the_older_four_good_chambers_are_no_longer_that(connection: Connection) -> None:
    sql = (
        "SELECT cycle, state, count(*) > 3 FROM views.recognition WHERE kind = 'FOUR_GOOD' GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert rows(connection, sql) == [(2024, "DECLINED", False), (2024, "EXPIRED", True), (2025, "CONFERRED", True)]


def test_most_registered_chambers_have_a_branch_and_some_have_none(connection: Connection) -> None:
    sql = """SELECT count(*), count(b.id), count(*) FILTER (WHERE b.concurrent_commissioner)
        FROM views.chamber AS c LEFT JOIN views.party_branch AS b ON b.chamber_id = c.id AND b.state = 'ACTIVE'
        WHERE c.state IN ('REGISTERED', 'SUSPENDED')"""
    ((registered, branched, pilot),) = rows(connection, sql)
    assert registered == 98
    assert registered * 3 / 4 < branched < registered
    assert 0 < pilot < branched


def test_a_sum_is_cut_to_the_fen_and_nothing_is_lost() -> None:
    parts = shares(3_465 * FEN_OF_WAN, [f"seed {n}" for n in range(7)])
    assert sum(parts) == 3_465 * WAN
    assert all(part > 0 and part == part.quantize(Decimal("0.01")) for part in parts)
