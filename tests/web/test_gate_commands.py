"""Does a command in a known document go straight to the ledger, and come to the same as on the ordinary path?"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from service.domain.roles import Role
from tests.web.test_gate import ask, ask_in_url, served

pytestmark = pytest.mark.anyio
ERRORS = """errors { __typename code message messageEn path basis
    ... on TryLaterError { retryAfter } ... on NotAllowedInStateError { allowedCommands }
    ... on VersionConflictError { actualVersion } }"""
DEFINE = (
    "mutation Define($input: DivisionDefineInput!, $dry: Boolean! = false)"
    f"{{ made: divisionDefine(input: $input, dryRun: $dry) {{ __typename at: position {ERRORS} }} }}"
)
RENAME = f"mutation($input: DivisionRenameInput!) {{ divisionRename(input: $input) {{ position {ERRORS} }} }}"
FIRST = "2"
"""The position of a division that is there from the start: the code is claimed before it is defined."""
KEY = "00000000-0000-4000-8000-00000000001"
DIVISIONS = "query($p: Position!) { query(minPosition: $p) { divisions { nodes { id name version } } } }"


def division(code: str, n: int = 0, **more: Any) -> dict[str, Any]:
    """The input that defines a division."""
    key = f"00000000-0000-4000-{n:04}-{code:0>12}"
    return {"idempotencyKey": key, "code": code, "name": f"县{code}", "kind": "COUNTY", **more}


@pytest.fixture
async def client(ready_database: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(ready_database) as client:
        assert (await ask(client, DEFINE, input=division("410200")))[0] == "ordinary"
        yield client


async def divisions(client: httpx2.AsyncClient, position: str = FIRST) -> list[dict[str, Any]]:
    """The divisions once the views show a position."""
    _, answer = await ask(client, DIVISIONS, p=position)
    return list(answer["data"]["query"]["divisions"]["nodes"])


async def known(client: httpx2.AsyncClient) -> dict[str, Any]:
    """The one division that was there before it got a new name, which made the document for that known."""
    [found] = await divisions(client)
    key = "00000000-0000-4000-8000-000000000001"
    await ask(client, RENAME, input={"idempotencyKey": key, "id": found["id"], "name": "新县", "kind": "DISTRICT"})
    return found


async def test_a_command_in_a_known_document_is_carried_out(client: httpx2.AsyncClient) -> None:
    path, answer = await ask(client, DEFINE, input=division("410201"))
    made = answer["data"]["made"]
    assert (path, made["__typename"], made["errors"]) == ("compiled", "DivisionDefinePayload", [])
    assert {each["name"] for each in await divisions(client, made["at"])} == {"县410200", "县410201"}


async def test_a_dry_run_writes_nothing_however_the_document_was_used_before(client: httpx2.AsyncClient) -> None:
    for dry, way in ((True, "ordinary"), (False, "compiled"), (True, "compiled")):
        path, answer = await ask(client, DEFINE, input=division("410201" if dry else "410202"), dry=dry)
        assert (path, answer["data"]["made"]["errors"]) == (way, [])
        assert (answer["data"]["made"]["at"] is None) is dry
    assert {each["name"] for each in await divisions(client, "4")} == {"县410200", "县410202"}


async def test_the_same_key_comes_to_the_same(client: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(*(ask(client, DEFINE, input=division("410201")) for _ in range(20)))
    assert {path for path, _ in answers} == {"compiled"}
    assert len({answer["data"]["made"]["at"] for _, answer in answers}) == 1
    path, other = await ask(client, DEFINE, input=division("410201", reason="别的输入"))
    assert (path, other["data"]["made"]["errors"][0]["code"]) == ("compiled", "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize(
    ("role", "input", "code"),
    [
        (Role.CITY_FIC, division("410200", 1), "DUPLICATE"),
        (Role.AUDITOR, division("410203"), "OUT_OF_SCOPE"),
        (Role.CITY_FIC, division("410203", effectiveOn="2999-01-01"), "BAD_USER_INPUT"),
    ],
)
async def test_a_refusal_reads_as_on_the_ordinary_path(
    client: httpx2.AsyncClient, role: Role, input: dict[str, Any], code: str
) -> None:
    (_, _), (path, answer) = [await ask(client, DEFINE, role, input=input) for _ in range(2)]
    ordinary, expected = await ask(client, f"{DEFINE} # not known as yet", role, input=input)
    assert (path, ordinary, answer) == ("compiled", "ordinary", expected)
    assert answer["data"]["made"]["errors"][0]["code"] == code


async def test_a_version_conflict_is_told_and_its_changes_are_the_ordinary_paths(client: httpx2.AsyncClient) -> None:
    found = await known(client)
    stale = {"id": found["id"], "name": "再名", "kind": "DISTRICT", "expectedVersion": found["version"]}
    path, answer = await ask(client, RENAME, input={"idempotencyKey": "00000000-0000-4000-8000-000000000002", **stale})
    error = answer["data"]["divisionRename"]["errors"][0]
    assert (path, error["code"], error["actualVersion"]) == ("compiled", "VERSION_CONFLICT", found["version"] + 1)
    changes = RENAME.replace("{ actualVersion }", "{ changesSince { kind } }")
    for n, given in enumerate(({"name": "又名"}, stale, stale)):
        key = f"00000000-0000-4000-8000-00000000001{n}"
        path, answer = await ask(
            client, changes, input={"idempotencyKey": key, "id": found["id"], "kind": "DISTRICT", **given}
        )
    assert path == "ordinary"
    kinds = [each["kind"] for each in answer["data"]["divisionRename"]["errors"][0]["changesSince"]]
    assert kinds == ["DIVISION_RENAMED"] * 2


READ_BACK = """mutation($input: DivisionRenameInput!, $more: Boolean! = true, $dry: Boolean! = false, $n: Int) {
    divisionRename(input: $input, dryRun: $dry) {
        position errors { code } change { kind position }
        division { id name version ... @include(if: $more) { code history(first: $n) { totalCount nodes { kind } } } }
    } }"""


async def test_what_a_command_made_is_read_back(client: httpx2.AsyncClient) -> None:
    found = await known(client)
    for n, (name, more) in enumerate((("甲县", True), ("乙县", False), ("丙县", True), ("丁县", False))):
        given = {"id": found["id"], "name": name, "kind": "DISTRICT", "idempotencyKey": f"{KEY}{n}"}
        path, answer = await ask(client, READ_BACK, input=given, more=more, n=2)
        told = answer["data"]["divisionRename"]
        assert (path == "compiled") is (n >= 2)
        assert told["change"] == {"kind": "DIVISION_RENAMED", "position": told["position"]}
        expected = {"id": found["id"], "name": name, "version": 3 + n}
        if more:
            history = [{"kind": "DIVISION_DEFINED"}, {"kind": "DIVISION_RENAMED"}]
            expected |= {"code": "410200", "history": {"totalCount": 3 + n, "nodes": history}}
        assert told["division"] == expected


async def test_what_was_refused_or_only_tried_is_not_read_back(client: httpx2.AsyncClient) -> None:
    found = await known(client)
    given = {"id": found["id"], "name": "甲县", "kind": "DISTRICT", "idempotencyKey": f"{KEY}0"}
    await ask(client, READ_BACK, input=given, n=2)
    for n, (more, dry) in enumerate((({}, True), ({"expectedVersion": 1}, False), ({}, True)), 1):
        path, answer = await ask(client, READ_BACK, input=given | more | {"idempotencyKey": f"{KEY}{n}"}, dry=dry, n=2)
        told = answer["data"]["divisionRename"]
        assert path == ("ordinary" if n == 1 else "compiled")
        assert (told["division"], told["change"], told["position"]) == (None, None, None)


async def test_who_may_read_nothing_is_told_by_the_ordinary_path_what_came_of_it(client: httpx2.AsyncClient) -> None:
    given = {"id": (await known(client))["id"], "name": "甲县", "kind": "DISTRICT", "idempotencyKey": f"{KEY}0"}
    await ask(client, READ_BACK, input=given, n=2)
    given["idempotencyKey"] = f"{KEY}1"
    path, answer = await ask(client, READ_BACK, Role.SYSTEM_ADMIN, input=given, n=2)
    [error] = answer["data"]["divisionRename"]["errors"]
    assert (path, error["code"]) == ("ordinary", "OUT_OF_SCOPE")


async def test_commands_of_one_document_are_given_one_after_the_other(client: httpx2.AsyncClient) -> None:
    text = f"""mutation($a: DivisionDefineInput!, $b: DivisionDefineInput!) {{
        a: divisionDefine(input: $a) {{ position {ERRORS} }} b: divisionDefine(input: $b) {{ position {ERRORS} }} }}"""
    for n in range(3):
        a, b = division(f"41021{n}"), division(f"41021{n}", 1)
        path, answer = await ask(client, text, a=a, b=b)
        assert [each["code"] for each in answer["data"]["b"]["errors"]] == ["DUPLICATE"]
        assert answer["data"]["a"]["errors"] == []
        assert path == ("compiled" if n else "ordinary")


async def test_values_written_in_the_document_are_taken(client: httpx2.AsyncClient) -> None:
    text = """mutation { divisionDefine(input: {idempotencyKey: "00000000-0000-4000-8000-0000000000aa",
        code: "410230", name: "县", kind: COUNTY}, dryRun: true) { position errors { code } } }"""
    answers = [await ask(client, text) for _ in range(2)]
    assert [path for path, _ in answers] == ["ordinary", "compiled"]
    assert answers[0][1] == answers[1][1]


async def test_what_does_not_fit_is_worded_by_the_ordinary_path(client: httpx2.AsyncClient) -> None:
    bad: list[dict[str, Any]] = [{"input": division("410204") | {"kind": "NONE"}}, {"input": {}}, {}]
    for given in bad:
        path, answer = await ask(client, DEFINE, **given)
        assert (path, "data" in answer) == ("ordinary", False)


async def test_a_known_command_in_a_url_is_refused(client: httpx2.AsyncClient) -> None:
    response = await ask_in_url(client, DEFINE, input=division("410205"))
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert len(await divisions(client)) == 1
