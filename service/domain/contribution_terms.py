"""Which words do contributions use?"""

from __future__ import annotations

from enum import auto

from service.domain.vocabulary import Term


class ContributionState(Term):
    """贡献状态 | Whether a contribution is recorded, verified and so counted, or void."""

    RECORDED = auto()
    VERIFIED = auto()
    VOIDED = auto()


class ContributionKind(Term):
    """贡献类别 | What came about through a chamber."""

    INVESTMENT = auto()
    DONATION = auto()


class InvestmentBasis(Term):
    """投资统计口径 | Whether an investment is counted as signed or as actually made."""

    SIGNED = auto()
    ACTUAL = auto()


class DonationForm(Term):
    """捐赠形式 | Whether money was given or things worth money."""

    MONEY = auto()
    KIND = auto()


class DonationCause(Term):
    """捐赠用途 | What a donation was given for."""

    RURAL_REVITALISATION = auto()
    POVERTY_ALLEVIATION = auto()
    FLOOD_CONTROL = auto()
    EPIDEMIC_CONTROL = auto()
    OTHER = auto()
