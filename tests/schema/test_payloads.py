"""Is the outcome of a command told although the views do not show it yet?"""

from typing import Any
from uuid import uuid4

import pytest

from tests.schema.conftest import CITY, Api

pytestmark = pytest.mark.anyio
GIVEN = {"code": "410225", "name": "兰考县", "kind": "COUNTY"}


@pytest.fixture
async def halted(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """An API whose views stand still."""
    monkeypatch.setattr("schema.payloads.READ_YOUR_WRITES", 0.05)
    api.runner.stop()
    return api


async def define(api: Api, select: str, *, dry_run: bool = False) -> Any:
    text = f"""mutation($input: DivisionDefineInput!, $dryRun: Boolean!) {{
        divisionDefine(input: $input, dryRun: $dryRun) {{ position errors {{ code }} {select} }} }}"""
    return await api.run(text, CITY, input={"idempotencyKey": str(uuid4()), **GIVEN}, dryRun=dry_run)


async def test_what_the_log_tells_does_not_wait_for_the_views(halted: Api) -> None:
    result = await define(halted, "")
    assert result.errors is None
    assert result.data == {"divisionDefine": {"position": "2", "errors": []}}


@pytest.mark.parametrize("field", ["division { name }", "change { kind }", "query { position }"])
async def test_what_the_views_do_not_show_in_time_is_stale_but_the_position_is_told(halted: Api, field: str) -> None:
    name, _, _ = field.partition(" ")
    result = await define(halted, field)
    assert result.data == {"divisionDefine": {"position": "2", "errors": [], name: None}}
    (error,) = result.errors
    assert (error.path, error.original_error.extensions["code"]) == (["divisionDefine", name], "STALE_READ")


async def test_what_is_read_of_a_payload_shows_the_write(api: Api) -> None:
    result = await define(api, "division { name } change { kind } query { divisions { totalCount } }")
    payload = result.data["divisionDefine"]
    assert payload["division"] == {"name": "兰考县"}
    assert payload["change"] == {"kind": "DIVISION_DEFINED"}
    assert payload["query"] == {"divisions": {"totalCount": 1}}


async def test_a_dry_run_has_nothing_to_wait_for(halted: Api) -> None:
    result = await define(halted, "division { name } change { kind } query { position }", dry_run=True)
    assert result.data["divisionDefine"] == {
        "position": None,
        "errors": [],
        "division": None,
        "change": None,
        "query": {"position": "0"},
    }
