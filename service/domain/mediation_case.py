"""调解案件 | What may be asked of a dispute before a body, who may read it, and may another body take over?"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from service.domain.claim import Records
from service.domain.command import command
from service.domain.division import Divisions
from service.domain.identifiers import MediationBodyId
from service.domain.mediation_body import CaseLeft, CaseReceived, MediationBody
from service.domain.mediation_intake import Intake
from service.domain.mediation_outcome import Outcome
from service.domain.mediation_record import CaseRecord
from service.domain.mediation_talks import Talks
from service.domain.mediation_terms import MediationBodyState, MediationCaseState
from service.domain.policy import mediation_law
from service.domain.record import Fact, Movement
from service.domain.refusal import require
from service.domain.roles import Role

OPEN = tuple(each for each in MediationCaseState if each is not MediationCaseState.ARCHIVED)


class CaseHandedOver(Fact):
    """移交案件 | Another body has the case from now on; how much of it there is goes with it."""

    body: UUID
    chamber: UUID
    division: UUID
    sessions: int
    follow_ups: int


class HandOver(CaseRecord):
    """The command by which a case changes hands."""

    @command(by=Role.COUNTY_FIC, when=OPEN, basis=mediation_law("三十四"), reason=True)
    def hand_over(self, body: MediationBodyId, *, records: Records, divisions: Divisions) -> CaseHandedOver:
        """移交案件 | Let an active body of another chamber in the county take the case over."""
        old, new = self.own_body(records), records.get(MediationBody, body)
        require(new.id != old.id, SAME_BODY, path=("body",))
        require(new.state is MediationBodyState.ACTIVE, NOT_ACTIVE, path=("body",))
        chamber, division = new.home
        neighbours = divisions.get(old.home.division).managed_by == divisions.get(division).managed_by
        require(neighbours, ELSEWHERE, path=("body",))
        records.add(old, CaseLeft(self.id))
        records.add(new, CaseReceived(self.id))
        return CaseHandedOver(body, chamber, division, self.sessions, self.follow_ups)


class MediationCase(HandOver, Outcome, Talks, Intake, name="mediation_case", movement=Movement.SERVE):
    """调解案件 | A dispute that a chamber's mediation body helps the parties to settle. It costs them nothing."""

    readers: ClassVar = (
        Role.MEDIATOR,
        Role.CHAMBER_SECRETARIAT,
        Role.COUNTY_FIC,
        Role.JUSTICE_BUREAU,
        Role.CITY_FIC,
        Role.INSPECTOR,
        Role.AUDITOR,
    )


SAME_BODY = "案件已在该调解组织 | The body has the case already"
NOT_ACTIVE = "接收的调解组织须处于运行状态 | The body that takes the case over must be active"
ELSEWHERE = "只能移交给同一县区的调解组织 | A case stays in its county-level unit"
