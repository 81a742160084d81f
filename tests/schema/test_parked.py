"""What does a front end see of a view that has stopped at an event it cannot take in?"""

import asyncio
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import AUDITOR, Api
from tests.schema.journey import FIC, SECRETARY, TOWN, divisions

pytestmark = pytest.mark.anyio
ADMIN = Actor("admin", (Grant(Role.SYSTEM_ADMIN),))
STATUS = "{ position projections { name position lag parkedAt error tables } }"


class Stopped:
    """An API whose register of chambers is parked, and the positions before and after the event that stopped it."""

    def __init__(self, api: Api, uri: str) -> None:
        self.api, self.uri = api, uri
        self.before = self.after = ""

    async def stop(self) -> None:
        self.before = (await self.api.ask("{ position }"))["position"]
        self.run("ALTER TABLE views.chamber ADD CONSTRAINT strict CHECK (name <> '考城镇商会')")
        text = """mutation($input: ChamberPrepareInput!) { chamberPrepare(input: $input) {
            position chamber { id } change { kind } } }"""
        given = {"idempotencyKey": "6fa459ea-ee8a-3ca4-894e-db77e160355e", "division": TOWN, "name": "考城镇商会"}
        result = await self.api.run(text, SECRETARY, input=given)
        payload = result.data["chamberPrepare"]
        assert (payload["chamber"], payload["change"]) == (None, {"kind": "CHAMBER_PREPARATION_STARTED"})
        self.after = payload["position"]

    def run(self, sql: str) -> None:
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(sql.encode())

    async def status(self) -> Any:
        found = await self.api.ask(STATUS)
        return next(each for each in found["projections"] if each["name"] == "chamber_register")


@pytest.fixture
async def stopped(api: Api, database: str) -> Stopped:
    await divisions(api)
    found = Stopped(api, database)
    await found.stop()
    return found


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level("CRITICAL"):
        yield


async def test_the_past_beyond_a_parked_view_is_refused_and_never_shown_empty(stopped: Stopped) -> None:
    text = "query($p: Position!) { asOf(at: {position: $p}) { chambers { totalCount } } }"
    assert await stopped.api.fails(text, p=stopped.after) == "STALE_READ"
    assert await stopped.api.ask(text, p=stopped.before) == {"asOf": {"chambers": {"totalCount": 0}}}


async def test_other_views_go_on_and_the_present_is_read_as_far_as_it_is_known(stopped: Stopped) -> None:
    text = """query($p: Position!) { chambers { totalCount }
        asOf(at: {position: $p}) { divisions { totalCount } changes(first: 1) { nodes { kind } } } }"""
    found = await stopped.api.ask(text, p=stopped.after)
    assert found["chambers"] == {"totalCount": 0}
    assert found["asOf"] == {
        "divisions": {"totalCount": 5},
        "changes": {"nodes": [{"kind": "CHAMBER_PREPARATION_STARTED"}]},
    }


async def test_an_auditor_sees_where_a_view_stopped_and_why(stopped: Stopped) -> None:
    found = await stopped.status()
    assert int(found["position"]) < int(stopped.after)
    assert found["lag"] == int(stopped.after) - int(found["position"])
    assert found["parkedAt"]
    assert "chamber.preparation_started at" in found["error"]
    assert "chamber" in found["tables"]


async def test_a_view_that_is_resumed_catches_up(stopped: Stopped) -> None:
    stopped.run("ALTER TABLE views.chamber DROP CONSTRAINT strict")
    text = 'mutation { projectionResume(name: "chamber_register") { name } }'
    assert await stopped.api.ask(text, ADMIN) == {"projectionResume": {"name": "chamber_register"}}
    async with asyncio.timeout(10):
        while (await stopped.status())["lag"]:  # noqa: ASYNC110 - the views say nothing when they are resumed
            await asyncio.sleep(0.01)
    assert (await stopped.status())["error"] is None
    assert (await stopped.api.ask("{ chambers { totalCount } }")) == {"chambers": {"totalCount": 1}}


async def test_only_those_who_look_after_the_views_see_and_resume_them(stopped: Stopped) -> None:
    assert await stopped.api.fails(STATUS, FIC) == "FORBIDDEN"
    text = "mutation($name: String!) { projectionResume(name: $name) { name } }"
    assert await stopped.api.fails(text, FIC, name="chamber_register") == "FORBIDDEN"
    assert await stopped.api.fails(text, AUDITOR, name="nothing") == "BAD_USER_INPUT"
