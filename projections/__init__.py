"""What is true: one module for each question that the views answer."""

from projections.appointments import appointments
from projections.chamber_register import chamber_register
from projections.change_history import change_history
from projections.deadlines import deadlines
from projections.divisions import divisions
from projections.engine.projection import Projection
from projections.registration_pipeline import registration_pipeline
from projections.township_coverage import township_coverage

ALL: list[Projection] = [
    divisions,
    appointments,
    chamber_register,
    township_coverage,
    registration_pipeline,
    change_history,
    deadlines,
]
"""Every projection of the program."""

__all__ = ["ALL"]
