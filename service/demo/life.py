"""What does a registered chamber do from year to year: reports, inspections, members who come and go?"""

from __future__ import annotations

from datetime import date
from enum import Enum, auto

from service.demo import offices
from service.demo.diary import Diary
from service.demo.papers import FIRST_CHAMBER, annual_report, applicant, size
from service.domain.chamber_terms import AbnormalGround, InspectionResult
from service.domain.identifiers import name_id
from service.domain.policy import registration_policy

REPORT_GAP = "财务部分不完整，请补充后重报 | The finances are incomplete: complete and report again"
REPORTED_AT_LAST = "已补报年度工作报告，移出 | The report has come: off the list"
NOT_RECTIFIED = "整改期满未完成整改 | The time for rectification is over and it is not done"


class Course(Enum):
    """How an inspection goes."""

    ORDINARY = auto()
    SENT_BACK = auto()
    MISSED = auto()
    MISSED_THEN_REPORTED = auto()
    UNQUALIFIED = auto()


def registered_on(diary: Diary) -> date:
    """The day on which the chamber was registered."""
    return next(step.day for step in diary.steps if step.request.command.name == "grant_registration")


def is_inspected(diary: Diary, year: int) -> bool:
    """Whether a chamber is old enough to be inspected for a year."""
    month = registration_policy(date(year, 12, 31)).inspected_from.value
    return registered_on(diary) < date(year, month + 1, 1)


def inspect(diary: Diary, year: int, course: Course) -> Diary:
    """The inspection of a year, in the year after it."""
    diary.on(date(year + 1, 1, 15)).write(offices.examiner(diary.unit), "open_inspection", year=year)
    if course in (Course.MISSED, Course.MISSED_THEN_REPORTED):
        return _miss(diary, year, course)
    _report(diary.on(date(year + 1, 3, 3)).after(7 * diary.dice(f"reported {year}", 4)), year)
    if course is Course.SENT_BACK:
        reviewer = offices.reviewer(diary.unit)
        diary.after(7).write(reviewer, "return_annual_report", year=year, reason=REPORT_GAP)
        _report(diary.after(7), year)
    return _conclude(diary, year, _result(diary, year, course))


def renew_members(diary: Diary, year: int) -> Diary:
    """In autumn some firms join and, elsewhere, one leaves."""
    if diary.township.code == FIRST_CHAMBER:
        return diary
    diary.on(date(year, 10, 14)).after(7 * diary.dice(f"joined {year}", 3))
    newcomer = applicant(diary, size(diary) + year - 2023)
    diary.write(diary.secretariat, "admit_member", ago=diary.dice(f"told {year}", 6), **newcomer)
    if diary.dice(f"left {year}", 3) == 0:
        leaver = name_id(f"enterprise/{applicant(diary, year - 2023)['uscc']}")
        diary.after(7).write(diary.secretariat, "member_leaves", member=str(leaver))
    return diary


def _report(diary: Diary, year: int) -> Diary:
    return diary.write(diary.secretariat, "file_annual_report", year=year, contents=annual_report(diary, year))


def _conclude(diary: Diary, year: int, result: InspectionResult) -> Diary:
    diary.after(21).write(offices.reviewer(diary.unit), "pass_preliminary_review", year=year)
    diary.after(21).write(offices.registrar(diary.unit), "conclude_inspection", year=year, result=result.value)
    if result is InspectionResult.UNQUALIFIED:
        ground = AbnormalGround.RECTIFICATION_UNFINISHED.value
        diary.after(60).write(offices.registrar(diary.unit), "list_abnormal", ground=ground, reason=NOT_RECTIFIED)
    return diary


def _result(diary: Diary, year: int, course: Course) -> InspectionResult:
    if course is Course.UNQUALIFIED:
        return InspectionResult.UNQUALIFIED
    return InspectionResult.BASIC if diary.dice(f"result {year}", 8) == 0 else InspectionResult.QUALIFIED


def _miss(diary: Diary, year: int, course: Course) -> Diary:
    """No report comes in time: the registrar lists the chamber, and takes it off when the report has come after all."""
    diary.on(date(year + 1, 6, 10)).write(offices.examiner(diary.unit), "mark_missed", year=year)
    if course is Course.MISSED:
        return diary
    _conclude(_report(diary.after(30), year), year, InspectionResult.BASIC)
    ground = AbnormalGround.ANNUAL_REPORT_MISSING.value
    return diary.after(7).write(offices.registrar(diary.unit), "delist", ground=ground, reason=REPORTED_AT_LAST)
