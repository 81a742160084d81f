"""Does every claim of the article open, over GraphQL, to the events behind its figure?"""

from collections.abc import AsyncIterator

import pytest

from projections.article import DERIVATIONS, claims
from tests.schema.conftest import Api, opened

pytestmark = pytest.mark.anyio
ALL = (
    "{ claims { id figure comparator low high reported derived holds events(first: 2) { totalCount nodes { kind } } } }"
)


@pytest.fixture
async def kaifeng(city: str) -> AsyncIterator[Api]:
    async with opened(city) as api:
        yield api


async def test_the_claims_come_in_the_articles_order_and_hold(kaifeng: Api) -> None:
    found = (await kaifeng.ask(ALL))["claims"]
    assert [each["id"] for each in found] == [each.id for each in claims() if each.id in DERIVATIONS]
    assert all(each["holds"] and each["events"]["totalCount"] for each in found), found


async def test_before_anything_happened_no_claim_holds(kaifeng: Api) -> None:
    found = await kaifeng.ask('{ asOf(at: {position: "1"}) ' + ALL + " }")
    assert not any(each["holds"] or each["events"]["totalCount"] for each in found["asOf"]["claims"])


async def test_claims_are_asked_for_by_id(kaifeng: Api) -> None:
    found = await kaifeng.ask("query($ids: [ID!]) { claims(ids: $ids) { id } }", ids=["nothing"])
    assert found == {"claims": []}


async def test_figures_of_what_is_not_dated_know_no_effective_date(kaifeng: Api) -> None:
    text = '{ asOf(at: {position: "1"}, effectiveOn: "2024-01-01") { claims { id } } }'
    assert await kaifeng.fails(text) == "BAD_USER_INPUT"
