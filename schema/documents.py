"""制度文件 | What may be asked about documents, and who answers for what by them?"""

from __future__ import annotations

import strawberry

from projections.documents import DocumentRow, ResponsibilityRow
from schema.audit import Audited
from schema.nodes import single
from schema.views import View, every, many, one, view
from service.domain.document_terms import DocumentLevel
from service.domain.organ_kind import Level


@view(DocumentRow, place="division_id", public=("level", tuple(DocumentLevel)), shared=True)
class Document(View, Audited):
    """制度文件 | A document that an organ, or several jointly, issued for a division."""

    division = one("schema.divisions.Division", by="division_id")
    duties = many("schema.documents.Responsibility", of="document_id", order=("ordinal",))
    from_issues = many("schema.issues.IssuePolicy", of="document_id", order=("linked_on", "issue_id"))
    replacement = one("schema.documents.Document", by="replaced_by", required=False)


@view(
    ResponsibilityRow, place="division_id", public=("level", tuple(Level)), shared=True, hide=("document_id", "ordinal")
)
class Responsibility(View):
    """职责分工 | What a document in force makes the organs of a level answer for."""

    document = one("schema.documents.Document", by="document_id")


@strawberry.type
class Questions:
    """What may be asked at the root."""

    document = single(Document)
    documents = every(Document, order=("-issued_on", "id"))
    responsibilities = every(Responsibility, order=("level", "organ", "document_id", "ordinal"))
