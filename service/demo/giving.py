"""What comes about through the chambers of the demonstration: investments and donations, by the plan to the fen?

The plan gives each unit's sums; chance spreads them over chambers, causes and days. A few contributions do not count:
they are not verified yet, or void; one was recorded with a nought too many and is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from service.demo import offices
from service.demo.diary import Diary
from service.demo.divisions import ids
from service.demo.invented import digest, number
from service.demo.journal import Journal
from service.demo.life import registered_on
from service.demo.papers import applicant
from service.demo.places import Plan, plans
from service.demo.standing import standing
from service.domain.campaign import Campaign
from service.domain.contribution import Contribution
from service.domain.contribution_terms import DonationCause, DonationForm, InvestmentBasis
from service.domain.identifiers import FEN

LAST_DAY = date(2026, 8, 31)
FEN_OF_WAN = 1_000_000
"""A wan, ten thousand yuan, in fen."""
DONATIONS = 2
ONE_MORE_IN, ONE_IN_KIND_IN, ONE_LATE_IN = 3, 4, 12
CORRECTED, VOIDED = "410225", "410221"
"""The unit whose first donation is corrected, and the one in which a donation recorded twice is void."""
UNVERIFIED_SINCE = date(2026, 9, 14)
PROJECTS = ("农产品精深加工", "智能家居产业园", "冷链物流园", "装备制造基地", "电商孵化园", "绿色建材")
GOODS = ("救灾帐篷和食品", "防护服和口罩", "抽水泵", "图书和文具", "种苗和化肥")
ONE_NOUGHT_TOO_MANY = "录入时多录一个零 | A nought too many was entered"
RECORDED_TWICE = "重复登记 | It was recorded twice"
TEN = 10


class Gift(Journal):
    """The steps of one contribution that comes through a chamber."""

    def __init__(self, diary: Diary, name: str, day: date) -> None:
        self.diary = diary
        reads = (diary.chamber, ids()[diary.township.code], ids()[diary.unit.code])
        super().__init__(Contribution, f"contribution/{diary.chamber}/{name}", day, reads=reads)

    def invest(self, yuan: Decimal, basis: InvestmentBasis = InvestmentBasis.ACTUAL) -> Self:
        """The chamber records an investment, with evidence."""
        project = f"示例{PROJECTS[self.dice('project', len(PROJECTS))]}项目"
        what = {"amount": str(yuan), "investment_basis": basis.value, "project": project}
        return self._record("record_investment", **what)

    def donate(self, yuan: Decimal) -> Self:
        """The chamber records what a member firm gave, with evidence."""
        kind = self.dice("form", ONE_IN_KIND_IN) == 0
        firm = applicant(self.diary, self.dice("donor", 20))
        cause = list(DonationCause)[self.dice("cause", len(DonationCause))]
        what: dict[str, Any] = {"amount": str(yuan), "donor": firm["unit_name"], "donor_uscc": firm["uscc"]}
        what["donation_form"] = DonationForm.KIND.value if kind else DonationForm.MONEY.value
        what["goods"] = GOODS[self.dice("goods", len(GOODS))] if kind else None
        return self._record("record_donation", donation_cause=cause.value, **what)

    def verify(self) -> Self:
        """The county federation verifies it."""
        return self.after(7 + self.dice("verified", 14)).write(offices.approver(self.diary.unit), "verify_contribution")

    def correct(self, yuan: Decimal) -> Self:
        """One proposes the right amount, another accepts it."""
        unit = self.diary.unit
        self.after(21).write(offices.reviewer(unit), "propose_correction", amount=str(yuan), reason=ONE_NOUGHT_TOO_MANY)
        return self.after(7).write(offices.approver(unit), "correct_amount", reason=ONE_NOUGHT_TOO_MANY)

    def void(self) -> Self:
        """The city federation voids what was verified by mistake."""
        return self.after(30).write(offices.CITY_FIC, "void_contribution", reason=RECORDED_TWICE)

    def _record(self, command: str, **what: Any) -> Self:
        tag = self.dice("campaign", 2 * len(Campaign))
        campaign = list(Campaign)[tag].value if tag < len(Campaign) else None
        ago = 40 if self.dice("late", ONE_LATE_IN) == 0 else self.dice("told", 20)
        secretariat = self.diary.secretariat
        self.write(secretariat, command, ago=ago, chamber=str(self.diary.chamber), campaign=campaign, **what)
        sha256 = digest(f"{self.id}/evidence")
        return self.after(3).write(secretariat, "attach_evidence", title="凭证（示例）", sha256=sha256)


def gifts() -> Iterator[Gift]:
    """All contributions, unit by unit."""
    for plan in plans():
        diaries = standing()[plan.unit]
        yield from _investments(plan, diaries)
        yield from _donations(plan, diaries)
        yield from _uncounted(plan, diaries[0])


def _investments(plan: Plan, diaries: Sequence[Diary]) -> Iterator[Gift]:
    places = [(d, f"investment-{n}") for d in diaries for n in range(1 + (d.dice("investments", ONE_MORE_IN) == 0))]
    amounts = shares(plan.investment_wan * FEN_OF_WAN, [f"{d.chamber}/{name}" for d, name in places])
    for (diary, name), yuan in zip(places, amounts, strict=True):
        yield Gift(diary, name, _day(diary, name)).invest(yuan).verify()


def _donations(plan: Plan, diaries: Sequence[Diary]) -> Iterator[Gift]:
    places = [(diary, f"donation-{n}") for diary in diaries for n in range(DONATIONS)]
    amounts = shares(plan.donation_wan * FEN_OF_WAN, [f"{d.chamber}/{name}" for d, name in places])
    for first, ((diary, name), yuan) in enumerate(zip(places, amounts, strict=True)):
        gift = Gift(diary, name, _day(diary, name))
        if first == 0 and plan.unit == CORRECTED:
            yield gift.donate(yuan * TEN).verify().correct(yuan)
        else:
            yield gift.donate(yuan).verify()


def _uncounted(plan: Plan, diary: Diary) -> Iterator[Gift]:
    """What does not count: a donation nobody has verified yet, a mere signature, one that was recorded twice."""
    yield Gift(diary, "unverified", UNVERIFIED_SINCE).donate(Decimal("50000.00"))
    if plan.unit == VOIDED:
        yield Gift(diary, "signed", UNVERIFIED_SINCE).invest(Decimal("30000000.00"), InvestmentBasis.SIGNED)
        yield Gift(diary, "twice", date(2025, 3, 3)).donate(Decimal("88000.00")).verify().void()


def shares(fen: int, seeds: Sequence[str]) -> list[Decimal]:
    """A sum cut into one amount in yuan for each seed: to the fen, none of them nothing, exact in all."""
    weights = [50 + number(f"{seed}/share", 100) for seed in seeds]
    parts = [fen * weight // sum(weights) for weight in weights]
    parts[-1] += fen - sum(parts)
    return [part * FEN for part in parts]


def _day(diary: Diary, name: str) -> date:
    """Some day on which the chamber was registered."""
    start = registered_on(diary) + timedelta(30)
    return start + timedelta(diary.dice(f"{name}/day", (LAST_DAY - start).days - 30))
