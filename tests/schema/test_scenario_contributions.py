"""Two times of a donation: when it was made and when it was recorded, and what a correction leaves to be seen."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import AUDITOR, CITY, Api, Calendar, opened
from tests.schema.journey import COUNTY, DIGEST, FIC, Chamber, divisions, registered

pytestmark = pytest.mark.anyio
OTHER_FIC = Actor("county-fic-2", (Grant(Role.COUNTY_FIC, COUNTY),))
PUBLIC = Actor("public", (Grant(Role.PUBLIC_API),))
TOTAL = """query($by: [ContributionGroup!]) { contributionTotals(by: $by) {
    kind category year contributions amount unit { code } } }"""
PAST = """query($at: AsOfInput!, $on: Date) { asOf(at: $at, effectiveOn: $on) {
    contributionTotals { contributions amount } contributions { totalCount nodes { amount state } } } }"""


MARCH_8, MARCH_10, MARCH_15, MARCH_20, MARCH_25 = (date(2026, 3, day) for day in (8, 10, 15, 20, 25))


@pytest.fixture
def calendar() -> Calendar:
    return Calendar(date(2026, 3, 2))


@pytest.fixture
async def api(database: str, calendar: Calendar) -> AsyncIterator[Api]:
    async with opened(database, calendar) as api:
        yield api


@pytest.fixture
async def chamber(api: Api) -> Chamber:
    """The registered chamber of 考城镇."""
    await divisions(api)
    return await registered(api)


class Gift:
    """A donation on its way to be counted."""

    def __init__(self, chamber: Chamber) -> None:
        self.api, self.chamber, self.id = chamber.api, chamber, ""

    async def record(self, amount: str = "100000.00", **more: Any) -> "Gift":
        """Recorded by the chamber, with evidence."""
        given = {
            "chamber": self.chamber.id, "amount": amount, "donationForm": "MONEY", "donationCause": "FLOOD_CONTROL",
            "donor": "考城第1商行", **more,
        }  # fmt: skip
        begun = await self.api.done(
            "contributionRecordDonation", self.chamber.secretary, "position contribution { id }", **given
        )
        self.id = begun["contribution"]["id"]
        await self.do("AttachEvidence", self.chamber.secretary, title="转账凭证", sha256=DIGEST)
        return self

    async def do(self, command: str, by: Actor = FIC, **given: Any) -> Any:
        """Carry out one command."""
        return await self.api.done(f"contribution{command}", by, id=self.id, **given)

    async def refused(self, command: str, by: Actor = FIC, **given: Any) -> str:
        """The code with which one command is refused."""
        return str((await self.api.refused(f"contribution{command}", by, id=self.id, **given))["code"])


async def total(api: Api) -> str:
    """All that counts now, in yuan."""
    return str((await api.ask(TOTAL))["contributionTotals"][0]["amount"])


async def past(api: Api, recorded: date, on: date | None = None) -> tuple[str, int]:
    """What counted as it was recorded by a day, of what had happened by another; and how many were known of."""
    time = f"{recorded}T18:00:00+08:00" if recorded < api.ledger.today else f"{recorded}T12:00:00+08:00"
    found = (await api.ask(PAST, at={"time": time}, on=on and str(on)))["asOf"]
    return found["contributionTotals"][0]["amount"], found["contributions"]["totalCount"]


async def test_scenario_16_a_donation_counts_from_its_day_once_it_is_recorded(
    api: Api, chamber: Chamber, calendar: Calendar
) -> None:
    """A donation of 8 March recorded on 20 March: on 15 March nobody knew, on 25 March it counts for 10 March."""
    calendar.day = MARCH_20
    await (await Gift(chamber).record(effectiveOn=str(MARCH_8))).do("VerifyContribution")
    calendar.day = MARCH_25
    assert await past(api, MARCH_15, MARCH_10) == ("0.00", 0)
    assert await past(api, MARCH_25, MARCH_10) == ("100000.00", 1)
    assert await past(api, MARCH_25, MARCH_8 - timedelta(1)) == ("0.00", 0)


async def test_scenario_16_a_correction_leaves_both_values_and_each_total_of_its_time(
    api: Api, chamber: Chamber, calendar: Calendar
) -> None:
    """100,000 corrected to 10,000: both can be seen, and every recorded time has the total that was true then."""
    calendar.day = MARCH_10
    gift = await Gift(chamber).record(effectiveOn=str(MARCH_8))
    await gift.do("VerifyContribution")
    calendar.day = MARCH_20
    await gift.do("ProposeCorrection", amount="10000.00", reason="多录一个零")
    assert await gift.refused("CorrectAmount", reason="核对凭证") == "FOUR_EYES"
    await gift.do("CorrectAmount", OTHER_FIC, reason="核对凭证")
    calendar.day = MARCH_25
    assert await past(api, MARCH_8) == ("0.00", 0)
    assert await past(api, MARCH_15) == await past(api, MARCH_15, MARCH_10) == ("100000.00", 1)
    assert await past(api, MARCH_25) == await past(api, MARCH_25, MARCH_10) == ("10000.00", 1)
    assert await total(api) == "10000.00"
    text = """query($id: ID!) { contribution(id: $id) { history(last: 1) { nodes {
        kind reason actor fields { path before after } } } } }"""
    (change,) = (await api.ask(text, id=gift.id))["contribution"]["history"]["nodes"]
    values = {each["path"]: (each["before"], each["after"]) for each in change["fields"]}
    assert (change["kind"], change["reason"]) == ("CONTRIBUTION_AMOUNT_CORRECTED", "核对凭证")
    assert values["amount"] == values["verifiedAmount"] == ("100000.00", "10000.00")


async def test_only_what_another_has_verified_counts_and_what_is_void_does_not(api: Api, chamber: Chamber) -> None:
    gift = await Gift(chamber).record()
    assert await total(api) == "0.00"
    await gift.do("VerifyContribution")
    assert await total(api) == "100000.00"
    assert await gift.refused("VoidContribution", reason="重复登记") == "OUT_OF_SCOPE"
    await gift.do("VoidContribution", CITY, reason="重复登记")
    assert await total(api) == "0.00"


async def test_the_county_that_recorded_it_lets_another_verify_it(api: Api, chamber: Chamber) -> None:
    given = {"chamber": chamber.id, "amount": "1860000000.00", "investmentBasis": "ACTUAL", "project": "产业园"}
    begun = await api.done("contributionRecordInvestment", FIC, "position contribution { id }", **given)
    gift = Gift(chamber)
    gift.id = begun["contribution"]["id"]
    assert await gift.refused("VerifyContribution", OTHER_FIC) == "GUARD_FAILED"
    await gift.do("AttachEvidence", title="到位证明", sha256=DIGEST)
    assert await gift.refused("VerifyContribution") == "FOUR_EYES"
    await gift.do("VerifyContribution", OTHER_FIC)
    assert await total(api) == "1860000000.00"


async def test_totals_are_grouped_as_asked(api: Api, chamber: Chamber) -> None:
    for cause, amount, day in (
        ("FLOOD_CONTROL", "0.01", "2023-08-01"),
        ("EPIDEMIC_CONTROL", "2530000000.00", "2024-01-02"),
        ("FLOOD_CONTROL", "0.02", "2024-08-01"),
    ):
        gift = await Gift(chamber).record(amount, donationCause=cause, effectiveOn=day)
        await gift.do("VerifyContribution")
    found = (await api.ask(TOTAL, by=["UNIT", "CATEGORY", "YEAR"]))["contributionTotals"]
    assert [(each["unit"]["code"], each["category"], each["year"], each["amount"]) for each in found] == [
        (COUNTY, "EPIDEMIC_CONTROL", 2024, "2530000000.00"),
        (COUNTY, "FLOOD_CONTROL", 2023, "0.01"),
        (COUNTY, "FLOOD_CONTROL", 2024, "0.02"),
    ]
    (kind,) = (await api.ask(TOTAL, by=["KIND"]))["contributionTotals"]
    assert (kind["kind"], kind["contributions"], kind["unit"]) == ("DONATION", 3, None)


async def test_the_public_reads_totals_and_no_donors(api: Api, chamber: Chamber) -> None:
    await (await Gift(chamber).record()).do("VerifyContribution")
    text = "{ contributions { totalCount } contributionTotals { amount } }"
    assert await api.ask(text, PUBLIC) == {
        "contributions": {"totalCount": 0},
        "contributionTotals": [{"amount": "100000.00"}],
    }
    assert (await api.ask(text, AUDITOR))["contributions"]["totalCount"] == 1


async def test_a_chamber_tells_its_contributions(api: Api, chamber: Chamber) -> None:
    gift = await Gift(chamber).record(donationForm="KIND", goods="米面油", campaign="PRACTICAL_WORK_FOR_THE_PEOPLE")
    text = """query($id: ID!) { node(id: $id) { ... on Chamber { contributions { nodes {
        id kind donationForm donationCause goods donor amount verifiedAmount campaign evidence { title }
        chamber { name } division { code } } } } } }"""
    (found,) = (await api.ask(text, id=chamber.id))["node"]["contributions"]["nodes"]
    assert found == {
        "id": gift.id, "kind": "DONATION", "donationForm": "KIND", "donationCause": "FLOOD_CONTROL", "goods": "米面油",
        "donor": "考城第1商行", "amount": "100000.00", "verifiedAmount": "0.00",
        "campaign": "PRACTICAL_WORK_FOR_THE_PEOPLE", "evidence": [{"title": "转账凭证"}],
        "chamber": {"name": "兰考县考城镇商会"}, "division": {"code": "410225103"},
    }  # fmt: skip
