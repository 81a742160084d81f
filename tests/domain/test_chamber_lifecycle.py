"""Do the declarations of a chamber's commands say what the lifecycles say, and are they kept?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import pytest

from service.domain.chamber import Chamber
from service.domain.chamber_record import FINAL
from service.domain.chamber_terms import ChamberState, ChangeItem, ChangeState, InspectionState, RegisteredItem
from service.domain.command import NEW, Command
from service.domain.lifecycle import next_state, states
from service.domain.roles import Actor, Grant, Role
from tests.domain.chamber_life import (
    CHANGE,
    INPUTS,
    LIVES,
    NEWCOMER,
    OTHER_CHAMBER,
    PREPARED,
    PREREQUISITES,
    PRESIDENT,
    YEAR,
)
from tests.domain.harness import CHAMBER, OTHER_COUNTY, Given, Then, given, grant

COMMANDS = tuple(Chamber.commands.values())
MACHINES = json.loads((Path(__file__).parents[1] / "data/state_machines.json").read_text(encoding="utf-8"))
LIFECYCLES: dict[str, type[StrEnum]] = {
    "Chamber": ChamberState,
    "ChangeFiling": ChangeState,
    "AnnualInspection": InspectionState,
}
PART_KEYS: dict[type[StrEnum], object] = {ChangeState: CHANGE, InspectionState: YEAR}
ACTORS = {
    "chamber secretariat / township UF commissioner": {Role.CHAMBER_SECRETARIAT, Role.TOWNSHIP_UF_COMMISSIONER},
    "secretariat": {Role.CHAMBER_SECRETARIAT},
    "secretariat + supervisor consent": {Role.CHAMBER_SECRETARIAT},
    "county FIC": {Role.COUNTY_FIC},
    "registrar": {Role.REGISTRAR},
    "registrar (not the supervisor approver)": {Role.REGISTRAR},
    "registrar (or timer)": {Role.REGISTRAR, Role.TIMER},
}


class Case(NamedTuple):
    """A command in one of its states."""

    command: Command
    state: StrEnum

    def __str__(self) -> str:
        return f"{self.command.name} in {self.state}"


CASES = [Case(command, state) for command in COMMANDS for state in command.declaration.when if state is not NEW]
BEGINNINGS = [command for command in COMMANDS if command.creates]


def situation(case: Case) -> Given:
    """A chamber of which the command may be asked."""
    ready = given(*LIVES[case.state], *PREREQUISITES.get(case.command.name, ())).cleared(PRESIDENT, NEWCOMER)
    return ready.also(*PREPARED, of=OTHER_CHAMBER)


def asked(case: Case, actor: Actor, reason: str | None = "有理由") -> Then:
    return situation(case).ask(case.command, actor, INPUTS.get(case.command.name, {}), reason=reason)


def edges(lifecycle: type[StrEnum]) -> Iterator[tuple[str, str, str, str, frozenset[Role]]]:
    """From, to, command, event and roles, as the declarations have them."""
    for command, state in CASES:
        for fact in command.facts:
            after = next_state(fact.lead, state)
            if isinstance(state, lifecycle) and states(fact.lead) is lifecycle and after is not None:
                yield state, after, camel(command.name), fact.__name__, frozenset(command.roles(state))


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)


@pytest.mark.parametrize("name", LIFECYCLES)
def test_the_declarations_draw_the_lifecycles_edges(name: str) -> None:
    carried = {
        (edge["from"], edge["to"], edge["command"], edge["event"], frozenset(ACTORS[edge["actor"]]))
        for edge in MACHINES[name]["edges"]
    }
    assert set(edges(LIFECYCLES[name])) == carried


@pytest.mark.parametrize("name", LIFECYCLES)
def test_the_lifecycles_name_every_state(name: str) -> None:
    assert set(LIFECYCLES[name]) == set(MACHINES[name]["states"])


def test_the_final_states_are_the_lifecycles() -> None:
    assert set(FINAL) == set(MACHINES["Chamber"]["final"])


@pytest.mark.parametrize("state", LIVES)
def test_the_given_facts_lead_to_each_state(state: StrEnum) -> None:
    chamber = given(*LIVES[state]).world.find(Chamber, CHAMBER)
    parts = Chamber.parts.get(type(state))
    reached = parts.of(chamber)[PART_KEYS[type(state)]].state if parts else chamber.state
    assert reached is state


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_command_succeeds_in_its_states(case: Case) -> None:
    role = case.command.roles(case.state)[0]
    decided = asked(case, Actor("a clerk", (grant(role),))).decided
    assert decided.facts[CHAMBER]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_other_role_is_refused(case: Case) -> None:
    others = set(Role) - set(case.command.roles(case.state))
    asked(case, Actor("a clerk", tuple(grant(role) for role in others))).then_refused("OUT_OF_SCOPE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_right_role_in_another_county_is_refused(case: Case) -> None:
    grants = tuple(Grant(role, OTHER_COUNTY) for role in case.command.roles(case.state))
    asked(case, Actor("a clerk", grants)).then_refused("OUT_OF_SCOPE")


@pytest.mark.parametrize("command", BEGINNINGS, ids=lambda command: command.name)
def test_only_those_who_prepare_may_begin(command: Command) -> None:
    others = tuple(grant(role) for role in set(Role) - set(command.roles(NEW)))
    given().ask(command, Actor("a clerk", others), INPUTS[command.name]).then_refused("OUT_OF_SCOPE")


@pytest.mark.parametrize("command", [each for each in COMMANDS if not each.creates], ids=lambda command: command.name)
def test_every_other_state_is_refused(command: Command) -> None:
    allowed = command.declaration.when
    for state in set(type(allowed[0])) - set(allowed):
        case = Case(command, state)
        actor = Actor("a clerk", tuple(grant(role) for role in command.roles(None)))
        asked(case, actor).then_refused("NOT_ALLOWED_IN_STATE")


@pytest.mark.parametrize("case", [case for case in CASES if case.command.declaration.reason], ids=str)
def test_a_reason_is_obligatory_where_declared(case: Case) -> None:
    actor = Actor("a clerk", (grant(case.command.roles(case.state)[0]),))
    asked(case, actor, reason=None).then_refused("BAD_USER_INPUT", path=("reason",))


@pytest.mark.parametrize("case", [case for case in CASES if case.command.declaration.unlike], ids=str)
def test_four_eyes_are_four_where_declared(case: Case) -> None:
    chamber = situation(case).world.find(Chamber, CHAMBER)
    arguments = case.command.bind(INPUTS.get(case.command.name, {}))
    doers = {chamber.doer(f"chamber.{fact}", arguments) for fact in case.command.declaration.unlike} - {None}
    assert doers
    for doer in doers:
        actor = Actor(str(doer), (grant(case.command.roles(case.state)[0]),))
        asked(case, actor).then_refused("FOUR_EYES")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_but_mentoring_rests_on_a_rule(command: Command) -> None:
    assert bool(command.declaration.basis) != command.name.endswith("_mentoring")


def test_a_change_concerns_the_eight_registered_items_or_the_charter() -> None:
    assert len(RegisteredItem) == 8
    assert set(ChangeItem) == {*RegisteredItem, "CHARTER"}


@pytest.mark.parametrize("item", ChangeItem)
def test_every_item_of_a_change_is_a_field_of_the_chamber(item: ChangeItem) -> None:
    assert item.lower() in Chamber.fields
