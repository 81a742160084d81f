"""Which words do enterprises use: how they stand, and what is arranged for those who represent them?"""

from __future__ import annotations

from enum import auto

from service.domain.vocabulary import Term


class EnterpriseState(Term):
    """企业状态 | Whether an enterprise is a representative one of a chamber."""

    RECORDED = auto()
    REPRESENTATIVE = auto()


class ArrangementState(Term):
    """安排状态 | Where an arrangement stands."""

    RECOMMENDED = auto()
    CONFIRMED = auto()
    ENDED = auto()
    DECLINED = auto()


class ArrangementKind(Term):
    """安排类别 | Whether a post is political (a deputy, a committee member) or social (in a federation or society)."""

    POLITICAL = auto()
    SOCIAL = auto()
