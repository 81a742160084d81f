"""Does a file of divisions come in whole or not at all, and once however often it comes?"""

import asyncio
from datetime import date
from importlib.resources import files
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from service.domain.decision import Request
from service.domain.division import Division, DivisionState
from service.domain.record import Recorded, Source
from service.domain.refusal import LedgerUnavailable, OutOfScope
from service.domain.roles import Actor, Grant, Role
from service.imports.divisions import ImportResult, import_divisions
from service.imports.standing import Standing
from service.ledger.ledger import Ledger
from tests.imports.conftest import TREE, file

pytestmark = pytest.mark.anyio
CITY_FIC = Actor("city-fic", (Grant(Role.CITY_FIC),))
AUDITOR = Actor("auditor", (Grant(Role.AUDITOR),))
KAIFENG = (files("service.demo") / "data" / "kaifeng_divisions.csv").read_bytes()

OTHERS_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()"""


async def bring(ledger: Ledger, content: bytes, actor: Actor = CITY_FIC, **more: Any) -> ImportResult:
    return await import_divisions(ledger, content, actor, **more)


def head(ledger: Ledger) -> int:
    """The position of the last event."""
    return ledger.store.commands.max_notification_id() or 0


def events(ledger: Ledger) -> list[Recorded]:
    notifications = ledger.store.commands.select_notifications(1, 1_000)
    found = [ledger.store.mapper.to_domain_event(each) for each in notifications]
    return [each for each in found if isinstance(each, Recorded)]


def standing(ledger: Ledger, code: str) -> Division:
    return Standing.of(ledger.store).open[code]


async def abolish(ledger: Ledger, division: Division) -> None:
    command = Division.commands["abolish"]
    request = Request(
        command=command, actor=CITY_FIC, key=uuid4(), source=Source.API, record=division.id, reason="gone"
    )
    await ledger.execute(request)


def wrong(result: ImportResult) -> list[tuple[int, str | None, str]]:
    return [(error.line, error.column, error.code) for error in result.errors]


async def test_kaifengs_file_defines_its_135_divisions_and_defines_them_once(ledger: Ledger) -> None:
    assert await bring(ledger, KAIFENG) == ImportResult(defined=135)
    before = head(ledger)
    assert await bring(ledger, KAIFENG) == ImportResult(unchanged=135)
    assert head(ledger) == before


async def test_three_bad_rows_are_three_errors_and_nothing_is_written(ledger: Ledger) -> None:
    bad = ("41,,province,,,,,", "410203,顺河区,duchy,410200,,,,", "410204001,相国寺街道,street,410204,,,,")
    result = await bring(ledger, file(*TREE, *bad))
    assert wrong(result) == [
        (7, "name", "BAD_USER_INPUT"),
        (8, "kind", "UNKNOWN_KIND"),
        (9, "parent_code", "UNKNOWN_PARENT"),
    ]
    assert head(ledger) == 0
    assert all(" | " in error.message for error in result.errors)


async def test_the_rows_need_no_order(ledger: Ledger) -> None:
    assert (await bring(ledger, file(*reversed(TREE)))).defined == len(TREE)


async def test_a_row_below_a_bad_one_is_not_blamed_for_it(ledger: Ledger) -> None:
    result = await bring(ledger, file("410200,,prefecture,,,,,", "410202,龙亭区,district,410200,,,,"))
    assert wrong(result) == [(2, "name", "BAD_USER_INPUT")]


async def test_another_name_or_kind_renames(ledger: Ledger) -> None:
    await bring(ledger, file(*TREE))
    row = "410202001,书店街镇,town,410202,410202,2,true,"
    assert await bring(ledger, file(row)) == ImportResult(renamed=1)
    division = standing(ledger, "410202001")
    assert (division.name, division.kind) == ("书店街镇", "TOWN")


async def test_another_manager_takes_over_for_a_reason(ledger: Ledger) -> None:
    await bring(ledger, file(*TREE))
    row = "410202001,北书店街道,street,410202,4102X1,2,true,"
    assert await bring(ledger, file(row)) == ImportResult(handed_over=1)
    assert standing(ledger, "410202001").managed_by == standing(ledger, "4102X1").id
    assert events(ledger)[-1].envelope.reason


async def test_managers_may_change_places(ledger: Ledger) -> None:
    await bring(ledger, file("10,甲,district,,,,,", "11,乙,district,,10,,,", "12,丙,district,,11,,,"))
    turned = file("12,丙,district,,10,,,", "11,乙,district,,12,,,")
    assert await bring(ledger, turned) == ImportResult(handed_over=2)


async def test_a_code_that_was_given_up_defines_another_place(ledger: Ledger) -> None:
    await bring(ledger, file(*TREE))
    first = standing(ledger, "410202001")
    await abolish(ledger, first)
    assert (await bring(ledger, file(*TREE))).defined == 1
    assert standing(ledger, "410202001").id != first.id


async def test_without_a_manager_the_one_above_manages(ledger: Ledger) -> None:
    await bring(ledger, file("410200,开封市,prefecture,,,,,", "410202,龙亭区,district,410200,,,,"))
    assert standing(ledger, "410202").managed_by == standing(ledger, "410200").id
    assert (await bring(ledger, file("410202,龙亭区,district,410200,410200,,,"))).unchanged == 1


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["41,甲省,province,41,,,,"], [(2, "managed_by", "CIRCLE")]),
        (
            ["41,甲,province,42,,,,", "42,乙,province,41,,,,", "43,丙,province,42,,,,"],
            [(2, "managed_by", "CIRCLE"), (3, "managed_by", "CIRCLE")],
        ),
        (["41,甲省,province,,,,,", "41,乙省,province,,,,,"], [(3, "code", "DUPLICATE_CODE")]),
        (["41,甲省,province,,99,,,"], [(2, "managed_by", "UNKNOWN_MANAGER")]),
    ],
    ids=["above itself", "two above each other", "one code twice", "unknown manager"],
)
async def test_rows_must_fit_each_other(ledger: Ledger, rows: list[str], expected: list[object]) -> None:
    assert wrong(await bring(ledger, file(*rows))) == expected
    assert head(ledger) == 0


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("410202,龙亭区,district,4102X1,410200,,,", ("parent_code", "PARENT_FIXED")),
        ("410202,龙亭区,district,410200,410202001,,,", ("managed_by", "CIRCLE")),
    ],
    ids=["another parent", "managed from below"],
)
async def test_rows_must_fit_the_log(ledger: Ledger, row: str, expected: tuple[str, str]) -> None:
    await bring(ledger, file(*TREE))
    assert wrong(await bring(ledger, file(row))) == [(2, *expected)]


async def test_a_manager_cannot_be_taken_away(ledger: Ledger) -> None:
    await bring(ledger, file("41,甲省,province,,,,,", "42,乙省,province,,41,,,"))
    assert wrong(await bring(ledger, file("42,乙省,province,,,,,"))) == [(2, "managed_by", "MANAGER_NEEDED")]


async def test_a_dry_run_says_what_would_be_done(ledger: Ledger) -> None:
    assert await bring(ledger, file(*TREE), dry_run=True) == ImportResult(defined=len(TREE))
    assert head(ledger) == 0


async def test_who_may_not_define_divisions_imports_none(ledger: Ledger) -> None:
    with pytest.raises(OutOfScope):
        await bring(ledger, file(*TREE), AUDITOR)
    assert head(ledger) == 0


async def test_every_event_says_where_it_came_from_and_since_when_it_holds(ledger: Ledger) -> None:
    await bring(ledger, file(*TREE), effective_on=date(2023, 6, 30))
    told = {(event.envelope.source, event.envelope.effective_on) for event in events(ledger)}
    assert told == {(Source.IMPORT, date(2023, 6, 30))}


async def test_an_import_that_was_cut_off_goes_on_when_the_file_comes_again(ledger: Ledger) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 5:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await bring(ledger, KAIFENG, report=stop)
    defined = len(Standing.of(ledger.store).open)
    assert 5 <= defined < 135
    assert await bring(ledger, KAIFENG) == ImportResult(defined=135 - defined, unchanged=defined)


async def test_a_database_that_is_read_only_is_no_fault_of_the_rows(ledger: Ledger, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        connection.execute(OTHERS_OUT)
    with pytest.raises(LedgerUnavailable):
        await bring(ledger, file(*TREE))


async def test_progress_is_told(ledger: Ledger) -> None:
    told: list[tuple[int, int]] = []
    await bring(ledger, file(*TREE), report=lambda done, total: told.append((done, total)))
    assert told == [(n, len(TREE)) for n in range(1, len(TREE) + 1)]
    assert standing(ledger, "410200").state is DivisionState.OPEN
