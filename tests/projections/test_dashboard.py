"""Do the figures of the units follow their records, wherever they are managed from?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Self, TypeVar
from uuid import UUID

import pytest

from projections.dashboard import DashboardRow, Figures, PlaceFiguresRow, chamber_counts, dashboard, places
from projections.engine.connection import Connection, connect
from projections.engine.row import Key, Row
from projections.engine.sheet import Sheet, Sheets
from projections.engine.table import Table
from projections.engine.view import Batch, Moment
from service.domain.chamber import Chamber
from service.domain.division import Abolished, Defined, DivisionKind, ManagerChanged
from service.domain.identifiers import name_id
from service.domain.party_branch import BranchApproved, BranchDissolved, BranchForm, BranchProposed
from service.domain.record import RECORDS, Fact, Recorded
from service.resources import acting
from tests.projections.engine.town import envelope_of
from tests.projections.watched import read_of_all

CITY, COUNTY, OTHER, TOWN = (name_id(f"division/{code}") for code in ("4102", "410225", "410221", "410225103"))
R = TypeVar("R", bound=Row)
CHAMBER, BRANCH = UUID(int=1), UUID(int=2)


def _recalled(moment: Moment, _: Sequence[Recorded]) -> list[Moment]:
    return [moment]


class Memory(Sheets):
    """Sheets that hold all there is."""

    def fetch(self, table: Table[R], keys: Iterable[Key]) -> Sheet[R]:
        sheet = self.by_table.get(table)
        return Sheet() if sheet is None else sheet


class Story:
    """Events that happen one after the other, and the figures after them."""

    def __init__(self) -> None:
        self.sheets, self._positions = Memory(), count(1)
        self._records = {id: RECORDS["division"](id) for id in (CITY, COUNTY, OTHER, TOWN)}
        self._records[BRANCH] = RECORDS["party_branch"](BRANCH)

    def told(self, id: UUID, *facts: Fact) -> Self:
        for fact in facts:
            record = self._records[id]
            event = Recorded(id, record.version + 1, fact, envelope_of(1), next(self._positions))
            before = record.fork()
            record.remember(event)
            moment = Moment(event, before, record.fork())
            dashboard.advance(Batch([event], partial(_recalled, moment)), self.sheets)
            for sheet in self.sheets.by_table.values():
                sheet.changes.clear()
        return self

    def of(self, unit: UUID) -> tuple[int, int] | None:
        """How many townships a unit has, and how many with a branch."""
        row = self.sheets.by_table[DashboardRow.table].at((unit,)).row
        return row and (row.townships, row.with_branch)


@pytest.fixture
def story() -> Story:
    place = Defined("410225103", "考城镇", DivisionKind.TOWN, COUNTY, COUNTY)
    unit = Defined("410225", "兰考县", DivisionKind.COUNTY, CITY, CITY)
    return Story().told(COUNTY, unit).told(TOWN, place)


def test_a_unit_counts_its_townships(story: Story) -> None:
    assert story.of(COUNTY) == (1, 0)


def test_a_figure_rises_and_falls_with_its_record(story: Story) -> None:
    story.told(BRANCH, BranchProposed(CHAMBER, TOWN, 3), BranchApproved(BranchForm.SINGLE))
    assert story.of(COUNTY) == (1, 1)
    story.told(BRANCH, BranchDissolved())
    assert story.of(COUNTY) == (1, 0)


def test_figures_move_with_their_township_to_another_unit(story: Story) -> None:
    story.told(BRANCH, BranchProposed(CHAMBER, TOWN, 3), BranchApproved(BranchForm.SINGLE))
    story.told(TOWN, ManagerChanged(OTHER))
    assert story.of(OTHER) == (1, 1)
    assert story.of(COUNTY) is None


def test_a_closed_township_counts_no_more(story: Story) -> None:
    assert story.told(TOWN, Abolished()).of(COUNTY) is None


def test_what_a_chamber_counts_for_follows_from_the_fields_that_are_named(city: str) -> None:
    assert read_of_all(city, Chamber, chamber_counts) == places.sources[Chamber]


@pytest.fixture
def connection(city: str) -> Iterator[Connection]:
    with connect(acting(city)) as connection:
        yield connection


SAME = {
    "townships": "SELECT sum(townships) FROM views.unit_coverage",
    "registered": "SELECT sum(registered) FROM views.unit_coverage",
    "in_progress": "SELECT sum(in_progress) FROM views.unit_coverage",
    "findings_open": "SELECT sum(findings_open) FROM views.unit_supervision",
}


@pytest.mark.parametrize("figure", SAME)
def test_the_city_s_figures_are_those_of_the_views_that_list_them(connection: Connection, figure: str) -> None:
    mine = connection.execute(f"SELECT sum({figure}) FROM views.dashboard".encode()).fetchone()
    assert mine == connection.execute(SAME[figure].encode()).fetchone()


def test_a_unit_s_figures_are_the_sums_of_its_places(connection: Connection) -> None:
    sums = ", ".join(f"sum({name})" for name in Figures.__struct_fields__)
    units = f"SELECT unit_id, {sums} FROM views.dashboard GROUP BY unit_id ORDER BY unit_id"
    places = f"SELECT unit_id, {sums} FROM views.place_figures WHERE unit_id IS NOT NULL GROUP BY unit_id"
    found = connection.execute(units.encode()).fetchall()
    assert found == connection.execute(f"{places} HAVING sum(townships) > 0 ORDER BY unit_id".encode()).fetchall()
    assert all(isinstance(value, Decimal) for _, *values in found for value in values)
    assert PlaceFiguresRow.table.name == "place_figures"
