"""Which facts bring a document to each of its states, and which input would each command accept there?"""

from __future__ import annotations

from uuid import UUID

from service.domain.document import Document, DocumentAmended, DocumentIssued, DocumentRepealed
from service.domain.document_terms import DocumentKind, DocumentLevel, DocumentState, Responsibility
from service.domain.identifiers import name_id
from service.domain.organ_kind import Level, OrganKind
from service.domain.roles import Role
from tests.domain.harness import COUNTY
from tests.domain.life import Life

DOCUMENT, OTHER = UUID(int=61), UUID(int=62)
COUNTY_ID = name_id(f"division/{COUNTY}")
TEXT, NEW_TEXT = "0" * 64, "1" * 64
DUTY = Responsibility(Level.TOWNSHIP, OrganKind.FIC, "受理筹备")
ISSUED = DocumentIssued(
    COUNTY_ID,
    "兰联发〔2025〕1号",
    "关于商会登记的通知",
    DocumentLevel.COUNTY,
    DocumentKind.NOTICE,
    (OrganKind.FIC, OrganKind.CIVIL_AFFAIRS),
    TEXT,
    (DUTY,),
)
AMENDED = (ISSUED, DocumentAmended("2" * 64, ()))

LIFE = Life(
    record=Document,
    id=DOCUMENT,
    lifecycles={"Document": DocumentState},
    actors={"federation of the place": {Role.CITY_FIC, Role.COUNTY_FIC}},
    lives={
        DocumentState.ISSUED: (ISSUED,),
        DocumentState.AMENDED: AMENDED,
        DocumentState.REPEALED: (*AMENDED, DocumentRepealed()),
    },
    inputs={
        "issue": {
            "division": COUNTY,
            "number": "兰联发〔2025〕2号",
            "title": "关于商会登记的通知",
            "level": "COUNTY",
            "kind": "NOTICE",
            "issuers": ["FIC"],
            "sha256": TEXT,
        },
        "set_target": {"goal": "商会全覆盖"},
        "amend": {"sha256": NEW_TEXT},
    },
)
