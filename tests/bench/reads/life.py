"""What happened to one chamber of the data set, from its preparation to the last inspection?"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import NamedTuple, Self
from uuid import UUID

from service.domain import chamber_filings as filing
from service.domain import chamber_inspections as inspecting
from service.domain import chamber_preparation as preparing
from service.domain import chamber_registration as registering
from service.domain.chamber_founding import ARTICLE_11, DocumentAttached, FoundingMeetingHeld
from service.domain.chamber_membership import MemberAdmitted, MemberLeft
from service.domain.chamber_record import (
    LEGAL_REPRESENTATIVE,
    NAME,
    SEAT,
    USCC,
    Announcement,
    Filing,
    Initiator,
    Member,
    Officer,
    ReportPart,
)
from service.domain.chamber_supervision import Announced, SealAndAccountFiled
from service.domain.chamber_terms import (
    AnnouncementKind,
    ChangeItem,
    CharterMatter,
    FilingKind,
    InspectionResult,
    MemberKind,
    OfficerPost,
    ReportContent,
)
from service.domain.claim import Taken
from service.domain.identifiers import name_id
from service.domain.record import Fact
from service.domain.roles import Role
from service.domain.uscc import check_digit, organisation_digit

MEMBERS = 15
INDIVIDUALS = 3
INSPECTED = (2021, 2022, 2023, 2024)
MOVES = (2021, 2022, 2023)
"""The years in which the chamber moves house."""
OPENED, SPREAD = date(2019, 1, 7), 240
"""The day on which the first preparation begins, and the days within which the others do."""
RESULTS = (InspectionResult.QUALIFIED, InspectionResult.QUALIFIED, InspectionResult.BASIC, InspectionResult.UNQUALIFIED)
POSTS = (OfficerPost.PRESIDENT, OfficerPost.VICE_PRESIDENT, OfficerPost.SECRETARY_GENERAL)
SECRETARIAT, FEDERATION, REGISTRAR = Role.CHAMBER_SECRETARIAT, Role.COUNTY_FIC, Role.REGISTRAR


class Person(NamedTuple):
    """Somebody."""

    id: UUID
    name: str


class Seat(NamedTuple):
    """A township and the unit that manages it."""

    number: int
    township: UUID
    township_name: str
    unit: UUID
    unit_name: str
    unit_code: str


class Entry(NamedTuple):
    """A fact that is to be recorded: when, of which record, in which role."""

    at: datetime
    record: UUID
    fact: Fact
    role: Role
    place: UUID


class Life:
    """The facts of one chamber in their order, with those of what it claims; its number decides all of it."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._dice = seat, Random(seat.number)
        self.chamber = name_id(f"bench/chamber/{seat.number}")
        self._name = f"{seat.unit_name}{seat.township_name}商会"
        self._on = OPENED + timedelta(days=self._dice.randrange(SPREAD))
        self._people = [self._person(f"officer/0{n}") for n in range(len(POSTS))]
        self._admitted = 0
        self.entries: list[Entry] = []
        self._prepare()._found()._register()
        for year in INSPECTED:
            self._inspect(year)
        for year in MOVES:
            self._move(year)

    def go_on(self, facts: int) -> None:
        """Let so many more facts happen: members who come and go, and where the number is odd an announcement."""
        if facts % 2:
            self.day(date(2020, 2, 3)).say(REGISTRAR, self._announced(AnnouncementKind.ESTABLISHMENT))
        for _ in range(facts // 2):
            member = self._member()
            self.day(date(2020, 3, 2), within=1_960).say(SECRETARIAT, MemberAdmitted(member))
            self.after(20).say(SECRETARIAT, MemberLeft(member.id, member.kind))

    def day(self, first: date, within: int = 20) -> Self:
        """Go to a day soon after another."""
        self._on = first + timedelta(days=self._dice.randrange(within))
        return self

    def after(self, days: int) -> Self:
        """Let up to so many days pass."""
        return self.day(self._on + timedelta(days=1), days)

    def say(self, role: Role, *facts: Fact) -> Self:
        """Enter facts of the chamber."""
        for fact in facts:
            self._enter(self.chamber, fact, role)
        return self

    def _enter(self, record: UUID, fact: Fact, role: Role) -> None:
        minutes = self._dice.randrange(480)
        at = datetime.combine(self._on, time(1), UTC) + timedelta(minutes=minutes)
        if self.entries and self.entries[-1].at.date() == self._on:
            at = self.entries[-1].at + timedelta(seconds=7)
        self.entries.append(Entry(at, record, fact, role, self._seat.township))

    def _claim(self, kind: str, key: str, role: Role) -> None:
        self._enter(name_id(f"claim/{kind}/{key}"), Taken(kind, key, self.chamber), role)

    def _prepare(self) -> Self:
        seat = self._seat
        self._claim(SEAT, str(seat.township), SECRETARIAT)
        self.say(SECRETARIAT, preparing.PreparationStarted(seat.township, self._name, seat.unit, seat.unit))
        self.say(SECRETARIAT, *(preparing.InitiatorAdded(Initiator(*each)) for each in self._people))
        self.after(9).say(SECRETARIAT, self._particulars(), preparing.OfficersProposed(self._officers()))
        self.say(SECRETARIAT, preparing.LegalRepresentativeDesignated(self._people[0][0]))
        self.after(9)._claim(NAME, f"{seat.unit}/{self._name}", REGISTRAR)
        return self.say(REGISTRAR, preparing.NameChecked(self._name))

    def _found(self) -> Self:
        charter = self._document(FilingKind.CHARTER_DRAFT, tuple(CharterMatter))
        self.after(5).say(SECRETARIAT, charter, registering.SubmittedToSupervisor())
        self.after(15).say(FEDERATION, registering.SupervisorApproved())
        self.after(15).say(SECRETARIAT, *(MemberAdmitted(self._member()) for _ in range(MEMBERS)))
        self.after(9).say(SECRETARIAT, FoundingMeetingHeld(self._on, MEMBERS, MEMBERS - 1, MEMBERS - 2))
        others = (kind for kind in ARTICLE_11 if kind is not FilingKind.CHARTER_DRAFT)
        return self.after(9).say(SECRETARIAT, *(self._document(kind) for kind in others))

    def _register(self) -> Self:
        self.say(SECRETARIAT, registering.FiledForRegistration()).after(50)
        uscc = self._uscc("51", self._seat.number)
        self._claim(USCC, uscc, REGISTRAR)
        self._claim(LEGAL_REPRESENTATIVE, str(self._people[0][0]), REGISTRAR)
        self.say(REGISTRAR, registering.RegistrationGranted(uscc, f"测社证字第{self._seat.number:05d}号"))
        self.after(5).say(REGISTRAR, self._announced(AnnouncementKind.ESTABLISHMENT))
        account = SealAndAccountFiled(self._digest("seal"), "测试农村商业银行", f"{62_000_000 + self._seat.number}")
        return self.after(9).say(SECRETARIAT, account)

    def _inspect(self, year: int) -> None:
        self.day(date(year + 1, 1, 6)).say(REGISTRAR, inspecting.InspectionOpened(year))
        parts = tuple(ReportPart(each, self._digest(f"{year}/{each}")) for each in ReportContent)
        self.day(date(year + 1, 3, 1)).say(SECRETARIAT, inspecting.AnnualReportFiled(year, parts))
        self.day(date(year + 1, 4, 1)).say(FEDERATION, inspecting.AnnualReportReviewed(year))
        result = self._dice.choice(RESULTS)
        self.day(date(year + 1, 6, 1), within=45).say(REGISTRAR, inspecting.InspectionConcluded(year, result))

    def _move(self, year: int) -> None:
        change, house = name_id(f"bench/change/{self._seat.number}/{year}"), self._house()
        item = ChangeItem.DOMICILE
        self.day(date(year, 8, 1)).say(SECRETARIAT, filing.ChangeRequested(change, item, house))
        self.after(9).say(FEDERATION, filing.ChangeConsented(change))
        self.after(9).say(SECRETARIAT, filing.ChangeFiled(change))
        self.after(9).say(REGISTRAR, filing.ChangeApproved(change, item, house))

    def _particulars(self) -> preparing.ParticularsStated:
        return preparing.ParticularsStated(
            domicile=self._house(),
            purpose="团结服务会员，促进非公有制经济健康发展",
            business_scope="政策宣传、信息交流、协调服务",
            activity_area=f"{self._seat.unit_name}{self._seat.township_name}",
            funds=Decimal(30_000 + 500 * self._dice.randrange(100)),
            full_time_staff=1 + self._dice.randrange(3),
        )

    def _officers(self) -> tuple[Officer, ...]:
        return tuple(Officer(post, *person) for post, person in zip(POSTS, self._people, strict=True))

    def _member(self) -> Member:
        number, self._admitted = self._admitted, self._admitted + 1
        if number % MEMBERS < INDIVIDUALS:
            person = self._person(f"member/{number:02d}")
            return Member(person.id, MemberKind.INDIVIDUAL, person.name)
        code = self._uscc("91", self._seat.number * 100 + number)
        return Member(name_id(f"enterprise/{code}"), MemberKind.UNIT, f"测试企业{self._seat.number}-{number}", code)

    def _document(self, kind: FilingKind, matters: tuple[CharterMatter, ...] = ()) -> DocumentAttached:
        return DocumentAttached(Filing(kind, f"{self._name}文件", self._digest(kind)), matters)

    def _announced(self, kind: AnnouncementKind) -> Announced:
        return Announced(Announcement(kind, "测试公告栏"))

    def _house(self) -> str:
        return f"{self._seat.unit_name}{self._seat.township_name}示例路{1 + self._dice.randrange(99)}号"

    def _person(self, which: str) -> Person:
        return Person(name_id(f"bench/person/{self._seat.number}/{which}"), f"测试员{self._seat.number}-{which[-2:]}")

    def _digest(self, what: str) -> str:
        return sha256(f"bench/{self._seat.number}/{what}".encode()).hexdigest()

    def _uscc(self, kind: str, serial: int) -> str:
        organisation = f"TT{serial:06d}"
        body = f"{kind}{self._seat.unit_code}{organisation}{organisation_digit(organisation)}"
        return body + check_digit(body)
