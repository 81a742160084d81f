"""Is a claim held against exactly what the events yield, now and at any position, and are those events found?"""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from psycopg.sql import SQL

from projections.article import DERIVATIONS, claims
from projections.change_history import ChangeRow
from projections.claims import Claim, Derivation, figures
from projections.engine.connection import Connection, connect
from service.domain.chamber_registration import FiledForRegistration, RegistrationGranted
from service.resources import acting

STANDING = Derivation(
    figure="count(*)", rows="{chamber} AS t WHERE t.registered_on IS NOT NULL", facts=(RegistrationGranted,)
)
BY_UNIT = Derivation(
    figure="sum(t.townships)", rows="{unit_coverage} AS t", facts=(RegistrationGranted,), each="t.unit_id"
)


@pytest.fixture
def connection(city: str) -> Iterator[Connection]:
    with connect(acting(city)) as connection:
        yield connection


def claim(id: str) -> Claim:
    return next(each for each in claims() if each.id == id)


def holds(id: str, *amounts: str) -> bool:
    return claim(id).holds([Decimal(each) for each in amounts])


def written(id: str, *amounts: str) -> str:
    return claim(id).written([Decimal(each) for each in amounts])


def found(connection: Connection, *derivations: Derivation, at: int | None = None) -> list[list[Decimal]]:
    sql, parameters = figures(derivations, at)
    row = connection.execute(sql, parameters).fetchone()
    assert row is not None
    return list(row)


def events(connection: Connection, derivation: Derivation, at: int | None = None) -> int:
    changes, of_changes = ChangeRow.table.source(at)
    condition, parameters = derivation.behind(at)
    sql = SQL("SELECT count(*) FROM {} AS t WHERE {}").format(changes, condition)
    row = connection.execute(sql, parameters | of_changes).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize(
    ("id", "amount", "expected"),
    [
        ("disputes_resolved", "126", True),
        ("disputes_resolved", "127", False),
        ("donation", "670000000.00", True),
        ("donation", "670000000.01", True),
        ("donation", "669999999.99", False),
        ("on_site", "30", False),
        ("on_site", "31", True),
        ("on_site", "39", True),
        ("on_site", "40", False),
    ],
)
def test_a_claim_holds_as_its_comparator_says(id: str, amount: str, expected: bool) -> None:
    assert holds(id, amount) is expected


def test_every_one_of_several_figures_must_bear_a_claim_out() -> None:
    assert holds("demonstrations", "1", "3")
    assert not holds("demonstrations", "1", "4")


def test_a_claim_about_nothing_does_not_hold() -> None:
    assert not holds("demonstrations")


def test_money_is_written_to_the_fen_and_a_count_without_places() -> None:
    assert written("investment", "1860000000") == "1860000000.00"
    assert written("disputes_resolved", "126.0") == "126"


def test_a_figure_is_never_rounded_into_holding() -> None:
    assert written("townships_supervised", "0.99") == "0.99"
    assert not holds("townships_supervised", "0.99")


def test_of_several_figures_the_least_and_the_most_are_written() -> None:
    assert written("demonstrations", "3", "1", "2") == "1–3"
    assert written("demonstrations", "2", "2") == "2"


def test_there_are_fourteen_claims_and_derivations_for_no_others() -> None:
    known = [each.id for each in claims()]
    assert len(known) == 14
    assert set(DERIVATIONS) <= set(known)


def test_a_figure_is_derived_from_the_views_and_opens_to_its_events(connection: Connection) -> None:
    ((count,),) = found(connection, STANDING)
    assert count == events(connection, STANDING) > 90


def test_the_past_has_its_own_figure_and_its_own_events(connection: Connection) -> None:
    ((count,),) = found(connection, STANDING, at=2000)
    assert count == events(connection, STANDING, at=2000)
    assert 0 < count < 60


def test_a_figure_may_be_of_each_of_many(connection: Connection) -> None:
    (counts,) = found(connection, BY_UNIT)
    assert [int(each) for each in counts] == [6, 7, 7, 8, 8, 13, 15, 15, 16, 21]


def test_several_figures_are_of_one_moment(connection: Connection) -> None:
    assert len(found(connection, STANDING, BY_UNIT)) == 2
    assert found(connection) == []


def test_a_sum_of_nothing_is_no_figure(connection: Connection) -> None:
    nothing = Derivation(figure="sum(t.funds)", rows="{chamber} AS t WHERE t.name = ''", facts=(RegistrationGranted,))
    assert found(connection, nothing) == [[]]


def test_a_record_may_count_by_its_last_event(connection: Connection) -> None:
    rows = "{chamber} AS t WHERE t.filed_on IS NOT NULL"
    every = Derivation(figure="count(*)", rows=rows, facts=(FiledForRegistration,))
    last = Derivation(figure="count(*)", rows=rows, facts=(FiledForRegistration,), last=True)
    ((count,),) = found(connection, last)
    assert events(connection, every) > events(connection, last) == count


@pytest.mark.parametrize("id", DERIVATIONS)
def test_the_demonstration_city_bears_every_claim_out(connection: Connection, id: str) -> None:
    (amounts,) = found(connection, DERIVATIONS[id])
    assert claim(id).holds(amounts), amounts
    assert events(connection, DERIVATIONS[id])


def test_a_presidents_assessment_has_five_aspects_by_the_edition_in_force(connection: Connection) -> None:
    aspects = DERIVATIONS["assessment_aspects"]
    ((derived,),) = found(connection, aspects)
    assert claim("assessment_aspects").holds([derived])
    assert derived == events(connection, aspects) == 5


@pytest.mark.parametrize("id", ["investment", "donation"])
def test_the_money_in_the_events_behind_a_sum_adds_up_to_it(connection: Connection, id: str) -> None:
    condition, parameters = DERIVATIONS[id].behind()
    sql = SQL(
        "SELECT sum((f->>'after')::numeric - (f->>'before')::numeric) FROM views.change AS t,"
        " json_array_elements(t.fields) AS f WHERE f->>'path' = 'verifiedAmount' AND {}"
    ).format(condition)
    ((figure,),) = found(connection, DERIVATIONS[id])
    assert connection.execute(sql, parameters).fetchone() == (figure,)
    assert claim(id).holds([figure])


def test_honours_are_as_many_as_the_events_that_conferred_them(connection: Connection) -> None:
    ((commended,), by_county) = found(connection, DERIVATIONS["commendations"], DERIVATIONS["demonstrations"])
    assert commended == 13
    assert len(by_county) == 10
    assert [min(by_county), max(by_county)] == [1, 3]
    assert events(connection, DERIVATIONS["commendations"]) == 13
    assert events(connection, DERIVATIONS["demonstrations"]) == sum(by_county) == 20
