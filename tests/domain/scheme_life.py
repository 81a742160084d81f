"""Which facts bring a scheme to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from service.domain.identifiers import name_id
from service.domain.scheme import Scheme, scheme_id
from service.domain.scheme_record import (
    AspectAdded,
    Drafted,
    GradeSet,
    SchemeDiscarded,
    SchemePublished,
    SchemeRetired,
    VetoSet,
)
from service.domain.scheme_terms import ALL_OWNERS, SUBJECTS, Aspect, Grade, SchemeKind, SchemeState, VetoItem
from tests.domain.harness import CITY, At, Facts
from tests.domain.life import Life

KIND = SchemeKind.TOWNSHIP_ANNUAL
"""A kind whose aspects are free: one more can be added."""
SCHEME = scheme_id(KIND, 1)
CITY_ID = name_id(f"division/{CITY}")
FIVE = {
    "PERSONAL_CONDUCT": "个人表现",
    "POLITICAL_WORK": "思想政治工作",
    "ORGANISATION_MANAGEMENT": "组织管理",
    "BUSINESS_ACTIVITY": "业务活动",
    "SOCIAL_RESPONSIBILITY": "社会责任",
}
GRADES = {"优秀": 90, "良好": 75, "合格": 60, "不合格": 0}
DOCUMENT = "会长考核暂行办法（示例）"


def drafted(kind: SchemeKind = KIND, edition: int = 1, from_year: int = 2023) -> Drafted:
    """The beginning of a draft."""
    return Drafted(kind, edition, CITY_ID, SUBJECTS[kind], "考核方案", from_year, 1, 1, True)


def aspect(code: str, weight: int = 20, most: int = 20) -> AspectAdded:
    """An aspect."""
    return AspectAdded(Aspect(code, FIVE.get(code, code), weight, most))


ASPECTS = tuple(aspect(code) for code in FIVE)
GRADED = tuple(GradeSet(Grade(name, least)) for name, least in GRADES.items())
DRAFT: Facts = (drafted(), *ASPECTS, *GRADED, VetoSet(VetoItem("CRIME", "受到刑事处罚")))
PUBLISHED: Facts = (*DRAFT, At(SchemePublished(DOCUMENT), by="who published"))
LIVES: Mapping[StrEnum, Facts] = {
    SchemeState.DRAFT: DRAFT,
    SchemeState.PUBLISHED: PUBLISHED,
    SchemeState.DISCARDED: (*DRAFT, SchemeDiscarded()),
    SchemeState.RETIRED: (*PUBLISHED, SchemeRetired()),
}
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "draft": {"kind": KIND, "issuer": CITY, "title": "考核方案", "from_year": 2023},
    "add_aspect": {"code": "CHAMBER_BUILDING", "name": "商会建设", "weight": 0, "most": 20},
    "add_indicator": {"aspect": "PERSONAL_CONDUCT", "code": "HONESTY", "name": "诚信守法", "most": 20},
    "set_grade": {"name": "基本合格", "least": 50},
    "set_veto": {"code": "SAFETY", "description": "发生重大安全事故"},
    "publish_scheme": {"basis_document": DOCUMENT},
}
LIFE = Life(
    record=Scheme,
    id=SCHEME,
    lifecycles={"Scheme": SchemeState},
    actors={"city FIC": {*ALL_OWNERS}},
    lives=LIVES,
    inputs=INPUTS,
)
