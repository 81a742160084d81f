"""Is a claim held against exactly what was derived for it?"""

from decimal import Decimal

import pytest

from projections.engine.connection import Connection
from service.demo.figures import DERIVATIONS, Derivation, Finding, claims, figures, findings

UNITS = "SELECT count(*) FROM views.unit_coverage"


def derived(*amounts: str) -> Derivation:
    return lambda _: [Decimal(amount) for amount in amounts]


def found(connection: Connection, id: str, *amounts: str) -> Finding:
    (finding,) = findings(connection, {id: derived(*amounts)})
    return finding


def test_a_claim_is_derived_from_the_views(connection: Connection) -> None:
    def count(views: Connection) -> list[Decimal]:
        return [Decimal(row[0]) for row in views.execute(UNITS)]

    assert findings(connection, {"counties": count}) == [
        {
            "id": "counties",
            "figure": "10个县区",
            "comparator": "EQ",
            "low": 10,
            "high": 10,
            "derived": 10,
            "holds": True,
        }
    ]


@pytest.mark.parametrize(
    ("id", "amount", "holds"),
    [
        ("disputes_resolved", "126", True),
        ("disputes_resolved", "127", False),
        ("donation", "670000000.00", True),
        ("donation", "670000000.01", True),
        ("donation", "669999999.99", False),
        ("on_site", "31", True),
        ("on_site", "39", True),
        ("on_site", "40", False),
    ],
)
def test_a_claim_holds_as_its_comparator_says(connection: Connection, id: str, amount: str, holds: bool) -> None:
    assert found(connection, id, amount)["holds"] is holds


def test_every_one_of_several_figures_must_bear_a_claim_out(connection: Connection) -> None:
    assert found(connection, "demonstrations", "1", "3")["holds"]
    assert not found(connection, "demonstrations", "1", "4")["holds"]


def test_money_is_written_to_the_fen(connection: Connection) -> None:
    assert found(connection, "investment", "1860000000")["derived"] == "1860000000.00"


def test_a_claim_about_nothing_does_not_hold(connection: Connection) -> None:
    assert not found(connection, "demonstrations")["holds"]


def test_only_what_can_be_derived_is_listed(connection: Connection) -> None:
    assert [finding["id"] for finding in figures(connection)["claims"]] == list(DERIVATIONS)


def test_there_are_fourteen_claims_and_derivations_for_no_others() -> None:
    known = [claim.id for claim in claims()]
    assert len(known) == 14
    assert set(DERIVATIONS) <= set(known)
