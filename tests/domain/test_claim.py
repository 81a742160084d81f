"""Can only one hold what only one may hold?"""

from __future__ import annotations

from uuid import UUID

import pytest

from service.domain.claim import Claim, Claims, Released, Taken
from service.domain.record import Fact, Record
from service.domain.refusal import Duplicate
from tests.domain.harness import At, World

HOLDER, RIVAL = UUID(int=1), UUID(int=2)


class Shelf:
    """Records of a test, which learn what is added to them."""

    def __init__(self) -> None:
        self.world = World()
        self.get = self.world.find
        self.added: list[Fact] = []

    def add(self, record: Record, fact: Fact) -> None:
        self.added.append(fact)
        self.world.learn(record.id, At(fact))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def claims(shelf: Shelf) -> Claims:
    return Claims(shelf)


def test_a_taken_thing_has_its_holder(shelf: Shelf, claims: Claims) -> None:
    claims.take("name", "考城镇商会", HOLDER, "taken")
    assert claims.holder("name", "考城镇商会") == HOLDER
    assert shelf.added == [Taken("name", "考城镇商会", HOLDER)]


def test_what_another_holds_cannot_be_taken(claims: Claims) -> None:
    claims.take("name", "考城镇商会", HOLDER, "taken")
    with pytest.raises(Duplicate, match="考城镇商会 is taken") as refused:
        claims.take("name", "考城镇商会", RIVAL, "{key} 已被占用 | {key} is taken", basis="规则")
    assert refused.value.basis == "规则"


def test_taking_again_what_one_holds_changes_nothing(shelf: Shelf, claims: Claims) -> None:
    claims.take("name", "考城镇商会", HOLDER, "taken")
    claims.take("name", "考城镇商会", HOLDER, "taken")
    assert len(shelf.added) == 1


def test_what_is_given_up_is_free_and_its_rounds_are_counted(shelf: Shelf, claims: Claims) -> None:
    claims.take("seat", "a township", HOLDER, "taken")
    claims.release("seat", "a township", HOLDER)
    claim: Claim = claims.find("seat", "a township")
    assert (claim.holder, claim.rounds) == (None, 1)
    claims.take("seat", "a township", RIVAL, "taken")
    assert isinstance(shelf.added[1], Released)


def test_giving_up_what_another_holds_changes_nothing(claims: Claims) -> None:
    claims.take("seat", "a township", HOLDER, "taken")
    claims.release("seat", "a township", RIVAL)
    assert claims.holder("seat", "a township") == HOLDER


def test_the_same_key_of_another_kind_is_another_thing(claims: Claims) -> None:
    claims.take("name", "same", HOLDER, "taken")
    claims.take("seat", "same", RIVAL, "taken")
    assert claims.holder("name", "same") == HOLDER
