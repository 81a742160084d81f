"""Is every answer about the past what views that had stopped there would answer now? Random questions say so."""

import asyncio
import base64
import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import psycopg
import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema, print_schema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis_graphql import queries
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from projections.engine import Layout, Runner
from projections.engine.rebuild import build as fold
from projections.engine.runs import Runs
from service.ledger.ledger import Ledger
from service.ledger.log import EventLog
from service.ledger.store import ROLE, LedgerStore
from service.resources import READ_ONLY, acting, views
from tests.schema.conftest import Api, opened
from tests.schema.test_parity import LISTS, SCALARS, askable

pytestmark = pytest.mark.anyio
PAIRS = int(os.environ.get("SHANGHUI_PAST_PAIRS", "60"))
POSITIONS = 6
"""At how many positions, at least; a longer run takes one for every fifty questions."""
OF_THE_PRESENT = {"lastChange", "cursor", "startCursor", "endCursor"}
"""What does not belong to the past, or what nobody compares."""
STATISTICS = (
    "{ coverage { townships registered inProgress none units { registered none } } }",
    "{ contributionTotals(by: [UNIT, YEAR]) { year contributions amount unit { code } } }",
    "{ mediationStatistics(groupBy: [UNIT, KIND]) { accepted resolved groups { kind accepted amountResolved } } }",
    "{ statistics { byMovement { movement count } arrangementShares { kind held heldByMembers } } }",
    "{ claims { id derived holds events(first: 3) { totalCount nodes { position kind } } } }",
)
"""Sums, which are asked at every position."""
PAST_ID = re.compile(r"@\d+$")


def of_the_past() -> str:
    """What can be asked of the past."""
    schema = build_schema(askable())
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            for name in OF_THE_PRESENT & set(kind.fields):
                del kind.fields[name]
    return print_schema(schema)


def stop(uri: str, position: int) -> None:
    """Put views that are rebuilt to a position in the place of the others."""
    fold(acting(uri), views(), Layout("stopped"), position)
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("DROP SCHEMA views CASCADE")
        connection.execute("ALTER SCHEMA stopped RENAME TO views")


@asynccontextmanager
async def stopped(uri: str, position: int) -> AsyncIterator[Api]:
    """An API over views that are rebuilt to a position and go no further."""
    await asyncio.to_thread(stop, uri, position)
    ledger, never_started = Ledger(LedgerStore(uri)), Runner(acting(uri), views())
    try:
        async with AsyncConnectionPool(acting(uri, READ_ONLY), min_size=1, max_size=3) as pool:
            yield Api(ledger, never_started, pool, Runs(acting(uri), views))
    finally:
        never_started.stop()
        await ledger.close()


@pytest.fixture(scope="module")
def copy(city: str) -> Iterator[str]:
    """The URI of another database with the city."""
    with psycopg.connect(city, dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE city_past TEMPLATE city")
        connection.execute(f"GRANT CREATE ON DATABASE city_past TO {ROLE}")  # a copy has no grants of its own
        yield make_conninfo(city, dbname="city_past")
        connection.execute("DROP DATABASE city_past WITH (FORCE)")


def plain(value: Any) -> Any:
    """An answer whose ids do not say of which moment they are."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return _undated(value) if isinstance(value, str) else value


def _undated(text: str) -> str:
    try:
        decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return text
    return PAST_ID.sub("", decoded)


async def compare(now: Api, then: Api, text: str, position: int) -> bool:
    """Ask both, and say whether there was an answer to be compared."""
    fields = text.strip().removeprefix("query").strip()
    past = await now.run(f'{{ asOf(at: {{position: "{position}"}}) {fields} }}')
    present = await then.run(text)
    assert bool(past.errors) == bool(present.errors), (position, text, past.errors, present.errors)
    if past.errors:
        return False
    answers = [json.dumps(plain(each), default=str) for each in (past.data["asOf"], present.data)]
    assert answers[0] == answers[1], (position, text)
    return True


def questions(number: int, chosen: int) -> list[str]:
    """So many random questions."""
    found: list[str] = []

    @seed(chosen)
    @settings(max_examples=number, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(queries(of_the_past(), fields=LISTS, custom_scalars=SCALARS))
    def note(text: str) -> None:
        found.append(text)

    note()
    return found


async def test_an_answer_of_the_past_is_that_of_views_which_had_stopped_there(city: str, copy: str) -> None:
    random, compared, head = Random(5), 0, _head(copy)
    positions = [random.randint(0, head) for _ in range(max(POSITIONS, PAIRS // 50))]
    asked = questions(PAIRS, 5)
    for number, position in enumerate(positions):
        async with opened(city) as now, stopped(copy, position) as then:
            for text in (*STATISTICS, *asked[number :: len(positions)]):
                compared += await compare(now, then, text, position)
    assert compared > 0.7 * PAIRS, f"{compared} of {PAIRS}"


def _head(uri: str) -> int:
    with psycopg.connect(uri) as connection:
        return EventLog().head(connection)
