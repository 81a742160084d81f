"""Who acts in the demonstration: which account, in which office, with which reach?"""

from __future__ import annotations

from uuid import UUID

from service.demo.places import CITY_CODE, Place
from service.domain.roles import Actor, Grant, Role

CITY_FIC = Actor("demo-city-fic", (Grant(Role.CITY_FIC, CITY_CODE, "开封市工商业联合会"),))
JOINT_MEETING_OFFICE = Actor(
    "demo-joint-meeting-office",
    (Grant(Role.JOINT_MEETING_OFFICE, CITY_CODE, "开封市民营经济工作联席会议办公室"),),
)
CITY_SECRETARY = Actor(
    "demo-city-secretary", (Grant(Role.CITY_FIC_PARTY_SECRETARY, CITY_CODE, "开封市工商业联合会党组"),)
)
INSPECTORS = tuple(
    Actor(f"demo-inspector-{number}", (Grant(Role.INSPECTOR, CITY_CODE, organ),))
    for number, organ in enumerate(("开封市委统战部", "开封市工商业联合会", "开封市民政局"), start=1)
)
"""Those whom the organs of the supervision's team have sent."""
CITY_UNITED_FRONT = Actor("demo-city-united-front", (Grant(Role.CITY_UFWD, CITY_CODE, "开封市委统战部"),))
CITY_REVIEWER = Actor("demo-city-reviewer", (Grant(Role.CITY_FIC, CITY_CODE, "开封市工商业联合会评审组"),))
TIMER = Actor("demo-timer", (Grant(Role.TIMER, CITY_CODE, "定时任务"),))
APPEALS = Actor("demo-city-appeals", (Grant(Role.CITY_FIC, CITY_CODE, "开封市考核申诉复核组"),))


def reviewer(unit: Place) -> Actor:
    """Who reviews files at the unit's federation."""
    return _fic(unit, 1)


def approver(unit: Place) -> Actor:
    """Who signs at the unit's federation."""
    return _fic(unit, 2)


def examiner(unit: Place) -> Actor:
    """Who examines applications at the unit's registrar."""
    return _registrar(unit, 1)


def registrar(unit: Place) -> Actor:
    """Who decides on applications at the unit's registrar."""
    return _registrar(unit, 2)


def commissioner(township: Place) -> Actor:
    """The township's united-front commissioner."""
    grant = Grant(Role.TOWNSHIP_UF_COMMISSIONER, township.code, f"{township.name}统战委员")
    return Actor(f"demo-{township.code}-commissioner", (grant,))


def secretariat(township: Place, chamber: UUID, number: int) -> Actor:
    """The secretariat of a township's chamber, the first or a later one."""
    grant = Grant(Role.CHAMBER_SECRETARIAT, township.code, f"{township.name}商会秘书处", chamber)
    return Actor(f"demo-{township.code}-secretariat-{number}", (grant,))


def united_front(unit: Place) -> Actor:
    """Who evaluates candidates at the unit's United Front department."""
    grant = Grant(Role.COUNTY_UFWD_HEAD, unit.code, f"{unit.name}委统战部")
    return Actor(f"demo-{unit.code}-united-front", (grant,))


def party_secretary(unit: Place) -> Actor:
    """Who leads the Party group of the unit's federation and talks with candidates."""
    grant = Grant(Role.COUNTY_FIC_PARTY_SECRETARY, unit.code, f"{unit.name}工商业联合会党组")
    return Actor(f"demo-{unit.code}-party-secretary", (grant,))


def mediator(township: Place, chamber: UUID) -> Actor:
    """Who mediates for a chamber's body."""
    grant = Grant(Role.MEDIATOR, township.code, f"{township.name}商会人民调解委员会", chamber)
    return Actor(f"demo-{township.code}-mediator", (grant,))


def justice(unit: Place) -> Actor:
    """The unit's justice bureau."""
    return Actor(f"demo-{unit.code}-justice", (Grant(Role.JUSTICE_BUREAU, unit.code, f"{unit.name}司法局"),))


def organisation(unit: Place) -> Actor:
    """The unit's Organisation Department, which approves Party branches and stars them."""
    grant = Grant(Role.ORGANISATION_DEPARTMENT, unit.code, f"{unit.name}委组织部")
    return Actor(f"demo-{unit.code}-organisation", (grant,))


def _fic(unit: Place, desk: int) -> Actor:
    grant = Grant(Role.COUNTY_FIC, unit.code, f"{unit.name}工商业联合会")
    return Actor(f"demo-{unit.code}-fic-{desk}", (grant,))


def _registrar(unit: Place, desk: int) -> Actor:
    return Actor(f"demo-{unit.code}-registrar-{desk}", (Grant(Role.REGISTRAR, unit.code, f"{unit.name}民政局"),))
