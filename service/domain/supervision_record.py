"""What is known of a special supervision, its visits and its findings at any moment?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from service.domain.deadline import RECTIFICATION, Due
from service.domain.division import Division, Divisions
from service.domain.lifecycle import Part, Parts
from service.domain.organ_kind import OrganKind
from service.domain.record import Record
from service.domain.refusal import require
from service.domain.supervision_terms import SETTLED, FindingCause, FindingSeverity, FindingState, SupervisionState
from service.domain.value import Value


class ListedUnit(Value, frozen=True):
    """督导对象 | A township to be visited, and the county-level unit that answered for it when it was listed."""

    township: UUID
    unit: UUID


class Visits(Value, frozen=True):
    """走访记录 | When a township was visited first and last, and how often in all."""

    first_on: date
    last_on: date
    times: int


class Finding(Part, frozen=True, kw_only=True):
    """督导问题 | What a visit found amiss in a township, until it is put right."""

    state: FindingState | None = None
    unit: UUID | None = None
    cause: FindingCause | None = None
    severity: FindingSeverity | None = None
    description: str = ""
    measure: str = ""
    due_on: date | None = None
    outcome: str = ""
    evidence: tuple[str, ...] = ()
    rejections: int = 0

    @property
    def place(self) -> UUID | None:
        """A finding belongs to its township, whose offices put it right, whatever the supervision covers."""
        return self.unit

    @property
    def settled(self) -> bool:
        """Whether nobody has to do anything about it any more."""
        return self.state in SETTLED


class SupervisionRecord(Record):
    """All fields of a supervision; the modules that bring its commands build on it.

    `division` is where it is held, `units` are the townships listed, each with the unit that answers for it.
    """

    state: SupervisionState | None = None
    division: UUID | None = None
    title: str = ""
    team: tuple[OrganKind, ...] = ()
    units: Mapping[UUID, UUID] = {}
    visits: Mapping[UUID, Visits] = {}
    findings: Mapping[UUID, Finding] = {}
    summary: str = ""

    parts: ClassVar[Mapping[type, Parts]] = {FindingState: Parts("finding", "findings", Finding)}

    def deadlines(self) -> Iterator[Due]:
        """By when each planned rectification must be done."""
        for id, finding in self.findings.items():
            if finding.state is FindingState.RECTIFYING and finding.due_on:
                yield Due(RECTIFICATION, finding.due_on, str(id))

    def listed(self, code: str, divisions: Divisions) -> Division:
        """The listed township with this code.

        Raises NotFound when no division has it, GuardFailed when it is not listed.
        """
        township = divisions.open(code, "unit")
        require(township.id in self.units, NOT_LISTED, path=("unit",), name=township.name)
        return township


NOT_LISTED = "{name}不在督导范围内，请先列入 | {name} is not on the list of this supervision"
