"""示范名额 | Which demonstration chambers does a county have in a cycle, and is there room for one more?

The quota is a record of its own, saved together with the recognition that takes a place in it: of two commands that
race for the last place one wins.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from service.domain.claim import Records
from service.domain.identifiers import name_id
from service.domain.record import Fact, Movement, Occasion, Record
from service.domain.refusal import require

MOST = 3
BASIS = "每县区重点培育 1—3 个示范商会"


class PlaceTaken(Fact):
    """占用示范名额 | A demonstration chamber took one of its county's places."""

    county: UUID
    cycle: int
    taken_by: UUID

    def apply(self, record: DemoQuota, _: Occasion, /) -> None:
        """One more."""
        record.demonstrations = (*record.demonstrations, self.taken_by)


class PlaceFreed(Fact):
    """释放示范名额 | A demonstration chamber gave its place up."""

    freed_by: UUID

    def apply(self, record: DemoQuota, _: Occasion, /) -> None:
        """One less."""
        record.demonstrations = tuple(each for each in record.demonstrations if each != self.freed_by)


class DemoQuota(Record, name="demo_quota", movement=Movement.DEMONSTRATE):
    """示范名额 | The places that a county has for demonstration chambers in one cycle."""

    county: UUID | None = None
    cycle: int = 0
    demonstrations: tuple[UUID, ...] = ()
    facts: ClassVar = (PlaceTaken, PlaceFreed)

    @property
    def place(self) -> UUID | None:
        """A quota belongs to its county."""
        return self.county


def take_place(records: Records, county: UUID, cycle: int, recognition: UUID) -> None:
    """Take a place for a recognition.

    Raises GuardFailed when the county has no more in this cycle.
    """
    quota = _quota(records, county, cycle)
    require(len(quota.demonstrations) < MOST, FULL, basis=BASIS, most=MOST, cycle=cycle)
    records.add(quota, PlaceTaken(county, cycle, recognition))


def free_place(records: Records, county: UUID, cycle: int, recognition: UUID) -> None:
    """Give the place of a recognition up."""
    records.add(_quota(records, county, cycle), PlaceFreed(recognition))


def _quota(records: Records, county: UUID, cycle: int) -> DemoQuota:
    return records.get(DemoQuota, name_id(f"demo-quota/{county}/{cycle}"))


FULL = (
    "本县区 {cycle} 年度示范商会已满 {most} 个，请先撤销一个"
    " | The county has its {most} demonstration chambers of {cycle} already: one must be revoked first"
)
