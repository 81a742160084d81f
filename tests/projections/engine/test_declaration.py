"""Is a declaration that cannot work refused where it stands?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from projections.engine import Event, Key, Projection, Row, Tally, View, table
from projections.engine.row import Column, columns_of
from service.domain.division import Defined, DivisionKind
from service.domain.identifiers import name_id
from tests.projections.engine.town import DiaryRow, HolderRow, KindRow, Seat, Town, TownRow, kinds, towns


class Every(Row):
    text: str
    number: int
    truth: bool
    id: UUID
    day: date
    money: Decimal | None
    kind: DivisionKind
    many: tuple[str, ...]
    ids: tuple[UUID, ...]
    parts: tuple[Seat, ...]
    seat: Seat | None


class Odd(Row):
    share: float


def test_columns_follow_from_annotations() -> None:
    types = {column.name: column.type for column in columns_of(Every)}
    assert list(types.values()) == [
        "text", "bigint", "boolean", "uuid", "date", "numeric", "text", "text[]", "uuid[]", "json", "json",
    ]  # fmt: skip
    assert [column.name for column in columns_of(Every) if column.nullable] == ["money", "seat"]


def test_an_annotation_is_looked_through() -> None:
    assert Column("area", "numeric", nullable=False) in columns_of(TownRow)


@pytest.mark.parametrize(
    ("row", "key", "indexes"),
    [
        (Odd, ("share",), ()),
        (Every, ("nothing",), ()),
        (Every, ("id",), (("nothing",),)),
        (Every, ("money",), ()),
        (Every, (), ()),
    ],
    ids=["type", "key", "index", "nullable key", "no key"],
)
def test_a_table_that_cannot_be_is_refused(row: type[Row], key: tuple[str, ...], indexes: tuple[()]) -> None:
    with pytest.raises(TypeError):
        table("odd", key=key, indexes=indexes)(row)


@pytest.mark.parametrize("name", ["town_history", "town_content", "town_version", "town_standing"])
def test_a_table_is_not_named_like_one_of_the_engines_own(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        table(name, key=("id",))(TownRow)


@pytest.mark.parametrize("apart", ["id", "names", "nothing"])
def test_what_rows_are_looked_for_by_does_not_stand_apart(apart: str) -> None:
    with pytest.raises(TypeError, match="apart"):
        table("odd", key=("id",), indexes=(("names",),), apart=(apart,))(TownRow)


def test_nothing_of_a_log_stands_apart() -> None:
    with pytest.raises(TypeError, match="apart"):
        table("odd", log=True, apart=("name",))(DiaryRow)


def test_the_rows_of_a_log_are_log_rows() -> None:
    with pytest.raises(TypeError, match="LogRow"):
        table("odd", log=True)(Every)


def test_a_fact_is_folded_once() -> None:
    def fold(row: HolderRow, _: Event[Defined]) -> HolderRow:
        return row

    view = View(HolderRow)
    view.on(Defined, key=_seat)(fold)
    with pytest.raises(TypeError, match="Defined"):
        view.on(Defined, key=_seat)(fold)


@pytest.mark.parametrize("seldom", ["code", "nothing"])
def test_what_no_index_begins_with_is_not_found_seldom(seldom: str) -> None:
    with pytest.raises(TypeError, match="begins with"):
        table("odd", key=("id",), indexes=(("kind", "code"),), seldom=(seldom,))(TownRow)


def test_a_log_has_no_history_to_find_anything_in() -> None:
    with pytest.raises(TypeError, match="begins with"):
        table("odd", log=True, seldom=("position",))(DiaryRow)


def test_a_row_of_a_longer_key_needs_to_be_told_apart() -> None:
    with pytest.raises(TypeError, match="key"):
        View(HolderRow).on(Defined)


def test_a_fold_answers_with_the_row_it_was_asked_for(town: Town) -> None:
    def fold(_: HolderRow | None, e: Event[Defined]) -> HolderRow:
        return HolderRow(e.originator_id, "other")

    view = View(HolderRow)
    view.on(Defined, key=_seat)(fold)
    (event,) = town.record((name_id("here"), Defined("1", "乡", DivisionKind.TOWN)))
    with pytest.raises(ValueError, match="other"):
        view.fold(None, event, view.keys(event)[0])


def test_a_tally_comes_after_its_view() -> None:
    with pytest.raises(TypeError, match="stands before"):
        Projection("odd", kinds, towns)


def test_a_tally_has_sums_only() -> None:
    with pytest.raises(TypeError, match="a sum"):
        Tally(TownRow, of=View(KindRow))


def _seat(e: Event[Defined]) -> Key:
    return (e.originator_id, "seat")
