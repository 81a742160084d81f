"""Which words do activities use: their kinds, what they are about, and whom they address?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import auto
from typing import Annotated

from msgspec import Meta

from service.domain.campaign import Campaign
from service.domain.identifiers import Line
from service.domain.organ_kind import OrganKind
from service.domain.record import Movement
from service.domain.value import Value
from service.domain.vocabulary import Term


class ActivityState(Term):
    """活动状态 | Whether an activity is planned, was held, or came to nothing."""

    PLANNED = auto()
    HELD = auto()
    CANCELLED = auto()


class ActivityKind(Term):
    """活动类别 | What kind of activity it is."""

    VISIT = auto()
    RESEARCH = auto()
    PUBLICITY = auto()
    MOBILISATION = auto()
    JOINT_MEETING = auto()
    TRAINING_CLASS = auto()
    PROGRESS_MEETING = auto()
    OBSERVATION = auto()
    GUIDANCE = auto()
    SERVICE_DAY = auto()


class ActivityTopic(Term):
    """活动主题 | What an activity is about: what a chamber does for a township, a federation, or its members."""

    RURAL_REVITALISATION = auto()
    SOCIAL_GOVERNANCE = auto()
    ECONOMIC_DEVELOPMENT = auto()
    LONGER_ARM = auto()
    WIDER_RANGE = auto()
    BETTER_RESULTS = auto()
    GREATER_INFLUENCE = auto()
    GOVERNMENT_AND_FIRMS = auto()
    GROWING_TOGETHER = auto()
    INFORMATION_EXCHANGE = auto()
    MEDIATION_OF_DISPUTES = auto()
    COMMON_VOICE = auto()
    PARTY_BUILDING = auto()
    REGISTRATION = auto()
    LANKAO_MODEL = auto()


FOR_TOWNSHIPS = frozenset(
    {ActivityTopic.RURAL_REVITALISATION, ActivityTopic.SOCIAL_GOVERNANCE, ActivityTopic.ECONOMIC_DEVELOPMENT}
)
"""What speaks for a chamber when a township's leaders are visited."""


class Audience(Term):
    """对象 | Whom an activity addresses."""

    TOWNSHIP_GOVERNMENT = auto()
    COUNTY_FIC = auto()
    PRIVATE_FIRM = auto()


class Counterpart(Term):
    """面谈对象 | Whom visitors meet in a township, by office."""

    TOWNSHIP_PARTY_SECRETARY = auto()
    TOWNSHIP_HEAD = auto()
    UNITED_FRONT_COMMISSIONER = auto()


MOVEMENTS: Mapping[ActivityKind, Movement] = {
    ActivityKind.VISIT: Movement.MOBILISE,
    ActivityKind.RESEARCH: Movement.MOBILISE,
    ActivityKind.PUBLICITY: Movement.MOBILISE,
    ActivityKind.MOBILISATION: Movement.MOBILISE,
    ActivityKind.JOINT_MEETING: Movement.DRIVE,
    ActivityKind.TRAINING_CLASS: Movement.COORDINATE,
    ActivityKind.PROGRESS_MEETING: Movement.COORDINATE,
    ActivityKind.OBSERVATION: Movement.DEMONSTRATE,
    ActivityKind.GUIDANCE: Movement.STANDARDISE,
    ActivityKind.SERVICE_DAY: Movement.SERVE,
}
ADDRESSED = frozenset({ActivityKind.RESEARCH, ActivityKind.PUBLICITY})
"""Kinds that have an audience."""
JOINT = frozenset({ActivityKind.JOINT_MEETING, ActivityKind.PROGRESS_MEETING})
"""Kinds that no organ holds alone."""


class ActivityInput(Value, frozen=True, kw_only=True):
    """活动内容 | What an activity is, whoever holds it and whenever."""

    kind: ActivityKind
    title: Line
    topics: Annotated[list[ActivityTopic], Meta(max_length=20)] | None = None
    audience: Audience | None = None
    counterpart: Counterpart | None = None
    co_organisers: Annotated[list[OrganKind], Meta(max_length=20)] | None = None
    campaigns: Annotated[list[Campaign], Meta(max_length=5)] | None = None
