"""A dispute's way through mediation, step by step, as the people of a chamber's mediation body take it over GraphQL."""

from datetime import date, timedelta
from typing import Any

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import Api
from tests.schema.journey import COUNTY, DIGEST, TOWN, person

SECRETARY = Actor("secretary", (Grant(Role.CHAMBER_SECRETARIAT, TOWN),))
MEDIATOR = Actor("mediator", (Grant(Role.MEDIATOR, TOWN),))
JUSTICE = Actor("justice-bureau", (Grant(Role.JUSTICE_BUREAU, COUNTY),))
DIRECTOR, WOMAN, THIRD = person("director"), person("woman"), person("third")
APPLICANT, OTHER = person("applicant"), person("other")
COMMITTEE: list[dict[str, Any]] = [
    {"person": DIRECTOR, "personName": "调解主任", "gender": "MALE", "director": True},
    {"person": WOMAN, "personName": "女委员", "gender": "FEMALE"},
    {"person": THIRD, "personName": "委员", "gender": "MALE"},
]
PARTIES: list[dict[str, Any]] = [
    {"person": APPLICANT, "personName": "申请人甲", "kind": "MEMBER", "applicant": True, "unitName": "甲公司"},
    {"person": OTHER, "personName": "对方乙", "kind": "COUNTERPART", "unitName": "乙公司"},
]
DAY = date(2024, 3, 4)
"""When a dispute is brought before the body."""


def after(days: int) -> str:
    """A day so many days later."""
    return str(DAY + timedelta(days))


async def propose(api: Api, chamber: str) -> str:
    """The id of a body that a chamber means to set up."""
    payload = await api.done(
        "mediationBodyPropose", SECRETARY, "position mediationBody { id }", chamber=chamber, name="考城镇商会调委会",
        effectiveOn="2024-02-01",
    )  # fmt: skip
    return str(payload["mediationBody"]["id"])


async def established(api: Api, chamber: str) -> str:
    """The id of an active body."""
    body = await propose(api, chamber)
    report = {"reportedOn": "2024-02-01", "reportNo": "考商调〔2024〕1号"}
    await api.done(
        "mediationBodyEstablish", SECRETARY, id=body, committee=COMMITTEE, effectiveOn="2024-02-02", **report
    )
    return body


class Dispute:
    """A dispute about a delivery before a body."""

    def __init__(self, api: Api, body: str) -> None:
        self.api, self.body, self.id = api, body, ""

    async def do(self, command: str, days: int = 0, by: Actor = MEDIATOR, **given: Any) -> Any:
        """Carry out one command, so many days after the application."""
        return await self.api.done(f"mediationCase{command}", by, id=self.id, effectiveOn=after(days), **given)

    async def refused(self, command: str, days: int = 0, by: Actor = MEDIATOR, **given: Any) -> dict[str, Any]:
        """The refusal of one command."""
        return await self.api.refused(f"mediationCase{command}", by, id=self.id, effectiveOn=after(days), **given)

    async def apply(self, parties: list[dict[str, Any]] | None = None) -> "Dispute":
        """Brought before the body."""
        payload = await self.api.done(
            "mediationCaseApplyForMediation", SECRETARY, "position mediationCase { id caseNo }", body=self.body,
            kind="MEMBER_COUNTERPART", opening="APPLICATION", parties=parties or PARTIES, dispute="货款纠纷",
            amount="86000.00", effectiveOn=after(0),
        )  # fmt: skip
        self.id = payload["mediationCase"]["id"]
        return self

    async def begin(self) -> "Dispute":
        """Brought, accepted, and with a mediator."""
        await (await self.apply()).do("Accept", 1)
        await self.do("ExplainRights", 1, openness="CLOSED")
        await self.do("AssignMediators", 2, mediators=[DIRECTOR])
        return self

    async def meet(self, days: int) -> "Dispute":
        """A session."""
        given: dict[str, Any] = {
            "heldOn": after(days),
            "mode": "IN_PERSON",
            "attendees": [APPLICANT, OTHER],
            "summary": "双方陈述",
        }
        await self.do("HoldSession", days, **given)
        return self

    async def agree(self, days: int = 10) -> "Dispute":
        """Settled in writing."""
        await self.do(
            "RecordAgreement", days, agreementForm="WRITTEN", agreement=DIGEST, signatures=[APPLICANT, OTHER],
            signedBy=DIRECTOR, sealedOn=after(days), performanceDue=after(days + 30), agreedAmount="80000.00",
        )  # fmt: skip
        return self
