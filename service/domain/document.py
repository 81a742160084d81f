"""制度文件 | Which documents are in force: issued by whom, about what, amended or repealed since?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from service.domain.claim import Claims, Records
from service.domain.command import NEW, command
from service.domain.division import UNITS, Division, DivisionKind, Divisions
from service.domain.document_terms import (
    IN_FORCE,
    DocumentKind,
    DocumentLevel,
    DocumentState,
    Organs,
    Responsibilities,
    Responsibility,
    Target,
    Targets,
    aimed,
    divided,
)
from service.domain.identifiers import Digest, DivisionCode, DocumentId, Line
from service.domain.organ_kind import OrganKind
from service.domain.record import Fact, Movement, Occasion, Record, leads_to
from service.domain.refusal import NotFound, require
from service.domain.roles import Role

NUMBER = "document-number"
ISSUERS = (Role.CITY_FIC, Role.COUNTY_FIC)
"""Who enters documents: the federation of the place they are for."""
BASIS = "党政机关公文处理工作条例"
MOVEMENTS: Mapping[DocumentKind, Movement] = {
    DocumentKind.DECISION: Movement.DRIVE,
    DocumentKind.OPINION: Movement.DRIVE,
    DocumentKind.PLAN: Movement.DRIVE,
    DocumentKind.NOTICE: Movement.COORDINATE,
    DocumentKind.GUIDE: Movement.COORDINATE,
    DocumentKind.WORK_SCHEME: Movement.STANDARDISE,
    DocumentKind.MEASURES: Movement.STANDARDISE,
    DocumentKind.POLICY_MEASURE: Movement.SERVE,
}
"""Which movement a kind of document belongs to (our reading)."""


@leads_to(DocumentState.ISSUED)
class DocumentIssued(Fact):
    """印发文件 | A document was issued, jointly when by several organs."""

    division: UUID
    number: str
    title: str
    level: DocumentLevel
    kind: DocumentKind
    issuers: tuple[OrganKind, ...]
    sha256: str
    responsibilities: tuple[Responsibility, ...] = ()
    targets: tuple[Target, ...] = ()

    def moves(self) -> Movement:
        """By its kind."""
        return MOVEMENTS[self.kind]


class TargetSet(Fact):
    """设定目标 | A target was set under a document."""

    target: Target

    def apply(self, record: Document, _: Occasion, /) -> None:
        """Put it last."""
        record.targets = (*record.targets, self.target)


@leads_to(DocumentState.AMENDED)
class DocumentAmended(Fact):
    """修订文件 | A document got a new text, and perhaps another division of labour."""

    sha256: str
    responsibilities: tuple[Responsibility, ...]


@leads_to(DocumentState.REPEALED)
class DocumentRepealed(Fact):
    """废止文件 | A document ceased to be in force; another may have taken its place."""

    replaced_by: UUID | None = None


class Document(Record, name="document"):
    """制度文件 | A document that an organ, or several jointly, issued for a division."""

    state: DocumentState | None = None
    division: UUID | None = None
    number: str = ""
    title: str = ""
    level: DocumentLevel | None = None
    kind: DocumentKind | None = None
    issuers: tuple[OrganKind, ...] = ()
    sha256: str = ""
    responsibilities: tuple[Responsibility, ...] = ()
    targets: tuple[Target, ...] = ()
    replaced_by: UUID | None = None

    @command(by=ISSUERS, when=NEW, basis=BASIS)
    def issue(
        self,
        division: DivisionCode,
        number: Line,
        title: Line,
        level: DocumentLevel,
        kind: DocumentKind,
        issuers: Organs,
        sha256: Digest,
        responsibilities: Responsibilities | None = None,
        targets: Targets | None = None,
        *,
        claims: Claims,
        divisions: Divisions,
    ) -> DocumentIssued:
        """印发文件 | Issue a document for a division, or enter one from above: its issuers are organs of its level."""
        place = divisions.open(division, "division")
        require(_fits(level, place), WRONG_LEVEL, path=("level",))
        require(len(set(issuers)) == len(issuers), ISSUER_TWICE, path=("issuers",))
        claims.take(NUMBER, number, self.id, NUMBER_TAKEN, basis=BASIS)
        parts = divided(responsibilities or ()), aimed(targets or ())
        return DocumentIssued(place.id, number, title, level, kind, tuple(issuers), sha256, *parts)

    @command(by=ISSUERS, when=IN_FORCE, basis=BASIS)
    def set_target(self, goal: Line, due: date | None = None, *, on: date) -> TargetSet:
        """设定目标 | Set a target under the document, with a day by which it is to be reached."""
        require(due is None or due > on, DUE_TOO_EARLY, path=("due",))
        require(goal not in {each.goal for each in self.targets}, TARGET_SET, path=("goal",))
        return TargetSet(Target(goal, due))

    @command(by=ISSUERS, when=IN_FORCE, basis=BASIS, reason=True)
    def amend(self, sha256: Digest, responsibilities: Responsibilities | None = None) -> DocumentAmended:
        """修订文件 | Give the document a new text; without a new division of labour the old one stays."""
        require(sha256 != self.sha256, UNCHANGED, path=("sha256",))
        return DocumentAmended(sha256, self.responsibilities if responsibilities is None else divided(responsibilities))

    @command(by=ISSUERS, when=IN_FORCE, basis=BASIS, reason=True)
    def repeal(self, replaced_by: DocumentId | None = None, *, records: Records) -> DocumentRepealed:
        """废止文件 | Repeal the document, naming the one in its place if there is one."""
        if replaced_by is not None:
            require(replaced_by != self.id, NOT_ITSELF, path=("replacedBy",))
            document_in_force(records, replaced_by, "replacedBy")
        return DocumentRepealed(replaced_by)


def document_in_force(records: Records, id: UUID, path: str) -> Document:
    """The document that a decision rests on.

    Raises NotFound when there is none, GuardFailed when it was repealed: it gives no new basis.
    """
    document = records.get(Document, id)
    if not document.exists:
        raise NotFound("没有该文件 | There is no such document", path=(path,))
    require(document.state in IN_FORCE, REPEALED, path=(path,), number=document.number)
    return document


def _fits(level: DocumentLevel, place: Division) -> bool:
    """Whether a document of this level may be for this place: a county's for a county, any other for a city."""
    return place.kind in UNITS if level is DocumentLevel.COUNTY else place.kind is DivisionKind.PREFECTURE


WRONG_LEVEL = "县级文件须归于县区，其他文件须归于市 | A county's document is for a county, any other for the city"
ISSUER_TWICE = "发文机关重复 | An issuer is named twice"
NUMBER_TAKEN = "文号“{key}”已被使用 | A document has the number {key} already"
DUE_TOO_EARLY = "完成期限须晚于生效日期 | The target must be due after it is set"
TARGET_SET = "该目标已设定 | This target is set already"
UNCHANGED = "正文没有任何变更 | The text would not change"
NOT_ITSELF = "不能由自身替代 | A document cannot take its own place"
REPEALED = "文件“{number}”已废止，不得作为新的依据 | Document {number} was repealed and gives no new basis"
