"""专项督导 | What may be asked about supervisions: whom they visited, what they found, and what is still open?"""

from __future__ import annotations

import strawberry

from projections.supervision_coverage import TownshipSupervisionRow, UnitSupervisionRow
from projections.supervision_rows import (
    FindingRow,
    SupervisedTownshipRow,
    SupervisedUnitRow,
    SupervisionRow,
    VisitRow,
)
from schema.audit import Audited, Node
from schema.nodes import single
from schema.views import View, every, many, one, view


@view(SupervisionRow, place="division_id", shared=True)
class Supervision(View, Audited):
    """专项督导 | A round of visits to townships by the joint-meeting office with other organs."""

    division = one("schema.divisions.Division", by="division_id")
    townships = many("schema.supervisions.SupervisedTownship", of="supervision_id", order=("division_id",))
    units = many("schema.supervisions.SupervisedUnit", of="supervision_id", order=("unit_id",))
    visits = many("schema.supervisions.Visit", of="supervision_id", order=("visited_on", "number"))
    findings = many("schema.supervisions.Finding", of="supervision_id", order=("raised_on", "id"))


@view(VisitRow, place="division_id")
class Visit(View):
    """走访 | One visit of a supervision to a township; a follow-up does not count again."""

    division = one("schema.divisions.Division", by="division_id")
    supervision = one("schema.supervisions.Supervision", by="supervision_id", required=False)


@view(FindingRow, place="division_id")
class Finding(View, Node):
    """督导问题 | What a visit found amiss in a township, until it is put right and verified."""

    division = one("schema.divisions.Division", by="division_id")
    supervision = one("schema.supervisions.Supervision", by="supervision_id", required=False)
    talks = many("schema.talks.Talk", of="finding", order=("ordered_on", "id"))


@view(SupervisedTownshipRow, place="division_id")
class SupervisedTownship(View):
    """督导对象 | A township on the list of a supervision, and when it was first visited."""

    division = one("schema.divisions.Division", by="division_id")
    unit = one("schema.divisions.Division", by="unit_id")
    supervision = one("schema.supervisions.Supervision", by="supervision_id", required=False)


@view(SupervisedUnitRow, place="unit_id")
class SupervisedUnit(View):
    """县区督导情况 | How many townships of a unit a supervision lists and has visited, and what it found there."""

    unit = one("schema.divisions.Division", by="unit_id")
    supervision = one("schema.supervisions.Supervision", by="supervision_id", required=False)


@view(TownshipSupervisionRow, place="division_id")
class TownshipSupervision(View):
    """乡镇（街道）督导覆盖 | A real township, and when a supervision first visited it."""

    division = one("schema.divisions.Division", by="division_id")
    unit = one("schema.divisions.Division", by="unit_id", required=False)
    supervision = one("schema.supervisions.Supervision", by="supervision_id", required=False)


@view(UnitSupervisionRow, place="unit_id")
class UnitSupervision(View):
    """县区督导覆盖 | How many of a unit's townships were visited, and how many findings there are still open."""

    unit = one("schema.divisions.Division", by="unit_id")


@strawberry.type
class Questions:
    """What may be asked at the root."""

    supervisions = every(Supervision, order=("-planned_on", "id"))
    supervision = single(Supervision)
    visits = every(Visit, order=("visited_on", "supervision_id", "number"))
    findings = every(Finding, order=("raised_on", "id"))
    supervised_townships = every(SupervisedTownship, order=("supervision_id", "division_id"))
    supervised_units = every(SupervisedUnit, order=("supervision_id", "unit_id"))
    township_supervision = every(TownshipSupervision, order=("division_id",))
    unit_supervision = every(UnitSupervision, order=("unit_id",))
