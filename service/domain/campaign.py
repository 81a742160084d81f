"""Under which campaign was something done?"""

from __future__ import annotations

from enum import auto

from service.domain.vocabulary import Term


class Campaign(Term):
    """专项行动 | The campaign that an activity, an issue or a contribution is counted under."""

    ENTERPRISE_SERVICE_DAY = auto()
    PRACTICAL_WORK_FOR_THE_PEOPLE = auto()
    HELP_FOR_TEN_THOUSAND_FIRMS = auto()
    TWO_HEALTHS_IN_A_HUNDRED_COUNTIES = auto()
