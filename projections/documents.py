"""Which documents are there, which of them are in force, and what does each make whom answer for?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from projections.engine.projection import Projection
from projections.engine.row import Key, RecordRow, Row
from projections.engine.table import table
from projections.engine.view import Event, View
from projections.remember import remembered
from service.domain.document import DocumentAmended, DocumentIssued, DocumentRepealed, TargetSet
from service.domain.document_terms import DocumentKind, DocumentLevel, DocumentState, Responsibility, Target
from service.domain.organ_kind import Level, OrganKind


@table(
    "document",
    key=("id",),
    indexes=(
        ("issued_on", "id"),
        ("level", "issued_on", "id"),
        ("kind", "issued_on", "id"),
        ("division_id", "issued_on"),
        ("number",),
        ("issuers",),
    ),
    dated="issued_on",
)
class DocumentRow(RecordRow, kw_only=True):
    """A document as it stands; `joint` when several organs issued it."""

    division_id: UUID
    number: str
    title: str
    level: DocumentLevel
    kind: DocumentKind
    issuers: tuple[OrganKind, ...]
    joint: bool
    sha256: str
    state: DocumentState
    since: date
    issued_on: date
    targets: tuple[Target, ...] = ()
    replaced_by: UUID | None = None


@table("responsibility", key=("document_id", "ordinal"), indexes=(("level", "organ", "document_id", "ordinal"),))
class ResponsibilityRow(Row, kw_only=True):
    """One duty that a document gives to an organ of a level."""

    document_id: UUID
    ordinal: int
    division_id: UUID
    level: Level
    organ: OrganKind
    duty: str


documents, responsibilities = View(DocumentRow), View(ResponsibilityRow)
MOST = 200
"""As many duties as a document can have: an amendment may touch each of them."""


@documents.on(DocumentIssued)
def issued(_: DocumentRow | None, e: Event[DocumentIssued]) -> DocumentRow:
    fact, on = e.fact, e.envelope.effective_on
    return DocumentRow(
        division_id=fact.division,
        number=fact.number,
        title=fact.title,
        level=fact.level,
        kind=fact.kind,
        issuers=fact.issuers,
        joint=len(fact.issuers) > 1,
        sha256=fact.sha256,
        state=DocumentState.ISSUED,
        since=on,
        issued_on=on,
        targets=fact.targets,
    )


@documents.on(TargetSet)
def target_set(row: DocumentRow, e: Event[TargetSet]) -> DocumentRow:
    return remembered(row, e, targets=(*row.targets, e.fact.target))


@documents.on(DocumentAmended, DocumentRepealed)
def changed(row: DocumentRow, e: Event[DocumentAmended] | Event[DocumentRepealed]) -> DocumentRow:
    return remembered(row, e)


def _all(e: Event[DocumentIssued] | Event[DocumentAmended] | Event[DocumentRepealed]) -> list[Key]:
    return [(e.originator_id, n) for n in range(MOST)]


@responsibilities.each(
    DocumentIssued, keys=lambda e: [(e.originator_id, n) for n in range(len(e.fact.responsibilities))]
)
def given(_: ResponsibilityRow | None, e: Event[DocumentIssued], key: Key) -> ResponsibilityRow:
    return _row(e.fact.responsibilities[int(str(key[1]))], e, key)


@responsibilities.each(DocumentAmended, keys=_all)
def divided_anew(_: ResponsibilityRow | None, e: Event[DocumentAmended], key: Key) -> ResponsibilityRow | None:
    place = int(str(key[1]))
    return _row(e.fact.responsibilities[place], e, key) if place < len(e.fact.responsibilities) else None


@responsibilities.each(DocumentRepealed, keys=_all)
def lapsed(_: ResponsibilityRow | None, __: Event[DocumentRepealed], ___: Key) -> None:
    return None


def _row(duty: Responsibility, e: Event[DocumentIssued] | Event[DocumentAmended], key: Key) -> ResponsibilityRow:
    assert e.envelope.place is not None, "a document is for a division"
    return ResponsibilityRow(
        document_id=e.originator_id,
        ordinal=int(str(key[1])),
        division_id=e.envelope.place,
        level=duty.level,
        organ=duty.organ,
        duty=duty.duty,
    )


document_register = Projection("documents", documents, responsibilities)
