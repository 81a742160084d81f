"""Is everything that follows from a command's declaration right: name, labels, input, roles, facts?"""

from __future__ import annotations

import inspect
from typing import Any
from uuid import UUID

import pytest

from service.domain.chamber_filings import ChangeApproved
from service.domain.chamber_terms import ChamberState, ChangeState
from service.domain.command import Command
from service.domain.decision import Decision
from service.domain.record import FACTS, RECORDS
from service.domain.refusal import InvalidInput
from service.domain.roles import Role
from tests.domain.chamber_life import DIGEST
from tests.domain.harness import command_named

ALL = [command for record in RECORDS.values() for command in record.commands.values()]


def test_a_command_has_a_topic_labels_facts_and_ports() -> None:
    command = command_named("approve_change")
    assert command.topic == "chamber.approve_change"
    assert command.labels == ("准予变更登记", "Let a change take effect.")
    assert command.facts == (ChangeApproved,)
    assert command.ports == ("claims", "on")


def test_only_a_beginning_creates() -> None:
    assert command_named("prepare").creates
    assert not command_named("check_name").creates


def test_roles_may_depend_on_the_state() -> None:
    rejecting = command_named("reject_change")
    assert rejecting.roles(ChangeState.REQUESTED) == (Role.COUNTY_FIC,)
    assert rejecting.roles(ChangeState.FILED) == (Role.REGISTRAR,)
    assert set(rejecting.roles(ChamberState.REGISTERED)) == {Role.COUNTY_FIC, Role.REGISTRAR}


def test_input_is_bound_to_its_types_with_defaults() -> None:
    bound = command_named("attach_document").bind({"kind": "OTHER", "title": "  文件 ", "sha256": DIGEST})
    assert bound == {"kind": "OTHER", "title": "文件", "sha256": DIGEST, "matters": None}


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"kind": "NONSENSE", "title": "文件", "sha256": DIGEST}, ("kind",)),
        ({"kind": "OTHER", "title": "   ", "sha256": DIGEST}, ("title",)),
        ({"kind": "OTHER", "title": "文" * 201, "sha256": DIGEST}, ("title",)),
        ({"kind": "OTHER", "title": "文件", "sha256": "0"}, ("sha256",)),
        ({"kind": "OTHER", "title": "文件"}, ()),
        ({"kind": "OTHER", "title": "文件", "sha256": DIGEST, "colour": "red"}, ()),
    ],
)
def test_input_that_does_not_fit_is_named(values: dict[str, Any], path: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as refused:
        command_named("attach_document").bind(values)
    assert refused.value.path == path


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_text_that_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be stored"):
        command_named("add_initiator").bind({"person": UUID(int=1), "name": text})


def test_text_is_kept_in_one_unicode_form() -> None:
    bound = command_named("admit_members").bind({"applicants": [{"unit_name": "Cafe\u0301"}]})
    assert bound["applicants"][0].unit_name == "Caf\u00e9"


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.topic)
def test_every_command_is_declared_whole(command: Command) -> None:
    chinese, english = command.labels
    assert chinese
    assert english.endswith(".")
    assert command.facts
    assert command.roles(None)
    assert command.declaration.when


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.topic)
def test_every_port_is_one_that_a_decision_has(command: Command) -> None:
    attributes = {*dir(Decision), *inspect.signature(Decision).parameters, "claims", "divisions", "on"}
    assert set(command.ports) <= attributes


@pytest.mark.parametrize("command", [each for each in ALL if each.declaration.unlike], ids=lambda each: each.topic)
def test_four_eyes_name_facts_that_exist(command: Command) -> None:
    assert {f"{command.record.type_name}.{fact}" for fact in command.declaration.unlike} <= set(FACTS)
