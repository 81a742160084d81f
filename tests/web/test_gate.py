"""Does the gate answer what it knows, and leave everything else to the ordinary path, untouched?"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx2
import psycopg
import pytest
from pydantic import SecretStr

from schema.schema import build
from service.access.tokens import DevelopmentTokens
from service.config import Settings
from service.domain.roles import Grant, Role
from service.main import Service
from service.resources import Database
from tests.ledger.conftest import CITY_FIC

pytestmark = pytest.mark.anyio
SECRET = "a secret of thirty-two bytes at least"
TOKENS = DevelopmentTokens(SECRET.encode())
NAMES = "query Names($n: Int) { divisions(first: $n) { totalCount nodes { name } } }"
Ask = Callable[..., Any]


@asynccontextmanager
async def served(uri: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A whole service over a database, and a client of it."""
    given: dict[str, Any] = {"database_url": SecretStr(uri), "secret": SecretStr(SECRET), "data": Path("/nowhere")}
    settings = Settings(**given)
    service = Service(settings, Database(settings))
    application = service.application(build())
    async with service.lifespan(cast(Any, None)):
        transport = httpx2.ASGITransport(cast(Any, application))
        async with httpx2.AsyncClient(transport=transport, base_url="http://shanghui") as client:
            yield client


@pytest.fixture
async def client(ready_database: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(ready_database) as client:
        yield client


async def ask(
    client: httpx2.AsyncClient, query: str, role: Role = Role.CITY_FIC, division: str | None = None, **variables: Any
) -> tuple[str | None, Any]:
    """The path that answered, and the answer."""
    token = TOKENS.issue(CITY_FIC.account, [Grant(role, division)])
    headers = {"Authorization": f"Bearer {token}"}
    response = await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    return response.headers.get("x-shanghui-path"), response.json()


async def define(client: httpx2.AsyncClient, code: str, name: str) -> None:
    text = """mutation($input: DivisionDefineInput!) {
        divisionDefine(input: $input) { errors { code } query { position } } }"""
    key = f"00000000-0000-0000-0000-{code:0>12}"
    given = {"idempotencyKey": key, "code": code, "name": name, "kind": "COUNTY"}
    path, answer = await ask(client, text, input=given)
    assert (path, answer["data"]["divisionDefine"]["errors"]) == ("ordinary", [])


async def test_a_question_is_compiled_once_the_ordinary_path_has_answered_it(client: httpx2.AsyncClient) -> None:
    await define(client, "410225", "兰考县")
    first, answer = await ask(client, NAMES, n=5)
    second, again = await ask(client, NAMES, n=5)
    assert (first, second) == ("mixed", "compiled")
    assert answer == again == {"data": {"divisions": {"totalCount": 1, "nodes": [{"name": "兰考县"}]}}}


async def test_a_compiled_answer_is_never_stale(client: httpx2.AsyncClient) -> None:
    await ask(client, NAMES, n=100)
    for n in range(20):
        await define(client, f"4102{n:02}", f"县{n}")
        path, answer = await ask(client, NAMES, n=100)
        assert (path, answer["data"]["divisions"]["totalCount"]) == ("compiled", n + 1)


async def test_what_the_viewer_may_read_is_bound_to_each_request(client: httpx2.AsyncClient) -> None:
    text = "{ changes { totalCount } }"
    await define(client, "410225", "兰考县")
    await define(client, "410221", "杞县")
    assert (await ask(client, text))[1] == {"data": {"changes": {"totalCount": 2}}}
    await ask(client, text, Role.COUNTY_FIC, "410221")
    scoped = await ask(client, text, Role.COUNTY_FIC, "410225")
    assert scoped == ("compiled", {"data": {"changes": {"totalCount": 1}}})
    await ask(client, text, Role.PUBLIC_API)
    public = await ask(client, text, Role.PUBLIC_API)
    assert public == ("compiled", {"data": {"changes": {"totalCount": 0}}})


async def test_what_cannot_be_compiled_whole_is_compiled_in_parts(client: httpx2.AsyncClient) -> None:
    text = "{ divisions { nodes { code availableCommands { mutation } history { totalCount nodes { kind } } } } }"
    await define(client, "410225", "兰考县")
    await define(client, "410221", "杞县")
    history = {"totalCount": 1, "nodes": [{"kind": "DIVISION_DEFINED"}]}
    await ask(client, text)
    path, answer = await ask(client, text)
    nodes = answer["data"]["divisions"]["nodes"]
    assert (path, [each["history"] for each in nodes]) == ("mixed", [history, history])
    assert "divisionRename" in [each["mutation"] for each in nodes[0]["availableCommands"]]


async def test_the_compiled_parts_of_an_answer_hold_what_the_viewer_may_read(client: httpx2.AsyncClient) -> None:
    text = "{ position divisions { nodes { code history { totalCount } } } }"
    await define(client, "410221", "杞县")
    await define(client, "410225", "兰考县")
    for role, place, counts in (
        (Role.CITY_FIC, None, [1, 1]),
        (Role.COUNTY_FIC, "410225", [0, 1]),
        (Role.PUBLIC_API, None, [0, 0]),
    ):
        path, answer = await ask(client, text, role, place)
        found = [each["history"]["totalCount"] for each in answer["data"]["divisions"]["nodes"]]
        assert (path, found) == ("mixed", counts)


async def test_the_compiled_parts_of_an_answer_hold_to_the_limits(client: httpx2.AsyncClient) -> None:
    text = "query($n: Int) { position divisions(first: $n) { totalCount } }"
    assert (await ask(client, text, n=5))[0] == "mixed"
    path, answer = await ask(client, text, n=101)
    assert (path, answer["errors"][0]["extensions"]["code"]) == ("ordinary", "BAD_USER_INPUT")


async def test_a_page_that_is_too_big_is_refused_even_when_nothing_of_it_is_wanted(client: httpx2.AsyncClient) -> None:
    text = "query($n: Int) { divisions(first: $n) { totalCount } }"
    await ask(client, text, n=5)
    path, answer = await ask(client, text, n=101)
    assert (path, answer["errors"][0]["extensions"]["code"]) == ("ordinary", "BAD_USER_INPUT")


async def test_a_number_that_is_no_page_size_needs_no_plan_of_its_own(client: httpx2.AsyncClient) -> None:
    years = "query($year: Int) { assessments(where: {year: {eq: $year}}) { totalCount } }"
    assert [(await ask(client, years, year=year))[0] for year in (2024, 2025, 2026)] == [
        "mixed",
        "compiled",
        "compiled",
    ]


IN_THE_PAST = "query($t: DateTime!) { asOf(at: {time: $t}) { position recordedAt divisions { totalCount } } }"


async def test_a_time_is_compiled_and_one_to_come_is_refused(client: httpx2.AsyncClient) -> None:
    before = datetime.now(UTC)
    await define(client, "410225", "兰考县")
    await ask(client, IN_THE_PAST, t=before.isoformat())
    for time, count in ((before, 0), (datetime.now(UTC), 1)):
        path, answer = await ask(client, IN_THE_PAST, t=time.isoformat())
        assert (path, answer["data"]["asOf"]["divisions"]["totalCount"]) == ("compiled", count)
    path, answer = await ask(client, IN_THE_PAST, t=(before + timedelta(days=1)).isoformat())
    assert (path, answer["errors"][0]["extensions"]["code"]) == ("ordinary", "BAD_USER_INPUT")


async def test_a_time_that_some_view_does_not_show_is_the_ordinary_paths(
    client: httpx2.AsyncClient, ready_database: str
) -> None:
    await define(client, "410225", "兰考县")
    now = datetime.now(UTC).isoformat()
    await ask(client, IN_THE_PAST, t=now)
    assert (await ask(client, IN_THE_PAST, t=now))[0] == "compiled"
    with psycopg.connect(ready_database) as other:
        other.execute("UPDATE views.projection SET position = 0 WHERE name = 'talks'")
    assert (await ask(client, IN_THE_PAST, t=now))[0] != "compiled"


@pytest.mark.parametrize(
    ("variables", "code"),
    [({"n": 101}, "BAD_USER_INPUT"), ({"n": "x"}, "GRAPHQL_VALIDATION_FAILED"), ({"n": -1}, "BAD_USER_INPUT")],
)
async def test_a_value_that_does_not_fit_is_worded_by_the_ordinary_path(
    client: httpx2.AsyncClient, variables: dict[str, Any], code: str
) -> None:
    await ask(client, NAMES, n=5)
    path, answer = await ask(client, NAMES, **variables)
    assert path == "ordinary"
    assert answer["errors"][0]["extensions"]["code"] in (code, "BAD_USER_INPUT")


async def test_who_may_read_nothing_is_told_so_by_the_ordinary_path(client: httpx2.AsyncClient) -> None:
    text = "{ changes { totalCount } }"
    await ask(client, text)
    path, answer = await ask(client, text, Role.SYSTEM_ADMIN)
    assert (path, answer["errors"][0]["extensions"]["code"]) == ("ordinary", "FORBIDDEN")


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "application/json"}, b'{"query": "{ position }"}', 401),
        ({"Content-Type": "text/plain"}, b'{"query": "{ position }"}', 415),
        ({"Content-Type": "application/json", "Authorization": "Bearer nonsense"}, b"{", 401),
        ({"Content-Type": "application/json"}, b"\xff", 400),
    ],
)
async def test_what_is_not_a_plain_question_is_refused_as_before(
    client: httpx2.AsyncClient, headers: dict[str, str], content: bytes, status: int
) -> None:
    response = await client.post("/graphql", content=content, headers=headers)
    assert response.status_code in (status, 400, 401)
    assert "x-shanghui-path" not in response.headers


async def test_many_questions_at_once_each_get_their_own_answer(client: httpx2.AsyncClient) -> None:
    for n in range(10):
        await define(client, f"4102{n:02}", f"县{n}")
    text = "query($c: DivisionCode!) { divisions(where: {code: {eq: $c}}) { nodes { name } } }".replace(
        "DivisionCode", "String"
    )
    await ask(client, text, c="410200")
    answers = await asyncio.gather(*(ask(client, text, c=f"4102{n % 10:02}") for n in range(200)))
    assert [answer["data"]["divisions"]["nodes"][0]["name"] for _, answer in answers] == [
        f"县{n % 10}" for n in range(200)
    ]
    assert {path for path, _ in answers} == {"compiled"}


async def ask_in_url(client: httpx2.AsyncClient, query: str, kept: str = "", **variables: Any) -> httpx2.Response:
    """The response to a question in a URL, from somebody who has this answer already."""
    token = TOKENS.issue(CITY_FIC.account, [Grant(Role.CITY_FIC, None)])
    headers = {"Authorization": f"Bearer {token}"} | ({"If-None-Match": kept} if kept else {})
    return await client.get("/graphql", params={"query": query, "variables": json.dumps(variables)}, headers=headers)


async def test_who_has_the_answer_already_is_told_so(client: httpx2.AsyncClient) -> None:
    await define(client, "410225", "兰考县")
    await ask_in_url(client, NAMES, n=5)
    response = await ask_in_url(client, NAMES, n=5)
    tag = response.headers["etag"]
    assert (response.headers["x-shanghui-path"], response.json()["data"]["divisions"]["totalCount"]) == ("compiled", 1)
    again = await ask_in_url(client, NAMES, f'"other", {tag}', n=5)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert "content-length" not in again.headers
    await define(client, "410221", "杞县")
    changed = await ask_in_url(client, NAMES, tag, n=5)
    assert (changed.status_code, changed.json()["data"]["divisions"]["totalCount"]) == (200, 2)


async def test_a_known_question_in_a_url_too_long_is_refused(client: httpx2.AsyncClient) -> None:
    text = "query($c: String!) { divisions(where: {code: {eq: $c}}) { totalCount } }"
    token = TOKENS.issue(CITY_FIC.account, [Grant(Role.CITY_FIC, None)])
    answers = [
        await client.get(
            "/graphql",
            params={"query": text, "variables": f'{{"c": "{code}"}}'},
            headers={"Authorization": f"Bearer {token}"},
        )
        for code in ("4102", "4102", "4" * 17_000)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 414]
    assert answers[1].headers["x-shanghui-path"] == "compiled"


async def test_a_mutation_in_a_url_is_refused(client: httpx2.AsyncClient) -> None:
    response = await ask_in_url(client, "mutation { divisionDefine(input: {}) { position } }")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_kept_answers_are_never_stale_whoever_writes(client: httpx2.AsyncClient, ready_database: str) -> None:
    """Readers in two processes' places ask one question while another writes; no count ever falls behind a write."""
    acknowledged = 0

    async def write() -> None:
        nonlocal acknowledged
        for n in range(30):
            await define(client, f"4102{n:02}", f"县{n}")
            acknowledged = n + 1

    async def read(reader: httpx2.AsyncClient) -> None:
        while acknowledged < 30:
            least = acknowledged
            _, answer = await ask(reader, NAMES, n=5)
            assert answer["data"]["divisions"]["totalCount"] >= least

    async with served(ready_database) as other:
        await asyncio.gather(write(), *(read(each) for each in (client, client, other, other)))
