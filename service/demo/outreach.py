"""What is organised in the demonstration: whom do visits, publicity, classes, meetings and service days reach?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from service.demo import offices
from service.demo.divisions import NEWS, ids
from service.demo.invented import number
from service.demo.journal import Journal
from service.demo.places import CITY_CODE, Place, places, townships, units
from service.domain.activity import Activity
from service.domain.activity_terms import ActivityKind, ActivityTopic, Audience, Counterpart
from service.domain.campaign import Campaign
from service.domain.organ_kind import OrganKind
from service.domain.roles import Actor

VISITS_BEGIN = NEWS + timedelta(7)
WEEKS = 60
VISITED, SUPPORTED = 3, 4
"""Of so many townships all but one are visited; of so many visits all but one win support."""
EFFECTS = (
    ActivityTopic.LONGER_ARM,
    ActivityTopic.WIDER_RANGE,
    ActivityTopic.BETTER_RESULTS,
    ActivityTopic.GREATER_INFLUENCE,
)
POINTS = (
    ActivityTopic.GOVERNMENT_AND_FIRMS,
    ActivityTopic.GROWING_TOGETHER,
    ActivityTopic.INFORMATION_EXCHANGE,
    ActivityTopic.MEDIATION_OF_DISPUTES,
    ActivityTopic.COMMON_VOICE,
)
ARGUMENTS = (
    ActivityTopic.RURAL_REVITALISATION,
    ActivityTopic.SOCIAL_GOVERNANCE,
    ActivityTopic.ECONOMIC_DEVELOPMENT,
)
SERVICE = (
    Campaign.ENTERPRISE_SERVICE_DAY,
    Campaign.PRACTICAL_WORK_FOR_THE_PEOPLE,
    Campaign.HELP_FOR_TEN_THOUSAND_FIRMS,
)
HEALTHS = (Campaign.TWO_HEALTHS_IN_A_HUNDRED_COUNTIES,)
SUPPORT = ("提供办公场所", "安排专人联系商会", "纳入年度工作要点")
RAIN = "防汛形势紧张，活动取消 | Cancelled because of the floods"


class Meeting(NamedTuple):
    """Something held in the city on a day, or planned and not held."""

    day: date
    kind: ActivityKind
    title: str
    by: Actor
    organs: Sequence[OrganKind] = ()
    topics: Sequence[ActivityTopic] = ()
    campaigns: Sequence[Campaign] = ()


class Campaigning(NamedTuple):
    """Something held in every unit, from a day on unit by unit."""

    first: date
    kind: ActivityKind
    title: str
    audience: Audience | None
    topics: Sequence[ActivityTopic]


ALL_ORGANS = (OrganKind.UNITED_FRONT, OrganKind.FIC, OrganKind.CIVIL_AFFAIRS)
UNITED_FRONT, CIVIL_AFFAIRS = (OrganKind.UNITED_FRONT,), (OrganKind.CIVIL_AFFAIRS,)
K = ActivityKind
MEETINGS: Sequence[Meeting] = (
    *(
        Meeting(day, K.JOINT_MEETING, "民营经济工作联席会议", offices.JOINT_MEETING_OFFICE, ALL_ORGANS)
        for day in (date(2023, 3, 27), date(2024, 3, 25), date(2025, 3, 24))
    ),
    *(
        Meeting(
            day,
            K.TRAINING_CLASS,
            f"乡镇（街道）商会党建引领示范班（第{n}期）",
            offices.CITY_FIC,
            UNITED_FRONT,
            (ActivityTopic.PARTY_BUILDING,),
        )
        for n, day in enumerate((date(2023, 9, 11), date(2024, 5, 13)), 1)
    ),
    *(
        Meeting(
            day,
            K.PROGRESS_MEETING,
            "商会登记管理工作推进会",
            offices.CITY_FIC,
            CIVIL_AFFAIRS,
            (ActivityTopic.REGISTRATION,),
        )
        for day in (date(2023, 5, 8), date(2023, 10, 16), date(2024, 4, 15), date(2024, 11, 11), date(2025, 6, 16))
    ),
    *(
        Meeting(day, K.SERVICE_DAY, "企业服务日（学党史、惠民企、办实事）", offices.CITY_FIC, campaigns=SERVICE)
        for day in (date(2023, 6, 19), date(2023, 10, 23), date(2024, 4, 22), date(2024, 10, 21), date(2025, 5, 19))
    ),
)
EVERYWHERE: Sequence[Campaigning] = (
    Campaigning(date(2023, 4, 3), K.RESEARCH, "县区商会建设调研", Audience.COUNTY_FIC, EFFECTS[:1]),
    Campaigning(date(2023, 5, 8), K.MOBILISATION, "县区工商联动员会", None, EFFECTS),
    Campaigning(date(2023, 5, 15), K.PUBLICITY, "基层商会政策宣讲", Audience.TOWNSHIP_GOVERNMENT, ARGUMENTS),
    Campaigning(date(2023, 6, 5), K.PUBLICITY, "民营企业入会宣传", Audience.PRIVATE_FIRM, POINTS),
    Campaigning(date(2024, 9, 2), K.GUIDANCE, "商会规范化建设指导", None, ()),
    Campaigning(date(2024, 12, 2), K.OBSERVATION, "示范商会现场观摩", None, (ActivityTopic.LANKAO_MODEL,)),
)
CANCELLED = Meeting(date(2024, 7, 15), K.SERVICE_DAY, "企业服务日（夏季）", offices.CITY_FIC, campaigns=SERVICE)


def activities() -> Iterator[Journal]:
    """All activities of the city, the units and the townships."""
    city = next(place for place in places() if place.code == CITY_CODE)
    yield from (_held(city, each, n) for n, each in enumerate(MEETINGS))
    yield _cancelled(city)
    for unit in units().values():
        yield from _in_unit(unit)
        yield from _visits(unit)


def _in_unit(unit: Place) -> Iterator[Journal]:
    later = timedelta(7 * (list(units()).index(unit.code) % 5))
    for n, each in enumerate(EVERYWHERE):
        what = _particulars(each.kind, f"{unit.name}{each.title}", topics=each.topics, campaigns=HEALTHS)
        if each.audience:
            what["audience"] = each.audience.value
        yield _record(_journal(unit, f"{each.kind}/{n}", each.first + later), offices.CITY_FIC, unit, what, 20)


def _visits(unit: Place) -> Iterator[Journal]:
    """Visits to most townships of a unit, week by week; most of them win support."""
    for n, township in enumerate(townships(unit.code), 1):
        if n % VISITED:
            day = VISITS_BEGIN + timedelta(7 * number(f"visit/{township.code}", WEEKS))
            yield _visit(_journal(township, "visit", day), township, n)


def _visit(journal: Journal, township: Place, n: int) -> Journal:
    topics = ARGUMENTS if n % 2 else ARGUMENTS[: 1 + n % 3]
    what = _particulars(K.VISIT, f"走访{township.name}", topics=topics, campaigns=HEALTHS)
    _record(journal, offices.CITY_FIC, township, what | {"counterpart": _met(n)}, 3)
    if n % SUPPORTED:
        support = SUPPORT[journal.dice("support", len(SUPPORT))]
        journal.after(7).write(offices.CITY_FIC, "obtain_support", support=support)
    return journal


def _met(n: int) -> str:
    return (Counterpart.TOWNSHIP_HEAD if n % 7 == 0 else Counterpart.TOWNSHIP_PARTY_SECRETARY).value


def _held(city: Place, meeting: Meeting, n: int) -> Journal:
    """A meeting that was planned a month before."""
    journal = _planned(city, meeting, f"{meeting.kind}/{n}")
    return journal.on(meeting.day).write(meeting.by, "hold", attendees=30 + journal.dice("attendees", 90))


def _cancelled(city: Place) -> Journal:
    journal = _planned(city, CANCELLED, "cancelled")
    return journal.after(14).write(CANCELLED.by, "cancel", reason=RAIN)


def _planned(city: Place, meeting: Meeting, name: str) -> Journal:
    what = _particulars(meeting.kind, meeting.title, meeting.topics, meeting.campaigns)
    what["co_organisers"] = [each.value for each in meeting.organs]
    journal = _journal(city, name, max(meeting.day - timedelta(21), date(2023, 3, 6)))
    return journal.write(meeting.by, "plan", division=city.code, planned_for=meeting.day.isoformat(), particulars=what)


def _record(journal: Journal, by: Actor, place: Place, what: dict[str, Any], attendees: int) -> Journal:
    ago, came = journal.dice("told", 5), attendees + journal.dice("attendees", attendees)
    return journal.write(by, "record_held", ago=ago, division=place.code, attendees=came, particulars=what)


def _journal(place: Place, name: str, day: date) -> Journal:
    return Journal(Activity, f"activity/{place.code}/{name}", day, reads=(ids()[place.code], ids()[CITY_CODE]))


def _particulars(
    kind: ActivityKind, title: str, topics: Sequence[ActivityTopic] = (), campaigns: Sequence[Campaign] = ()
) -> dict[str, Any]:
    about = {"topics": [each.value for each in topics], "campaigns": [each.value for each in campaigns]}
    return {"kind": kind.value, "title": title, **about}
