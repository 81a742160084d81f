"""Which documents are refused, and what may still rest on one?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from service.domain.document import NUMBER, DocumentAmended, DocumentIssued, DocumentRepealed, TargetSet
from service.domain.document_terms import DocumentKind, DocumentLevel, Responsibility, Target
from service.domain.organ_kind import Level, OrganKind
from service.domain.record import Movement
from tests.domain.document_life import AMENDED, DOCUMENT, DUTY, ISSUED, LIFE, NEW_TEXT, OTHER
from tests.domain.harness import CITY, TODAY, TOWNSHIP, Given

ISSUE = dict(LIFE.inputs["issue"])


def given(*facts: Any) -> Given:
    return Given(DOCUMENT, *facts)


def test_several_organs_issue_a_document_jointly_and_say_who_answers_for_what() -> None:
    duty = {"level": "TOWNSHIP", "organ": "FIC", "duty": "受理筹备"}
    asked = ISSUE | {"issuers": ["FIC", "CIVIL_AFFAIRS"], "responsibilities": [duty]}
    issued = given().when("document.issue", **asked)
    issued.then(
        DocumentIssued(
            ISSUED.division,
            "兰联发〔2025〕2号",
            ISSUED.title,
            DocumentLevel.COUNTY,
            DocumentKind.NOTICE,
            (OrganKind.FIC, OrganKind.CIVIL_AFFAIRS),
            ISSUED.sha256,
            (Responsibility(Level.TOWNSHIP, OrganKind.FIC, "受理筹备"),),
        )
    )


def test_a_number_is_given_once() -> None:
    taken = given().held(NUMBER, ISSUE["number"])
    taken.when("document.issue", **ISSUE).then_refused("DUPLICATE")


@pytest.mark.parametrize(("level", "division"), [("COUNTY", CITY), ("CITY", "410225"), ("NATIONAL", TOWNSHIP)])
def test_a_document_is_for_a_division_of_its_level(level: str, division: str) -> None:
    asked = ISSUE | {"level": level, "division": division}
    given().when("document.issue", **asked).then_refused("GUARD_FAILED", path=("level",))


@pytest.mark.parametrize("level", ["CITY", "PROVINCIAL", "NATIONAL"])
def test_a_document_from_above_is_entered_for_the_city(level: str) -> None:
    given().when("document.issue", **ISSUE | {"level": level, "division": CITY}).then_accepted()


def test_nobody_issues_twice() -> None:
    given().when("document.issue", **ISSUE | {"issuers": ["FIC", "FIC"]}).then_refused("GUARD_FAILED")


def test_somebody_issues_it() -> None:
    given().when("document.issue", **ISSUE | {"issuers": []}).then_refused("BAD_USER_INPUT")


def test_a_target_is_due_after_it_is_set() -> None:
    late = given(ISSUED).when("document.set_target", goal="全覆盖", due=TODAY)
    late.then_refused("GUARD_FAILED", path=("due",))


def test_a_target_is_set_once() -> None:
    due = date(2027, 1, 1)
    first = given(ISSUED).when("document.set_target", goal="全覆盖", due=due).then(TargetSet(Target("全覆盖", due)))
    first.when("document.set_target", goal="全覆盖").then_refused("GUARD_FAILED", path=("goal",))


def test_an_amendment_keeps_the_division_of_labour_unless_it_has_another() -> None:
    given(ISSUED).when("document.amend", sha256=NEW_TEXT).then(DocumentAmended(NEW_TEXT, (DUTY,)))
    given(ISSUED).when("document.amend", sha256=NEW_TEXT, responsibilities=[]).then(DocumentAmended(NEW_TEXT, ()))


def test_an_amendment_changes_the_text() -> None:
    given(ISSUED).when("document.amend", sha256=ISSUED.sha256).then_refused("GUARD_FAILED")


def test_a_document_may_take_the_place_of_another() -> None:
    world = given(*AMENDED).also(ISSUED, of=OTHER)
    world.when("document.repeal", replaced_by=OTHER).then(DocumentRepealed(OTHER))


def test_a_repealed_document_gives_no_new_basis() -> None:
    world = given(ISSUED).also(ISSUED, DocumentRepealed(), of=OTHER)
    world.when("document.repeal", replaced_by=OTHER).then_refused("GUARD_FAILED", path=("replacedBy",))


def test_a_document_that_is_not_there_gives_no_basis() -> None:
    given(ISSUED).when("document.repeal", replaced_by=OTHER).then_refused("NOT_FOUND")


def test_a_document_does_not_take_its_own_place() -> None:
    given(ISSUED).when("document.repeal", replaced_by=DOCUMENT).then_refused("GUARD_FAILED")


@pytest.mark.parametrize(
    ("kind", "movement"),
    [
        (DocumentKind.OPINION, Movement.DRIVE),
        (DocumentKind.NOTICE, Movement.COORDINATE),
        (DocumentKind.MEASURES, Movement.STANDARDISE),
        (DocumentKind.POLICY_MEASURE, Movement.SERVE),
    ],
)
def test_a_document_belongs_to_the_movement_of_its_kind(kind: DocumentKind, movement: Movement) -> None:
    issued = DocumentIssued(UUID(int=0), "1", "题", DocumentLevel.CITY, kind, (OrganKind.FIC,), "0" * 64)
    assert issued.moves() is movement
