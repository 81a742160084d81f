"""Does the whole nation come in by the same import?"""

from pathlib import Path

import pytest

from service.ledger.migrate import migrate
from service.resources import ledger
from tests.bench.nation import TOWNSHIPS, fetch, load, nation

pytestmark = pytest.mark.anyio
ABOVE = 31 + 342 + 2_978
"""Provinces, prefectures and counties."""


async def test_the_townships_of_the_nation_load_through_the_same_commands(database: str, tmp_path: Path) -> None:
    content = nation(fetch(tmp_path))
    migrate(database)
    async with ledger(database) as opened:
        first, again = await load(opened, content), await load(opened, content)
    assert (first.defined, first.errors) == (ABOVE + TOWNSHIPS, ())
    assert (again.defined, again.unchanged) == (0, ABOVE + TOWNSHIPS)
