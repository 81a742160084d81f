"""Which thresholds must a chamber meet, since when, and whose are they?

Versions are data: a new one is added with the day it takes effect, an old one stays for the decisions made under it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

T = TypeVar("T", int, Decimal, Fraction)

MODEL_CHARTER = "社会团体章程示范文本"
NAMING_RULES = "社会组织名称管理办法"
CREDIT_RULES = "社会组织信用信息管理办法"
APPOINTMENT_RULES = "商会班子任前程序"
"""The procedure before an appointment, as it is generally followed; a city's own text may be added as a version."""
SUPERVISION_MECHANISM = "乡镇（街道）商会建设专项督导机制"
TALK_MECHANISM = "乡镇（街道）商会建设约谈机制"


def article(number: str) -> str:
    """An article of the Regulation on the Registration of Social Organisations (revised 2016-02-06)."""
    return f"社会团体登记管理条例第{number}条"


def mediation_law(number: str) -> str:
    """An article of the People's Mediation Law (in force since 2011-01-01)."""
    return f"人民调解法第{number}条"


def mediation_rules(number: str) -> str:
    """An article of the Rules on the Work of People's Mediation (Order 75 of the Ministry of Justice, 2002)."""
    return f"人民调解工作若干规定第{number}条"


@dataclass(frozen=True)
class Threshold(Generic[T]):
    """A value with the rule it rests on; `default_of_ours` marks one that no rule prescribes."""

    value: T
    basis: str
    default_of_ours: bool = False


@dataclass(frozen=True, kw_only=True)
class RegistrationPolicy:
    """What it takes to be registered, from one day on.

    `individuals`, `units` and `mixed` count members; `funds` is in yuan; `attendance` and `majority` are the shares of
    the founding meeting: of those entitled who are present (at least), of those present who agree (more than).
    """

    valid_from: date
    individuals: Threshold[int]
    units: Threshold[int]
    mixed: Threshold[int]
    funds: Threshold[Decimal]
    staff: Threshold[int]
    attendance: Threshold[Fraction]
    majority: Threshold[Fraction]
    audit_days: Threshold[int]
    """How old the audit before a change of the legal representative may be."""
    inspected_from: Threshold[int]
    """The month from whose end on a new chamber is not yet inspected for the year of its registration."""


POLICIES = (
    RegistrationPolicy(
        valid_from=date(1998, 10, 25),  # Article 10 has not changed since the regulation's first text
        individuals=Threshold(50, article("十")),
        units=Threshold(30, article("十")),
        mixed=Threshold(50, article("十")),
        funds=Threshold(Decimal(30_000), article("十")),
        staff=Threshold(1, article("十"), default_of_ours=True),  # the law says "full-time staff", without a number
        attendance=Threshold(Fraction(2, 3), MODEL_CHARTER, default_of_ours=True),
        majority=Threshold(Fraction(1, 2), MODEL_CHARTER, default_of_ours=True),
        audit_days=Threshold(365, article("二十七"), default_of_ours=True),
        inspected_from=Threshold(6, article("二十八"), default_of_ours=True),
    ),
)


def registration_policy(on: date) -> RegistrationPolicy:
    """The version in force on a day; the first one before it."""
    return max((each for each in POLICIES if each.valid_from <= on), key=lambda p: p.valid_from, default=POLICIES[0])


@dataclass(frozen=True, kw_only=True)
class AppointmentPolicy:
    """How leaders are appointed, from one day on: inspectors in persons, terms and extensions in years."""

    valid_from: date
    inspectors: Threshold[int]
    years: Threshold[int]
    extension_years: Threshold[int]
    terms_in_a_row: Threshold[int]


APPOINTMENT_POLICIES = (
    AppointmentPolicy(
        valid_from=date(1998, 10, 25),  # as old as the regulation: nothing earlier is recorded
        inspectors=Threshold(2, APPOINTMENT_RULES, default_of_ours=True),
        years=Threshold(5, MODEL_CHARTER),
        extension_years=Threshold(1, MODEL_CHARTER),
        terms_in_a_row=Threshold(2, MODEL_CHARTER),
    ),
)


def appointment_policy(on: date) -> AppointmentPolicy:
    """The version in force on a day; the first one before it."""
    known = [each for each in APPOINTMENT_POLICIES if each.valid_from <= on]
    return max(known, key=lambda p: p.valid_from, default=APPOINTMENT_POLICIES[0])
