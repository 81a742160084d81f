"""Which facts bring an assessment to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from service.domain.appointment_record import appointment_id
from service.domain.assessment import Assessment
from service.domain.assessment_record import (
    Appealed,
    AppealWaived,
    AspectScore,
    AssessmentCancelled,
    AssessmentOpened,
    ResultConfirmed,
    ResultPublished,
    Scored,
    SelfReportSubmitted,
    assessment_id,
)
from service.domain.assessment_terms import ASSESSED, ASSESSORS, LEADERS, AssessmentState
from service.domain.chamber_terms import OfficerPost
from service.domain.claim import Released, Taken
from service.domain.identifiers import name_id
from service.domain.roles import Role
from service.domain.scheme import DRAFTS, scheme_id
from service.domain.scheme_record import AssessmentBegun, SchemePublished, VetoSet
from service.domain.scheme_terms import SchemeKind, VetoItem
from tests.domain.candidates import elected
from tests.domain.chamber_life import PRESIDENT
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, At, Facts, Given
from tests.domain.life import Life
from tests.domain.scheme_life import ASPECTS, DOCUMENT, FIVE, GRADED, drafted

KIND, YEAR = SchemeKind.PRESIDENT_ANNUAL, 2025
APPOINTMENT = appointment_id(CHAMBER, OfficerPost.PRESIDENT, PRESIDENT)
SCHEME = scheme_id(KIND, 1)
ID = assessment_id(KIND, APPOINTMENT, YEAR)
DIGEST = "0" * 64
POINTS = (18, 17, 16, 19, 15)
MARKS = [{"aspect": code, "score": str(points), "evidence": DIGEST} for code, points in zip(FIVE, POINTS, strict=True)]
SCORES = tuple(
    AspectScore(code, Decimal(points).quantize(Decimal("0.01")), DIGEST)
    for code, points in zip(FIVE, POINTS, strict=True)
)
SCHEME_FACTS: Facts = (
    drafted(KIND),
    *ASPECTS,
    *GRADED,
    VetoSet(VetoItem("CRIME", "受到刑事处罚")),
    SchemePublished(DOCUMENT),
)

OPENED = (AssessmentOpened(KIND, SCHEME, APPOINTMENT, TOWNSHIP_ID, CHAMBER, YEAR),)
REPORTED = At(SelfReportSubmitted(DIGEST), by="who reported")
SCORED = (*OPENED, REPORTED, At(Scored(SCORES, (), Decimal("85.00")), by="who scored"))
PUBLISHED = (*SCORED, At(ResultPublished(Decimal("85.00"), "良好"), by="who published"))
APPEALED = (*PUBLISHED, At(Appealed("业务活动漏计"), by="who appealed"))
LIVES: Mapping[StrEnum, Facts] = {
    AssessmentState.OPEN: OPENED,
    AssessmentState.SELF_REPORTED: (*OPENED, REPORTED),
    AssessmentState.SCORED: SCORED,
    AssessmentState.PUBLISHED: PUBLISHED,
    AssessmentState.APPEALED: APPEALED,
    AssessmentState.CONFIRMED: (*PUBLISHED, AppealWaived(), ResultConfirmed()),
    AssessmentState.CANCELLED: (*OPENED, AssessmentCancelled()),
}
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "open": {"kind": KIND, "year": YEAR, "appointment": APPOINTMENT},
    "submit_self_report": {"self_report": DIGEST},
    "attach_evidence": {"aspect": "BUSINESS_ACTIVITY", "title": "招商台账", "sha256": DIGEST},
    "score": {"marks": MARKS},
    "rescore": {"marks": MARKS},
    "appeal": {"grounds": "业务活动漏计"},
}


def editions(world: Given, *schemes: tuple[SchemeKind, Facts]) -> Given:
    """Let editions of schemes be there, and the claims on their drafts given up."""
    for kind, facts in schemes:
        key = f"{DRAFTS}/{kind}"
        count = 1 + sum(each is kind for each, _ in schemes[: schemes.index((kind, facts))])
        id = scheme_id(kind, count)
        world.also(*facts, of=id)
        world.also(Taken(DRAFTS, kind, id), Released(DRAFTS, kind, id), of=name_id(f"claim/{key}"))
    return world


def around(world: Given) -> Given:
    """A president in office, and a published scheme with one assessment under way."""
    world.also(*elected(PRESIDENT), of=APPOINTMENT)
    return editions(world, (KIND, (*SCHEME_FACTS, AssessmentBegun(ID))))


LIFE = Life(
    record=Assessment,
    id=ID,
    lifecycles={"Assessment": AssessmentState},
    actors={
        "the assessed": {*ASSESSED},
        "assessor (never the assessed)": {*ASSESSORS},
        "assessor": {*ASSESSORS},
        "FIC leader": {*LEADERS},
        "FIC leader (not the scorer)": {*LEADERS},
        "review group": {Role.CITY_FIC},
        "city FIC": {Role.CITY_FIC},
    },
    lives=LIVES,
    inputs=INPUTS,
    prerequisites={"score": (REPORTED,), "confirm": (AppealWaived(),)},
    around=around,
)
"""Who reports never scores: the test of four eyes finds him in what came before."""
