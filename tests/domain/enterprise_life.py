"""Which facts bring an enterprise and its arrangements to each of their states, and which input fits there?"""

from __future__ import annotations

from service.domain.chamber_membership import MemberAdmitted
from service.domain.chamber_record import Member
from service.domain.chamber_terms import ChamberState, MemberKind
from service.domain.enterprise import (
    ArrangementConfirmed,
    ArrangementDeclined,
    ArrangementEnded,
    ArrangementRecommended,
    Enterprise,
    EnterpriseRecorded,
    RepresentativeDesignated,
)
from service.domain.enterprise_terms import ArrangementKind, ArrangementState, EnterpriseState
from service.domain.identifiers import name_id
from service.domain.roles import Role
from tests.domain import chamber_life
from tests.domain.chamber_life import ENTERPRISE
from tests.domain.harness import CHAMBER, TOWNSHIP, TOWNSHIP_ID, At, Given
from tests.domain.life import Life

ID = name_id(f"enterprise/{ENTERPRISE}")
ARRANGEMENT = name_id(f"arrangement/{ID}/1")
MEMBER = MemberAdmitted(Member(ID, MemberKind.UNIT, "新企业", ENTERPRISE))
RECORDED = (EnterpriseRecorded(ENTERPRISE, "新企业", TOWNSHIP_ID),)
RECOMMENDED = (*RECORDED, At(ArrangementRecommended(ARRANGEMENT, ArrangementKind.POLITICAL, "县政协委员"), by="a fic"))
CONFIRMED = (*RECOMMENDED, ArrangementConfirmed(ARRANGEMENT))
DEPARTMENTS = {Role.COUNTY_UFWD_HEAD, Role.CITY_UFWD, Role.ORGANISATION_DEPARTMENT}


def around(world: Given) -> Given:
    """A registered chamber that the enterprise is a member of."""
    return world.also(*chamber_life.LIFE.lives[ChamberState.REGISTERED], MEMBER, of=CHAMBER)


LIFE = Life(
    record=Enterprise,
    id=ID,
    lifecycles={"Enterprise": EnterpriseState, "Arrangement": ArrangementState},
    actors={
        "county or city FIC": {Role.COUNTY_FIC, Role.CITY_FIC},
        "UF department / Organisation Department": DEPARTMENTS,
    },
    lives={
        EnterpriseState.RECORDED: RECORDED,
        EnterpriseState.REPRESENTATIVE: (*RECORDED, RepresentativeDesignated(CHAMBER)),
        ArrangementState.RECOMMENDED: RECOMMENDED,
        ArrangementState.CONFIRMED: CONFIRMED,
        ArrangementState.DECLINED: (*RECOMMENDED, ArrangementDeclined(ARRANGEMENT)),
        ArrangementState.ENDED: (*CONFIRMED, ArrangementEnded(ARRANGEMENT)),
    },
    inputs={
        "record": {"uscc": ENTERPRISE, "name": "新企业", "division": TOWNSHIP},
        "designate_representative": {"chamber": CHAMBER},
        "recommend_arrangement": {"kind": "SOCIAL", "post": "县工商联执委"},
        "confirm_arrangement": {"arrangement": ARRANGEMENT},
        "decline_arrangement": {"arrangement": ARRANGEMENT},
        "end_arrangement": {"arrangement": ARRANGEMENT},
    },
    parts={ArrangementState: ARRANGEMENT},
    around=around,
)
