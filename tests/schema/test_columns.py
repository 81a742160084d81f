"""Is a column printed as GraphQL prints its scalar, whatever stands in it and however the database likes its dates?"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest

from projections.engine.row import Position
from schema.compiled.bindings import NotPlannable
from schema.compiled.columns import document, printed
from schema.compiled.compiler import MISSING
from schema.compiled.texts import LONGEST, Known, list_of, object_of, sql
from service.domain.chamber_record import Officer
from service.domain.chamber_terms import ChamberState
from service.ledger.migrate import migrate
from service.resources import READ_ONLY, acting

UNTAME = "商会 'q' \"d\" \\ \\u0041 {} $1 %s \b\f\n\r\t\x01\x1f\x7f '|| '"
TIME = datetime(2026, 1, 2, 3, 4, 5, 600, UTC)


def read(database: str, expression: str, *values: Any) -> Any:
    migrate(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET datestyle = 'German'")
    with psycopg.connect(acting(database, READ_ONLY), cursor_factory=psycopg.RawCursor) as connection:
        row = connection.execute(f"SELECT {expression}".encode(), values).fetchone()
    assert row is not None
    return json.loads(row[0])


@pytest.mark.parametrize(
    ("annotation", "type", "value", "expected"),
    [
        (str, "text", UNTAME, UNTAME),
        (str | None, "text", None, None),
        (int, "bigint", -7, -7),
        (Position, "bigint", 2**62, str(2**62)),
        (Position | None, "bigint", None, None),
        (bool | None, "boolean", False, False),
        (UUID, "uuid", UUID(int=9), str(UUID(int=9))),
        (date | None, "date", date(2026, 1, 2), "2026-01-02"),
        (datetime, "timestamptz", TIME, "2026-01-02T03:04:05.000600Z"),
        (Decimal, "numeric", Decimal("30000.00"), "30000.00"),
        (ChamberState, "text", ChamberState.REGISTERED, "REGISTERED"),
        (tuple[str, ...], "text[]", [UNTAME, ""], [UNTAME, ""]),
    ],
)
def test_a_value_is_printed_as_its_scalar_is(
    database: str, annotation: Any, type: str, value: Any, expected: Any
) -> None:
    assert read(database, sql(printed(annotation, f"$1::{type}")), value) == expected


def test_of_a_document_only_what_is_selected_is_printed_as_it_is_kept(database: str) -> None:
    kept = json.dumps([{"post": "CHAIR", "name": UNTAME}, {"post": "DEPUTY", "name": None}])
    selected = document(tuple[Officer, ...], "$1::json", {"n": "name", "__typename": "__typename"}, "Officer")
    assert read(database, sql(selected), kept) == [
        {"n": UNTAME, "__typename": "Officer"},
        {"n": None, "__typename": "Officer"},
    ]


def test_nothing_selected_is_an_empty_object_and_no_rows_an_empty_list(database: str) -> None:
    empty = object_of({"object": object_of({}), "list": list_of("SELECT 'x' AS v WHERE false")})
    assert read(database, sql(empty)) == {"object": {}, "list": []}


def test_known_text_ends_no_literal(database: str) -> None:
    assert read(database, sql((Known("\"it's"), Known("' || '\"")))) == "it's' || '"


@pytest.mark.parametrize("value", ["a division", None])
def test_what_must_lead_somewhere_fails_only_when_it_does_not(database: str, value: str | None) -> None:
    led = "coalesce((SELECT '1' WHERE {}), " + MISSING.format("$1::text") + ")"
    assert read(database, led.format(True), value) == 1
    with pytest.raises(psycopg.errors.InvalidTextRepresentation, match=f"nothing for {value or ''}"):
        read(database, led.format(False), value)


def test_no_plan_is_made_of_a_name_that_nobody_needs() -> None:
    with pytest.raises(NotPlannable):
        object_of({"n" * (LONGEST + 1): (Known("1"),)})
