"""商会 | What may be asked of a township's chamber of commerce, and which of the township's chambers is it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from uuid import UUID

from service.domain.chamber_closing import Closing
from service.domain.chamber_deadlines import open_deadlines
from service.domain.chamber_filings import Filings
from service.domain.chamber_founding import Founding
from service.domain.chamber_inspections import Inspections
from service.domain.chamber_officers import LeftOffice, TookOffice
from service.domain.chamber_preparation import Preparation
from service.domain.chamber_record import SEAT
from service.domain.chamber_registration import Registration
from service.domain.chamber_supervision import Oversight
from service.domain.claim import Claims
from service.domain.deadline import Due
from service.domain.division import Divisions
from service.domain.identifiers import name_id


class Chamber(Oversight, Inspections, Filings, Closing, Registration, Founding, Preparation, name="chamber"):
    """乡镇（街道）商会 | The chamber of commerce of a township or sub-district."""

    facts: ClassVar = (TookOffice, LeftOffice)

    def deadlines(self) -> Iterator[Due]:
        """What it waits for, or others for it."""
        return open_deadlines(self)

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID:
        """The id of the township's next chamber: its seat has been given up by each that came before."""
        township = divisions.open(arguments["division"], "division")
        return name_id(f"chamber/{township.id}/{claims.find(SEAT, str(township.id)).rounds + 1}")
