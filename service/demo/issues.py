"""Which issues did townships and enterprises raise, who had them in hand, and which of them were solved?

Each unit solves as many as the plan says, so many of them on service days where they were raised. Others are still
open, were declined, or came back because they were not really solved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from service.demo import offices
from service.demo.divisions import ids
from service.demo.invented import number, pick
from service.demo.journal import Journal
from service.demo.places import CITY_CODE, Place, Plan, plans, townships, units
from service.demo.regulations import policy_in_force
from service.domain.campaign import Campaign
from service.domain.issue import Issue
from service.domain.issue_terms import IssueCause, IssueKind, SolvingChannel
from service.domain.organ_kind import Level, OrganKind

FIRST_DAY, ROUNDS, ROUND_DAYS = date(2023, 9, 11), 40, 28
LAST_ROUNDS = 3
"""What is still open was raised in the last of the rounds."""
NOT_OURS = "不属于商会服务范围，已告知有关部门 | Not for the chambers' service: sent on to the right department"
NOT_SOLVED = "贷款尚未到账 | The loan has not been paid out"
BLOCKED_ONE_IN = 4
"""Of the issues not solved on site, every fourth is a blocker of a registration."""
CAMPAIGNS = (Campaign.PRACTICAL_WORK_FOR_THE_PEOPLE, Campaign.HELP_FOR_TEN_THOUSAND_FIRMS)


class Matter(NamedTuple):
    """What an issue is about, and how it was solved."""

    cause: IssueCause
    title: str
    description: str
    result: str


REQUESTS: Sequence[Matter] = (
    Matter(IssueCause.FINANCING, "流动资金紧张", "订单增加，缺少抵押物", "对接银行，发放信用贷款"),
    Matter(IssueCause.LAND, "扩建缺少用地", "现有厂房不足", "调剂标准化厂房"),
    Matter(IssueCause.LABOUR, "用工不足", "旺季缺少熟练工人", "组织专场招聘"),
    Matter(IssueCause.POLICY_BENEFITS, "惠企政策未享受", "不了解申报条件", "专人辅导，完成申报"),
    Matter(IssueCause.LICENCES, "许可办理缓慢", "材料多次补正", "一次告知，限时办结"),
    Matter(IssueCause.UTILITIES, "用电容量不足", "高峰时段跳闸", "供电所增容改造"),
    Matter(IssueCause.ARREARS, "工程款拖欠", "工程已验收未付款", "协调付款，签订付款计划"),
)
BLOCKERS: Sequence[Matter] = (
    Matter(IssueCause.NAME_APPROVAL, "商会名称核准受阻", "拟用名称与他会近似", "更换字号，名称获核准"),
    Matter(IssueCause.MEMBERS_LACKING, "发起会员不足", "辖区企业数量少", "动员个体工商户入会，达到人数"),
    Matter(IssueCause.FUNDS_LACKING, "注册资金未到位", "验资账户未开立", "协调银行开户，完成验资"),
    Matter(IssueCause.PREMISES_LACKING, "缺少办公场所", "无固定住所证明", "提供党群服务中心办公用房"),
    Matter(IssueCause.PAPERS_UNCLEAR, "申报材料要求不清", "各部门口径不一", "印发服务指南，统一口径"),
)


class IssueJournal(Journal):
    """The steps of one issue of a township."""

    def __init__(self, unit: Place, township: Place, name: str, day: date) -> None:
        self.unit, self.township = unit, township
        places = (ids()[township.code], ids()[unit.code], ids()[CITY_CODE])
        super().__init__(Issue, f"issue/{unit.code}/{name}", day, reads=places)

    def begun(self, kind: IssueKind, matters: Sequence[Matter], campaign: Campaign | None = None) -> IssueJournal:
        """Raised by the township's commissioner."""
        self.matter = pick(f"{self._name}/matter", matters)
        what: dict[str, Any] = {"cause": self.matter.cause.value, "title": self.matter.title}
        if campaign is not None:
            what["campaign"] = campaign.value
        place = {"division": self.township.code, "kind": kind.value, "description": self.matter.description}
        self.write(offices.commissioner(self.township), "raise_issue", **what | place)
        return self

    def requested(self, campaign: Campaign | None) -> IssueJournal:
        """An enterprise asks for help."""
        return self.begun(IssueKind.ENTERPRISE_REQUEST, REQUESTS, campaign)

    def blocked(self) -> IssueJournal:
        """A registration is blocked, and the township has it in hand."""
        self.begun(IssueKind.REGISTRATION_BLOCKER, BLOCKERS)
        due = str(self.day + timedelta(21))
        self.write(offices.commissioner(self.township), "assign", organ=OrganKind.FIC.value, due_on=due)
        return self

    def assigned(self) -> IssueJournal:
        """A department of the unit has it in hand."""
        due, level = str(self.day + timedelta(30)), Level.COUNTY.value
        organ = OrganKind.DEPARTMENT.value
        self.write(offices.reviewer(self.unit), "assign", organ=organ, level=level, due_on=due)
        return self

    def to_county(self) -> IssueJournal:
        """From the township to the unit."""
        due = str(self.day + timedelta(21 + 7))
        self.after(7).write(offices.commissioner(self.township), "escalate", due_on=due)
        return self

    def to_city(self) -> IssueJournal:
        """From the unit to the city."""
        due = str(self.day + timedelta(28 + 14))
        self.after(14).write(offices.reviewer(self.unit), "escalate", due_on=due)
        return self

    def solved(self, channel: SolvingChannel, on_site: bool = False, by_city: bool = False) -> IssueJournal:
        """Solved, by the unit unless the city has it."""
        by = offices.CITY_FIC if by_city else offices.approver(self.unit)
        self.write(by, "solve", result=self.matter.result, channel=channel.value, on_site=on_site)
        return self

    def confirmed(self) -> IssueJournal:
        """Whoever raised it is satisfied, more or less."""
        satisfaction = 3 + self.dice("satisfaction", 3)
        self.after(7).write(offices.commissioner(self.township), "confirm_solved", satisfaction=satisfaction)
        return self

    def answered(self) -> IssueJournal:
        """The policy measures in force then answer such requests from now on."""
        policy = policy_in_force(self.day)
        if policy is not None and self.dice("policy", 2):
            self.write(offices.reviewer(self.unit), "link_policy", reads=(policy,), document=str(policy))
        return self


def issues() -> Iterator[Journal]:
    """All issues, unit by unit."""
    for plan in plans():
        unit, places = units()[plan.unit], townships(plan.unit)
        yield from _on_site(plan, unit, places)
        yield from _in_time(plan, unit, places)
        yield from _unsolved(unit, places)


def _day(seed: str, rounds: int = ROUNDS - LAST_ROUNDS) -> date:
    """A day of one of the rounds, which all units share."""
    return FIRST_DAY + timedelta(ROUND_DAYS * number(f"{seed}/round", rounds))


def _on_site(plan: Plan, unit: Place, places: Sequence[Place]) -> Iterator[IssueJournal]:
    for n in range(plan.issues_solved_on_site):
        name = f"service-day/{n}"
        told = IssueJournal(unit, pick(f"{unit.code}/{name}", places), name, _day(f"{unit.code}/{name}"))
        told.requested(Campaign.ENTERPRISE_SERVICE_DAY).solved(SolvingChannel.OFFLINE, on_site=True).answered()
        yield told.confirmed() if told.dice("confirmed", 4) else told


def _in_time(plan: Plan, unit: Place, places: Sequence[Place]) -> Iterator[IssueJournal]:
    for n in range(plan.issues_solved_total - plan.issues_solved_on_site):
        name = f"solved/{n}"
        told = IssueJournal(unit, pick(f"{unit.code}/{name}", places), name, _day(f"{unit.code}/{name}"))
        _course(n)(told)
        yield told.confirmed() if told.dice("confirmed", 3) else told


def _course(n: int) -> Callable[[IssueJournal], IssueJournal]:
    """Every fourth is a blocker, and of those every second goes up to the city."""
    if n % BLOCKED_ONE_IN:
        return _served
    return _cleared_by_city if n % (2 * BLOCKED_ONE_IN) == 0 else _cleared_by_county


def _served(told: IssueJournal) -> IssueJournal:
    channel = pick(f"{told.id}/channel", tuple(SolvingChannel))
    told.requested(CAMPAIGNS[told.dice("campaign", 2)]).after(7).assigned()
    told.after(7 * (1 + told.dice("weeks", 3))).solved(channel)
    return told


def _cleared_by_county(told: IssueJournal) -> IssueJournal:
    told.blocked().to_county().after(14).solved(SolvingChannel.OFFLINE)
    return told


def _cleared_by_city(told: IssueJournal) -> IssueJournal:
    told.blocked().to_county().to_city().after(7).solved(SolvingChannel.ONLINE, by_city=True)
    return told


def _leave_raised(told: IssueJournal) -> IssueJournal:
    return told.requested(Campaign.HELP_FOR_TEN_THOUSAND_FIRMS)


def _leave_blocked(told: IssueJournal) -> IssueJournal:
    return told.blocked()


def _leave_at_county(told: IssueJournal) -> IssueJournal:
    return told.blocked().to_county()


def _leave_at_city(told: IssueJournal) -> IssueJournal:
    return told.blocked().to_county().to_city()


def _decline(told: IssueJournal) -> IssueJournal:
    told.requested(None).after(7).write(offices.reviewer(told.unit), "decline", reason=NOT_OURS)
    return told


def _reopen(told: IssueJournal) -> IssueJournal:
    told.requested(CAMPAIGNS[0]).after(7).assigned().after(7).solved(SolvingChannel.ONLINE)
    due = str(told.day + timedelta(7 + 30))
    told.after(7).write(offices.commissioner(told.township), "reopen", reason=NOT_SOLVED, due_on=due)
    return told


UNSOLVED: Mapping[str, Callable[[IssueJournal], IssueJournal]] = {
    "raised": _leave_raised,
    "blocked": _leave_blocked,
    "at-county": _leave_at_county,
    "at-city": _leave_at_city,
    "declined": _decline,
    "reopened": _reopen,
}


def _unsolved(unit: Place, places: Sequence[Place]) -> Iterator[IssueJournal]:
    """Three or four of the courses that end without a solution."""
    for name, course in UNSOLVED.items():
        if number(f"{unit.code}/{name}", 3):
            weeks = ROUND_DAYS * (ROUNDS - LAST_ROUNDS + number(f"{unit.code}/{name}/last", LAST_ROUNDS))
            yield course(IssueJournal(unit, pick(f"{unit.code}/{name}", places), name, FIRST_DAY + timedelta(weeks)))
