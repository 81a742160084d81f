"""A chamber's way to registration, step by step, as the people of Lankao county take it over GraphQL."""

from typing import Any
from uuid import UUID, uuid5

from service.domain.chamber_founding import ARTICLE_11
from service.domain.chamber_terms import CharterMatter
from service.domain.identifiers import NAMESPACE
from service.domain.roles import Actor, Grant, Role
from service.domain.uscc import check_digit, organisation_digit
from tests.schema.conftest import CITY, Api

COUNTY, TOWN = "410225", "410225103"
SECRETARY = Actor("secretary", (Grant(Role.CHAMBER_SECRETARIAT, TOWN),))
COMMISSIONER = Actor("commissioner", (Grant(Role.TOWNSHIP_UF_COMMISSIONER, TOWN),))
FIC = Actor("county-fic", (Grant(Role.COUNTY_FIC, COUNTY),))
REGISTRAR = Actor("registrar", (Grant(Role.REGISTRAR, COUNTY),))
UFWD = Actor("county-ufwd", (Grant(Role.COUNTY_UFWD_HEAD, COUNTY),))
PARTY_SECRETARY = Actor("fic-party-secretary", (Grant(Role.COUNTY_FIC_PARTY_SECRETARY, COUNTY),))
SIGNATORY = Actor("county-fic-2", (Grant(Role.COUNTY_FIC, COUNTY),))
DIGEST = "ab" * 32


def person(name: str) -> str:
    """A person's id."""
    return str(uuid5(NAMESPACE, f"person/{name}"))


def uscc(serial: int, kind: str = "51", region: str = COUNTY) -> str:
    """A valid credit code."""
    organisation = f"MJ{serial:06}"
    body = f"{kind}{region}{organisation}{organisation_digit(organisation)}"
    return body + check_digit(body)


async def divisions(api: Api) -> None:
    """Kaifeng, Lankao county, two of its townships and a farm."""
    for code, name, kind, above in (
        ("410200", "开封市", "PREFECTURE", None),
        (COUNTY, "兰考县", "COUNTY", "410200"),
        (TOWN, "考城镇", "TOWN", COUNTY),
        ("410225104", "红庙镇", "TOWN", COUNTY),
        ("410225401", "仪封园艺场", "SPECIAL", COUNTY),
    ):
        parent = {"parent": above} if above else {}
        await api.done("divisionDefine", CITY, code=code, name=name, kind=kind, **parent)


class Chamber:
    """A chamber on its way. `steps` are what a whole file needs; a test leaves out or changes what it is about."""

    def __init__(self, api: Api, town: str = TOWN, name: str = "兰考县考城镇商会") -> None:
        self.api, self.town, self.name = api, town, name
        self.id = ""
        self.secretary = Actor(f"secretary-{town}", (Grant(Role.CHAMBER_SECRETARIAT, town),))
        self.president = person(f"president-{town}")

    async def do(self, command: str, by: Actor | None = None, **given: Any) -> Any:
        """Carry out one command."""
        return await self.api.done(f"chamber{command}", by or self.secretary, id=self.id, **given)

    async def refused(self, command: str, by: Actor | None = None, **given: Any) -> dict[str, Any]:
        """The refusal of one command."""
        return await self.api.refused(f"chamber{command}", by or self.secretary, id=self.id, **given)

    async def prepare(self, **more: Any) -> "Chamber":
        """From nothing to a file that the supervisor can look at."""
        begun = await self.api.done(
            "chamberPrepare", self.secretary, "position chamber { id }", division=self.town, name=self.name, **more
        )
        self.id = begun["chamber"]["id"]
        await self.do("CheckName", REGISTRAR)
        await self.do("AddInitiator", person=person("founder"), name="甲某")
        await self.do(
            "AttachDocument", kind="CHARTER_DRAFT", title="章程草案", sha256=DIGEST, matters=[*map(str, CharterMatter)]
        )
        officers = [{"post": "PRESIDENT", "person": self.president, "name": "乙某"}]
        await self.do("ProposeOfficers", officers=officers)
        await self.do("DesignateLegalRepresentative", person=self.president)
        return self

    async def approve(self) -> "Chamber":
        """Through the supervisor, the president having been through the procedure."""
        await (await Candidate(self).nominate()).approve()
        await self.do("SubmitToSupervisor")
        await self.do("ApproveBySupervisor", FIC)
        return self

    async def complete(
        self, units: int = 30, persons: int = 0, funds: str = "30000.00", meeting: bool = True
    ) -> "Chamber":
        """All that an application needs, or what a test makes of it."""
        await self.do(
            "StateParticulars", domicile="考城镇人民路1号", purpose="服务会员", businessScope="会员服务",
            activityArea="考城镇", funds=funds, fullTimeStaff=1,
        )  # fmt: skip
        for kind in (kind for kind in ARTICLE_11 if kind != "CHARTER_DRAFT"):
            await self.do("AttachDocument", kind=str(kind), title=str(kind), sha256=DIGEST)
        if meeting:
            await self.do("HoldFoundingMeeting", heldOn="2024-01-10", entitled=30, present=28, votesFor=27)
        members = [{"unitName": f"考城第{n}商行"} for n in range(units)]
        members += [{"person": person(f"member-{n}"), "personName": f"会员{n}"} for n in range(persons)]
        await self.do("AdmitMembers", applicants=members)
        return self

    async def register(self, serial: int = 1) -> "Chamber":
        """Filed and registered."""
        await self.do("FileForRegistration")
        await self.do("GrantRegistration", REGISTRAR, uscc=uscc(serial), certificateNo=f"汴社证字第{serial}号")
        return self


class Candidate:
    """Somebody on the way into a post of a chamber: by default its proposed president."""

    def __init__(self, chamber: Chamber, person: str | None = None, post: str = "PRESIDENT", term: int = 1) -> None:
        self.chamber, self.api = chamber, chamber.api
        self.person, self.post, self.term = person or chamber.president, post, term
        self.id = ""

    async def do(self, command: str, by: Actor | None = None, **given: Any) -> Any:
        """Carry out one command."""
        return await self.api.done(f"appointment{command}", by or self.chamber.secretary, id=self.id, **given)

    async def refused(self, command: str, by: Actor | None = None, **given: Any) -> dict[str, Any]:
        """The refusal of one command."""
        return await self.api.refused(f"appointment{command}", by or self.chamber.secretary, id=self.id, **given)

    async def nominate(self) -> "Candidate":
        """Put forward by the chamber."""
        begun = await self.api.done(
            "appointmentNominate", self.chamber.secretary, "position appointment { id }", chamber=self.chamber.id,
            post=self.post, person=self.person, name="乙某", nominator="考城镇商会筹备组", term=self.term,
        )  # fmt: skip
        self.id = begun["appointment"]["id"]
        return self

    async def inspect(self) -> "Candidate":
        """Evaluated and inspected."""
        await self.do("RecordEvaluation", UFWD, summary="符合条件", sha256=DIGEST)
        await self.do(
            "RecordInspection", FIC, inspectors=[person("a"), person("b")], inspectedOn="2023-11-20", findings="好评"
        )
        return self

    async def talk(self) -> "Candidate":
        """Talked to."""
        commitments = ["履职尽责", "廉洁自律"]
        await self.do(
            "RecordPreAppointmentTalk",
            PARTY_SECRETARY,
            talker=person("c"),
            heldOn="2023-12-01",
            commitments=commitments,
        )
        return self

    async def approve(self) -> "Candidate":
        """All of the procedure, to the approval."""
        await (await self.inspect()).talk()
        await self.do("OpenPublicNotice", FIC, noticedOn="2023-12-04", publishedIn="公示栏")
        await self.do("ConsentToCandidate", UFWD)
        await self.do("ApproveCandidate", SIGNATORY, effectiveOn="2023-12-20")
        return self

    async def elect(self, votes_for: int = 27, select: str = "position", **more: Any) -> Any:
        """What the members, twenty-eight of thirty, voted."""
        given = {"termFrom": "2024-01-10", "termUntil": "2029-01-09", **more}
        return await self.api.done(
            "appointmentRecordElection", self.chamber.secretary, select, id=self.id, heldOn="2024-01-10",
            entitled=30, present=28, votesFor=votes_for, votesAgainst=28 - votes_for, abstentions=0, **given,
        )  # fmt: skip


async def registered(api: Api, **more: Any) -> Chamber:
    """A registered chamber of 考城镇."""
    chamber = await (await Chamber(api).prepare(**more)).approve()
    return await (await chamber.complete()).register()


def as_uuid(text: str) -> UUID:
    """A uuid from its text."""
    return UUID(text)
