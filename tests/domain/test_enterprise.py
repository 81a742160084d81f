"""Which enterprise may represent a chamber, and which posts may be arranged for it?"""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.chamber_terms import ChamberState
from service.domain.enterprise import ArrangementRecommended, EnterpriseRecorded
from service.domain.enterprise_terms import ArrangementKind, EnterpriseState
from tests.domain import chamber_life
from tests.domain.chamber_life import CODE, ENTERPRISE
from tests.domain.enterprise_life import ARRANGEMENT, CONFIRMED, ID, LIFE, MEMBER, RECOMMENDED, RECORDED
from tests.domain.harness import CHAMBER, TOWNSHIP, TOWNSHIP_ID, Given

POST = "县政协委员"


def given(*facts: Any) -> Given:
    return Given(ID, *facts)


def test_an_enterprise_is_its_credit_code_however_it_is_written() -> None:
    spaced = f"{ENTERPRISE[:8]} {ENTERPRISE[8:]}".lower()
    recorded = given().when("enterprise.record", uscc=spaced, name="新企业", division=TOWNSHIP)
    recorded.then(EnterpriseRecorded(ENTERPRISE, "新企业", TOWNSHIP_ID))
    recorded.when("enterprise.record", uscc=ENTERPRISE, name="新企业", division=TOWNSHIP).then_refused("DUPLICATE")


@pytest.mark.parametrize("uscc", [CODE, ENTERPRISE[:-1] + "M"], ids=["a society's", "a wrong digit"])
def test_an_enterprise_has_the_code_of_one(uscc: str) -> None:
    asked = given().when("enterprise.record", uscc=uscc, name="新企业", division=TOWNSHIP)
    asked.then_refused("GUARD_FAILED", "GB 32100-2015", ("uscc",))


def test_only_a_member_represents_a_chamber() -> None:
    world = given(*RECORDED).also(*chamber_life.LIFE.lives[ChamberState.REGISTERED], of=CHAMBER)
    refused = world.when("enterprise.designate_representative", chamber=CHAMBER)
    refused.then_refused("GUARD_FAILED", path=("chamber",))


def test_only_a_registered_chamber_is_represented() -> None:
    world = given(*RECORDED).also(*chamber_life.PREPARED, MEMBER, of=CHAMBER)
    refused = world.when("enterprise.designate_representative", chamber=CHAMBER)
    refused.then_refused("GUARD_FAILED", path=("chamber",))


def test_who_no_longer_represents_keeps_his_posts() -> None:
    world = LIFE.given(EnterpriseState.REPRESENTATIVE, *CONFIRMED[1:])
    released = world.when("enterprise.release_representative")
    record = released.then_accepted().given.world.find(LIFE.record, ID).values()
    assert record["represents"] is None
    assert record["arrangements"][ARRANGEMENT].state == "CONFIRMED"


@pytest.mark.parametrize("facts", [RECOMMENDED, CONFIRMED], ids=["recommended", "confirmed"])
def test_a_post_is_arranged_once_at_a_time(facts: tuple[Any, ...]) -> None:
    again = given(*facts).when("enterprise.recommend_arrangement", kind="POLITICAL", post=POST)
    again.then_refused("GUARD_FAILED", path=("post",))


def test_a_post_may_be_recommended_again_when_it_was_declined() -> None:
    declined = given(*RECOMMENDED).when("enterprise.decline_arrangement", arrangement=ARRANGEMENT)
    again = declined.when("enterprise.recommend_arrangement", kind="POLITICAL", post=POST)
    (fact,) = again.decided.facts[ID]
    assert isinstance(fact, ArrangementRecommended)
    assert (fact.kind, fact.post) == (ArrangementKind.POLITICAL, POST)
    assert fact.arrangement != ARRANGEMENT
