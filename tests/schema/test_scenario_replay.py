"""Can an auditor have the log folded again, watch it, and read the verdict; and does it name what somebody changed?"""

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from schema.schema import build
from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import AUDITOR, Api
from tests.schema.journey import FIC, Chamber, divisions

pytestmark = pytest.mark.anyio
RUN = "id kind projection account position upto verdict differsIn found folded error tables { table sha256 }"
REPLAY = f"mutation($to: AsOfInput) {{ viewsReplay(to: $to) {{ {RUN} }} }}"
REBUILD = f"mutation($name: String) {{ viewsRebuild(projection: $name) {{ {RUN} }} }}"
RUNS = f"{{ runs {{ {RUN} }} }}"


@pytest.fixture
async def lankao(api: Api) -> Api:
    await divisions(api)
    await Chamber(api).prepare()
    return api


async def watched(api: Api, id: str, viewer: Actor = AUDITOR) -> list[Any]:
    """All that a subscription tells of a run."""
    text = f"subscription($id: ID!) {{ runProgress(id: $id) {{ {RUN} }} }}"
    context = api.context(viewer)
    results: Any = await build().subscribe(text, variable_values={"id": id}, context_value=context)
    assert isinstance(results, AsyncIterator), results
    found = []
    async for each in results:
        assert each.errors is None, each.errors
        found.append(each.data["runProgress"])
    return found


async def test_an_auditor_replays_watches_and_reads_that_all_is_equal(lankao: Api) -> None:
    started = (await lankao.ask(REPLAY))["viewsReplay"]
    told = await watched(lankao, started["id"])
    assert told[-1]["verdict"] == "EQUAL"
    assert told[-1]["position"] == told[-1]["upto"] == (await lankao.ask("{ position }"))["position"]
    assert all(len(each["sha256"]) == 64 for each in told[-1]["tables"])
    assert (await lankao.ask(RUNS))["runs"] == [told[-1]]


async def test_a_replay_to_a_past_moment_equals_the_past(lankao: Api) -> None:
    started = (await lankao.ask(REPLAY, to={"position": "7"}))["viewsReplay"]
    assert (await watched(lankao, started["id"]))[-1]["verdict"] == "EQUAL"


async def test_a_replay_names_the_first_row_that_somebody_changed(lankao: Api, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE views.chamber SET funds = 1")
    started = (await lankao.ask(REPLAY))["viewsReplay"]
    verdict = (await watched(lankao, started["id"]))[-1]
    assert (verdict["verdict"], verdict["differsIn"]) == ("DIFFERENT", "chamber")
    assert (verdict["found"]["funds"], verdict["folded"]["funds"]) == (1, None)


@pytest.mark.parametrize("name", [None, "chamber_register"])
async def test_an_auditor_rebuilds_what_somebody_dropped(lankao: Api, database: str, name: str | None) -> None:
    before = (await lankao.ask("{ chambers { nodes { id version state } } }"))["chambers"]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DELETE FROM views.chamber")
    assert (await lankao.ask("{ chambers { nodes { id } } }"))["chambers"] == {"nodes": []}
    started = (await lankao.ask(REBUILD, name=name))["viewsRebuild"]
    verdict = (await watched(lankao, started["id"]))[-1]
    assert (verdict["kind"], verdict["projection"], verdict["verdict"]) == ("REBUILD", name, "DIFFERENT")
    assert (verdict["differsIn"], verdict["found"]) == ("chamber", None)
    assert (await lankao.ask("{ chambers { nodes { id version state } } }"))["chambers"] == before


async def test_runs_are_for_auditors(lankao: Api) -> None:
    admin = Actor("admin", (Grant(Role.SYSTEM_ADMIN),))
    for viewer in (FIC, admin):
        assert await lankao.fails(REPLAY, viewer) == "FORBIDDEN"
        assert await lankao.fails(REBUILD, viewer) == "FORBIDDEN"
        assert await lankao.fails(RUNS, viewer) == "FORBIDDEN"
    assert await lankao.fails(REBUILD, name="nothing") == "BAD_USER_INPUT"
    assert await lankao.ask(RUNS) == {"runs": []}
