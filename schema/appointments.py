"""商会班子任职 | What may be asked about candidates and officers, and about who held which office when?"""

from __future__ import annotations

import strawberry

from projections.appointments import AppointmentRow
from schema.audit import Audited
from schema.nodes import single
from schema.views import View, every, many, one, view


@view(AppointmentRow, place="division_id")
class Appointment(View, Audited):
    """商会班子任职 | One person's way into a post of a chamber, from nomination to the end of the term."""

    chamber = one("schema.chambers.Chamber", by="chamber_id", required=False)
    division = one("schema.divisions.Division", by="division_id")
    assessments = many("schema.assessments.Assessment", of="assessed_id", order=("-year", "id"))


@strawberry.type
class Questions:
    """What may be asked at the root."""

    appointments = every(Appointment, order=("-since", "id"))
    appointment = single(Appointment)
