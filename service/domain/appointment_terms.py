"""Which words does the appointment of a chamber's leaders use?"""

from __future__ import annotations

from enum import auto

from service.domain.vocabulary import Term


class AppointmentState(Term):
    """任职状态 | Where an appointment stands between nomination and the end of the term."""

    NOMINATED = auto()
    EVALUATED = auto()
    INSPECTED = auto()
    TALKED = auto()
    APPROVED = auto()
    IN_OFFICE = auto()
    ENDED = auto()
    REJECTED = auto()
    WITHDRAWN = auto()


class TermEnding(Term):
    """离任原因 | Why somebody left office."""

    EXPIRED = auto()
    RESIGNED = auto()
    REMOVED = auto()
    DIED = auto()
