"""Does GraphQL over HTTP work as its specification says, and does nothing leak?"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from starlette.requests import Request

from service.access.tokens import DevelopmentTokens
from service.domain.roles import Grant, Role
from service.web.errors import Rejected
from service.web.request import read_body
from tests.web.conftest import LIMIT, client

pytestmark = pytest.mark.anyio
GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
HELLO = {"query": '{ echo(text: "商会") }'}


def code(response: httpx2.Response) -> Any:
    return response.json()["errors"][0]["extensions"]["code"]


async def post(http: httpx2.AsyncClient, body: Any, accept: str = GRAPHQL, **headers: str) -> httpx2.Response:
    sent = {"Content-Type": JSON, "Accept": accept} | {name.replace("_", "-"): v for name, v in headers.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await http.post("/graphql", content=content, headers=sent)


async def get(http: httpx2.AsyncClient, parameters: dict[str, str]) -> httpx2.Response:
    return await http.get("/graphql", params=parameters, headers={"Accept": JSON})


async def test_a_query_is_answered(http: httpx2.AsyncClient) -> None:
    response = await post(http, HELLO)
    assert (response.status_code, response.json()) == (200, {"data": {"echo": "商会"}})
    assert response.headers["content-type"].startswith(GRAPHQL)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", JSON),
        ("", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        ("application/*", JSON),
        (f"text/event-stream, {GRAPHQL}", GRAPHQL),
    ],
)
async def test_the_caller_chooses_the_media_type(http: httpx2.AsyncClient, accept: str, media: str) -> None:
    assert (await post(http, HELLO, accept)).headers["content-type"].startswith(media)


async def test_a_caller_who_takes_no_json_is_told_so(http: httpx2.AsyncClient) -> None:
    assert (await post(http, HELLO, "text/html")).status_code == 406


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"1",
        b"[]",
        b"{",
        b"\xff",
        b'"\\ud800"',
        b'{"query": "' + b"\xc3\x28" + b'"}',
        b"9" * 4_000,
        b"[" * 2_000 + b"]" * 2_000,
        b"\x1f\x8b\x08",
        {},
        {"query": None},
        {"query": 1},
        {"query": ["{ a }"]},
        {**HELLO, "variables": "x"},
        {**HELLO, "variables": [1]},
        {**HELLO, "extensions": "x"},
        {**HELLO, "operationName": 1},
        [HELLO, HELLO],
    ],
)
@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_a_body_of_the_wrong_shape_is_a_bad_request(http: httpx2.AsyncClient, body: Any, accept: str) -> None:
    response = await post(http, body, accept)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert "data" not in response.json()


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/graphql"},
        {"Content_Type": "multipart/form-data; boundary=x"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": "application/json; charset=gbk"},
        {"Content_Encoding": "gzip"},
    ],
)
async def test_only_plain_json_in_utf_8_is_read(http: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    assert (await post(http, HELLO, **headers)).status_code == 415


async def test_a_charset_of_utf_8_may_be_named(http: httpx2.AsyncClient) -> None:
    assert (await post(http, HELLO, Content_Type='application/json; charset="UTF-8"')).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_only_get_and_post_are_answered(http: httpx2.AsyncClient, method: str) -> None:
    response = await http.request(method, "/graphql?query={echo}")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


async def test_a_url_may_hold_a_question(http: httpx2.AsyncClient) -> None:
    query = "query Q($t: String!) { echo(text: $t) }"
    response = await get(http, {"query": query, "variables": '{"t": "你好"}', "operationName": "Q"})
    assert response.json() == {"data": {"echo": "你好"}}


@pytest.mark.parametrize(
    ("parameters", "status", "code_"),
    [
        ({}, 400, "BAD_REQUEST"),
        ({"query": "{"}, 200, "GRAPHQL_PARSE_FAILED"),
        ({"query": HELLO["query"], "variables": "{"}, 400, "BAD_REQUEST"),
        ({"query": HELLO["query"], "variables": "[]"}, 400, "BAD_REQUEST"),
        ({"query": "mutation { anything }"}, 405, "METHOD_NOT_ALLOWED"),
        ({"query": "#" * 20_000}, 414, "URI_TOO_LONG"),
    ],
)
async def test_a_url_that_asks_nothing_of_the_kind_is_refused(
    http: httpx2.AsyncClient, parameters: dict[str, str], status: int, code_: str
) -> None:
    response = await get(http, parameters)
    assert (response.status_code, code(response)) == (status, code_)


async def test_a_long_body_is_refused(http: httpx2.AsyncClient) -> None:
    response = await post(http, {"query": "#" * LIMIT})
    assert (response.status_code, code(response)) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_long_body_of_unknown_length_is_refused(http: httpx2.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LIMIT):
            yield b"##"

    response = await http.post("/graphql", content=chunks(), headers={"Content-Type": JSON})
    assert response.status_code == 413


async def test_a_body_that_never_comes_is_given_up() -> None:
    async def receive() -> dict[str, Any]:
        return await asyncio.Future()

    request = Request({"type": "http", "headers": []}, receive)
    with pytest.raises(Rejected, match="did not arrive") as refused:
        await read_body(request, LIMIT, seconds=0.01)
    assert refused.value.status == 408


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{" * 1_900}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query($t: String!) { echo(text: $t) }"}, "BAD_USER_INPUT"),
        ({"query": "query($t: String!) { echo(text: $t) }", "variables": {"t": 1}}, "BAD_USER_INPUT"),
        ({"query": "query A { whoami } query B { whoami }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { whoami }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "subscription { ticks }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "fragment F on Query { whoami }"}, "OPERATION_RESOLUTION_FAILURE"),
    ],
)
async def test_a_request_that_cannot_begin_is_400_without_data(
    http: httpx2.AsyncClient, body: Any, expected: str
) -> None:
    response = await post(http, body)
    assert (response.status_code, code(response)) == (400, expected)
    assert "data" not in response.json()


async def test_legacy_json_answers_a_wrong_document_with_200(http: httpx2.AsyncClient) -> None:
    response = await post(http, {"query": "{ nothing }"}, JSON)
    assert (response.status_code, code(response)) == (200, "GRAPHQL_VALIDATION_FAILED")


async def test_one_of_several_operations_runs_by_its_name(http: httpx2.AsyncClient) -> None:
    body = {"query": "query A { whoami } query B { echo(text: 1) }".replace("1", '"b"'), "operationName": "B"}
    assert (await post(http, body)).json() == {"data": {"echo": "b"}}


async def test_an_empty_operation_name_is_none(http: httpx2.AsyncClient) -> None:
    assert (await post(http, {**HELLO, "operationName": ""})).status_code == 200


async def test_the_context_knows_who_asks_and_from_where(http: httpx2.AsyncClient) -> None:
    assert (await post(http, {"query": "{ whoami }"})).json() == {"data": {"whoami": "auditor from 127.0.0.1"}}


async def test_a_coded_error_keeps_its_code_and_gets_the_request_id(http: httpx2.AsyncClient) -> None:
    response = await post(http, {"query": "{ forbidden }"})
    extensions = response.json()["errors"][0]["extensions"]
    assert response.status_code == 200
    assert extensions == {"code": "FORBIDDEN", "requestId": response.headers["x-request-id"]}


async def test_an_unforeseen_error_tells_nothing_but_the_request_id(http: httpx2.AsyncClient) -> None:
    response = await post(http, {"query": "{ broken }"})
    assert code(response) == "INTERNAL_SERVER_ERROR"
    assert "password" not in response.text
    assert response.json()["data"] == {"broken": None}


@pytest.mark.parametrize(("field", "expected"), [("down", "LEDGER_UNAVAILABLE"), ("slow", "QUERY_TIMEOUT")])
async def test_trouble_with_the_database_has_a_code(http: httpx2.AsyncClient, field: str, expected: str) -> None:
    response = await post(http, {"query": f"{{ {field} }}"})
    error = response.json()["errors"][0]
    assert (code(response), error["path"]) == (expected, [field])
    assert "10.0.0.1" not in response.text


async def test_at_most_five_errors_are_shown(http: httpx2.AsyncClient) -> None:
    fields = " ".join(f"a{n}: nothing{n}" for n in range(20))
    assert len((await post(http, {"query": f"{{ {fields} }}"})).json()["errors"]) == 5


@pytest.mark.parametrize(
    ("token", "challenge"),
    [
        (None, "Bearer"),
        ("nonsense", 'Bearer error="invalid_token"'),
        (DevelopmentTokens(b"another secret of thirty-two bytes").issue("x", [Grant(Role.AUDITOR)]), "Bearer error"),
    ],
)
async def test_whoever_brings_no_good_token_is_not_heard(token: str | None, challenge: str) -> None:
    async with client(token=token) as stranger:
        response = await post(stranger, HELLO)
    assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"].startswith(challenge)


async def test_another_scheme_than_bearer_is_not_heard(http: httpx2.AsyncClient) -> None:
    assert (await post(http, HELLO, Authorization="Basic YTpi")).status_code == 401
