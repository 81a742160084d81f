"""What is a caller told whose command could not be carried out just now?"""

from typing import Any
from uuid import uuid4

import pytest

from service.domain.refusal import Busy
from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import CITY, Api

pytestmark = pytest.mark.anyio
RENAME = """mutation($input: DivisionRenameInput!) { divisionRename(input: $input) { errors {
    __typename code
    ... on VersionConflictError { actualVersion changesSince { version kind actor } }
    ... on TryLaterError { retryAfter } } } }"""


async def rename(api: Api, viewer: Actor, **given: Any) -> list[dict[str, Any]]:
    """The errors of a renaming."""
    given = {"idempotencyKey": str(uuid4()), "name": "新名", **given}
    errors: list[dict[str, Any]] = (await api.ask(RENAME, viewer, input=given))["divisionRename"]["errors"]
    return errors


@pytest.fixture
async def lankao(api: Api) -> str:
    """A county that was renamed twice."""
    selected = "division { id }"
    made = await api.done("divisionDefine", CITY, selected, code="410225", name="兰考县", kind="COUNTY")
    for name in ("甲县", "乙县"):
        await rename(api, CITY, id=made["division"]["id"], name=name)
    id: str = made["division"]["id"]
    return id


async def test_a_version_conflict_tells_what_has_changed_since(api: Api, lankao: str) -> None:
    (conflict,) = await rename(api, CITY, id=lankao, expectedVersion=1)
    assert (conflict["code"], conflict["actualVersion"]) == ("VERSION_CONFLICT", 3)
    assert [(change["version"], change["kind"]) for change in conflict["changesSince"]] == [
        (2, "DIVISION_RENAMED"),
        (3, "DIVISION_RENAMED"),
    ]


async def test_whom_the_record_is_none_of_his_business_learns_no_version(api: Api, lankao: str) -> None:
    stranger = Actor("elsewhere", (Grant(Role.CITY_FIC, "410100"),))
    (refused,) = await rename(api, stranger, id=lankao, expectedVersion=1)
    assert refused == {"__typename": "CommandError", "code": "OUT_OF_SCOPE"}


async def test_who_should_come_later_is_told_when(api: Api, lankao: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.ledger.committer.MOST_WAITING", 0)
    (busy,) = await rename(api, CITY, id=lankao)
    assert busy == {"__typename": "TryLaterError", "code": "BUSY", "retryAfter": Busy.retry_after}
