"""活动 | What was organised to bring chambers about: visits, research, publicity, classes, meetings, service days?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from service.domain.activity_terms import (
    ADDRESSED,
    FOR_TOWNSHIPS,
    JOINT,
    MOVEMENTS,
    ActivityInput,
    ActivityKind,
    ActivityState,
    ActivityTopic,
    Audience,
    Counterpart,
)
from service.domain.campaign import Campaign
from service.domain.command import NEW, command
from service.domain.division import TOWNSHIPS, Division, Divisions
from service.domain.identifiers import DivisionCode, Paragraph
from service.domain.organ_kind import OrganKind
from service.domain.record import Fact, Movement, Record, leads_to
from service.domain.refusal import require
from service.domain.roles import Role

ORGANISERS = (Role.CITY_FIC, Role.COUNTY_FIC, Role.CITY_UFWD, Role.JOINT_MEETING_OFFICE)
"""Who holds activities."""
Attendees = Annotated[int, Meta(ge=1, le=100_000)]


@leads_to(ActivityState.PLANNED)
class ActivityPlanned(Fact):
    """计划活动 | An activity was planned for a day in a division."""

    division: UUID
    planned_for: date
    kind: ActivityKind
    title: str
    topics: tuple[ActivityTopic, ...] = ()
    audience: Audience | None = None
    counterpart: Counterpart | None = None
    co_organisers: tuple[OrganKind, ...] = ()
    campaigns: tuple[Campaign, ...] = ()

    def moves(self) -> Movement:
        """By its kind."""
        return MOVEMENTS[self.kind]


@leads_to(ActivityState.HELD)
class ActivityHeld(Fact):
    """举办活动 | An activity was held; its kind goes with it, by which it belongs to a movement."""

    kind: ActivityKind
    attendees: int

    def moves(self) -> Movement:
        """By its kind."""
        return MOVEMENTS[self.kind]


@leads_to(ActivityState.CANCELLED)
class ActivityCancelled(Fact):
    """取消活动 | A planned activity came to nothing."""

    kind: ActivityKind

    def moves(self) -> Movement:
        """By its kind."""
        return MOVEMENTS[self.kind]


@leads_to(None, Movement.MOBILISE)
class SupportObtained(Fact):
    """争取支持 | A township's leader who had been visited promised support."""

    supporter: Counterpart
    support: str


class Activity(Record, name="activity"):
    """活动 | An activity for the building of chambers, at a place and on a day."""

    state: ActivityState | None = None
    division: UUID | None = None
    planned_for: date | None = None
    kind: ActivityKind | None = None
    title: str = ""
    topics: tuple[ActivityTopic, ...] = ()
    audience: Audience | None = None
    counterpart: Counterpart | None = None
    co_organisers: tuple[OrganKind, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    attendees: int = 0
    supporter: Counterpart | None = None
    support: str = ""

    @command(by=ORGANISERS, when=NEW)
    def plan(
        self, division: DivisionCode, planned_for: date, particulars: ActivityInput, *, divisions: Divisions
    ) -> ActivityPlanned:
        """计划活动 | Plan an activity for a day."""
        return _planned(divisions.open(division, "division"), planned_for, particulars)

    @command(by=ORGANISERS, when=NEW)
    def record_held(
        self,
        division: DivisionCode,
        attendees: Attendees,
        particulars: ActivityInput,
        *,
        divisions: Divisions,
        on: date,
    ) -> tuple[ActivityPlanned, ActivityHeld]:
        """登记已办活动 | Record an activity that was held without having been entered as planned."""
        planned = _planned(divisions.open(division, "division"), on, particulars)
        return planned, ActivityHeld(planned.kind, attendees)

    @command(by=ORGANISERS, when=ActivityState.PLANNED)
    def hold(self, attendees: Attendees) -> ActivityHeld:
        """举办活动 | Record that the planned activity was held, and how many came."""
        return ActivityHeld(self._kind, attendees)

    @command(by=ORGANISERS, when=ActivityState.PLANNED, reason=True)
    def cancel(self) -> ActivityCancelled:
        """取消活动 | Cancel the planned activity."""
        return ActivityCancelled(self._kind)

    @command(by=ORGANISERS, when=ActivityState.HELD)
    def obtain_support(self, support: Paragraph, supporter: Counterpart | None = None) -> SupportObtained:
        """争取支持 | Record what support the visited leader promised; without an office named, whoever was met."""
        require(self.kind is ActivityKind.VISIT, NO_VISIT)
        require(self.supporter is None, SUPPORTED_ALREADY)
        met = supporter or self.counterpart
        assert met is not None, "a visit is to somebody"
        return SupportObtained(met, support)

    @property
    def _kind(self) -> ActivityKind:
        assert self.kind is not None, "an activity begins with its kind"
        return self.kind


def _planned(place: Division, day: date, given: ActivityInput) -> ActivityPlanned:
    _require_complete(place, given)
    _require_once(given.topics, "topics")
    _require_once(given.co_organisers, "coOrganisers")
    _require_once(given.campaigns, "campaigns")
    return ActivityPlanned(
        division=place.id,
        planned_for=day,
        kind=given.kind,
        title=given.title,
        topics=tuple(given.topics or ()),
        audience=given.audience,
        counterpart=given.counterpart,
        co_organisers=tuple(given.co_organisers or ()),
        campaigns=tuple(given.campaigns or ()),
    )


def _require_complete(place: Division, given: ActivityInput) -> None:
    """Refuse an activity without what its kind is about."""
    visit = given.kind is ActivityKind.VISIT
    require(not visit or place.kind in TOWNSHIPS, NO_TOWNSHIP, path=("division",))
    require(visit == (given.counterpart is not None), COUNTERPART, path=("particulars", "counterpart"))
    require(
        not visit or bool(FOR_TOWNSHIPS.intersection(given.topics or ())), TOPIC_NEEDED, path=("particulars", "topics")
    )
    addressed = given.kind in ADDRESSED
    require(not addressed or given.audience is not None, AUDIENCE_NEEDED, path=("particulars", "audience"))
    joint = given.kind in JOINT
    require(not joint or bool(given.co_organisers), ORGANISER_NEEDED, path=("particulars", "coOrganisers"))


def _require_once(named: Sequence[object] | None, field: str) -> None:
    require(named is None or len(set(named)) == len(named), NAMED_TWICE, path=("particulars", field))


NO_TOWNSHIP = "上门拜访须填乡镇或街道 | A visit is to a township or sub-district"
COUNTERPART = "上门拜访须填、其他活动不填面谈对象 | Say whom the visitors met, for a visit and only then"
TOPIC_NEEDED = (
    "上门拜访须谈乡村振兴、社会治理、经济发展之一"
    " | A visit is about rural revitalisation, social governance or economic development"
)
AUDIENCE_NEEDED = "调研、宣传须填对象 | Say whom the research or publicity addressed"
ORGANISER_NEEDED = "联席会议、推进会须填联合单位 | Name the organs that the meeting was held with"
NAMED_TWICE = "重复填写 | Something is named twice"
NO_VISIT = "只有上门拜访可记录争取到的支持 | Support is won on a visit"
SUPPORTED_ALREADY = "已记录该次拜访争取到的支持 | The support won on this visit is recorded already"
