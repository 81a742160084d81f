"""What is written in a chamber's papers: its particulars, its officers, its members, its certificate?

All of it is invented, and chosen by the chamber's id.
"""

from __future__ import annotations

from typing import Any

from service.demo.diary import Diary, president
from service.demo.divisions import ids
from service.demo.invented import COMPANY, SOCIETY, Person, credit_code, digest, firm, person
from service.demo.places import CITY_CODE, ZONE_CODE
from service.domain.chamber_terms import CharterMatter, FilingKind, OfficerPost, ReportContent

FIRST_CHAMBER = "410225103"
"""考城镇, founded with no more than the law asks for: thirty units and 30,000 yuan."""
FEWEST, LEAST = 30, 30_000
STREETS = ("迎宾", "中兴", "文昌", "建设", "和谐", "振兴")
PURPOSE = "团结服务会员，促进非公有制经济健康发展和非公有制经济人士健康成长"
SCOPE = "政策宣传、信息交流、协调服务、行业自律"
POSTS = {
    "vice-president-1": OfficerPost.VICE_PRESIDENT,
    "vice-president-2": OfficerPost.VICE_PRESIDENT,
    "secretary-general": OfficerPost.SECRETARY_GENERAL,
}
TITLES = {
    FilingKind.REGISTRATION_APPLICATION: "成立登记申请书",
    FilingKind.SUPERVISOR_APPROVAL: "业务主管单位批准文件",
    FilingKind.CAPITAL_AND_PREMISES: "验资报告和场所使用权证明",
    FilingKind.INITIATORS_AND_OFFICERS: "发起人和拟任负责人基本情况、身份证明",
    FilingKind.CHARTER_DRAFT: "章程草案",
    FilingKind.DEREGISTRATION_APPLICATION: "注销登记申请书",
    FilingKind.SUPERVISOR_REVIEW: "业务主管单位审查文件",
    FilingKind.LIQUIDATION_REPORT: "清算报告书",
}


def document(diary: Diary, kind: FilingKind) -> dict[str, Any]:
    """A document to attach; every version of it has bytes of its own."""
    matters = [matter.value for matter in CharterMatter] if kind is FilingKind.CHARTER_DRAFT else None
    sha256 = digest(f"{diary.chamber}/{kind}/{len(diary.steps)}")
    return {"kind": kind.value, "title": f"{diary.name}{TITLES[kind]}", "sha256": sha256, "matters": matters}


def domicile(diary: Diary, what: str = "domicile") -> str:
    """A house in a street that is called an example."""
    street = STREETS[diary.dice(f"{what}/street", len(STREETS))]
    return f"{diary.unit.name}{diary.township.name}示例{street}路{1 + diary.dice(what, 99)}号"


def particulars(diary: Diary) -> dict[str, Any]:
    """Six of the eight registered items, and the staff."""
    least = diary.township.code == FIRST_CHAMBER
    return {
        "domicile": domicile(diary),
        "purpose": PURPOSE,
        "business_scope": SCOPE,
        "activity_area": f"{diary.unit.name}{diary.township.name}",
        "funds": str(LEAST + (0 if least else 5_000 * diary.dice("funds", 15))),
        "full_time_staff": 1 + diary.dice("staff", 3),
    }


def deputies(diary: Diary) -> dict[str, Person]:
    """Two vice-presidents and a secretary-general."""
    return {post: person(f"{diary.chamber}/{post}") for post in POSTS}


def officers(diary: Diary) -> list[dict[str, str]]:
    """The president and the deputies, as they are proposed."""
    first = (OfficerPost.PRESIDENT, president(diary.chamber))
    others = [(POSTS[post], each) for post, each in deputies(diary).items()]
    return [{"post": post.value, "person": str(each.id), "name": each.name} for post, each in (first, *others)]


def size(diary: Diary) -> int:
    """How many units found the chamber."""
    return FEWEST if diary.township.code == FIRST_CHAMBER else FEWEST + diary.dice("size", 16)


def applicant(diary: Diary, number: int) -> dict[str, Any]:
    """The firm that is the chamber's n-th member, of fewer than a hundred."""
    code = credit_code(COMPANY, _region(diary), _serial(diary) * 100 + number)
    return {"unit_name": firm(diary.township.name, f"{diary.chamber}/{number}"), "uscc": code}


def certificate(diary: Diary) -> dict[str, Any]:
    """The credit code and the certificate's number."""
    serial = _serial(diary)
    return {"uscc": credit_code(SOCIETY, _region(diary), serial), "certificate_no": f"示范社证字第{serial:05d}号"}


def annual_report(diary: Diary, year: int) -> list[dict[str, str]]:
    """The five contents of a report."""
    version = f"{diary.chamber}/{year}/{len(diary.steps)}"
    return [{"content": each.value, "sha256": digest(f"{version}/{each}")} for each in ReportContent]


def _serial(diary: Diary) -> int:
    return list(ids()).index(diary.township.code) * 10 + diary.number


def _region(diary: Diary) -> str:
    """The registrar's code of GB/T 2260; the zone has none, so the city's stands for it."""
    return CITY_CODE if diary.unit.code == ZONE_CODE else diary.unit.code
