"""Does a request become facts exactly once, on fresh grounds, or not at all?"""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from service.domain.record import Recorded
from service.domain.refusal import (
    Duplicate,
    IdempotencyKeyReused,
    InvalidInput,
    LedgerUnavailable,
    NotAllowedInState,
    NotFound,
    OutOfScope,
    VersionConflict,
)
from service.domain.roles import Actor, Grant, Role
from service.ledger.appender import Appender
from service.ledger.ledger import Ledger
from service.ledger.log import EventLog
from service.postgres.line import Line, Statement
from tests.ledger.conftest import ask, define, opened

pytestmark = pytest.mark.anyio
TRANSACTIONS = "SELECT count(DISTINCT xmin::text) FROM ledger.shanghui_events WHERE originator_id = ANY(%s)"


def events(uri: str) -> list[Recorded]:
    with psycopg.connect(uri) as connection:
        return EventLog().read(connection, 0, 10_000)


def topics(uri: str) -> list[str]:
    return [event.fact.topic for event in events(uri)]


async def test_a_command_writes_its_facts_and_its_claims_together(ledger: Ledger, ledger_uri: str) -> None:
    outcome = await ledger.execute(define("410225"))
    assert topics(ledger_uri) == ["claim.taken", "division.defined"]
    assert (outcome.version, outcome.position) == (1, events(ledger_uri)[-1].position)


async def test_every_event_says_who_when_why_and_from_where(ledger: Ledger, ledger_uri: str) -> None:
    request = define("410225", effective_on=date(2014, 12, 1), reason="区划调整", basis="国函〔2014〕1号")
    await ledger.execute(request)
    envelope = events(ledger_uri)[-1].envelope
    assert (envelope.account, envelope.role, envelope.key) == ("city-fic", Role.CITY_FIC, request.key)
    assert (envelope.effective_on, envelope.reason, envelope.basis) == (
        date(2014, 12, 1),
        "区划调整",
        "国函〔2014〕1号",
    )
    assert envelope.place == events(ledger_uri)[-1].originator_id


async def test_the_same_key_with_the_same_input_is_answered_as_before(ledger: Ledger, ledger_uri: str) -> None:
    request = define("410225")
    first = await ledger.execute(request)
    assert await ledger.execute(request) == first
    assert len(topics(ledger_uri)) == 2


async def test_the_same_key_is_answered_as_before_when_the_state_has_moved_on(ledger: Ledger) -> None:
    id = (await ledger.execute(define("410225"))).record
    rename = ask("division.rename", id, name="新名")
    first = await ledger.execute(rename)
    await ledger.execute(ask("division.abolish", id, reason="撤销"))
    assert await ledger.execute(rename) == first


async def test_the_same_key_with_other_input_is_refused(ledger: Ledger) -> None:
    key = uuid4()
    await ledger.execute(define("410225", key=key))
    with pytest.raises(IdempotencyKeyReused):
        await ledger.execute(define("410222", key=key))


async def test_one_accounts_keys_never_meet_anothers(ledger: Ledger) -> None:
    key, other = uuid4(), Actor("other", (Grant(Role.CITY_FIC),))
    await ledger.execute(define("410225", key=key))
    assert (await ledger.execute(define("410222", key=key, by=other))).version == 1


async def test_the_same_request_sent_many_times_at_once_is_carried_out_once(ledger: Ledger, ledger_uri: str) -> None:
    request = define("410225")
    outcomes = await asyncio.gather(*(ledger.execute(request) for _ in range(20)))
    assert len(set(outcomes)) == 1
    assert len(topics(ledger_uri)) == 2


async def test_a_stale_version_is_refused_with_the_version_there_is(ledger: Ledger) -> None:
    id = (await ledger.execute(define("410225"))).record
    await ledger.execute(ask("division.rename", id, name="新名", expected_version=1))
    with pytest.raises(VersionConflict) as refused:
        await ledger.execute(ask("division.rename", id, name="再名", expected_version=1))
    assert refused.value.actual == 2


async def test_two_processes_that_race_for_a_code_have_one_winner(ledger: Ledger, ledger_uri: str) -> None:
    async with opened(ledger_uri) as other:
        results = await asyncio.gather(
            ledger.execute(define("410225", "甲")), other.execute(define("410225", "乙")), return_exceptions=True
        )
    assert [type(each).__name__ for each in results].count("Duplicate") == 1
    assert topics(ledger_uri).count("division.defined") == 1


async def test_a_guard_never_trusts_what_another_process_has_changed(ledger: Ledger, ledger_uri: str) -> None:
    city = (await ledger.execute(define("410200", kind="PREFECTURE"))).record
    await ledger.execute(define("410225", parent="410200"))
    async with opened(ledger_uri) as other:
        await other.execute(ask("division.abolish", city, reason="撤销"))
    with pytest.raises(NotFound):
        await ledger.execute(define("410222", parent="410200"))


async def test_a_refusal_is_believed_only_on_fresh_records(ledger: Ledger, ledger_uri: str) -> None:
    id = (await ledger.execute(define("410225"))).record
    with pytest.raises(Duplicate):
        await ledger.execute(define("410225", "别处"))
    async with opened(ledger_uri) as other:
        await other.execute(ask("division.abolish", id, reason="撤销"))
    assert (await ledger.execute(define("410225", "别处"))).record != id


async def test_many_changes_of_one_record_at_once_all_go_through_in_turn(ledger: Ledger, ledger_uri: str) -> None:
    id = (await ledger.execute(define("410225"))).record
    await asyncio.gather(*(ledger.execute(ask("division.rename", id, name=f"名{n}")) for n in range(30)))
    versions = [e.originator_version for e in events(ledger_uri) if e.originator_id == id]
    assert versions == list(range(1, 32))


async def test_requests_carried_out_together_stand_in_their_order(ledger: Ledger, ledger_uri: str) -> None:
    codes = [f"4102{n:02}" for n in range(40)]
    outcomes = await ledger.execute_together([define(code) for code in codes])
    assert [event.originator_id for event in events(ledger_uri) if event.fact.topic == "division.defined"] == [
        outcome.record for outcome in outcomes
    ]


async def test_requests_carried_out_together_are_recorded_together_or_not_at_all(
    ledger: Ledger, ledger_uri: str
) -> None:
    await ledger.execute_together([define("410225"), define("410221")])  # a batch of four may then do with two
    outcomes = await ledger.execute_together([define(f"4102{n}") for n in range(40, 80)])
    with psycopg.connect(ledger_uri) as connection:
        found = connection.execute(TRANSACTIONS, [[each.record for each in outcomes]]).fetchone()
    assert found == (1,)


async def test_together_too_a_stale_ground_is_decided_anew(ledger: Ledger, ledger_uri: str) -> None:
    first, second = await ledger.execute_together([define("410225"), define("410221")])
    async with opened(ledger_uri) as other:
        await other.execute(ask("division.rename", first.record, name="他处改名"))
    requests = [ask("division.rename", each.record, name="新名") for each in (first, second)]
    outcomes = await ledger.execute_together(requests)
    assert [outcome.version for outcome in outcomes] == [3, 2]
    assert await ledger.execute_together(requests) == outcomes


async def test_together_too_what_may_not_be_is_refused(ledger: Ledger) -> None:
    await ledger.execute(define("410225"))
    with pytest.raises(Duplicate):
        await ledger.execute_together([define("410221"), define("410225")])


async def test_recorded_times_follow_positions(ledger: Ledger, ledger_uri: str) -> None:
    await asyncio.gather(*(ledger.execute(define(f"4102250{n:02}")) for n in range(40)))
    times = [event.envelope.recorded_at for event in events(ledger_uri)]
    assert times == sorted(times)


async def test_a_dry_run_says_what_would_happen_and_writes_nothing(ledger: Ledger, ledger_uri: str) -> None:
    outcome = await ledger.execute(define("410225"), dry_run=True)
    assert (outcome.version, outcome.position) == (1, None)
    assert topics(ledger_uri) == []


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (define("41022", "某县"), InvalidInput),
        (define("410225", ""), InvalidInput),
        (define("410225", "坏\0名"), InvalidInput),
        (define("410225", kind="PLANET"), InvalidInput),
        (define("410225", extra=1), InvalidInput),
        (define("410225", parent="999999"), NotFound),
        (define("410225", effective_on=datetime.now(UTC).date() + timedelta(days=2)), InvalidInput),
        (define("410225", by=Actor("clerk", (Grant(Role.INSPECTOR),))), OutOfScope),
        (define("410225", by=Actor("elsewhere", (Grant(Role.CITY_FIC, "410100"),))), OutOfScope),
        (define("410225", by=Actor("nobody")), OutOfScope),
        (ask("division.rename", uuid4(), name="新名"), NotFound),
        (ask("division.rename", None, name="新名"), InvalidInput),
    ],
)
async def test_a_bad_request_is_refused_and_writes_nothing(
    ledger: Ledger, ledger_uri: str, request_: object, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await ledger.execute(request_)  # type: ignore[arg-type]  # parametrised
    assert topics(ledger_uri) == []


async def test_a_closed_division_allows_nothing_and_says_so(ledger: Ledger) -> None:
    id = (await ledger.execute(define("410225"))).record
    await ledger.execute(ask("division.abolish", id, reason="撤销"))
    with pytest.raises(NotAllowedInState) as refused:
        await ledger.execute(ask("division.rename", id, name="新名"))
    assert refused.value.allowed == ()


async def test_a_reason_is_asked_for_where_it_is_owed(ledger: Ledger) -> None:
    id = (await ledger.execute(define("410225"))).record
    with pytest.raises(InvalidInput, match="reason"):
        await ledger.execute(ask("division.abolish", id))


async def test_permissions_follow_the_manager(ledger: Ledger) -> None:
    for code in ("410200", "410100"):
        await ledger.execute(define(code, kind="PREFECTURE"))
    id = (await ledger.execute(define("410225", parent="410200"))).record
    kaifeng = Actor("kaifeng", (Grant(Role.CITY_FIC, "410200"),))
    await ledger.execute(ask("division.rename", id, name="甲", by=kaifeng))
    await ledger.execute(ask("division.change_manager", id, managed_by="410100", reason="托管"))
    with pytest.raises(OutOfScope):
        await ledger.execute(ask("division.rename", id, name="乙", by=kaifeng))


def disconnect_all(uri: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


async def test_a_database_that_is_read_only_is_a_clear_refusal(ledger: Ledger, ledger_uri: str) -> None:
    with psycopg.connect(ledger_uri, autocommit=True) as connection:
        statement = f'ALTER DATABASE "{connection.info.dbname}" SET default_transaction_read_only = on'
        connection.execute(statement.encode())
    disconnect_all(ledger_uri)
    with pytest.raises(LedgerUnavailable):
        await ledger.execute(define("410225"))


async def test_a_lost_connection_is_survived(ledger: Ledger, ledger_uri: str) -> None:
    await ledger.execute(define("410225"))
    disconnect_all(ledger_uri)
    assert (await ledger.execute(define("410222"))).version == 1


async def test_a_look_that_another_statement_spoils_is_taken_again(ledger_uri: str) -> None:
    line = Line(ledger_uri)
    appender = Appender(line)
    await appender.ready()
    spoiling = line.send(Statement("SELECT 1 / 0"))
    assert await appender.grounds(uuid4(), {uuid4(): 0}) == (None, [])
    assert (await spoiling).error_message
    await appender.close()
