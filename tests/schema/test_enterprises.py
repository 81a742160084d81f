"""Do enterprises come to represent chambers and hold posts over GraphQL, and which part goes to members?"""

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import Api
from tests.schema.journey import COUNTY, FIC, TOWN, Chamber, divisions, registered, uscc

pytestmark = pytest.mark.anyio
UFWD = Actor("ufwd", (Grant(Role.COUNTY_UFWD_HEAD, COUNTY),))
FIRM, STRANGER = uscc(501, "91"), uscc(502, "91")


@pytest.fixture
async def chamber(api: Api) -> Chamber:
    await divisions(api)
    found = await registered(api)
    await found.do("AdmitMember", unitName="考城木业", uscc=FIRM)
    return found


async def recorded(api: Api, code: str) -> str:
    payload = await api.done("enterpriseRecord", FIC, "enterprise { id }", uscc=code, name="考城木业", division=TOWN)
    return str(payload["enterprise"]["id"])


async def arranged(api: Api, enterprise: str) -> str:
    """A social post that was given to an enterprise."""
    recommended = await api.done(
        "enterpriseRecommendArrangement", FIC, "enterprise { arrangements { nodes { id state } } }",
        id=enterprise, kind="SOCIAL", post="县工商联执委",
    )  # fmt: skip
    id = str(recommended["enterprise"]["arrangements"]["nodes"][-1]["id"])
    await api.done("enterpriseConfirmArrangement", UFWD, id=enterprise, arrangement=id)
    return id


async def test_a_member_comes_to_represent_its_chamber(api: Api, chamber: Chamber) -> None:
    enterprise = await recorded(api, FIRM)
    await api.done("enterpriseDesignateRepresentative", FIC, id=enterprise, chamber=chamber.id)
    text = """{ enterprises(where: {representative: {eq: true}}) { nodes {
        uscc state representedChamber { name } memberships { nodes { chamber { name } kind } } } } }"""
    (found,) = (await api.ask(text))["enterprises"]["nodes"]
    assert found["uscc"] == FIRM
    assert found["representedChamber"]["name"] == chamber.name
    assert found["memberships"]["nodes"] == [{"chamber": {"name": chamber.name}, "kind": "UNIT"}]


async def test_who_is_no_member_represents_nobody(api: Api, chamber: Chamber) -> None:
    enterprise = await recorded(api, STRANGER)
    error = await api.refused("enterpriseDesignateRepresentative", FIC, id=enterprise, chamber=chamber.id)
    assert (error["code"], error["path"]) == ("GUARD_FAILED", ["chamber"])


@pytest.mark.usefixtures("chamber")
async def test_posts_are_given_by_others_than_recommended_them_and_counted(api: Api) -> None:
    member, stranger = await recorded(api, FIRM), await recorded(api, STRANGER)
    await arranged(api, member)
    ended = await arranged(api, stranger)
    text = "{ statistics { arrangementShares { kind held heldByMembers share } } }"
    shares = [{"kind": "SOCIAL", "held": 2, "heldByMembers": 1, "share": "0.5000"}]
    assert (await api.ask(text))["statistics"]["arrangementShares"] == shares
    before = (await api.ask("{ position }"))["position"]
    await api.done("enterpriseEndArrangement", UFWD, id=stranger, arrangement=ended, reason="届满")
    now = [{"kind": "SOCIAL", "held": 1, "heldByMembers": 1, "share": "1.0000"}]
    assert (await api.ask(text))["statistics"]["arrangementShares"] == now
    past = await api.ask("query($p: Position!) { asOf(at: {position: $p}) " + text + " }", p=before)
    assert past["asOf"]["statistics"]["arrangementShares"] == shares


@pytest.mark.usefixtures("chamber")
async def test_an_enterprise_is_recorded_once(api: Api) -> None:
    await recorded(api, FIRM)
    error = await api.refused("enterpriseRecord", FIC, uscc=FIRM, name="考城木业", division=TOWN)
    assert error["code"] == "DUPLICATE"
