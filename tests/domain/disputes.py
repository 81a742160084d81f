"""What do the tests of a dispute begin with: a case before a body, and a way to ask?"""

from __future__ import annotations

from typing import Any

from service.domain.mediation_intake import PartyRefused
from tests.domain.harness import Given, Then
from tests.domain.mediation_case_life import (
    CASE,
    LIFE,
    OTHER,
)

LAW, RULES = "人民调解法第{}条", "人民调解工作若干规定第{}条"
REFUSED = PartyRefused(OTHER)


def case(*facts: Any) -> Given:
    """A case before an active body."""
    return LIFE.around(Given(CASE, *facts))


def ask(world: Given, name: str, **input: Any) -> Then:
    """Let the right role give one of the case's commands, with the input that it accepts unless said otherwise."""
    return world.when(f"mediation_case.{name}", **{**LIFE.inputs.get(name, {}), **input})
