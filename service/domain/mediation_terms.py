"""Which states, kinds and grounds does mediation know?"""

from __future__ import annotations

from enum import auto

from service.domain.vocabulary import Term


class MediationBodyState(Term):
    """调解组织状态 | How a mediation body stands."""

    PROPOSED = auto()
    ACTIVE = auto()
    SUSPENDED = auto()
    DISSOLVED = auto()
    DROPPED = auto()


class MediationCaseState(Term):
    """调解案件状态 | How far a case has come."""

    APPLIED = auto()
    ACCEPTED = auto()
    DECLINED = auto()
    IN_MEDIATION = auto()
    AGREED = auto()
    CONFIRMATION_PENDING = auto()
    CONFIRMED = auto()
    TERMINATED = auto()
    WITHDRAWN = auto()
    ARCHIVED = auto()


class DisputeKind(Term):
    """纠纷类别 | Between whom a dispute is: the five kinds within the scope of chambers' mediation."""

    MEMBER_MEMBER = auto()
    MEMBER_EMPLOYEE = auto()
    MEMBER_COUNTERPART = auto()
    MEMBER_OTHER = auto()
    OTHER_CIVIL = auto()


class PartyKind(Term):
    """当事人类别 | What a party is to the chamber."""

    MEMBER = auto()
    EMPLOYEE = auto()
    COUNTERPART = auto()
    OTHER = auto()


class MediationOpening(Term):
    """启动方式 | On whose initiative a case is opened."""

    APPLICATION = auto()
    OWN_INITIATIVE = auto()


class Participation(Term):
    """参与方式 | Whether the body led the mediation or assisted another in it."""

    LED = auto()
    ASSISTED = auto()


class Openness(Term):
    """公开方式 | Whether the parties want others to be present."""

    OPEN = auto()
    CLOSED = auto()


class SessionMode(Term):
    """调解形式 | How a session is held."""

    IN_PERSON = auto()
    ONLINE = auto()


class AgreementForm(Term):
    """协议形式 | In which form an agreement is made."""

    WRITTEN = auto()
    ORAL = auto()


class Performance(Term):
    """履行情况 | How far an agreement has been carried out."""

    FULL = auto()
    PARTIAL = auto()
    NONE = auto()


class Remedy(Term):
    """其他救济途径 | By which other ways a dispute may be settled."""

    ARBITRATION = auto()
    ADMINISTRATIVE = auto()
    LITIGATION = auto()


class RiskKind(Term):
    """激化风险 | What a dispute may turn into."""

    PUBLIC_SECURITY = auto()
    CRIMINAL = auto()


class RemovalGround(Term):
    """调解员离任情形 | Why somebody is no longer a mediator."""

    RESIGNED = auto()
    PARTIALITY = auto()
    INSULT = auto()
    IMPROPER_GAIN = auto()
    BREACH_OF_CONFIDENTIALITY = auto()


class Gender(Term):
    """性别 | The sex of a person, where a rule asks for it."""

    FEMALE = auto()
    MALE = auto()


class MediatorPost(Term):
    """调解员身份 | Whether a mediator heads the committee, belongs to it, or was engaged by it."""

    DIRECTOR = auto()
    COMMISSIONER = auto()
    ENGAGED = auto()
