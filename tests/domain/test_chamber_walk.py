"""Whatever is asked of a chamber in whatever order: does it hold exactly what it may?"""

from __future__ import annotations

from hypothesis import given as supposing
from hypothesis import settings
from hypothesis import strategies as st

from service.domain.chamber import Chamber
from service.domain.chamber_record import FINAL, LEGAL_REPRESENTATIVE, NAME, SEAT, USCC
from service.domain.claim import Claim
from service.domain.identifiers import name_id
from service.domain.refusal import Refused
from tests.domain.candidates import cleared
from tests.domain.chamber_life import CODE, COUNTY_ID, INPUTS, PRESIDENT, READY
from tests.domain.chamber_life import NAME as OWN_NAME
from tests.domain.harness import CHAMBER, TOWNSHIP_ID, Given, given

ONWARDS = ["submit_to_supervisor", "approve_by_supervisor", "file_for_registration", "grant_registration"]
STEPS = st.lists(st.sampled_from([*Chamber.commands, *ONWARDS * 5]), max_size=25)


def holds(world: Given, kind: str, key: object) -> bool:
    return world.world.find(Claim, name_id(f"claim/{kind}/{key}")).holder == CHAMBER


@settings(max_examples=150, deadline=None)
@supposing(STEPS)
def test_a_chamber_holds_its_seat_name_and_representative_while_it_lives(steps: list[str]) -> None:
    world = cleared(given(*READY), PRESIDENT).held(SEAT, TOWNSHIP_ID, CHAMBER)
    world.held(NAME, f"{COUNTY_ID}/{OWN_NAME}", CHAMBER)
    for number, step in enumerate(["prepare", *steps]):
        done = world.when(step, by=f"clerk {number}", **INPUTS.get(step, {})).result
        chamber = world.world.find(Chamber, CHAMBER)
        alive, registered = chamber.state not in FINAL, chamber.registered_on is not None
        assert holds(world, SEAT, TOWNSHIP_ID) == alive
        assert holds(world, NAME, f"{COUNTY_ID}/{chamber.checked_name}") == alive
        assert holds(world, LEGAL_REPRESENTATIVE, chamber.legal_representative) == (alive and registered)
        assert holds(world, USCC, CODE) == registered
        assert isinstance(done, Refused) or done.record != CHAMBER or done.facts[CHAMBER]
