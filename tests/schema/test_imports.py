"""Does a file of Kaifeng's 124 township-level units come in whole or not at all, as a front end sees it?"""

from importlib.resources import files

import pytest

from service.domain.record import Source
from service.imports.divisions import import_divisions
from tests.schema.conftest import CITY, Api

pytestmark = pytest.mark.anyio
HEAD, *ROWS = (files("service.demo") / "data" / "kaifeng_divisions.csv").read_text(encoding="utf-8").splitlines()
ABOVE = [row for row in ROWS if len(row.split(",")[0]) == 6]
UNITS = [row for row in ROWS if len(row.split(",")[0]) == 9]
COUNTED = "{ divisions { totalCount } townshipCoverage { totalCount } coverage { townships none } }"


def content(rows: list[str]) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


async def counted(api: Api) -> list[int]:
    found = await api.ask(COUNTED)
    return [found["divisions"]["totalCount"], found["townshipCoverage"]["totalCount"], found["coverage"]["none"]]


async def seen(api: Api) -> None:
    async with api.pool.connection() as connection:
        row = await (await connection.execute("SELECT max(notification_id) FROM ledger.shanghui_events")).fetchone()
    assert row
    assert await api.runner.reached(row[0], 10)


async def test_124_units_are_defined_once_and_three_bad_rows_stop_the_whole_file(api: Api) -> None:
    await import_divisions(api.ledger, content(ABOVE), CITY, source=Source.IMPORT)
    bad = [UNITS[0].replace("street", "planet"), f"12{UNITS[1]}", UNITS[2].replace(",410202,", ",999999,", 1)]
    refused = await import_divisions(api.ledger, content([*bad, *UNITS[3:]]), CITY, source=Source.IMPORT)
    assert len({error.line for error in refused.errors}) == 3
    await seen(api)
    assert await counted(api) == [11, 0, 0]
    first = await import_divisions(api.ledger, content(UNITS), CITY, source=Source.IMPORT)
    again = await import_divisions(api.ledger, content(UNITS), CITY, source=Source.IMPORT)
    assert (first.defined, again.defined, again.unchanged) == (124, 0, 124)
    await seen(api)
    assert await counted(api) == [135, 116, 116]
