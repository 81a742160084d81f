"""A ledger on a fresh database, and a file to import."""

from collections.abc import AsyncIterator

import pytest

from service.ledger.ledger import Ledger
from service.ledger.migrate import migrate
from service.resources import ledger as opened

HEADER = "code,name,kind,parent_code,managed_by,villages,in_nbs_2023,note"
TREE = (
    "410200,开封市,prefecture,,,,true,",
    "410202,龙亭区,district,410200,410200,,true,",
    "4102X1,示范区,functional_area,410200,410200,,false,local code",
    "410202001,北书店街道,street,410202,410202,2,true,",
    "410202006,城西街道,street,410202,4102X1,10,true,",
)


def file(*rows: str, header: str = HEADER) -> bytes:
    """A file with these rows."""
    return "\n".join([header, *rows, ""]).encode()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def ledger(database: str) -> AsyncIterator[Ledger]:
    migrate(database)
    async with opened(database) as ledger:
        yield ledger
