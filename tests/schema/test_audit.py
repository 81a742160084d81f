"""Can an auditor read every event and ask how things stood, and an inspector what changed, when, by whom and why?"""

import base64
from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import AUDITOR, CITY, Api
from tests.schema.journey import FIC, REGISTRAR, TOWN, Candidate, Chamber, divisions, registered

pytestmark = pytest.mark.anyio


@pytest.fixture
async def lankao(api: Api) -> Api:
    await divisions(api)
    return api


async def position(api: Api) -> str:
    return str((await api.ask("{ position }"))["position"])


async def test_every_event_of_a_chamber_can_be_read_in_order(lankao: Api) -> None:
    chamber = await registered(lankao)
    text = """query($id: ID!, $after: String) { node(id: $id) { ... on Chamber { version
        history(first: 20, after: $after) { totalCount pageInfo { hasNextPage endCursor }
            nodes { version kind actor role effectiveOn recordedAt basis movement recordId } } } } }"""
    events: list[Any] = []
    after = None
    while True:
        found = (await lankao.ask(text, id=chamber.id, after=after))["node"]
        events += found["history"]["nodes"]
        if not found["history"]["pageInfo"]["hasNextPage"]:
            break
        after = found["history"]["pageInfo"]["endCursor"]
    assert [event["version"] for event in events] == list(range(1, found["version"] + 1))
    assert found["history"]["totalCount"] == len(events)
    assert events[0]["kind"] == "CHAMBER_PREPARATION_STARTED"
    assert events[-1]["kind"] == "CHAMBER_REGISTRATION_GRANTED"
    assert events[-1]["role"] == "REGISTRAR"
    assert {event["recordId"] for event in events} == {chamber.id}


async def test_a_chamber_is_seen_as_it_stood_at_any_past_position(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    earlier = await position(lankao)
    await chamber.approve()
    text = """query($at: AsOfInput!, $id: ID!) { asOf(at: $at) { position
        node(id: $id) { id ... on Chamber { state current { id ... on Chamber { state } } availableCommands { name } } }
        chambers { nodes { state } } registrationPipeline { nodes { state } } coverage { inProgress } } }"""
    past = (await lankao.ask(text, at={"position": earlier}, id=chamber.id))["asOf"]
    assert past["node"]["state"] == "PREPARING"
    assert past["node"]["current"]["state"] == "APPROVED_TO_FOUND"
    assert past["node"]["current"]["id"] == chamber.id
    assert past["node"]["availableCommands"] == []
    assert past["chambers"]["nodes"] == past["registrationPipeline"]["nodes"] == [{"state": "PREPARING"}]
    again = await lankao.ask("query($id: ID!) { node(id: $id) { id ... on Chamber { state } } }", id=past["node"]["id"])
    assert again["node"] == {"id": past["node"]["id"], "state": "PREPARING"}


async def test_a_time_means_the_last_position_before_it(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    events = await lankao.ask("{ changes(first: 2) { nodes { position recordedAt } } }")
    last, before = events["changes"]["nodes"]
    text = "query($at: AsOfInput!) { asOf(at: $at) { position recordedAt } }"
    found = (await lankao.ask(text, at={"time": last["recordedAt"]}))["asOf"]
    assert found == {"position": last["position"], "recordedAt": last["recordedAt"]}
    assert int(before["position"]) < int(last["position"])
    assert await lankao.fails(text, at={"time": "2999-01-01T00:00:00+08:00"}) == "BAD_USER_INPUT"
    assert await lankao.fails(text, at={"time": "2025-01-01T00:00:00"}) == "BAD_USER_INPUT"
    assert await lankao.fails(text, at={}) == "BAD_USER_INPUT"
    assert chamber.id


async def test_a_diff_is_the_sum_of_the_changes(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    start = await position(lankao)
    await (await chamber.approve()).complete(units=31)
    await chamber.register()
    text = """query($id: ID!, $start: AsOfInput!) { node(id: $id) { ... on Chamber {
        diff(from: $start) { path label labelEn before after }
        history(first: 100) { nodes { position fields { path before after } } } } } }"""
    found = (await lankao.ask(text, id=chamber.id, start={"position": start}))["node"]
    summed: dict[str, list[Any]] = {}
    for event in found["history"]["nodes"]:
        for change in event["fields"] if int(event["position"]) > int(start) else ():
            summed.setdefault(change["path"], [change["before"], None])[1] = change["after"]
    net = {path: tuple(values) for path, values in summed.items() if values[0] != values[1]}
    assert {each["path"]: (each["before"], each["after"]) for each in found["diff"]} == net
    state = next(each for each in found["diff"] if each["path"] == "state")
    assert (state["before"], state["after"]) == ("PREPARING", "REGISTERED")
    assert sum(path.startswith("members.") for path in net) == 31


async def test_what_changed_between_two_moments_in_a_county_names_who_when_and_why(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    await chamber.do("SubmitToSupervisor", effectiveOn="2024-03-08", basis="兰工商联〔2024〕3号")
    start = await position(lankao)
    await chamber.do("ReturnForCorrection", FIC, corrections=["住所证明"], reason="材料不全", effectiveOn="2024-03-20")
    end = await position(lankao)
    await chamber.do("SubmitToSupervisor")
    text = """query($where: ChangeWhere) { changes(where: $where, orderBy: {field: POSITION, direction: ASC}) {
        nodes { kind actor role reason basis effectiveOn recordedAt late fields { path before after } } } }"""
    where = {"within": "410225", "position": {"gt": start, "lte": end}}
    [change] = (await lankao.ask(text, where=where))["changes"]["nodes"]
    assert (change["actor"], change["role"], change["reason"]) == ("county-fic", "COUNTY_FIC", "材料不全")
    assert (change["effectiveOn"], change["late"]) == ("2024-03-20", True)
    assert change["basis"] == "社会团体登记管理条例第十二条"
    assert {"path": "state", "before": "SUPERVISOR_REVIEW", "after": "RETURNED"} in change["fields"]
    elsewhere = (await lankao.ask(text, where={"within": "410225104"}))["changes"]["nodes"]
    assert [change["kind"] for change in elsewhere] == ["DIVISION_DEFINED"]


async def test_claims_are_listed_when_they_are_asked_for(lankao: Api) -> None:
    await Chamber(lankao).prepare()
    text = "query($where: ChangeWhere) { changes(where: $where, first: 100) { nodes { recordType } } }"
    usual = (await lankao.ask(text))["changes"]["nodes"]
    assert {"recordType": "CLAIM"} not in usual
    claims = (await lankao.ask(text, where={"recordType": {"eq": "CLAIM"}}))["changes"]["nodes"]
    assert claims == [{"recordType": "CLAIM"}] * 7


async def test_a_renamed_division_keeps_its_chamber_and_its_past(lankao: Api) -> None:
    chamber = await registered(lankao)
    found = await lankao.ask("query($code: DivisionCode!) { division(by: {code: $code}) { id } }", code=TOWN)
    town = found["division"]["id"]
    before = await position(lankao)
    await lankao.done("divisionRename", CITY, id=town, name="考城街道", kind="STREET", effectiveOn="2024-05-01")
    text = "query($id: ID!) { node(id: $id) { ... on Chamber { id division { name kind } } } }"
    now = (await lankao.ask(text, id=chamber.id))["node"]
    assert (now["id"], now["division"]) == (chamber.id, {"name": "考城街道", "kind": "STREET"})
    past = (
        "query($at: AsOfInput!, $id: ID!) { asOf(at: $at) { node(id: $id) { ... on Chamber { division { name } } } } }"
    )
    assert (await lankao.ask(past, at={"position": before}, id=chamber.id))["asOf"]["node"]["division"][
        "name"
    ] == "考城镇"


async def test_a_recoded_county_has_its_old_name_as_of_an_earlier_effective_date(api: Api) -> None:
    await api.done("divisionDefine", CITY, code="410200", name="开封市", kind="PREFECTURE", effectiveOn="2004-12-01")
    county = await api.done(
        "divisionDefine", CITY, "position division { id }", code="410224", name="开封县", kind="COUNTY",
        parent="410200", effectiveOn="2004-12-01",
    )  # fmt: skip
    id = county["division"]["id"]
    await api.done(
        "divisionRecode", CITY, id=id, code="410212", name="祥符区", kind="DISTRICT", effectiveOn="2014-12-31"
    )
    text = """query($at: AsOfInput!, $on: Date!) { asOf(at: $at, effectiveOn: $on) {
        old: division(by: {code: "410224"}) { id name code kind } new: division(by: {code: "410212"}) { name } } }"""
    at = {"position": await position(api)}
    found = (await api.ask(text, at=at, on="2013-06-01"))["asOf"]
    assert found["old"]["name"] == found["new"]["name"] == "开封县"
    assert (found["old"]["code"], found["old"]["kind"]) == ("410224", "COUNTY")
    assert (await api.ask(text, at=at, on="2015-01-01"))["asOf"]["old"]["name"] == "祥符区"
    assert (await api.ask(text, at=at, on="2001-01-01"))["asOf"]["old"] is None
    listed = "query($at: AsOfInput!, $on: Date!) { asOf(at: $at, effectiveOn: $on) { divisions { totalCount } } }"
    assert await api.fails(listed, at=at, on="2013-06-01") == "BAD_USER_INPUT"


async def test_permissions_follow_the_new_manager_for_reading_and_for_acting(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    await (await Candidate(chamber).nominate()).approve()
    await lankao.done("divisionDefine", CITY, code="4102X1", name="示范区", kind="FUNCTIONAL_AREA", parent="410200")
    zone = Actor("zone", (Grant(Role.COUNTY_FIC, "4102X1"),))
    text = "query($id: ID!) { node(id: $id) { id } }"
    assert (await lankao.ask(text, zone, id=chamber.id))["node"] is None
    found = await lankao.ask("query($code: DivisionCode!) { division(by: {code: $code}) { id } }", code=TOWN)
    await lankao.done("divisionChangeManager", CITY, id=found["division"]["id"], managedBy="4102X1", reason="托管")
    assert (await lankao.ask(text, zone, id=chamber.id))["node"] == {"id": chamber.id}
    assert (await lankao.ask(text, FIC, id=chamber.id))["node"] is None
    await chamber.do("SubmitToSupervisor")
    assert (await chamber.refused("ApproveBySupervisor", FIC))["code"] == "OUT_OF_SCOPE"
    await chamber.do("ApproveBySupervisor", zone)


async def test_reading_is_scoped_and_denied_by_default(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    names = "{ chambers { totalCount nodes { name } } changes { totalCount } }"
    assert (await lankao.ask(names, FIC))["chambers"]["totalCount"] == 1
    elsewhere = await lankao.ask(names, Actor("qi", (Grant(Role.COUNTY_FIC, "410221"),)))
    assert elsewhere == {"chambers": {"totalCount": 0, "nodes": []}, "changes": {"totalCount": 0}}
    assert await lankao.fails(names, None) == "UNAUTHENTICATED"
    assert await lankao.fails(names, Actor("nobody")) == "FORBIDDEN"
    assert await lankao.fails(names, Actor("admin", (Grant(Role.SYSTEM_ADMIN),))) == "FORBIDDEN"
    public = Actor("public", (Grant(Role.PUBLIC_API),))
    assert (await lankao.ask(names, public)) == {
        "chambers": {"totalCount": 0, "nodes": []},
        "changes": {"totalCount": 0},
    }
    assert chamber.id


async def test_an_id_of_nothing_is_null_and_tells_nothing(lankao: Api) -> None:
    chamber = await Chamber(lankao).prepare()
    other = base64.urlsafe_b64encode(b"Chamber:00000000-0000-0000-0000-000000000000").decode()
    wrong = base64.urlsafe_b64encode(b"Member:00000000-0000-0000-0000-000000000000").decode()
    ids = ["", "garbage", "💥", other, wrong, chamber.id]
    found = await lankao.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert found["nodes"] == [None] * 5 + [{"id": chamber.id}]
    assert await lankao.fails("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 101) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "arguments",
    ["first: 101", "first: -1", "last: 101", "first: 1, last: 1", 'after: "forged"', 'after: "AAAAAFsxXQ"'],
)
async def test_a_page_that_cannot_be_is_refused(lankao: Api, arguments: str) -> None:
    assert await lankao.fails(f"{{ divisions({arguments}) {{ totalCount }} }}") == "BAD_USER_INPUT"


async def test_pages_forwards_and_backwards_are_the_whole_list(lankao: Api) -> None:
    text = "query($f: Int, $a: String, $l: Int, $b: String) { divisions(first: $f, after: $a, last: $l, before: $b) {\
        edges { cursor node { code } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }"
    whole = (await lankao.ask(text))["divisions"]
    codes = [edge["node"]["code"] for edge in whole["edges"]]
    assert codes == sorted(codes)
    first = (await lankao.ask(text, f=2))["divisions"]
    rest = (await lankao.ask(text, f=10, a=first["pageInfo"]["endCursor"]))["divisions"]
    assert [edge["node"]["code"] for edge in first["edges"] + rest["edges"]] == codes
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    last = (await lankao.ask(text, l=2))["divisions"]
    assert [edge["node"]["code"] for edge in last["edges"]] == codes[-2:]
    assert (last["pageInfo"]["hasNextPage"], last["pageInfo"]["hasPreviousPage"]) == (False, True)
    before = (await lankao.ask(text, l=10, b=last["pageInfo"]["startCursor"]))["divisions"]
    assert [edge["node"]["code"] for edge in before["edges"]] == codes[:-2]


async def test_the_viewer_and_the_words_are_told(lankao: Api) -> None:
    found = await lankao.ask(
        '{ viewer { account grants { role division } } vocabulary(codes: ["REGISTRAR", "chamber.abandon"]) { zh } }',
        REGISTRAR,
    )
    assert found["viewer"] == {"account": "registrar", "grants": [{"role": "REGISTRAR", "division": "410225"}]}
    assert {"zh": "放弃筹备"} in found["vocabulary"]


async def test_a_dry_run_checks_everything_and_writes_nothing(lankao: Api) -> None:
    before = await lankao.head()
    text = """mutation($input: DivisionDefineInput!) { divisionDefine(input: $input, dryRun: true) {
        errors { code } position division { id } change { id: eventId } } }"""
    given = {
        "idempotencyKey": "6fa459ea-ee8a-3ca4-894e-db77e160355e",
        "code": "410221",
        "name": "杞县",
        "kind": "COUNTY",
    }
    fine = (await lankao.ask(text, CITY, input=given))["divisionDefine"]
    assert fine == {"errors": [], "position": None, "division": None, "change": None}
    taken = (await lankao.ask(text, CITY, input=given | {"code": TOWN}))["divisionDefine"]
    assert taken["errors"] == [{"code": "DUPLICATE"}]
    assert await lankao.head() == before


async def test_auditors_write_nothing(lankao: Api) -> None:
    refusal = await lankao.refused("divisionDefine", AUDITOR, code="410221", name="杞县", kind="COUNTY")
    assert refusal["code"] == "OUT_OF_SCOPE"


async def test_the_public_sees_no_changes_by_any_way_and_no_individual_members(lankao: Api) -> None:
    chamber = await (await Chamber(lankao).prepare()).approve()
    await (await chamber.complete(units=30, persons=20)).register()
    public = Actor("public", (Grant(Role.PUBLIC_API),))
    text = """query($id: ID!) { node(id: $id) { ... on Chamber { state lastChange { kind } history { totalCount }
        diff(from: {position: "0"}) { path } members(first: 50) { totalCount nodes { kind } } } } }"""
    found = (await lankao.ask(text, public, id=chamber.id))["node"]
    assert (found["state"], found["lastChange"], found["diff"]) == ("REGISTERED", None, [])
    assert found["history"]["totalCount"] == 0
    assert found["members"] == {"totalCount": 30, "nodes": [{"kind": "UNIT"}] * 30}


async def test_an_id_longer_than_any_is_nothing(lankao: Api) -> None:
    assert await lankao.ask("query($id: ID!) { node(id: $id) { id } }", id="Q" * 100_000) == {"node": None}
