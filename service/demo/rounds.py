"""What does a supervision of the demonstration do: a visit, a finding, a verdict?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from service.demo import offices
from service.demo.divisions import ids
from service.demo.invented import digest, pick
from service.demo.journal import Journal
from service.demo.places import CITY_CODE, Place
from service.domain.identifiers import name_id
from service.domain.organ_kind import OrganKind
from service.domain.roles import Actor
from service.domain.supervision import Supervision
from service.domain.supervision_terms import FindingCause, FindingSeverity

Act = Callable[[], object]
TEAM = (OrganKind.JOINT_MEETING_OFFICE, OrganKind.UNITED_FRONT, OrganKind.FIC, OrganKind.CIVIL_AFFAIRS)
DESCRIPTIONS = {
    FindingCause.NO_CHAMBER: ("尚未成立商会，也未列入建设规划", "列入建设规划，明确责任人和时间表"),
    FindingCause.SUPPORT_LACKING: ("商会办公场所和工作经费保障不到位", "落实办公场所和年度工作经费"),
    FindingCause.RULES_NOT_FOLLOWED: ("会议、财务等制度执行不严", "完善制度并向会员公示"),
    FindingCause.SLOW_PREPARATION: ("筹备进度明显慢于计划", "逐项倒排工期，县区工商联派员指导"),
}
"""What is amiss, and what is to be done about it, by cause."""
NOT_ENOUGH = "佐证材料不足以证明已整改到位 | The evidence does not show that it is put right"
UNFOUNDED = "经复核情况不属实 | On review it does not hold"


class Found(NamedTuple):
    """A finding of a supervision, the number-th."""

    number: int
    place: Place
    on: date
    cause: FindingCause
    severity: FindingSeverity


class Round(Journal):
    """A supervision, whose acts are told in any order and written down by their days."""

    def __init__(self, name: str, title: str, planned: date, places: Sequence[Place]) -> None:
        super().__init__(Supervision, f"supervision/{name}", planned, reads=(ids()[CITY_CODE],))
        self.title, self.places = title, places
        self._acts: list[tuple[date, Act]] = []

    def then(self, on: date, act: Act) -> None:
        """Let something happen on a day."""
        self._acts.append((on, act))

    def open(self, started: date) -> Round:
        """Planned by the office, with its list and its team, and begun."""
        office, team = offices.JOINT_MEETING_OFFICE, [organ.value for organ in TEAM]
        self.write(office, "plan", division=CITY_CODE, title=self.title, team=team)
        reads = [ids()[place.code] for place in self.places]
        self.after(3).write(office, "list_units", reads=reads, units=[place.code for place in self.places])
        self.on(started).write(office, "start_supervision")
        return self

    def told(self) -> Round:
        """All acts, written down by their days."""
        for on, act in sorted(self._acts, key=lambda each: each[0]):
            self.on(on)
            act()
        return self

    def finding(self, found: Found) -> str:
        """The id of a finding."""
        return str(name_id(f"finding/{self.id}/{found.number}"))

    def visit(self, place: Place) -> Round:
        """Go there, or go there again."""
        seen = "座谈会、查阅档案、走访会员企业"
        party: dict[str, Any] = {"visitors": 3 + self.dice(f"party/{place.code}", 4), "observations": seen}
        return self.write(_inspector(place), "record_visit", reads=(ids()[place.code],), unit=place.code, **party)

    def raise_finding(self, found: Found) -> Round:
        """Say what is amiss."""
        about: dict[str, Any] = {"cause": found.cause.value, "severity": found.severity.value, "unit": found.place.code}
        text = DESCRIPTIONS[found.cause][0]
        reads = (ids()[found.place.code],)
        return self.write(_inspector(found.place), "raise_finding", reads=reads, description=text, **about)

    def plan(self, found: Found) -> Round:
        """The township says what it will do, within forty-five days."""
        due = found.on + timedelta(45)
        plan = {"measure": DESCRIPTIONS[found.cause][1], "due_on": str(due)}
        return self._on_finding(found, offices.commissioner(found.place), "plan_rectification", **plan)

    def submit(self, found: Found) -> Round:
        """The township says that it is done."""
        evidence = [digest(f"{self.finding(found)}/{len(self.steps)}")]
        done: dict[str, Any] = {"outcome": f"已完成：{DESCRIPTIONS[found.cause][1]}", "evidence": evidence}
        return self._on_finding(found, offices.commissioner(found.place), "submit_rectification", **done)

    def reject(self, found: Found) -> Round:
        """The team does not agree."""
        return self._on_finding(found, _inspector(found.place), "reject_rectification", reason=NOT_ENOUGH)

    def verify(self, found: Found) -> Round:
        """The team agrees."""
        return self._on_finding(found, _inspector(found.place), "verify_rectification")

    def withdraw(self, found: Found) -> Round:
        """The team takes it back."""
        return self._on_finding(found, _inspector(found.place), "withdraw_finding", reason=UNFOUNDED)

    def _on_finding(self, found: Found, actor: Actor, command: str, reason: str | None = None, **input: Any) -> Round:
        reads = (ids()[found.place.code],)
        return self.write(actor, command, reads=reads, reason=reason, finding=self.finding(found), **input)

    def report(self, summary: str) -> Round:
        """Tell what was visited and found."""
        return self.write(offices.INSPECTORS[0], "report", summary=summary)

    def close(self) -> Round:
        """Everything is put right."""
        return self.write(offices.JOINT_MEETING_OFFICE, "close")


def _inspector(place: Place) -> Actor:
    """Who of the team looks after a township."""
    return pick(f"inspector/{place.code}", offices.INSPECTORS)
