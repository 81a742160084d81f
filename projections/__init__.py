"""What is true: one module for each question that the views answer."""

from projections.activities import activity_register
from projections.appointments import appointments
from projections.assessments import assessments
from projections.chamber_register import chamber_register
from projections.change_history import change_history
from projections.contributions import contributions
from projections.dashboard import dashboard
from projections.deadlines import deadlines
from projections.divisions import divisions
from projections.documents import document_register
from projections.engine.projection import Projection
from projections.enterprises import enterprise_register
from projections.issues import issues_raised
from projections.mediation import mediation
from projections.organs import organ_register
from projections.party_branches import party_branches
from projections.recognitions import recognitions
from projections.registration_pipeline import registration_pipeline
from projections.schemes import schemes
from projections.supervision_coverage import supervision_coverage
from projections.supervisions import supervision_views
from projections.talks import talks
from projections.township_coverage import township_coverage

ALL: list[Projection] = [
    divisions,
    appointments,
    schemes,
    assessments,
    chamber_register,
    township_coverage,
    registration_pipeline,
    supervision_views,
    supervision_coverage,
    talks,
    organ_register,
    document_register,
    activity_register,
    enterprise_register,
    mediation,
    dashboard,
    change_history,
    deadlines,
    issues_raised,
    contributions,
    party_branches,
    recognitions,
]
"""Every projection of the program."""

__all__ = ["ALL"]
