"""商会调解组织 | Who mediates for a chamber, since when and until when, and how many cases lie with them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from service.domain.chamber import Chamber
from service.domain.chamber_terms import ChamberState
from service.domain.claim import Claims, Records
from service.domain.command import NEW, command
from service.domain.deadline import MEDIATION_BODY_TERM, Due
from service.domain.division import Divisions
from service.domain.identifiers import ChamberId, Line, PersonName, name_id
from service.domain.mediation_committee import Entries, Mediator, committee_of, require_whole
from service.domain.mediation_terms import Gender, MediationBodyState, MediatorPost, RemovalGround
from service.domain.policy import mediation_law
from service.domain.record import Fact, Movement, Occasion, Record, leads_to
from service.domain.refusal import NotFound, require
from service.domain.roles import Role

MEDIATION_SEAT = "mediation-seat"
"""What a body claims: its chamber's one place for a mediation body."""
LIVING = (MediationBodyState.ACTIVE, MediationBodyState.SUSPENDED)
OVERSEERS = (Role.COUNTY_FIC, Role.JUSTICE_BUREAU)


class Home(NamedTuple):
    """The chamber of a body, and its township."""

    chamber: UUID
    division: UUID


@leads_to(MediationBodyState.PROPOSED)
class BodyProposed(Fact):
    """拟设调解组织 | A chamber means to set up a mediation body."""

    chamber: UUID
    division: UUID
    name: str


@leads_to(MediationBodyState.ACTIVE)
class BodyEstablished(Fact):
    """设立调解组织 | The body was set up and reported to the justice bureau; its term runs."""

    committee: tuple[Mediator, ...]
    term_ends: date
    reported_on: date
    report_no: str


@leads_to(MediationBodyState.DROPPED)
class BodyDropped(Fact):
    """放弃设立 | Nothing came of it."""


@leads_to(MediationBodyState.ACTIVE)
class MembersChanged(Fact):
    """调整委员 | The committee has other members, who left goes with it; a re-election begins a new term."""

    committee: tuple[Mediator, ...]
    left: tuple[UUID, ...]
    term_ends: date

    def apply(self, record: MediationBody, _: Occasion, /) -> None:
        """Whoever joins the committee is no longer merely engaged by it."""
        joined = {each.person for each in self.committee}
        record.engaged = tuple(each for each in record.engaged if each.person not in joined)


class MediatorAdded(Fact):
    """聘任调解员 | The body engaged a mediator."""

    mediator: Mediator

    def apply(self, record: MediationBody, _: Occasion, /) -> None:
        """Put the mediator last."""
        record.engaged = (*record.engaged, self.mediator)


class MediatorRemoved(Fact):
    """解聘调解员 | A mediator no longer works for the body."""

    person: UUID
    ground: RemovalGround

    def apply(self, record: MediationBody, _: Occasion, /) -> None:
        """Strike the mediator off, of the committee or not."""
        record.committee = tuple(each for each in record.committee if each.person != self.person)
        record.engaged = tuple(each for each in record.engaged if each.person != self.person)


@leads_to(MediationBodyState.SUSPENDED)
class BodySuspended(Fact):
    """暂停调解组织 | The body takes no new cases for the time being."""


@leads_to(MediationBodyState.ACTIVE)
class BodyResumed(Fact):
    """恢复调解组织 | The body takes cases again."""


@leads_to(MediationBodyState.DISSOLVED)
class BodyDissolved(Fact):
    """撤销调解组织 | The body is no more."""


class CaseFiled(Fact):
    """案件编号 | A dispute was brought before the body and got its number of the year."""

    case: UUID
    year: int

    def apply(self, record: MediationBody, _: Occasion, /) -> None:
        """Count it, and keep it open until it is archived."""
        record.sequences = {**record.sequences, self.year: record.next_number(self.year)}
        record.open_cases = (*record.open_cases, self.case)


class CaseReceived(Fact):
    """接收移交案件 | A case came over from another body."""

    case: UUID

    def apply(self, record: MediationBody, _: Occasion, /) -> None:
        """Keep it open; its number stays the one it has."""
        record.open_cases = (*record.open_cases, self.case)


class CaseLeft(Fact):
    """案件办结或移交 | A case was archived, or went to another body."""

    case: UUID

    def apply(self, record: MediationBody, _: Occasion, /) -> None:
        """It is no longer open here."""
        record.open_cases = tuple(each for each in record.open_cases if each != self.case)


class MediationBody(Record, name="mediation_body", movement=Movement.SERVE):
    """商会调解组织 | The people's mediation committee of a chamber, with the mediators it engages.

    `sequences` holds the last case number of each year.
    """

    state: MediationBodyState | None = None
    chamber: UUID | None = None
    division: UUID | None = None
    name: str = ""
    committee: tuple[Mediator, ...] = ()
    engaged: tuple[Mediator, ...] = ()
    term_ends: date | None = None
    reported_on: date | None = None
    report_no: str = ""
    sequences: Mapping[int, int] = {}
    open_cases: tuple[UUID, ...] = ()
    facts: ClassVar = (CaseFiled, CaseReceived, CaseLeft)

    @property
    def home(self) -> Home:
        """Whose body it is, and where."""
        assert self.chamber is not None, "a body begins with its chamber"
        assert self.division is not None, "and with its chamber's township"
        return Home(self.chamber, self.division)

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID:
        """The id of the chamber's next body: its seat has been given up by each that came before."""
        chamber = arguments["chamber"]
        return name_id(f"mediation-body/{chamber}/{claims.find(MEDIATION_SEAT, str(chamber)).rounds + 1}")

    def deadlines(self) -> Iterable[Due]:
        """When the committee must be elected anew."""
        if self.state in LIVING and self.term_ends:
            yield Due(MEDIATION_BODY_TERM, self.term_ends)

    def next_number(self, year: int) -> int:
        """The number that the year's next case gets."""
        return self.sequences.get(year, 0) + 1

    def has_mediator(self, person: UUID) -> bool:
        """Whether this person may mediate for the body."""
        return any(each.person == person for each in (*self.committee, *self.engaged))

    @command(by=Role.CHAMBER_SECRETARIAT, when=NEW, basis=mediation_law("三十四"))
    def propose(self, chamber: ChamberId, name: Line, *, claims: Claims, records: Records) -> BodyProposed:
        """拟设调解组织 | Propose a mediation body of a registered chamber."""
        home = _registered(chamber, records)
        claims.take(MEDIATION_SEAT, str(chamber), self.id, SEATED)
        return BodyProposed(chamber, home, name)

    @command(by=Role.CHAMBER_SECRETARIAT, when=MediationBodyState.PROPOSED, basis=mediation_law("八"))
    def establish(
        self, committee: Entries, reported_on: date, report_no: Line, *, records: Records, on: date
    ) -> BodyEstablished:
        """设立调解组织 | Set the body up, with its committee and its report to the justice bureau."""
        _registered(self.home.chamber, records)
        require(reported_on <= on, REPORTED_LATER, path=("reportedOn",))
        return BodyEstablished(committee_of(committee), MEDIATION_BODY_TERM.due(on), reported_on, report_no)

    @command(by=Role.CHAMBER_SECRETARIAT, when=MediationBodyState.PROPOSED, basis=mediation_law("三十四"))
    def drop(self, *, claims: Claims) -> BodyDropped:
        """放弃设立 | Give the plan for a body up."""
        claims.release(MEDIATION_SEAT, str(self.chamber), self.id)
        return BodyDropped()

    @command(by=Role.CHAMBER_SECRETARIAT, when=MediationBodyState.ACTIVE, basis=mediation_law("八"))
    def change_members(self, committee: Entries, elected_anew: bool = False, *, on: date) -> MembersChanged:
        """调整委员 | Change the committee, which stays as the law wants it; an election begins a new term."""
        assert self.term_ends is not None, "an active body has a term"
        new = committee_of(committee)
        require(new != self.committee or elected_anew, UNCHANGED, path=("committee",))
        staying = {each.person for each in new}
        left = tuple(each.person for each in self.committee if each.person not in staying)
        return MembersChanged(new, left, MEDIATION_BODY_TERM.due(on) if elected_anew else self.term_ends)

    @command(by=Role.CHAMBER_SECRETARIAT, when=MediationBodyState.ACTIVE, basis=mediation_law("十九"))
    def add_mediator(self, person: UUID, person_name: PersonName, gender: Gender) -> MediatorAdded:
        """聘任调解员 | Engage a mediator beside the committee's members."""
        require(not self.has_mediator(person), MEDIATOR_ALREADY, path=("person",))
        return MediatorAdded(Mediator(person, person_name, gender, MediatorPost.ENGAGED))

    @command(by=(Role.CHAMBER_SECRETARIAT, *OVERSEERS), when=LIVING, basis=mediation_law("十五"), reason=True)
    def remove_mediator(self, person: UUID, ground: RemovalGround) -> MediatorRemoved:
        """解聘调解员 | Remove a mediator: who leaves, or is partial, insulting, corrupt or indiscreet."""
        require(self.has_mediator(person), NO_MEDIATOR, path=("person",))
        return MediatorRemoved(person, ground)

    @command(by=OVERSEERS, when=MediationBodyState.ACTIVE, basis=mediation_law("五"), reason=True)
    def suspend_body(self) -> BodySuspended:
        """暂停调解组织 | Let the body take no new cases."""
        return BodySuspended()

    @command(by=OVERSEERS, when=MediationBodyState.SUSPENDED, basis=mediation_law("五"))
    def resume_body(self) -> BodyResumed:
        """恢复调解组织 | Let the body take cases again, if its committee is still as the law wants it."""
        require_whole(self.committee)
        return BodyResumed()

    @command(by=Role.CHAMBER_SECRETARIAT, when=LIVING, basis=mediation_law("三十四"), reason=True)
    def dissolve(self, *, claims: Claims) -> BodyDissolved:
        """撤销调解组织 | Dissolve the body, whose cases have been archived or handed over."""
        require(not self.open_cases, CASES_OPEN, count=len(self.open_cases))
        claims.release(MEDIATION_SEAT, str(self.chamber), self.id)
        return BodyDissolved()


def _registered(chamber: UUID, records: Records) -> UUID:
    """The township of a chamber, which must be registered."""
    found = records.get(Chamber, chamber)
    if not found.exists:
        raise NotFound("没有该商会 | There is no such chamber", path=("chamber",))
    require(found.state is ChamberState.REGISTERED, NOT_REGISTERED, path=("chamber",))
    assert found.division is not None, "a chamber begins with its township"
    return found.division


SEATED = "该商会已有调解组织，须先撤销 | The chamber has a mediation body already; dissolve that first"
NOT_REGISTERED = "商会须已登记 | The chamber must be registered"
REPORTED_LATER = (
    "报司法局的日期不能晚于生效日期 | The report to the justice bureau cannot be later than the effective date"
)
UNCHANGED = "没有任何变更 | Nothing would change"
MEDIATOR_ALREADY = "已是本组织调解员 | This person mediates for the body already"
NO_MEDIATOR = "不是本组织调解员 | This person does not mediate for the body"
CASES_OPEN = "尚有 {count} 件案件未归档或移交 | {count} cases must be archived or handed over first"
