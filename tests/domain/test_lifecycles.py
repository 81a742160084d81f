"""Do the declared commands of every record draw the edges of its lifecycles, and are the declarations kept?"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import pytest
from hypothesis import given as supposing
from hypothesis import settings
from hypothesis import strategies as st

from service.domain.command import NEW, Command
from service.domain.lifecycle import next_state, states
from service.domain.record import RECORDS
from service.domain.refusal import Refused
from service.domain.roles import Actor, Grant, Role
from tests.domain.harness import OTHER_COUNTY, grant
from tests.domain.life import MACHINES, Case, Life, all_lives, clerk

LIVES = all_lives()
CASES = [case for life in LIVES for case in life.cases()]
LIFECYCLES = [(life, name) for life in LIVES for name in life.lifecycles]
STATES = [(life, state) for life in LIVES for state in life.lives]
COMMANDS = [(life, command) for life in LIVES for command in life.commands]
WITHOUT_LIFECYCLE = {"claim", "division"}
Edge = tuple[str, str, str, str, frozenset[Role]]


def titled(pair: object) -> str | None:
    if isinstance(pair, Life):
        return pair.record.type_name
    return pair.topic if isinstance(pair, Command) else None


def edges(life: Life, lifecycle: type[StrEnum]) -> Iterator[Edge]:
    """From, to, command, event and roles, as the declarations have them."""
    for case in life.cases():
        for fact in case.command.facts:
            after = next_state(fact.lead, case.state)
            if isinstance(case.state, lifecycle) and states(fact.lead) is lifecycle and after is not None:
                yield case.state, after, camel(case.command.name), fact.__name__, frozenset(case.roles)


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)


def test_every_record_with_commands_has_a_life_here() -> None:
    lived = {life.record.type_name for life in LIVES}
    assert lived == {name for name, record in RECORDS.items() if record.commands} - WITHOUT_LIFECYCLE


@pytest.mark.parametrize(("life", "name"), LIFECYCLES, ids=titled)
def test_the_declarations_draw_the_lifecycles_edges(life: Life, name: str) -> None:
    carried = {
        (edge["from"], edge["to"], edge["command"], edge["event"], frozenset(life.actors[edge["actor"]]))
        for edge in MACHINES[name]["edges"]
    }
    assert set(edges(life, life.lifecycles[name])) == carried


@pytest.mark.parametrize(("life", "name"), LIFECYCLES, ids=titled)
def test_the_lifecycles_name_every_state(life: Life, name: str) -> None:
    assert set(life.lifecycles[name]) == set(MACHINES[name]["states"])


@pytest.mark.parametrize(("life", "name"), LIFECYCLES, ids=titled)
def test_nothing_leads_out_of_a_final_state(life: Life, name: str) -> None:
    left = {before for before, *_ in edges(life, life.lifecycles[name])}
    assert left == set(MACHINES[name]["states"]) - set(MACHINES[name]["final"])


@pytest.mark.parametrize(("life", "state"), STATES, ids=titled)
def test_the_given_facts_lead_to_each_state(life: Life, state: StrEnum) -> None:
    assert life.state(life.given(state), type(state)) is state


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_command_succeeds_in_its_states(case: Case) -> None:
    assert case.asked(clerk(case.roles[0])).decided.facts[case.life.id]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_other_role_is_refused(case: Case) -> None:
    case.asked(clerk(*set(Role) - set(case.roles))).then_refused("OUT_OF_SCOPE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_right_role_in_another_county_is_refused(case: Case) -> None:
    grants = tuple(Grant(role, OTHER_COUNTY) for role in case.roles)
    case.asked(Actor("a clerk", grants)).then_refused("OUT_OF_SCOPE")


@pytest.mark.parametrize(("life", "command"), [each for each in COMMANDS if each[1].creates], ids=titled)
def test_only_the_declared_roles_may_begin(life: Life, command: Command) -> None:
    others = clerk(*set(Role) - set(command.roles(NEW)))
    life.given(None).ask(command, others, life.input(command)).then_refused("OUT_OF_SCOPE")


@pytest.mark.parametrize(("life", "command"), [each for each in COMMANDS if each[1].creates], ids=titled)
def test_a_beginning_is_accepted(life: Life, command: Command) -> None:
    life.given(None).ask(command, clerk(command.roles(NEW)[0]), life.input(command)).then_accepted()


@pytest.mark.parametrize(("life", "command"), [each for each in COMMANDS if not each[1].creates], ids=titled)
def test_every_other_state_is_refused(life: Life, command: Command) -> None:
    allowed = command.declaration.when
    for state in set(type(allowed[0])) - set(allowed):
        Case(life, command, state).asked(clerk(*command.roles(None))).then_refused("NOT_ALLOWED_IN_STATE")


@pytest.mark.parametrize("case", [case for case in CASES if case.command.declaration.reason], ids=str)
def test_a_reason_is_obligatory_where_declared(case: Case) -> None:
    case.asked(clerk(case.roles[0]), reason=None).then_refused("BAD_USER_INPUT", path=("reason",))


@pytest.mark.parametrize("case", [case for case in CASES if case.command.declaration.unlike], ids=str)
def test_four_eyes_are_four_where_declared(case: Case) -> None:
    record = case.situation().world.find(case.life.record, case.life.id)
    arguments = case.command.bind(case.life.input(case.command))
    doers = {record.doer(f"{record.type_name}.{fact}", arguments) for fact in case.command.declaration.unlike} - {None}
    assert doers
    for doer in doers:
        case.asked(Actor(str(doer), (grant(case.roles[0]),))).then_refused("FOUR_EYES")


@pytest.mark.parametrize("life", LIVES, ids=titled)
@settings(max_examples=60, deadline=None)
@supposing(data=st.data())
def test_no_walk_leaves_the_lifecycles_edges(life: Life, data: st.DataObject) -> None:
    world = life.given(data.draw(st.sampled_from(sorted(life.lives))))
    allowed = {kind: {(before, after) for before, after, *_ in edges(life, kind)} for kind in life.lifecycles.values()}
    for number, command in enumerate(data.draw(st.lists(st.sampled_from(life.commands), max_size=12))):
        before = {kind: life.state(world, kind) for kind in allowed}
        version = world.world.find(life.record, life.id).version
        done = world.ask(command, Actor(f"clerk {number}", clerk(*command.roles(None)).grants), life.input(command))
        after = {kind: life.state(world, kind) for kind in allowed}
        moved = {kind: (before[kind], after[kind]) for kind in allowed if before[kind] not in (None, after[kind])}
        assert all(step in allowed[kind] for kind, step in moved.items())
        assert not isinstance(done.result, Refused) or (
            done.result.code and world.world.find(life.record, life.id).version == version
        )
