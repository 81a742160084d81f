"""What does the registration of a chamber promise beyond the edges of its lifecycles?"""

from __future__ import annotations

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_record import FINAL
from service.domain.chamber_terms import ChangeItem, RegisteredItem
from service.domain.command import Command
from tests.domain.life import MACHINES

COMMANDS = tuple(Chamber.commands.values())


def test_a_chamber_holds_nothing_in_the_final_states() -> None:
    assert set(FINAL) == set(MACHINES["Chamber"]["final"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_but_mentoring_rests_on_a_rule(command: Command) -> None:
    assert bool(command.declaration.basis) != command.name.endswith("_mentoring")


def test_a_change_concerns_the_eight_registered_items_or_the_charter() -> None:
    assert len(RegisteredItem) == 8
    assert set(ChangeItem) == {*RegisteredItem, "CHARTER"}


@pytest.mark.parametrize("item", ChangeItem)
def test_every_item_of_a_change_is_a_field_of_the_chamber(item: ChangeItem) -> None:
    assert item.lower() in Chamber.fields
