"""行政区划 | What may be asked about divisions?"""

from __future__ import annotations

import strawberry

from projections.divisions import DivisionRow
from schema.audit import Audited
from schema.views import View, every, many, one, view


@view(DivisionRow)
class Division(View, Audited):
    """行政区划 | An administrative division or functional area; its id stays when its name or code changes."""

    parent = one("schema.divisions.Division", by="parent", required=False)
    managed_by = one("schema.divisions.Division", by="managed_by", required=False)
    merged_into = one("schema.divisions.Division", by="merged_into", required=False)
    manages = many("schema.divisions.Division", of="managed_by", order=("code",))
    chambers = many("schema.chambers.Chamber", of="division_id", order=("-since", "id"))
    assessments = many("schema.assessments.Assessment", of="assessed_id", order=("-year", "id"))
    coverage = one("schema.coverage.TownshipCoverage", by="id", to="division_id", required=False)
    unit_coverage = one("schema.coverage.UnitCoverage", by="id", to="unit_id", required=False)
    findings = many("schema.supervisions.Finding", of="division_id", order=("-raised_on", "id"))
    talks = many("schema.talks.Talk", of="division_id", order=("-ordered_on", "id"))
    supervision = one("schema.supervisions.TownshipSupervision", by="id", to="division_id", required=False)
    unit_supervision = one("schema.supervisions.UnitSupervision", by="id", to="unit_id", required=False)
    unit_issues = one("schema.issues.UnitIssues", by="id", to="unit_id", required=False)
    issues = many("schema.issues.Issue", of="division_id", order=("-raised_on", "id"))


@strawberry.type
class Questions:
    """What may be asked at the root."""

    divisions = every(Division, order=("code", "id"))
