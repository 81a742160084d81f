"""年度检查 | Did the chamber report on its year, and what did the inspection conclude?"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from service.domain.chamber_record import STANDING, ChamberRecord, ReportPart
from service.domain.chamber_supervision import ListedAbnormal
from service.domain.chamber_terms import AbnormalGround, InspectionResult, InspectionState, ReportContent
from service.domain.command import command
from service.domain.deadline import ANNUAL_REPORT, ANNUAL_REVIEW
from service.domain.identifiers import Digest, Year
from service.domain.policy import article, registration_policy
from service.domain.record import Fact, leads_to
from service.domain.refusal import require
from service.domain.roles import Role
from service.domain.value import Value


class ReportFile(Value, frozen=True):
    """年度工作报告文件 | One content of the report and the SHA-256 of its text."""

    content: ReportContent
    sha256: Digest


ReportFiles = Annotated[list[ReportFile], Meta(max_length=5)]
"""Five at most: if none of the five contents is missing, none is given twice."""


@leads_to(InspectionState.DUE)
class InspectionOpened(Fact):
    """开始年检 | The inspection of a year was opened."""

    year: int


@leads_to(InspectionState.REPORTED)
class AnnualReportFiled(Fact):
    """报送年度工作报告 | The report on the year reached the supervisor; `late` after 31 March."""

    year: int
    contents: tuple[ReportPart, ...]
    late: bool = False


@leads_to(InspectionState.REVIEWED)
class AnnualReportReviewed(Fact):
    """初审同意 | The supervisor passed the report on to the registrar; `late` after 31 May."""

    year: int
    late: bool = False


@leads_to(InspectionState.DUE)
class AnnualReportReturned(Fact):
    """退回年度工作报告 | The supervisor sent the report back."""

    year: int


@leads_to(InspectionState.CONCLUDED)
class InspectionConcluded(Fact):
    """年检结论 | The registrar concluded the inspection."""

    year: int
    result: InspectionResult


@leads_to(InspectionState.MISSED)
class InspectionMissed(Fact):
    """未参加年检 | No report had come by 31 May."""

    year: int


class Inspections(ChamberRecord):
    """The commands on annual inspections. `year` is the year reported on; its inspection is in the next."""

    @command(by=(Role.REGISTRAR, Role.TIMER), when=STANDING, basis=article("二十八"))
    def open_inspection(self, year: Year, *, on: date) -> InspectionOpened:
        """开始年检 | Open the inspection of a past year."""
        require(year < on.year, NOT_OVER, path=("year",))
        require(year not in self.inspections, OPENED_ALREADY, path=("year",))
        self._require_old_enough(year)
        return InspectionOpened(year)

    @command(by=Role.CHAMBER_SECRETARIAT, when=(InspectionState.DUE, InspectionState.MISSED), basis=article("二十八"))
    def file_annual_report(self, year: Year, contents: ReportFiles, *, on: date) -> AnnualReportFiled:
        """报送年度工作报告 | File the report on a year with its five contents, by 31 March; later it counts as late."""
        self.require_standing()
        given = {each.content for each in contents}
        missing = [each for each in ReportContent if each not in given]
        require(not missing, CONTENTS_MISSING, path=("contents",), missing="、".join(missing))
        parts = tuple(ReportPart(each.content, each.sha256) for each in contents)
        return AnnualReportFiled(year, parts, ANNUAL_REPORT.missed(date(year, 12, 31), on))

    @command(by=Role.COUNTY_FIC, when=InspectionState.REPORTED, basis=article("二十八"), unlike="annual_report_filed")
    def pass_preliminary_review(self, year: Year, *, on: date) -> AnnualReportReviewed:
        """初审同意 | Agree to the report, as supervisor, and pass it on to the registrar by 31 May."""
        return AnnualReportReviewed(year, self._reviewed_late(year, on))

    @command(
        by=Role.COUNTY_FIC,
        when=InspectionState.REPORTED,
        basis=article("二十八"),
        unlike="annual_report_filed",
        reason=True,
    )
    def return_annual_report(self, year: Year) -> AnnualReportReturned:
        """退回年度工作报告 | Send the report back to the chamber."""
        return AnnualReportReturned(year)

    @command(
        by=Role.REGISTRAR,
        when=InspectionState.REVIEWED,
        basis=article("二十八"),
        unlike=("annual_report_filed", "annual_report_reviewed"),
    )
    def conclude_inspection(self, year: Year, result: InspectionResult) -> InspectionConcluded:
        """年检结论 | Conclude the inspection."""
        return InspectionConcluded(year, result)

    @command(by=(Role.REGISTRAR, Role.TIMER), when=InspectionState.DUE, basis=article("二十八"))
    def mark_missed(self, year: Year, *, on: date) -> tuple[InspectionMissed, ListedAbnormal] | InspectionMissed:
        """未参加年检 | Note, after 31 May, that no report came: the chamber is listed as abnormal."""
        self.require_standing()
        require(ANNUAL_REVIEW.missed(date(year, 12, 31), on), STILL_TIME)
        missed = InspectionMissed(year)
        listed = AbnormalGround.ANNUAL_REPORT_MISSING in self.abnormal_listings
        return missed if listed else (missed, ListedAbnormal(AbnormalGround.ANNUAL_REPORT_MISSING))

    def _require_old_enough(self, year: int) -> None:
        since = self.registered_on
        month = registration_policy(date(year, 12, 31)).inspected_from
        young = since is None or (since.year, since.month) > (year, month.value)
        require(not young, TOO_YOUNG, path=("year",), basis=month.basis, month=month.value, year=year)

    def _reviewed_late(self, year: int, on: date) -> bool:
        """Once late stays late: a report that came late is not in time for having been reviewed at once."""
        return self.inspections[year].late or ANNUAL_REVIEW.missed(date(year, 12, 31), on)


NOT_OVER = "该年度尚未结束 | The year is not over"
OPENED_ALREADY = "该年度年检已开始 | The inspection of this year has been opened already"
TOO_YOUNG = "{year} 年 {month} 月后登记，不参加该年度年检 | Registered after month {month} of {year}: not yet due"
CONTENTS_MISSING = "年度工作报告缺少：{missing} | The annual report lacks: {missing}"
STILL_TIME = "5 月 31 日后方可认定 | This can only be said after 31 May"
