"""停止活动、注销与撤销 | How is a registered chamber suspended, wound up, or struck off?"""

from __future__ import annotations

from datetime import date

from service.domain.chamber_record import STANDING, ChamberRecord
from service.domain.chamber_terms import ChamberState, FilingKind, LiquidationGround, RevocationGround, Violation
from service.domain.claim import Claims
from service.domain.command import command
from service.domain.deadline import DEREGISTRATION, DORMANCY
from service.domain.policy import article
from service.domain.record import Fact, Occasion, leads_to
from service.domain.refusal import require
from service.domain.roles import Role

ARTICLE_21 = (FilingKind.DEREGISTRATION_APPLICATION, FilingKind.SUPERVISOR_REVIEW, FilingKind.LIQUIDATION_REPORT)
"""The documents of a deregistration."""


@leads_to(ChamberState.SUSPENDED)
class ActivitiesSuspended(Fact):
    """限期停止活动 | Activities were suspended until a day; certificate, seal and vouchers are sealed."""

    violation: Violation
    suspended_until: date


@leads_to(ChamberState.REGISTERED)
class ActivitiesResumed(Fact):
    """恢复活动 | Activities were allowed again."""

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """The suspension has no end any more."""
        record.suspended_until = None


class LiquidationConsented(Fact):
    """同意注销 | The supervisor consented to the end of the chamber."""

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Remember the consent."""
        record.liquidation_consented = True


@leads_to(ChamberState.LIQUIDATING)
class LiquidationStarted(Fact):
    """开始清算 | The liquidation began, on one of four grounds."""

    ground: LiquidationGround


class LiquidationEnded(Fact):
    """清算结束 | The liquidation was over: 15 days are left to deregister."""

    liquidation_ended_on: date


@leads_to(ChamberState.DEREGISTERED)
class Deregistered(Fact):
    """注销登记 | The chamber was deregistered; `late` more than 15 days after the liquidation."""

    late: bool = False


@leads_to(ChamberState.REVOKED)
class RegistrationRevoked(Fact):
    """撤销登记 | The registration was revoked; a grave violation is named."""

    ground: RevocationGround
    violation: Violation | None = None


class Closing(ChamberRecord):
    """The commands that interrupt or end a chamber's life."""

    @command(by=Role.REGISTRAR, when=ChamberState.REGISTERED, basis=article("三十"), reason=True)
    def suspend(self, violation: Violation, until: date, *, on: date) -> ActivitiesSuspended:
        """限期停止活动 | Suspend activities for a violation until a day."""
        require(until > on, UNTIL_TOO_EARLY, path=("until",))
        return ActivitiesSuspended(violation, until)

    @command(by=Role.REGISTRAR, when=ChamberState.SUSPENDED, basis=article("三十三"))
    def resume(self) -> ActivitiesResumed:
        """恢复活动 | Allow activities again and return what was sealed."""
        return ActivitiesResumed()

    @command(by=Role.COUNTY_FIC, when=STANDING, basis=article("十九"))
    def consent_to_liquidation(self) -> LiquidationConsented:
        """同意注销 | Consent, as supervisor, to the end of the chamber."""
        require(not self.liquidation_consented, CONSENTED_ALREADY)
        return LiquidationConsented()

    @command(by=Role.CHAMBER_SECRETARIAT, when=STANDING, basis=article("十九"), unlike="liquidation_consented")
    def start_liquidation(self, ground: LiquidationGround) -> LiquidationStarted:
        """开始清算 | Begin the liquidation, with the supervisor's consent, on one of the four grounds."""
        require(self.liquidation_consented, NO_CONSENT)
        return LiquidationStarted(ground)

    @command(by=Role.CHAMBER_SECRETARIAT, when=ChamberState.LIQUIDATING, basis=article("二十"))
    def end_liquidation(self, ended_on: date, *, on: date) -> LiquidationEnded:
        """清算结束 | Record the end of the liquidation, from which 15 days are left to deregister."""
        require(ended_on <= on, ENDS_LATER, path=("endedOn",))
        require(self.liquidation_ended_on is None, ENDED_ALREADY)
        return LiquidationEnded(ended_on)

    @command(by=Role.REGISTRAR, when=ChamberState.LIQUIDATING, basis=article("二十一"))
    def deregister(
        self, certificate_collected: bool, seal_collected: bool, *, claims: Claims, on: date
    ) -> Deregistered:
        """注销登记 | Deregister the chamber and collect its certificate and seal; what it held becomes free."""
        ended = self.liquidation_ended_on
        require(ended is not None, NOT_LIQUIDATED, basis=article("二十"))
        self.require_on_file(ARTICLE_21)
        require(certificate_collected and seal_collected, NOT_COLLECTED, path=("certificateCollected",))
        self.give_up(claims)
        return Deregistered(late=ended is not None and DEREGISTRATION.missed(ended, on))

    @command(
        by=Role.REGISTRAR, when=(*STANDING, ChamberState.LIQUIDATING), basis=article("二十九至三十一"), reason=True
    )
    def revoke(
        self, ground: RevocationGround, violation: Violation | None = None, *, claims: Claims, on: date
    ) -> RegistrationRevoked:
        """撤销登记 | Revoke the registration; what the chamber held becomes free, but for its credit code."""
        grave = ground is RevocationGround.GRAVE_VIOLATION
        require(grave == (violation is not None), VIOLATION_NAMED, path=("violation",), basis=article("三十"))
        if ground is RevocationGround.DORMANT:
            self._require_a_year(on)
        self.give_up(claims)
        return RegistrationRevoked(ground, violation)

    def _require_a_year(self, on: date) -> None:
        registered = self.registered_on
        require(registered is not None and DORMANCY.missed(registered, on), NOT_A_YEAR, basis=DORMANCY.basis)


UNTIL_TOO_EARLY = "停止期限须晚于生效日期 | The suspension must end after it begins"
CONSENTED_ALREADY = "业务主管单位已同意 | The supervisor has consented already"
NO_CONSENT = "须经业务主管单位审查同意 | The supervisor's consent is needed first"
ENDS_LATER = "清算结束日期不能晚于生效日期 | The liquidation cannot end after the effective date"
ENDED_ALREADY = "清算已结束 | The liquidation has ended already"
NOT_LIQUIDATED = "清算尚未结束 | The liquidation has not ended"
NOT_COLLECTED = "须收缴登记证书和印章 | Certificate and seal must be collected"
VIOLATION_NAMED = "情节严重的违规须指明、其他情形不填违规 | Name the violation if it is grave, and only then"
NOT_A_YEAR = "取得登记证书未满一年 | The certificate is not yet a year old"
