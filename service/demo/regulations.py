"""Which documents does the demonstration city have: numbers and texts are invented, titles are those of the article?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from service.demo import offices
from service.demo.divisions import ids
from service.demo.invented import digest
from service.demo.journal import Journal
from service.demo.places import CITY_CODE
from service.domain.document import NUMBER, Document
from service.domain.document_terms import DocumentKind, DocumentLevel
from service.domain.identifiers import name_id
from service.domain.organ_kind import Level, OrganKind

FIC, CIVIL_AFFAIRS = OrganKind.FIC, OrganKind.CIVIL_AFFAIRS
COVERED = date(2026, 12, 31)
DUTIES: Sequence[tuple[Level, OrganKind, str]] = (
    (Level.TOWNSHIP, OrganKind.PARTY_COMMITTEE, "组织发起人筹备商会，落实办公场所"),
    (Level.TOWNSHIP, FIC, "指导筹备，收集登记中的堵点难点"),
    (Level.COUNTY, FIC, "履行业务主管单位职责，审查筹备材料"),
    (Level.COUNTY, CIVIL_AFFAIRS, "受理登记申请，六十日内作出决定"),
    (Level.CITY, FIC, "统筹推进，通报进度"),
    (Level.CITY, CIVIL_AFFAIRS, "指导县区登记，协调解决疑难问题"),
)
GUIDED = (
    (Level.COUNTY, CIVIL_AFFAIRS, "公布办理流程、所需材料和办理时限"),
    (Level.COUNTY, FIC, "辅导发起人准备材料"),
)


class Paper(NamedTuple):
    """A document and the day on which it is entered."""

    day: date
    title: str
    level: DocumentLevel
    kind: DocumentKind
    issuers: Sequence[OrganKind]
    duties: Sequence[tuple[Level, OrganKind, str]] = ()
    goals: Sequence[tuple[str, date | None]] = ()


PARTY_AND_GOVERNMENT = (OrganKind.PARTY_COMMITTEE, OrganKind.GOVERNMENT)
NATIONAL, CITY = DocumentLevel.NATIONAL, DocumentLevel.CITY
ISSUED_NATIONALLY = date(2018, 6, 1)
"""The month is public, the day is ours."""
PAPERS: Sequence[Paper] = (
    Paper(
        date(2023, 3, 6),
        "关于促进工商联所属商会改革和发展的实施意见",
        NATIONAL,
        DocumentKind.DECISION,
        PARTY_AND_GOVERNMENT,
    ),
    Paper(
        date(2023, 3, 13),
        "开封市关于促进工商联所属商会改革和发展的实施意见",
        CITY,
        DocumentKind.OPINION,
        PARTY_AND_GOVERNMENT,
    ),
    Paper(
        date(2023, 3, 20),
        "开封市加强乡镇（街道）商会登记管理工作规划",
        CITY,
        DocumentKind.PLAN,
        PARTY_AND_GOVERNMENT,
        goals=(("乡镇（街道）商会登记工作全面展开", date(2023, 12, 31)), ("乡镇（街道）商会基本覆盖", COVERED)),
    ),
    Paper(
        date(2023, 4, 10),
        "关于加强乡镇（街道）商会登记管理工作的通知",
        CITY,
        DocumentKind.NOTICE,
        (FIC, CIVIL_AFFAIRS),
        DUTIES,
    ),
    Paper(
        date(2023, 4, 17),
        "开封市乡镇、街道商会成立登记服务指南",
        CITY,
        DocumentKind.GUIDE,
        (FIC, CIVIL_AFFAIRS),
        GUIDED,
    ),
    Paper(date(2023, 5, 15), "开封市乡镇（街道）商会建设工作方案", CITY, DocumentKind.WORK_SCHEME, (FIC,)),
    Paper(date(2023, 6, 12), "开封市乡镇（街道）商会会长考核暂行办法", CITY, DocumentKind.MEASURES, (FIC,)),
    Paper(
        date(2023, 11, 6),
        "服务民营企业若干措施（演示，2023年）",
        CITY,
        DocumentKind.POLICY_MEASURE,
        (OrganKind.GOVERNMENT,),
    ),
    Paper(
        date(2025, 3, 10),
        "服务民营企业若干措施（演示，2025年）",
        CITY,
        DocumentKind.POLICY_MEASURE,
        (OrganKind.GOVERNMENT,),
    ),
)
GUIDE, FIRST_MEASURES, SECOND_MEASURES = 4, 7, 8
AMENDED, SET, REPLACED = date(2024, 6, 3), date(2024, 1, 15), date(2025, 3, 17)
"""When the guide is amended, a target is added to the plan, and newer measures take the place of the first."""
ANOTHER_GOAL = "每个县区培育一至三个示范商会"


def documents() -> Iterator[Journal]:
    """All documents, each with what became of it."""
    journals = [_issued(number, paper) for number, paper in enumerate(PAPERS)]
    journals[2].on(SET).write(offices.CITY_FIC, "set_target", goal=ANOTHER_GOAL, due=COVERED.isoformat())
    journals[GUIDE].on(AMENDED).write(
        offices.CITY_FIC, "amend", sha256=digest("document/4/2"), reason="补充办理流程 | The procedure was completed"
    )
    newer = journals[SECOND_MEASURES].id
    journals[FIRST_MEASURES].on(REPLACED).write(
        offices.CITY_FIC,
        "repeal",
        reads=(newer,),
        replaced_by=str(newer),
        reason="由新措施替代 | Newer ones replace it",
    )
    yield from journals


def policy_in_force(day: date) -> UUID | None:
    """The policy measures that an answer may rest on that day."""
    if day < PAPERS[FIRST_MEASURES].day + timedelta(7):
        return None
    return _journal(SECOND_MEASURES if day >= REPLACED else FIRST_MEASURES).id


def _journal(place: int, *claims: UUID) -> Journal:
    return Journal(Document, f"document/{place}", PAPERS[place].day, reads=(ids()[CITY_CODE],), writes=claims)


def _issued(place: int, paper: Paper) -> Journal:
    number = f"演示〔{paper.day.year}〕{place + 1}号"
    journal = _journal(place, name_id(f"claim/{NUMBER}/{number}"))
    ago = (journal.day - ISSUED_NATIONALLY).days if paper.level is NATIONAL else 3
    return journal.write(offices.CITY_FIC, "issue", ago=ago, **_content(place, paper, number))


def _content(place: int, paper: Paper, number: str) -> dict[str, Any]:
    return {
        "division": CITY_CODE,
        "number": number,
        "title": paper.title,
        "level": paper.level.value,
        "kind": paper.kind.value,
        "issuers": [each.value for each in paper.issuers],
        "sha256": digest(f"document/{place}/1"),
        "responsibilities": [{"level": at, "organ": organ, "duty": duty} for at, organ, duty in paper.duties],
        "targets": [{"goal": goal, "due": due and due.isoformat()} for goal, due in paper.goals],
    }
