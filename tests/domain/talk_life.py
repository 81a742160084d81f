"""Which facts bring a talk to each of its states, and what would each command accept there?"""

from __future__ import annotations

from datetime import date, timedelta

from service.domain.identifiers import name_id
from service.domain.organ_kind import Level
from service.domain.roles import Role
from service.domain.talk import (
    ImprovementConfirmed,
    NoImprovementRecorded,
    Talk,
    TalkCancelled,
    TalkHeld,
    TalkOrdered,
)
from service.domain.talk_rule import TalkCause, Talkee, TalkState
from tests.domain.harness import TODAY, TOWNSHIP, TOWNSHIP_ID, Facts
from tests.domain.life import Life

TALK, NEXT = name_id("a talk"), name_id("the next talk")
DIGEST = "0" * 64
DEMANDS = ("九月底前完成筹备",)
DUE = TODAY + timedelta(60)


def ordered(**more: object) -> TalkOrdered:
    """A talk of the head of a county's United Front department with a township's Party secretary."""
    usual = (TOWNSHIP_ID, Level.TOWNSHIP, Role.COUNTY_UFWD_HEAD, Talkee.TOWNSHIP_PARTY_SECRETARY)
    return TalkOrdered(*usual, TalkCause.INADEQUATE_PROGRESS, DEMANDS, DUE, **more)  # type: ignore[arg-type]  # what a test adds


def held(due: date = DUE) -> TalkHeld:
    """It took place."""
    return TalkHeld(DIGEST, DEMANDS, due)


HELD: Facts = (ordered(), held())
_talk = {"subject": TOWNSHIP, "cause": "INADEQUATE_PROGRESS", "demands": list(DEMANDS), "due_on": DUE}
LIFE = Life(
    record=Talk,
    id=TALK,
    lifecycles={"Talk": TalkState},
    actors={
        "the talker": {Role.COUNTY_UFWD_HEAD, Role.CITY_FIC_PARTY_SECRETARY},
        "who ordered": {Role.COUNTY_UFWD_HEAD, Role.CITY_FIC_PARTY_SECRETARY},
        "talker organ": {Role.COUNTY_UFWD_HEAD, Role.CITY_FIC_PARTY_SECRETARY, Role.CITY_FIC},
    },
    lives={
        TalkState.ORDERED: (ordered(),),
        TalkState.HELD: HELD,
        TalkState.IMPROVED: (*HELD, ImprovementConfirmed("已完成", (DIGEST,))),
        TalkState.NOT_IMPROVED: (*HELD, NoImprovementRecorded("仍未完成", NEXT)),
        TalkState.CANCELLED: (ordered(), TalkCancelled()),
    },
    inputs={
        "order": _talk,
        "hold_talk": {"minutes": DIGEST},
        "confirm_improvement": {"outcome": "已完成", "evidence": [DIGEST]},
        "record_no_improvement": {"outcome": "仍未完成", "next_talk": NEXT},
    },
    around=lambda world: world.also(ordered(escalated_from=TALK), of=NEXT),
)
