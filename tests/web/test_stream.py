"""Does a subscription come as server-sent events, and nothing else?"""

import httpx2
import pytest

pytestmark = pytest.mark.anyio
EVENTS = {"Accept": "text/event-stream"}


async def test_a_subscription_is_told_event_by_event(http: httpx2.AsyncClient) -> None:
    found = await http.post("/graphql", json={"query": "subscription { ticks }"}, headers=EVENTS)
    assert found.headers["content-type"].startswith("text/event-stream")
    assert found.text == 'event: next\ndata: {"data":{"ticks":1}}\n\nevent: complete\ndata: \n\n'


async def test_what_is_wrong_with_it_is_told_the_same_way(http: httpx2.AsyncClient) -> None:
    found = await http.post("/graphql", json={"query": "subscription { nothing }"}, headers=EVENTS)
    assert '"errors"' in found.text
    assert '"requestId"' in found.text
    assert found.text.endswith("event: complete\ndata: \n\n")


async def test_a_question_that_also_takes_events_is_answered_in_json(http: httpx2.AsyncClient) -> None:
    headers = {"Accept": "application/json, text/event-stream"}
    found = await http.post("/graphql", json={"query": '{ echo(text: "你好") }'}, headers=headers)
    assert found.json() == {"data": {"echo": "你好"}}


async def test_events_are_for_those_who_say_who_they_are(http: httpx2.AsyncClient) -> None:
    headers = {**EVENTS, "Authorization": "Bearer forged"}
    assert (await http.post("/graphql", json={"query": "subscription { ticks }"}, headers=headers)).status_code == 401
