"""商会班子任职 | How does a person come into an office of a chamber, and when does the term end?

Nobody is elected without evaluation, inspection, talk and approval, in that order: the states see to it. Two who race
for one post collide on its claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from service.domain.appointment_candidacy import Candidacy
from service.domain.appointment_record import appointment_id
from service.domain.appointment_tenure import Tenure
from service.domain.appointment_terms import AppointmentState
from service.domain.claim import Claims
from service.domain.deadline import CHANGE_OF_TERM, Due
from service.domain.division import Divisions


class Appointment(Tenure, Candidacy, name="appointment"):
    """商会班子任职 | One person's way into a post of a chamber, for one term."""

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID:
        """The id by chamber, post, person and term: nobody is nominated twice for the same."""
        return appointment_id(arguments["chamber"], arguments["post"], arguments["person"], arguments["term"])

    def deadlines(self) -> Iterable[Due]:
        """The day by which the change of term must be prepared."""
        if self.state is AppointmentState.IN_OFFICE and self.term_until:
            yield Due(CHANGE_OF_TERM, CHANGE_OF_TERM.due(self.term_until))
