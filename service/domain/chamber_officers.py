"""负责人 | Who holds office in a chamber, as its elections and terms went?

No command of the chamber leads here: an appointment adds these facts to the chamber when it records an election or the
end of a term, in the same commit.
"""

from __future__ import annotations

from uuid import UUID

from service.domain.chamber_record import ChamberRecord, Officer
from service.domain.record import Fact, Occasion


class TookOffice(Fact):
    """就任 | A person was elected to a post."""

    officer: Officer

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """The person holds this post and no other."""
        others = tuple(each for each in record.officers if each.person != self.officer.person)
        record.officers = (*others, self.officer)


class LeftOffice(Fact):
    """离任 | A person no longer holds a post."""

    person: UUID

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """Who left stays the registered legal representative until a change is approved."""
        record.officers = tuple(each for each in record.officers if each.person != self.person)
