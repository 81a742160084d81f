"""筹备 | How is a chamber prepared: its name, its initiators, its particulars, its officers?"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from service.domain.appointment_record import TERM, first_candidacy
from service.domain.chamber_record import DRAFTING, PREPARERS, SEAT, ChamberRecord, Initiator, Officer
from service.domain.chamber_terms import ChamberState, OfficerPost
from service.domain.claim import Claims, Records
from service.domain.command import NEW, command
from service.domain.division import TOWNSHIPS, Division, Divisions
from service.domain.identifiers import Count, DivisionCode, Line, Paragraph, PersonName, Yuan, money
from service.domain.policy import MODEL_CHARTER, NAMING_RULES, article
from service.domain.record import Fact, Movement, Occasion, leads_to
from service.domain.refusal import require
from service.domain.roles import Role
from service.domain.value import Value

NAMING = (ChamberState.PREPARING, ChamberState.RETURNED)
"""The states in which name and president are still open: the supervisor has approved neither."""


class OfficerProposal(Value, frozen=True):
    """拟任负责人 | Who is proposed for which post."""

    post: OfficerPost
    person: UUID
    name: PersonName


Proposals = Annotated[list[OfficerProposal], msgspec.Meta(min_length=1, max_length=50)]


@leads_to(ChamberState.PREPARING, Movement.MOBILISE)
class PreparationStarted(Fact):
    """开始筹备 | The preparation of a chamber began."""

    division: UUID
    name: str
    supervisor: UUID
    registrar: UUID


class NameChecked(Fact):
    """名称核准 | The registrar found the name proper and free."""

    checked_name: str


class NameProposed(Fact):
    """变更拟用名称 | Another name was proposed."""

    name: str


class InitiatorAdded(Fact):
    """增加发起人 | A person became an initiator."""

    initiator: Initiator

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Put the person last."""
        record.initiators = (*record.initiators, self.initiator)


class InitiatorRemoved(Fact):
    """减少发起人 | A person is no longer an initiator."""

    person: UUID

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Leave the person out."""
        record.initiators = tuple(each for each in record.initiators if each.person != self.person)


class ParticularsStated(Fact):
    """填报登记事项 | The chamber's particulars were stated; amounts are in yuan."""

    domicile: str
    purpose: str
    business_scope: str
    activity_area: str
    funds: Decimal
    full_time_staff: int


class OfficersProposed(Fact):
    """提名负责人 | The officers were proposed, replacing an earlier proposal."""

    officers: tuple[Officer, ...]

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Whoever is no officer any more does not represent the chamber."""
        if record.legal_representative not in [each.person for each in self.officers]:
            record.legal_representative = None


class LegalRepresentativeDesignated(Fact):
    """指定法定代表人 | One of the officers is to represent the chamber."""

    legal_representative: UUID


class Preparation(ChamberRecord):
    """The commands that prepare a chamber."""

    @command(by=PREPARERS, when=NEW, basis=article("九"))
    def prepare(
        self,
        division: DivisionCode,
        name: Line,
        supervisor: DivisionCode | None = None,
        registrar: DivisionCode | None = None,
        *,
        claims: Claims,
        divisions: Divisions,
    ) -> PreparationStarted:
        """开始筹备 | Begin to prepare the chamber of a township; its managing unit supervises and registers it."""
        township = divisions.open(division, "division")
        require(township.kind in TOWNSHIPS, NO_TOWNSHIP, path=("division",))
        require_proper_name(name, township)
        claims.take(SEAT, str(township.id), self.id, SEAT_TAKEN)
        unit = township.managed_by or township.id
        supervising = divisions.open(supervisor, "supervisor").id if supervisor else unit
        registering = divisions.open(registrar, "registrar").id if registrar else unit
        return PreparationStarted(township.id, name, supervising, registering)

    @command(by=Role.REGISTRAR, when=NAMING, basis=NAMING_RULES)
    def check_name(self, *, claims: Claims) -> NameChecked:
        """核准名称 | Find the proposed name proper and keep it for this chamber."""
        require(self.checked_name != self.name, CHECKED_ALREADY)
        self.claim_name(self.name, claims)
        return NameChecked(self.name)

    @command(by=PREPARERS, when=NAMING, basis=NAMING_RULES)
    def change_proposed_name(self, name: Line, *, claims: Claims, divisions: Divisions) -> NameProposed:
        """变更拟用名称 | Propose another name, to be checked anew."""
        require(name != self.name, UNCHANGED, path=("name",))
        require_proper_name(name, self.township(divisions))
        self.release_name(self.checked_name, claims)
        return NameProposed(name)

    @command(by=PREPARERS, when=DRAFTING, basis=article("九"))
    def add_initiator(self, person: UUID, name: PersonName) -> InitiatorAdded:
        """增加发起人 | Add an initiator."""
        require(person not in self._initiators(), INITIATOR_ALREADY, path=("person",))
        return InitiatorAdded(Initiator(person, name))

    @command(by=PREPARERS, when=DRAFTING, basis=article("九"))
    def remove_initiator(self, person: UUID) -> InitiatorRemoved:
        """减少发起人 | Remove an initiator."""
        require(person in self._initiators(), NO_INITIATOR, path=("person",))
        return InitiatorRemoved(person)

    @command(by=PREPARERS, when=DRAFTING, basis=article("十二"))
    def state_particulars(
        self,
        domicile: Line | None = None,
        purpose: Paragraph | None = None,
        business_scope: Paragraph | None = None,
        activity_area: Line | None = None,
        funds: Yuan | None = None,
        full_time_staff: Count | None = None,
    ) -> ParticularsStated:
        """填报登记事项 | State the chamber's particulars; what is left out stays as it is."""
        stated = ParticularsStated(
            domicile or self.domicile,
            purpose or self.purpose,
            business_scope or self.business_scope,
            activity_area or self.activity_area,
            self.funds if funds is None else money(funds, "funds"),
            self.full_time_staff if full_time_staff is None else full_time_staff,
        )
        require(any(getattr(stated, name) != getattr(self, name) for name in stated.kept), UNCHANGED)
        return stated

    @command(by=PREPARERS, when=DRAFTING, basis=MODEL_CHARTER)
    def propose_officers(self, officers: Proposals, *, claims: Claims, records: Records) -> OfficersProposed:
        """提名负责人 | Propose all officers: one president and, as needed, others; nobody holds two posts."""
        _require_posts(officers)
        (president,) = [each.person for each in officers if each.post is OfficerPost.PRESIDENT]
        if self.state not in NAMING:
            self._require_cleared(president, claims, records)
        return OfficersProposed(tuple(Officer(each.post, each.person, each.name) for each in officers))

    @command(by=PREPARERS, when=DRAFTING, basis=MODEL_CHARTER)
    def designate_legal_representative(self, person: UUID) -> LegalRepresentativeDesignated:
        """指定法定代表人 | Designate one of the officers as legal representative."""
        require(self.is_officer(person), NOT_AN_OFFICER, path=("person",))
        require(person != self.legal_representative, UNCHANGED, path=("person",))
        return LegalRepresentativeDesignated(person)

    def _require_cleared(self, president: UUID, claims: Claims, records: Records) -> None:
        """Refuse a president who has not been approved, or in whose place another has been elected."""
        candidacy = first_candidacy(self.id, president, records)
        require(candidacy.cleared, PRESIDENT_NOT_CLEARED, path=("officers",), basis=article("九"))
        elected = claims.holder(TERM, f"{self.id}/{OfficerPost.PRESIDENT}")
        require(elected in (None, candidacy.id), PRESIDENT_ELECTED, path=("officers",))

    def _initiators(self) -> set[UUID]:
        return {each.person for each in self.initiators}


def _require_posts(officers: list[OfficerProposal]) -> None:
    posts = [each.post for each in officers]
    require(posts.count(OfficerPost.PRESIDENT) == 1, ONE_PRESIDENT, path=("officers",))
    require(posts.count(OfficerPost.SECRETARY_GENERAL) <= 1, ONE_SECRETARY, path=("officers",))
    require(len({each.person for each in officers}) == len(officers), ONE_POST_EACH, path=("officers",))


def require_proper_name(name: str, township: Division) -> None:
    """Refuse a name that does not say of which township the chamber is, or that it is a chamber."""
    own = re.sub(r"(街道办事处|街道|镇|乡)$", "", township.name)
    require(name.endswith("商会") and own in name, IMPROPER_NAME, path=("name",), basis=NAMING_RULES, own=own)


NO_TOWNSHIP = "商会须设在乡镇或街道 | A chamber belongs to a township, a town or a sub-district"
SEAT_TAKEN = "该乡镇（街道）已有商会 | The township has a chamber already"
IMPROPER_NAME = "名称须含“{own}”并以“商会”结尾 | The name must contain “{own}” and end with “商会”"
CHECKED_ALREADY = "该名称已核准 | The name has been checked already"
UNCHANGED = "没有任何变更 | Nothing would change"
INITIATOR_ALREADY = "此人已是发起人 | This person is an initiator already"
NO_INITIATOR = "此人不是发起人 | This person is not an initiator"
ONE_PRESIDENT = "须提名一名会长 | Exactly one president must be proposed"
ONE_SECRETARY = "秘书长至多一名 | There is at most one secretary-general"
ONE_POST_EACH = "一人不得任两职 | Nobody holds two posts"
PRESIDENT_NOT_CLEARED = "拟任会长尚未完成任前程序 | The proposed president has not been approved for appointment"
PRESIDENT_ELECTED = "另有会长当选，其任期须先结束 | Another person was elected president: that term must end first"
NOT_AN_OFFICER = "法定代表人须为负责人 | The legal representative must be one of the officers"
