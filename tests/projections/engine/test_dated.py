"""Are facts, and sums of them, there from the day on which they happened, as far as was known at a position?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from psycopg.sql import SQL

from projections.engine import Event, Projection, Row, Share, Store, Tally, View, replace, table
from projections.engine.rebuild import ensure
from projections.engine.table import Table
from service.domain.division import Defined, DivisionKind, Recoded
from service.domain.identifiers import name_id
from service.ledger.log import EventLog
from tests.projections.engine.town import SMALL, Town, TownRow

GIFT = name_id("gift")


@table("gift", key=("id",), dated="given_on")
class GiftRow(Row):
    id: UUID
    given_on: date
    amount: Decimal


@table("gifts_of_day", key=("given_on",), dated="given_on")
class DayRow(Row):
    given_on: date
    amount: Decimal


gifts = View(GiftRow)


@gifts.on(Defined)
def given(_: GiftRow | None, e: Event[Defined]) -> GiftRow:
    return GiftRow(e.originator_id, e.envelope.effective_on, Decimal(e.fact.code))


@gifts.on(Recoded)
def corrected(row: GiftRow, e: Event[Recoded]) -> GiftRow:
    return replace(row, amount=Decimal(e.fact.code))


days = Tally(DayRow, of=gifts)


@days.counts
def share(row: GiftRow) -> Share:
    return (row.given_on,), {"amount": row.amount}


@pytest.fixture
def gave(uri: str, town: Town) -> tuple[Town, date]:
    """A gift at position 1, two positions of silence, a correction at position 4; and the day of the gift."""
    store = Store(EventLog(), [Projection("gifts", gifts, days)], SMALL)
    ensure(uri, store)
    (event,) = town.record((GIFT, Defined("100000", "捐赠", DivisionKind.TOWN)))
    town.record((GIFT, Recoded("10000", "捐赠", DivisionKind.TOWN)), gap=2)
    store.catch_up(town.connection)
    return town, event.envelope.effective_on


def total(town: Town, of: Table[GiftRow] | Table[DayRow], position: int, on: date) -> Decimal:
    source = of.source(position, SMALL, on)
    query = SQL("SELECT coalesce(sum(amount), 0) FROM {} AS t").format(source.sql)
    (row,) = town.connection.execute(query, source.parameters).fetchall()
    return Decimal(row[0])


@pytest.mark.parametrize("of", [GiftRow.table, DayRow.table], ids=["rows", "sums"])
@pytest.mark.parametrize(
    ("position", "days_later", "amount"), [(0, 0, 0), (1, -1, 0), (1, 0, 100_000), (3, 9, 100_000), (4, 0, 10_000)]
)
def test_a_fact_counts_from_its_day_on_as_it_was_known(
    gave: tuple[Town, date], of: Table[GiftRow] | Table[DayRow], position: int, days_later: int, amount: int
) -> None:
    town, day = gave
    assert total(town, of, position, day + timedelta(days=days_later)) == amount


def test_what_has_no_day_cannot_be_asked_for_by_one() -> None:
    with pytest.raises(ValueError, match="no day"):
        TownRow.table.source(1, SMALL, date(2024, 1, 1))


def test_a_day_is_a_date_that_every_row_has() -> None:
    with pytest.raises(TypeError, match="no day"):
        table("odd", key=("id",), dated="amount")(GiftRow)
