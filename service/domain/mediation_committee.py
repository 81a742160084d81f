"""调解委员会 | Who may make up a body's committee, and whom does it engage beside it?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from service.domain.identifiers import PersonName
from service.domain.mediation_terms import Gender, MediatorPost
from service.domain.policy import mediation_law
from service.domain.refusal import require
from service.domain.value import Value

FEWEST, MOST = 3, 9


class MediatorEntry(Value, frozen=True, kw_only=True):
    """委员人选 | Somebody who is to belong to the committee, and whether as its director."""

    person: UUID
    person_name: PersonName
    gender: Gender
    director: bool = False


class Mediator(Value, frozen=True):
    """调解员 | A mediator: of the committee, or engaged by it."""

    person: UUID
    name: str
    gender: Gender
    post: MediatorPost


Entries = Annotated[list[MediatorEntry], Meta(max_length=100)]


def committee_of(entries: list[MediatorEntry]) -> tuple[Mediator, ...]:
    """The committee that the entries make up.

    Raises GuardFailed when it is not as the law wants it.
    """
    found = tuple(Mediator(each.person, each.person_name, each.gender, _post(each)) for each in entries)
    require(len({each.person for each in found}) == len(found), TWICE, path=("committee",))
    require_whole(found)
    return found


def _post(entry: MediatorEntry) -> MediatorPost:
    return MediatorPost.DIRECTOR if entry.director else MediatorPost.COMMISSIONER


def require_whole(committee: tuple[Mediator, ...]) -> None:
    """Refuse a committee that is too small or too large, without one director, or without a woman."""
    path = ("committee",)
    require(FEWEST <= len(committee) <= MOST, NOT_3_TO_9, path=path, basis=mediation_law("八"), count=len(committee))
    directors = sum(each.post is MediatorPost.DIRECTOR for each in committee)
    require(directors == 1, ONE_DIRECTOR, path=path, basis=mediation_law("八"))
    require(any(each.gender is Gender.FEMALE for each in committee), NO_WOMAN, path=path, basis=mediation_law("八"))


TWICE = "同一人不能列入两次 | Nobody can be on the committee twice"
NOT_3_TO_9 = "委员须为 3 至 9 人，现为 {count} 人 | A committee has 3 to 9 members, not {count}"
ONE_DIRECTOR = "须恰有一名主任 | Name exactly one director"
NO_WOMAN = "须有女性委员 | At least one member must be a woman"
