"""Which honours are there, who confers each, on whom, and for how long? The rules are data, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from service.domain.deadline import DayKind, DeadlineKind, DeadlineRule
from service.domain.roles import Role
from service.domain.vocabulary import Term


class RecognitionState(Term):
    """认定状态 | Where a recognition stands between application and its end."""

    APPLIED = auto()
    REVIEWED = auto()
    NOTICED = auto()
    CONFERRED = auto()
    DECLINED = auto()
    EXPIRED = auto()
    REVOKED = auto()


class RecognitionKind(Term):
    """认定类别 | What a chamber, its Party branch or a place is recognised as."""

    FOUR_GOOD = auto()
    FIVE_STAR_BRANCH = auto()
    DEMONSTRATION = auto()
    COMMENDATION = auto()
    SOCIAL_ORG_RATING = auto()


class CommendationLevel(Term):
    """表彰层级 | Of which level a commendation is."""

    NATIONAL = auto()
    PROVINCIAL = auto()
    CITY = auto()


class DemonstrationModel(Term):
    """示范模式 | After which model a demonstration chamber is built."""

    LANKAO_MODEL = auto()


class SubjectKind(Enum):
    """What can be recognised, by the name of the input that names it."""

    CHAMBER = "chamber"
    BRANCH = "branch"
    PLACE = "division"


@dataclass(frozen=True, kw_only=True)
class KindRule:
    """On whom an honour is conferred and by whom; for how long it is valid, if not for good."""

    awarding: Role
    basis: str
    subjects: tuple[SubjectKind, ...] = (SubjectKind.CHAMBER,)
    validity: DeadlineRule | None = None


FOUR_GOOD_RULES = "“四好”商会建设工作方案（有效期为本系统默认）"
RATING_RULES = "社会组织评估管理办法第六条"
STATED = "授予决定"

NOTICE = DeadlineRule(
    DeadlineKind.PUBLIC_NOTICE, "认定公示（本系统默认）", days=5, counted=DayKind.WORKING, default_of_ours=True
)
STATED_VALIDITY = DeadlineRule(DeadlineKind.RECOGNITION_VALIDITY, STATED, default_of_ours=True)
"""For an honour that is valid for good unless the decision says until when."""
RULES: Mapping[RecognitionKind, KindRule] = {
    RecognitionKind.FOUR_GOOD: KindRule(
        awarding=Role.CITY_FIC,
        basis=FOUR_GOOD_RULES,
        validity=DeadlineRule(DeadlineKind.RECOGNITION_VALIDITY, FOUR_GOOD_RULES, months=24, default_of_ours=True),
    ),
    RecognitionKind.FIVE_STAR_BRANCH: KindRule(
        awarding=Role.ORGANISATION_DEPARTMENT, basis="社会组织五星党支部评选", subjects=(SubjectKind.BRANCH,)
    ),
    RecognitionKind.DEMONSTRATION: KindRule(awarding=Role.COUNTY_FIC, basis="每县区重点培育 1—3 个示范商会"),
    RecognitionKind.COMMENDATION: KindRule(awarding=Role.CITY_FIC, basis="表彰决定", subjects=tuple(SubjectKind)),
    RecognitionKind.SOCIAL_ORG_RATING: KindRule(
        awarding=Role.REGISTRAR,
        basis=RATING_RULES,
        validity=DeadlineRule(DeadlineKind.RECOGNITION_VALIDITY, RATING_RULES, months=60),
    ),
}
AWARDING = tuple(dict.fromkeys(rule.awarding for rule in RULES.values()))
"""The roles that award something; each only what the rules leave to it."""
MOST_STARS = 5
