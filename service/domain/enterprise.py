"""企业 | Which enterprises represent their chamber, and which posts were arranged for them?

A post goes to the enterprise: who fills it for the enterprise stays in the files of the departments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from service.domain.chamber import Chamber
from service.domain.chamber_terms import ChamberState
from service.domain.claim import Claims, Records
from service.domain.command import NEW, command
from service.domain.division import Divisions
from service.domain.enterprise_terms import ArrangementKind, ArrangementState, EnterpriseState
from service.domain.identifiers import ChamberId, DivisionCode, Line, UsccText, name_id
from service.domain.lifecycle import Part, Parts
from service.domain.record import Fact, Movement, Occasion, Record, leads_to
from service.domain.refusal import require
from service.domain.roles import Role
from service.domain.uscc import BASIS, credit_code

FEDERATIONS = (Role.COUNTY_FIC, Role.CITY_FIC)
DEPARTMENTS = (Role.COUNTY_UFWD_HEAD, Role.CITY_UFWD, Role.ORGANISATION_DEPARTMENT)
"""Who decides on arrangements that a federation recommends."""
MARKET = "9"
"""The first character of the code of whatever the market regulator registers: firms, sole traders, co-operatives."""
OPEN = (ArrangementState.RECOMMENDED, ArrangementState.CONFIRMED)


@leads_to(EnterpriseState.RECORDED)
class EnterpriseRecorded(Fact):
    """登记企业信息 | An enterprise was entered under its credit code."""

    uscc: str
    name: str
    division: UUID


@leads_to(EnterpriseState.REPRESENTATIVE)
class RepresentativeDesignated(Fact):
    """确定代表性企业 | The enterprise became a representative one of its chamber."""

    represents: UUID


@leads_to(EnterpriseState.RECORDED)
class RepresentativeReleased(Fact):
    """不再作为代表性企业 | The enterprise no longer represents its chamber."""

    def apply(self, record: Enterprise, _: Occasion, /) -> None:
        """It represents nobody."""
        record.represents = None


@leads_to(ArrangementState.RECOMMENDED)
class ArrangementRecommended(Fact):
    """推荐安排 | A post was recommended for the enterprise."""

    arrangement: UUID
    kind: ArrangementKind
    post: str


@leads_to(ArrangementState.CONFIRMED)
class ArrangementConfirmed(Fact):
    """确认安排 | The post was given."""

    arrangement: UUID


@leads_to(ArrangementState.DECLINED)
class ArrangementDeclined(Fact):
    """未予安排 | The post was not given."""

    arrangement: UUID


@leads_to(ArrangementState.ENDED)
class ArrangementEnded(Fact):
    """安排届满或终止 | The post was given up, or its term was over."""

    arrangement: UUID


class Arrangement(Part, frozen=True, kw_only=True):
    """政治安排、社会安排 | One post, from the recommendation to its end."""

    state: ArrangementState | None = None
    kind: ArrangementKind | None = None
    post: str = ""


class Enterprise(Record, name="enterprise", movement=Movement.MOBILISE):
    """企业 | An enterprise with a credit code, a member of chambers perhaps."""

    state: EnterpriseState | None = None
    uscc: str = ""
    name: str = ""
    division: UUID | None = None
    represents: UUID | None = None
    arrangements: Mapping[UUID, Arrangement] = {}

    parts: ClassVar[Mapping[type, Parts]] = {
        ArrangementState: Parts("arrangement", "arrangements", Arrangement),
    }

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID:
        """An enterprise is its credit code."""
        return name_id(f"enterprise/{credit_code(arguments['uscc'])}")

    @command(by=FEDERATIONS, when=NEW, basis=BASIS)
    def record(self, uscc: UsccText, name: Line, division: DivisionCode, *, divisions: Divisions) -> EnterpriseRecorded:
        """登记企业信息 | Enter an enterprise under its credit code, where it is registered."""
        code = credit_code(uscc)
        require(code.startswith(MARKET), NO_ENTERPRISE, path=("uscc",))
        return EnterpriseRecorded(code, name, divisions.open(division, "division").id)

    @command(by=FEDERATIONS, when=EnterpriseState.RECORDED)
    def designate_representative(self, chamber: ChamberId, *, records: Records) -> RepresentativeDesignated:
        """确定代表性企业 | Make the enterprise a representative one of a registered chamber that it is a member of."""
        found = records.get(Chamber, chamber)
        require(found.state is ChamberState.REGISTERED, NOT_REGISTERED, path=("chamber",))
        require(self.id in found.members, NO_MEMBER, path=("chamber",))
        return RepresentativeDesignated(chamber)

    @command(by=FEDERATIONS, when=EnterpriseState.REPRESENTATIVE, reason=True)
    def release_representative(self) -> RepresentativeReleased:
        """不再作为代表性企业 | Let the enterprise no longer represent its chamber; posts that it has stay."""
        return RepresentativeReleased()

    @command(by=FEDERATIONS, when=(EnterpriseState.RECORDED, EnterpriseState.REPRESENTATIVE))
    def recommend_arrangement(self, kind: ArrangementKind, post: Line) -> ArrangementRecommended:
        """推荐安排 | Recommend a political or social post for the enterprise."""
        same = (each for each in self.arrangements.values() if (each.kind, each.post) == (kind, post))
        require(not any(each.state in OPEN for each in same), RECOMMENDED_ALREADY, path=("post",))
        return ArrangementRecommended(name_id(f"arrangement/{self.id}/{len(self.arrangements) + 1}"), kind, post)

    @command(by=DEPARTMENTS, when=ArrangementState.RECOMMENDED, unlike="arrangement_recommended")
    def confirm_arrangement(self, arrangement: UUID) -> ArrangementConfirmed:
        """确认安排 | Give the recommended post."""
        return ArrangementConfirmed(arrangement)

    @command(by=DEPARTMENTS, when=ArrangementState.RECOMMENDED, unlike="arrangement_recommended", reason=True)
    def decline_arrangement(self, arrangement: UUID) -> ArrangementDeclined:
        """未予安排 | Do not give the recommended post."""
        return ArrangementDeclined(arrangement)

    @command(by=DEPARTMENTS, when=ArrangementState.CONFIRMED, reason=True)
    def end_arrangement(self, arrangement: UUID) -> ArrangementEnded:
        """终止安排 | End the post."""
        return ArrangementEnded(arrangement)


NO_ENTERPRISE = "该代码不属于市场主体 | This is not the code of an enterprise"
NOT_REGISTERED = "只有已登记的商会有代表性企业 | Only a registered chamber has representative enterprises"
NO_MEMBER = "该企业不是该商会会员 | The enterprise is no member of that chamber"
RECOMMENDED_ALREADY = "已推荐或已安排同一职务 | This post is recommended or held already"
