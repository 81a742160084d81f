"""专项督导 | Was every township visited, what was found amiss, and has all of it been put right?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta
from msgspec.structs import replace

from service.domain.command import NEW, command
from service.domain.division import TOWNSHIPS, UNITS, Division, Divisions
from service.domain.identifiers import DivisionCode, Line, Paragraph
from service.domain.organ_kind import OrganKind
from service.domain.policy import SUPERVISION_MECHANISM
from service.domain.record import Fact, Movement, Occasion, leads_to
from service.domain.refusal import require
from service.domain.supervision_findings import Findings
from service.domain.supervision_record import ListedUnit, SupervisionRecord, Visits
from service.domain.supervision_terms import LEAST_ORGANS, OFFICE, TEAM, SupervisionState

Team = Annotated[list[OrganKind], Meta(min_length=1, max_length=11)]
Units = Annotated[list[DivisionCode], Meta(min_length=1, max_length=1000)]
Visitors = Annotated[int, Meta(ge=1, le=100)]


@leads_to(SupervisionState.PLANNED)
class SupervisionPlanned(Fact):
    """计划督导 | A special supervision was planned in a division, by a team of organs."""

    division: UUID
    title: str
    team: tuple[OrganKind, ...]


class TeamFormed(Fact):
    """组建督导组 | The organs of the team were named anew."""

    team: tuple[OrganKind, ...]


class UnitsListed(Fact):
    """列入督导范围 | Townships were put on the list of those to be visited."""

    listed: tuple[ListedUnit, ...]

    def apply(self, record: SupervisionRecord, _: Occasion, /) -> None:
        """Add them to the list."""
        record.units = {**record.units, **{each.township: each.unit for each in self.listed}}


@leads_to(SupervisionState.IN_PROGRESS)
class SupervisionStarted(Fact):
    """启动督导 | The team set out."""


@leads_to(SupervisionState.IN_PROGRESS)
class UnitVisited(Fact):
    """走访督导 | A township was visited for the first time."""

    unit: UUID
    visitors: int
    observations: str

    def apply(self, record: SupervisionRecord, occasion: Occasion, /) -> None:
        """It counts as visited from now on."""
        on = occasion.effective_on
        record.visits = {**record.visits, self.unit: Visits(on, on, 1)}


class UnitRevisited(Fact):
    """复访督导 | A township was visited again; it counts only once."""

    unit: UUID
    visitors: int
    observations: str

    def apply(self, record: SupervisionRecord, occasion: Occasion, /) -> None:
        """Remember the last time."""
        so_far = record.visits[self.unit]
        again = replace(so_far, last_on=occasion.effective_on, times=so_far.times + 1)
        record.visits = {**record.visits, self.unit: again}


@leads_to(SupervisionState.REPORTED)
class SupervisionReported(Fact):
    """形成督导报告 | The team reported: how many of the townships listed it visited, and how much it found amiss."""

    units_listed: int
    units_visited: int
    findings_raised: int
    summary: str


@leads_to(SupervisionState.CLOSED)
class SupervisionClosed(Fact):
    """督导销号 | Everything found amiss is settled, and the supervision ended."""


@leads_to(SupervisionState.CANCELLED)
class SupervisionCancelled(Fact):
    """取消督导 | The supervision was given up before it had begun."""


class Supervision(Findings, name="supervision", movement=Movement.DRIVE):
    """专项督导 | A round of visits to townships by the joint-meeting office with other organs."""

    @command(by=OFFICE, when=NEW, basis=SUPERVISION_MECHANISM)
    def plan(self, division: DivisionCode, title: Line, team: Team, *, divisions: Divisions) -> SupervisionPlanned:
        """计划督导 | Plan a supervision in a division, and say which organs take part."""
        place = divisions.open(division, "division")
        return SupervisionPlanned(place.id, title, _once(team))

    @command(by=OFFICE, when=SupervisionState.PLANNED, basis=SUPERVISION_MECHANISM)
    def form_team(self, team: Team) -> TeamFormed:
        """组建督导组 | Name the organs of the team anew."""
        require(_once(team) != self.team, UNCHANGED, path=("team",))
        return TeamFormed(_once(team))

    @command(by=OFFICE, when=SupervisionState.PLANNED, basis=SUPERVISION_MECHANISM)
    def list_units(self, units: Units, *, divisions: Divisions) -> UnitsListed:
        """列入督导范围 | Put townships on the list of those to be visited."""
        return UnitsListed(tuple(self._listing(code, divisions) for code in dict.fromkeys(units)))

    @command(by=OFFICE, when=SupervisionState.PLANNED, basis=SUPERVISION_MECHANISM)
    def start_supervision(self) -> SupervisionStarted:
        """启动督导 | Let the team set out: townships are listed, and two organs at least take part."""
        require(bool(self.units), NOTHING_LISTED)
        require(len(self.team) >= LEAST_ORGANS, TEAM_TOO_SMALL, least=LEAST_ORGANS)
        return SupervisionStarted()

    @command(by=OFFICE, when=SupervisionState.PLANNED, basis=SUPERVISION_MECHANISM, reason=True)
    def cancel(self) -> SupervisionCancelled:
        """取消督导 | Give the supervision up before it begins."""
        return SupervisionCancelled()

    @command(by=TEAM, when=SupervisionState.IN_PROGRESS, basis=SUPERVISION_MECHANISM)
    def record_visit(
        self, unit: DivisionCode, visitors: Visitors, observations: Paragraph, *, divisions: Divisions
    ) -> UnitVisited | UnitRevisited:
        """走访督导 | Record a visit to a listed township: how many went, and what they saw."""
        township = self.listed(unit, divisions)
        kind = UnitRevisited if township.id in self.visits else UnitVisited
        return kind(township.id, visitors, observations)

    @command(by=TEAM, when=SupervisionState.IN_PROGRESS, basis=SUPERVISION_MECHANISM)
    def report(self, summary: Paragraph) -> SupervisionReported:
        """形成督导报告 | Report: the coverage is what was visited of what was listed."""
        require(bool(self.visits), NOTHING_VISITED)
        return SupervisionReported(len(self.units), len(self.visits), len(self.findings), summary)

    @command(by=OFFICE, when=SupervisionState.REPORTED, basis=SUPERVISION_MECHANISM)
    def close(self) -> SupervisionClosed:
        """督导销号 | End the supervision once no finding is open."""
        unsettled = sum(not finding.settled for finding in self.findings.values())
        require(not unsettled, FINDINGS_OPEN, count=unsettled)
        return SupervisionClosed()

    def _listing(self, code: str, divisions: Divisions) -> ListedUnit:
        township = divisions.open(code, "units")
        require(township.kind in TOWNSHIPS, NOT_A_TOWNSHIP, path=("units",), name=township.name)
        require(township.id not in self.units, LISTED_ALREADY, path=("units",), name=township.name)
        above = list(divisions.chain(township))
        within = any(each.id == self.division for each in above)
        require(within, ELSEWHERE, path=("units",), name=township.name)
        return ListedUnit(township.id, self._answering(township, above).id)

    @staticmethod
    def _answering(township: Division, above: list[Division]) -> Division:
        """The county-level unit that manages a township."""
        unit = next((each for each in above if each.kind in UNITS), None)
        require(unit is not None, NOBODY_ANSWERS, path=("units",), name=township.name)
        assert unit is not None, "or it would have been refused"
        return unit


def _once(team: list[OrganKind]) -> tuple[OrganKind, ...]:
    return tuple(dict.fromkeys(team))


UNCHANGED = "没有任何变更 | Nothing would change"
NOTHING_LISTED = "尚未列入任何乡镇（街道） | No township is listed yet: list those to be visited"
TEAM_TOO_SMALL = "督导组至少由 {least} 个机构组成 | A team consists of at least {least} organs"
NOTHING_VISITED = "尚未走访任何乡镇（街道） | No township has been visited yet"
FINDINGS_OPEN = "还有 {count} 个问题未完成整改 | {count} findings are not settled yet: have them verified first"
NOT_A_TOWNSHIP = "{name}不是乡镇（街道） | {name} is not a township or sub-district"
LISTED_ALREADY = "{name}已列入 | {name} is on the list already"
ELSEWHERE = "{name}不在本次督导的区划内 | {name} is not within the division of this supervision"
NOBODY_ANSWERS = "{name}没有管理它的县区 | No county-level unit manages {name}"
