"""What may be asked about divisions, and what may be done to them?"""

import pytest

from tests.schema.conftest import CITY, Api

pytestmark = pytest.mark.anyio


async def test_a_division_is_defined_and_read_back_in_one_request(api: Api) -> None:
    payload = await api.done(
        "divisionDefine",
        CITY,
        "position division { id code name kind state version lastChange { kind actor fields { path after } } }"
        " change { position kind movement recordId }",
        code="410225", name="兰考县", kind="COUNTY",
    )  # fmt: skip
    assert payload["division"]["name"] == "兰考县"
    assert payload["change"]["kind"] == "DIVISION_DEFINED"
