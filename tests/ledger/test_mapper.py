"""Is an event read as it was written, whichever version of its fact wrote it?"""

from typing import Any, ClassVar
from uuid import UUID

import msgspec
import pytest
from eventsourcing.persistence import MapperDeserialisationError

from service.domain.record import Fact
from service.domain.registry import FACTS
from service.ledger.mapper import LedgerMapper
from tests.projections.engine.town import envelope_of

ID, TOPIC = UUID(int=1), "test.moved"


class Moved(Fact):
    """Something moved; at first it was told how far, as a text, then in metres."""

    class_version: ClassVar[int] = 3
    topic: ClassVar[str] = TOPIC
    metres: int = 0

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> dict[str, Any]:
        return {"far": state["metres"]}

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> dict[str, Any]:
        return {"metres": int(state["far"]) * 1_000}


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fact can be found."""
    monkeypatch.setitem(FACTS, TOPIC, Moved)


def read(version: int, fact: dict[str, Any]) -> Fact:
    state = msgspec.json.encode({"v": version, "fact": fact, "envelope": envelope_of(1)})
    return LedgerMapper().event(ID, 1, TOPIC, state).fact


@pytest.mark.parametrize(
    ("version", "fact"),
    [(3, {"metres": 7_000}), (2, {"far": "7"}), (1, {"metres": "7"}), (1, {"metres": 7})],
    ids=["present", "other field", "other type", "other meaning"],
)
def test_a_fact_of_any_version_is_read_as_what_it_means_today(version: int, fact: dict[str, Any]) -> None:
    assert read(version, fact) == Moved(7_000)


@pytest.mark.parametrize(
    ("version", "fact", "why"),
    [(3, {"metres": "7"}, "Expected `int`"), (4, {"metres": 7}, "of version 4"), (4, {"metres": "7"}, "of version 4")],
    ids=["present", "newer", "newer that does not fit"],
)
def test_what_cannot_be_read_is_named(version: int, fact: dict[str, Any], why: str) -> None:
    with pytest.raises(MapperDeserialisationError, match=why):
        read(version, fact)
