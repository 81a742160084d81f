"""Who holds what only one may hold: a name, a credit code, a seat?

A claim is a reservation: a record whose id is the thing itself, saved together with its holder's own facts. Two
commands that race for it collide on its version, so exactly one wins.
"""

from __future__ import annotations

from enum import auto
from typing import ClassVar, Protocol, TypeVar
from uuid import UUID

from service.domain.identifiers import name_id
from service.domain.record import Fact, Occasion, Record, leads_to
from service.domain.refusal import Duplicate
from service.domain.vocabulary import Term

R = TypeVar("R", bound=Record)


class Records(Protocol):
    """What a decision may look at beyond its own record, and the facts it adds to it."""

    def get(self, kind: type[R], id: UUID) -> R:
        """The record as it stands, blank when it does not exist."""
        ...

    def add(self, record: Record, fact: Fact) -> None:
        """Record this fact of another record in the same commit."""
        ...


class ClaimState(Term):
    """占用状态 | Whether a claim is held."""

    HELD = auto()
    FREE = auto()


@leads_to(ClaimState.HELD)
class Taken(Fact):
    """占用 | The thing was taken."""

    kind: str
    key: str
    holder: UUID


@leads_to(ClaimState.FREE)
class Released(Fact):
    """释放 | The thing was given up."""

    kind: str
    key: str
    released_by: UUID

    def apply(self, record: Claim, _: Occasion, /) -> None:
        """Free it and count the round."""
        record.holder = None
        record.rounds += 1


class Claim(Record, name="claim"):
    """占用 | One thing that one record at a time may hold. `rounds` counts how often it was given up."""

    kind: str = ""
    key: str = ""
    holder: UUID | None = None
    rounds: int = 0
    facts: ClassVar = (Taken, Released)


class Claims:
    """The port through which a decision takes and gives up claims."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def find(self, kind: str, key: str) -> Claim:
        """The claim of this kind on this thing, held or not."""
        return self._records.get(Claim, name_id(f"claim/{kind}/{key}"))

    def holder(self, kind: str, key: str) -> UUID | None:
        """Who holds it now."""
        return self.find(kind, key).holder

    def take(self, kind: str, key: str, holder: UUID, refusal: str, *, basis: str | None = None) -> None:
        """Hold it from now on; taking again what one holds already changes nothing.

        Raises Duplicate, with the text of `refusal`, when another holds it.
        """
        claim = self.find(kind, key)
        if claim.holder not in (None, holder):
            raise Duplicate(refusal, basis=basis, key=key)
        if claim.holder is None:
            self._records.add(claim, Taken(kind, key, holder))

    def release(self, kind: str, key: str, holder: UUID) -> None:
        """Give it up; giving up what another holds changes nothing."""
        claim = self.find(kind, key)
        if claim.holder == holder:
            self._records.add(claim, Released(kind, key, holder))
