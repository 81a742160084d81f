"""Are the documents and the meeting such that they found a chamber?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_founding import ARTICLE_11, DocumentAttached, FoundingMeetingHeld
from service.domain.chamber_record import Filing
from service.domain.chamber_terms import CharterMatter, FilingKind
from tests.domain.chamber_life import ALL_MATTERS, APPROVED, DIGEST, NEW_DIGEST, PREPARED, REGISTERED
from tests.domain.harness import CHAMBER, Then, given

HELD = date(2025, 3, 1)


def charter(matters: list[str]) -> dict[str, Any]:
    return {"kind": "CHARTER_DRAFT", "title": "章程草案", "sha256": NEW_DIGEST, "matters": matters}


def test_article_11_asks_for_five_documents() -> None:
    assert len(ARTICLE_11) == 5


def test_a_draft_charter_settles_nine_matters_and_becomes_the_charter() -> None:
    world = given(*PREPARED)
    filing = Filing(FilingKind.CHARTER_DRAFT, "章程草案", NEW_DIGEST)
    world.when("attach_document", **charter(ALL_MATTERS)).then(DocumentAttached(filing, tuple(CharterMatter)))
    assert world.world.find(Chamber, CHAMBER).charter == NEW_DIGEST


def test_a_draft_charter_that_leaves_a_matter_open_is_refused() -> None:
    refused = given(*PREPARED).when("attach_document", **charter(ALL_MATTERS[1:]))
    refused.then_refused("GUARD_FAILED", "社会团体登记管理条例第十四条", ("matters",))


def test_a_charter_in_force_is_not_replaced_by_a_draft() -> None:
    refused = given(*REGISTERED).when("attach_document", **charter(ALL_MATTERS))
    refused.then_refused("GUARD_FAILED", "社会团体登记管理条例第十八条", ("kind",))


def test_only_a_charter_settles_charter_matters() -> None:
    wrong: dict[str, Any] = {**charter(ALL_MATTERS), "kind": "OTHER"}
    given(*PREPARED).when("attach_document", **wrong).then_refused("GUARD_FAILED", path=("matters",))


def test_a_digest_is_a_digest() -> None:
    broken: dict[str, Any] = {"kind": "OTHER", "title": "文件", "sha256": DIGEST[1:]}
    given(*PREPARED).when("attach_document", **broken).then_refused("BAD_USER_INPUT", path=("sha256",))


def meeting(present: int, votes_for: int, on: date | None = None) -> Then:
    held: dict[str, Any] = {"held_on": HELD, "entitled": 30, "present": present, "votes_for": votes_for}
    return given(*APPROVED).when("hold_founding_meeting", on=on, **held)


def test_two_thirds_present_and_a_majority_of_them_found_a_chamber() -> None:
    meeting(20, 11).then(FoundingMeetingHeld(HELD, 30, 20, 11))


@pytest.mark.parametrize(
    ("present", "votes_for", "path"), [(19, 19, "present"), (0, 0, "present"), (20, 10, "votesFor")]
)
def test_a_meeting_without_quorum_or_majority_founds_nothing(present: int, votes_for: int, path: str) -> None:
    meeting(present, votes_for).then_refused("GUARD_FAILED", "社会团体章程示范文本", (path,))


@pytest.mark.parametrize(("present", "votes_for"), [(31, 20), (20, 21)])
def test_a_meeting_is_counted_correctly(present: int, votes_for: int) -> None:
    meeting(present, votes_for).then_refused("GUARD_FAILED", path=("present",))


def test_a_meeting_is_not_recorded_before_it_was_held() -> None:
    meeting(20, 11, on=date(2025, 2, 28)).then_refused("GUARD_FAILED", path=("heldOn",))
