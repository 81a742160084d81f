"""Does nobody come into office without the whole procedure (scenario 7), and is it known who held it when?"""

from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import Api
from tests.schema.journey import FIC, SIGNATORY, UFWD, Candidate, Chamber, divisions, person, registered

pytestmark = pytest.mark.anyio
DEPUTY = person("deputy")
PUBLIC = Actor("public", (Grant(Role.PUBLIC_API),))


@pytest.fixture
async def chamber(api: Api) -> Chamber:
    await divisions(api)
    return await registered(api)


async def officers(chamber: Chamber) -> list[dict[str, Any]]:
    text = "query($id: ID!) { node(id: $id) { ... on Chamber { officers { post person } } } }"
    found: list[dict[str, Any]] = (await chamber.api.ask(text, id=chamber.id))["node"]["officers"]
    return found


def deputy(chamber: Chamber) -> Candidate:
    return Candidate(chamber, DEPUTY, "VICE_PRESIDENT")


async def test_an_election_without_the_talk_is_not_allowed_and_what_is_allowed_is_listed(chamber: Chamber) -> None:
    candidate = await (await deputy(chamber).nominate()).inspect()
    refusal = await candidate.refused(
        "RecordElection", heldOn="2024-01-10", entitled=30, present=28, votesFor=27, votesAgainst=1, abstentions=0
    )
    assert (refusal["__typename"], refusal["code"]) == ("NotAllowedInStateError", "NOT_ALLOWED_IN_STATE")
    assert "recordPreAppointmentTalk" in refusal["allowedCommands"]
    assert "recordElection" not in refusal["allowedCommands"]


async def test_whoever_is_elected_after_all_of_it_is_shown_on_the_chamber(chamber: Chamber) -> None:
    candidate = await (await deputy(chamber).nominate()).approve()
    assert {"post": "VICE_PRESIDENT", "person": DEPUTY} not in await officers(chamber)
    done = await candidate.elect(select="position appointment { state election { votesFor } termUntil inOfficeUntil }")
    assert done["appointment"] == {
        "state": "IN_OFFICE",
        "election": {"votesFor": 27},
        "termUntil": "2029-01-09",
        "inOfficeUntil": "2029-01-09",
    }
    assert {"post": "VICE_PRESIDENT", "person": DEPUTY} in await officers(chamber)


async def test_whoever_finds_no_majority_is_rejected(chamber: Chamber) -> None:
    candidate = await (await deputy(chamber).nominate()).approve()
    done = await candidate.elect(votes_for=14, select="position appointment { state inOfficeUntil }")
    assert done["appointment"] == {"state": "REJECTED", "inOfficeUntil": None}
    assert {"post": "VICE_PRESIDENT", "person": DEPUTY} not in await officers(chamber)


async def test_whoever_left_is_no_officer_any_more_and_was_one_as_of_then(chamber: Chamber) -> None:
    candidate = await (await deputy(chamber).nominate()).approve()
    elected = (await candidate.elect())["position"]
    await candidate.do("EndTerm", ending="RESIGNED", effectiveOn="2025-06-30")
    assert {"post": "VICE_PRESIDENT", "person": DEPUTY} not in await officers(chamber)
    text = """query($at: Position!, $id: ID!, $on: Date!, $after: Date!) {
        asOf(at: {position: $at}) { appointment(id: $id) { state chamber { officers { person } } } }
        now: appointment(id: $id) { state ending inOfficeUntil }
        then: appointments(where: {termFrom: {lte: $on}, inOfficeUntil: {gt: $on}}) { nodes { person } }
        later: appointments(where: {termFrom: {lte: $after}, inOfficeUntil: {gt: $after}}) { totalCount } }"""
    at = {"at": elected, "id": candidate.id, "on": "2025-01-01", "after": "2025-07-01"}
    found = await chamber.api.ask(text, **at)
    assert found["asOf"]["appointment"]["state"] == "IN_OFFICE"
    assert {"person": DEPUTY} in found["asOf"]["appointment"]["chamber"]["officers"]
    assert found["now"] == {"state": "ENDED", "ending": "RESIGNED", "inOfficeUntil": "2025-06-30"}
    assert (found["then"]["nodes"], found["later"]["totalCount"]) == ([{"person": DEPUTY}], 0)


async def test_the_chambers_appointments_tell_the_whole_procedure(chamber: Chamber) -> None:
    candidate = await (await deputy(chamber).nominate()).approve()
    text = """query($id: ID!) { node(id: $id) { ... on Chamber { appointments {
        nodes { post person state evaluation { summary } inspection { inspectors } talk { commitments } } } } } }"""
    president, found = sorted((await chamber.api.ask(text, id=chamber.id))["node"]["appointments"]["nodes"],
                              key=lambda each: str(each["post"]))  # fmt: skip
    assert (president["person"], found["person"]) == (chamber.president, DEPUTY)
    assert (found["state"], len(found["inspection"]["inspectors"])) == ("APPROVED", 2)
    history = """query($id: ID!) { node(id: $id) { ... on Appointment { history { nodes { kind } } } } }"""
    told = (await chamber.api.ask(history, id=candidate.id))["node"]["history"]["nodes"]
    assert [each["kind"].removeprefix("APPOINTMENT_") for each in told] == [
        "NOMINATED",
        "EVALUATION_RECORDED",
        "INSPECTION_RECORDED",
        "PRE_APPOINTMENT_TALK_HELD",
        "PUBLIC_NOTICE_OPENED",
        "UNITED_FRONT_CONSENTED",
        "CANDIDATE_APPROVED",
    ]


async def test_two_presidents_at_a_time_are_refused(chamber: Chamber) -> None:
    president = await chamber.api.ask("{ appointments(where: {state: {eq: APPROVED}}) { nodes { id } } }")
    first = Candidate(chamber)
    first.id = president["appointments"]["nodes"][0]["id"]
    await first.elect()
    rival = await (await Candidate(chamber, DEPUTY).nominate()).approve()
    refusal = await rival.refused(
        "RecordElection", heldOn="2024-01-10", entitled=30, present=28, votesFor=27, votesAgainst=1, abstentions=0,
        termFrom="2024-01-10", termUntil="2029-01-09",
    )  # fmt: skip
    assert refusal["code"] == "DUPLICATE"


async def test_who_inspected_may_not_approve(chamber: Chamber) -> None:
    candidate = await (await (await deputy(chamber).nominate()).inspect()).talk()
    await candidate.do("OpenPublicNotice", FIC, noticedOn="2023-12-04", publishedIn="公示栏")
    await candidate.do("ConsentToCandidate", UFWD)
    assert (await candidate.refused("ApproveCandidate", FIC))["code"] == "FOUR_EYES"
    await candidate.do("ApproveCandidate", SIGNATORY)


async def test_candidates_are_not_the_publics_to_read(chamber: Chamber) -> None:
    count = "{ appointments { totalCount } }"
    assert (await chamber.api.ask(count))["appointments"]["totalCount"] == 1
    assert (await chamber.api.ask(count, PUBLIC))["appointments"]["totalCount"] == 0


async def test_a_supervisor_consents_only_once_the_president_is_approved(api: Api) -> None:
    await divisions(api)
    chamber = await Chamber(api).prepare()
    await chamber.do("SubmitToSupervisor")
    refusal = await chamber.refused("ApproveBySupervisor", FIC)
    assert (refusal["code"], refusal["basis"]) == ("GUARD_FAILED", "社会团体登记管理条例第九条")
    candidate = await (await Candidate(chamber).nominate()).inspect()
    assert (await chamber.refused("ApproveBySupervisor", FIC))["code"] == "GUARD_FAILED"
    await (await candidate.talk()).do("OpenPublicNotice", FIC, noticedOn="2023-12-04", publishedIn="公示栏")
    await candidate.do("ConsentToCandidate", UFWD)
    await candidate.do("ApproveCandidate", SIGNATORY)
    await chamber.do("ApproveBySupervisor", FIC)


async def test_the_change_of_term_is_on_the_list_of_deadlines(chamber: Chamber) -> None:
    await (await (await deputy(chamber).nominate()).approve()).elect()
    text = "{ deadlines(where: {kind: {eq: CHANGE_OF_TERM}}) { nodes { dueOn defaultOfOurs } } }"
    found = (await chamber.api.ask(text))["deadlines"]["nodes"]
    assert found == [{"dueOn": "2028-10-11", "defaultOfOurs": True}]
