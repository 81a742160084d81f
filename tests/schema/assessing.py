"""Schemes and assessments over GraphQL, step by step, as the offices of Kaifeng and Lankao county take them."""

from collections.abc import Sequence
from typing import Any

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import CITY, Api
from tests.schema.journey import COUNTY, DIGEST, FIC, PARTY_SECRETARY, Chamber

FIVE = ("PERSONAL_CONDUCT", "POLITICAL_WORK", "ORGANISATION_MANAGEMENT", "BUSINESS_ACTIVITY", "SOCIAL_RESPONSIBILITY")
GRADES = {"优秀": 90, "良好": 75, "合格": 60, "不合格": 0}
REVIEWER = Actor("city-fic-review", (Grant(Role.CITY_FIC, "410200"),))
COMMISSIONER = Actor("commissioner", (Grant(Role.TOWNSHIP_UF_COMMISSIONER, COUNTY),))


async def publish(
    api: Api, kind: str, weights: Sequence[int] = (20, 20, 20, 20, 20), from_year: int = 2023
) -> dict[str, Any]:
    """An edition of a scheme with the five aspects, of at most 20 points each."""
    begun = await api.done(
        "schemeDraft", CITY, "scheme { id edition }", kind=kind, issuer="410200", title="考核方案", fromYear=from_year
    )
    scheme: dict[str, Any] = begun["scheme"]
    for code, weight in zip(FIVE, weights, strict=True):
        await api.done("schemeAddAspect", CITY, id=scheme["id"], code=code, name=code, weight=weight, most=20)
    for name, least in GRADES.items():
        await api.done("schemeSetGrade", CITY, id=scheme["id"], name=name, least=least)
    await api.done("schemeSetVeto", CITY, id=scheme["id"], code="CRIME", description="受到刑事处罚")
    await api.done("schemePublishScheme", CITY, id=scheme["id"], basisDocument="考核办法（示例）")
    return scheme


def marks(*points: int | str) -> list[dict[str, str]]:
    """Points for each aspect, with evidence."""
    return [{"aspect": code, "score": str(each), "evidence": DIGEST} for code, each in zip(FIVE, points, strict=True)]


async def appointment_of(chamber: Chamber) -> str:
    """The id of the appointment of a chamber's president."""
    text = "query($id: ID!) { node(id: $id) { ... on Chamber { appointments(first: 1) { nodes { id } } } } }"
    found: str = (await chamber.api.ask(text, id=chamber.id))["node"]["appointments"]["nodes"][0]["id"]
    return found


class Assessing:
    """An assessment on its way; who speaks for the assessed depends on what it is about."""

    def __init__(self, api: Api, assessed: Actor = COMMISSIONER, assessor: Actor = FIC) -> None:
        self.api, self.assessed, self.assessor, self.id = api, assessed, assessor, ""

    async def open(self, **given: Any) -> "Assessing":
        """Opened."""
        done = await self.api.done("assessmentOpen", self.assessor, "assessment { id }", **given)
        self.id = done["assessment"]["id"]
        return self

    async def score(self, *points: int | str, command: str = "Score", select: str = "position", **more: Any) -> Any:
        """Scored, or scored anew."""
        given = {"id": self.id, "marks": marks(*points), **more}
        return await self.api.done(f"assessment{command}", self.assessor, select, **given)

    async def do(self, command: str, by: Actor = PARTY_SECRETARY, select: str = "position", **given: Any) -> Any:
        """One command on it."""
        return await self.api.done(f"assessment{command}", by, select, id=self.id, **given)

    async def refused(self, command: str, by: Actor, **given: Any) -> dict[str, Any]:
        """The refusal of one command on it."""
        return await self.api.refused(f"assessment{command}", by, id=self.id, **given)
