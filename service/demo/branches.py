"""Which chambers of the demonstration found a Party branch, in which form, and who takes part in the pilot?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from service.demo import offices
from service.demo.diary import Diary
from service.demo.divisions import ids
from service.demo.invented import person
from service.demo.journal import Journal
from service.demo.life import registered_on
from service.demo.standing import standing
from service.domain.identifiers import name_id
from service.domain.party_branch import BRANCH, LEAST_MEMBERS, BranchForm, PartyBranch

ONE_WITHOUT_IN, ONE_PILOT_IN, MOST_MEMBERS = 8, 3, 9
"""One registered chamber in eight has no Party branch; one branch in three takes part in the pilot."""
NEW_SECRETARY, DISSOLVED = date(2025, 6, 9), date(2026, 6, 15)
WITH_A_NEW_SECRETARY, DISSOLVED_IN, DROPPED_IN = 3, 40, 60
"""Which branches, in the order of the units, do not go the ordinary way."""
NO_MEMBERS_LEFT = "党员转出，不再具备条件 | Its Party members have left: it no longer meets the conditions"


class Founding(Journal):
    """The steps of one Party branch."""

    def __init__(self, diary: Diary) -> None:
        self.diary, self.chamber = diary, diary.chamber
        claim = name_id(f"claim/{BRANCH}/{diary.chamber}")
        places = (ids()[diary.township.code], ids()[diary.unit.code])
        opened = registered_on(diary) + timedelta(14 + 7 * diary.dice("branch", 8))
        id = name_id(f"branch/{diary.chamber}")
        super().__init__(
            PartyBranch, f"branch/{diary.chamber}", opened, id=id, reads=(diary.chamber, *places), writes=(claim,)
        )

    @property
    def approved_on(self) -> date | None:
        """The day on which the branch was approved."""
        return next((step.day for step in self.steps if step.request.command.name == "approve_branch"), None)


def foundings() -> Iterator[Founding]:
    """All Party branches, unit by unit."""
    yield from branches().values()


@cache
def branches() -> Mapping[str, Founding]:
    """The Party branches by their townships' codes."""
    with_branch = [diary for diaries in standing().values() for diary in diaries if diary.dice("gap", ONE_WITHOUT_IN)]
    return {diary.township.code: _founded(Founding(diary), n) for n, diary in enumerate(with_branch)}


def _founded(journal: Founding, number: int) -> Founding:
    """Proposed by the chamber, approved by the Organisation Department, and led by somebody."""
    diary, party = journal.diary, offices.organisation(journal.diary.unit)
    members = journal.dice("members", MOST_MEMBERS)
    journal.write(diary.secretariat, "propose", chamber=str(diary.chamber), party_members=members)
    if number == DROPPED_IN:
        journal.after(21).write(diary.secretariat, "drop")
        return journal
    journal.after(14).write(party, "approve_branch", branch_form=_form(members).value)
    _lead(journal.after(7), pilot=journal.dice("pilot", ONE_PILOT_IN) == 0)
    if number == WITH_A_NEW_SECRETARY:
        _lead(journal.on(NEW_SECRETARY), pilot=True, successor="-2")
    if number == DISSOLVED_IN:
        journal.on(DISSOLVED).write(party, "dissolve_branch", reason=NO_MEMBERS_LEFT)
    return journal


def _lead(journal: Founding, *, pilot: bool, successor: str = "") -> None:
    """In the pilot the township's united-front commissioner becomes secretary."""
    secretary = person(f"{journal.chamber}/{'commissioner' if pilot else 'party-secretary'}{successor}")
    journal.write(
        offices.organisation(journal.diary.unit),
        "appoint_secretary",
        secretary=str(secretary.id),
        secretary_name=secretary.name,
        concurrent_commissioner=pilot,
    )


def _form(members: int) -> BranchForm:
    if members >= LEAST_MEMBERS.value:
        return BranchForm.SINGLE
    return BranchForm.JOINT if members else BranchForm.LIAISON
