"""Does the demonstration print its claims as they were derived?"""

from projections.article import DERIVATIONS
from projections.claims import Derivation
from projections.engine.connection import Connection
from service.demo.figures import figures, findings
from service.domain.division import Defined

UNITS = Derivation(figure="count(*)", rows="{unit_coverage} AS t", facts=(Defined,), record="t.unit_id")


def test_a_claim_is_printed_with_what_was_derived_for_it(connection: Connection) -> None:
    assert findings(connection, {"counties": UNITS}) == [
        {
            "id": "counties",
            "figure": "10个县区",
            "comparator": "EQ",
            "low": "10",
            "high": "10",
            "derived": "10",
            "holds": True,
        }
    ]


def test_only_what_can_be_derived_is_listed(connection: Connection) -> None:
    assert {finding["id"] for finding in figures(connection)["claims"]} == set(DERIVATIONS)
